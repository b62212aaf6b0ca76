"""Numbers as people and programs write them."""

from __future__ import annotations

import polars as pl

from linewright.model.intake.readings import Habits, Mistake, Reading, as_text, mask

#: Blanks and apostrophes that stand between groups of three digits.
GROUPED = r"^[+-]?\d{1,3}([\s\u00a0\u202f\u2009'’]\d{3})+([.,]\d+)?$"
GAPS = r"[\s\u00a0\u202f\u2009'’]"
WITH_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?$"
ENGLISH_GROUPS = r"^[+-]?\d{1,3}(,\d{3})+\.\d+$"


def read_floats(cells: pl.Series, habits: Habits) -> Reading:
    """Read numbers; NaN and infinity are mistakes, and so is a text such as "zehn"."""
    if cells.dtype.is_numeric():
        values, given = cells.cast(pl.Float64), cells.is_not_null()
    else:
        text = as_text(cells)
        values = _parsed(text, habits.decimal_comma)
        given = text.is_not_null()
    if values.null_count() == cells.null_count() and values.is_finite().all():
        return Reading(values)
    unread = given & values.is_null()
    endless = mask(~values.is_finite())
    mark = "comma" if habits.decimal_comma else "point"
    example = "1234,5" if habits.decimal_comma else "1234.5"
    return Reading(
        values.set(endless, None),
        (
            Mistake(
                rule="not_a_number",
                bad=unread,
                message='"{value}" is not a number',
                expected=f"a number with a decimal {mark}, such as {example}",
                cure=f"write digits only, with a decimal {mark}",
            ),
            Mistake(
                rule="not_finite",
                bad=endless,
                message="{value} is not a finite number",
                expected="a finite number",
                cure="write a number, or leave the cell blank",
            ),
        ),
    )


def read_whole_numbers(cells: pl.Series, habits: Habits) -> Reading:
    """Read whole numbers: 12 and 12.0 are, 12.5 is not."""
    reading = read_floats(cells, habits)
    floats = reading.values
    if cells.dtype.is_integer():
        return Reading(cells.cast(pl.Int64), reading.mistakes)
    # Text is cast as it stands first, because a float holds only 15 digits of a long number.
    values = (as_text(cells) if cells.dtype == pl.String else floats).cast(pl.Int64, strict=False)
    if values.null_count() == cells.null_count() and not habits.decimal_comma and cells.dtype == pl.String:
        return Reading(values, reading.mistakes)
    if cells.dtype == pl.String:
        rounded = floats.set(mask(floats != floats.round(0)), None).cast(pl.Int64, strict=False)
        values = rounded if habits.decimal_comma else values.zip_with(values.is_not_null(), rounded)
    broken = mask(floats != floats.round(0))
    values = values.set(broken | floats.is_null(), None)
    return Reading(
        values,
        (
            *reading.mistakes,
            Mistake(
                rule="not_whole",
                bad=broken,
                message="{value} is not a whole number",
                expected="a whole number",
                cure="write a whole number",
            ),
            Mistake(
                rule="too_large",
                bad=values.is_null() & floats.is_not_null() & ~broken,
                message="{value} is too large",
                expected="a whole number of at most 18 digits",
                cure="write a smaller number",
            ),
        ),
    )


def _parsed(text: pl.Series, decimal_comma: bool) -> pl.Series:
    plain = text.cast(pl.Float64, strict=False)
    if not decimal_comma and plain.null_count() == text.null_count():
        return plain
    grouped = mask(text.str.contains(GROUPED))
    if grouped.any():
        text = text.str.replace_all(GAPS, "").zip_with(grouped, text)
    if decimal_comma:
        text = text.set(~mask(text.str.contains(WITH_COMMA)), None)
        text = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    else:
        english = mask(text.str.contains(ENGLISH_GROUPS))
        if english.any():
            text = text.str.replace_all(",", "", literal=True).zip_with(english, text)
    return text.cast(pl.Float64, strict=False)
