"""Columns of a sheet as the fast loader gives them, made into columns that can be checked.

The loader is asked twice: for everything as text, and for the number columns as numbers. A cell that has text but no
number is a bad cell, and keeps its text, so that the fault can quote it.
"""

from __future__ import annotations

import polars as pl

#: Days between the two ways in which workbooks count.
DAYS_FROM_1900_TO_1904 = 1462

_COMMA_FRACTION = r"^\s*[+-]?(\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+)\s*$"
_POINT_FRACTION = r"^\s*[+-]?(\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3})+\.\d+)\s*$"


def numbers(text: pl.Series, typed: pl.Series, *, whole: bool, decimal_comma: bool) -> pl.Series:
    """Join the two loads of a number column.

    Parameters
    ----------
    text, typed
        The same cells as text and as numbers.
    whole
        Whether whole numbers are wanted; they come out as integers when all of them are whole.
    decimal_comma
        Whether texts of this sheet are written 1.234,5; then a column with bad cells is written so throughout.
    """
    bad = not_numbers(text, typed)
    if bad.any():
        shown = typed.cast(pl.String).str.strip_suffix(".0")
        shown = shown.str.replace(".", ",", literal=True) if decimal_comma else shown
        return shown.zip_with(~bad, text)
    if whole and typed.is_not_null().any() and (typed.drop_nulls() % 1 == 0).all():
        return typed.cast(pl.Int64, strict=False)
    return typed


def not_numbers(text: pl.Series, typed: pl.Series) -> pl.Series:
    """Mark the cells that hold something, but no number: words, truth values, infinities."""
    number = typed.is_finite().fill_null(value=False) & ~text.is_in(["true", "false"]).fill_null(value=False)
    return text.is_not_null() & ~number


def writes_decimal_comma(texts: pl.Series) -> bool:
    """Whether texts where numbers should be are clearly written 1.234,5 (and none the other way)."""
    commas, points = (bool(texts.str.contains(form).any()) for form in (_COMMA_FRACTION, _POINT_FRACTION))
    return commas and not points


def moments(text: pl.Series, *, from_1904: bool) -> pl.Series:
    """Dates and moments as text; a midnight becomes a date alone, since a workbook cannot tell them apart.

    Bare day numbers stay numbers, counted from 1900, for the checks to read and to mention.
    """
    text = text.str.strip_suffix(" 00:00:00")
    if not from_1904:
        return text
    number = text.cast(pl.Float64, strict=False)
    shifted = (number + DAYS_FROM_1900_TO_1904).cast(pl.String).str.strip_suffix(".0")
    return shifted.zip_with(number.is_not_null(), text)


def times(text: pl.Series) -> pl.Series:
    """Times of day as text.

    The loader shows a bare time on 31 December 1899, and what goes beyond a day on the days after: 24:00 must stay
    24:00, and 30:00 must not become 06:00.
    """
    hour = text.str.extract(r"^1900-01-01 (\d\d):", 1).cast(pl.Int64) + 24
    beyond = hour.cast(pl.String) + text.str.slice(13)
    return beyond.zip_with(hour.is_not_null(), text.str.strip_prefix("1899-12-31 "))


def filled_down(column: pl.Series, first: int, last: int) -> pl.Series:
    """Give the value of a merged cell to every row that it covers."""
    rows = pl.Series(range(column.len())).is_between(first, last)
    return column.zip_with(~rows, pl.select(pl.lit(column[first], dtype=column.dtype)).to_series())
