"""Read one column of a raw table by the rules of its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import polars as pl

from linewright.model.intake.instants import read_dates, read_instants, read_times
from linewright.model.intake.no_dates import dates_that_count
from linewright.model.intake.numbers import read_floats, read_whole_numbers
from linewright.model.intake.readings import DAMAGED, Habits, Mistake, Reading, as_text, mask
from linewright.model.intake.words import read_choices, read_texts, read_timezones, read_weekdays, read_yes_no
from linewright.model.records import Column

#: Columns that no plan needs: an unreadable cell there is a warning, and the row stays with the column's default.
SOFT = frozenset({
    ("sites", "latitude"), ("sites", "longitude"), ("machines", "mtbf_hours"), ("machines", "mttr_hours"),
    ("materials", "kg_co2e"), ("materials", "shelf_life_days"), ("lanes", "kg_co2e_per_tonne_km"), ("lanes", "cost"),
    ("suppliers", "recover_days"), ("suppliers", "reliability"), ("sources", "lead_days_sd"),
    ("tariffs", "kg_co2e_per_kwh"),
})  # fmt: skip


def read_column(table: str, column: Column, cells: pl.Series, habits: Habits, damaged: Mapping[int, str]) -> Reading:
    """Read one column, with every mistake of its cells.

    Parameters
    ----------
    table
        The name of the table.
    column
        What was declared.
    cells
        What the file holds, of any type.
    habits
        How the file writes things.
    damaged
        Positions that the file itself marks as broken, with their text.
    """
    if cells.null_count() == len(cells) and not damaged and not column.required:
        return Reading(pl.Series(cells.name, [None], dtype=column.dtype).new_from_index(0, len(cells)))
    broken = _broken(cells, damaged)
    reading = _read(table, column, cells.set(broken, None) if broken.any() else cells, habits)
    mistakes = [_damage(broken), *reading.mistakes]
    values = reading.values.cast(column.dtype)
    values, outside = _inside(column, values)
    values, undated = dates_that_count(column, values, habits.zone)
    mistakes += [*outside, *undated]
    if column.required and values.null_count():
        told = broken
        for mistake in mistakes:
            told = told | mistake.bad if mistake.level == "error" else told
        mistakes.append(_missing(column, values.is_null() & ~told))
    soft = (table, column.name) in SOFT or table == "settings"
    return Reading(values, tuple(_softened(mistake, column, soft) for mistake in mistakes if mistake.bad.any()))


def _read(table: str, column: Column, cells: pl.Series, habits: Habits) -> Reading:
    if column.type is str:
        return _read_words(table, column, read_texts(cells).values)
    if column.type is float:
        return read_floats(cells, habits)
    if column.type is int:
        return read_whole_numbers(cells, habits)
    if column.type is bool:
        return read_yes_no(cells)
    if column.type is time:
        return read_times(cells)
    if column.type is date:
        return read_dates(cells, habits)
    assert column.type is datetime
    return read_instants(cells, habits, day_end=column.day_end)


def _read_words(table: str, column: Column, text: pl.Series) -> Reading:
    if column.choices:
        return read_choices(text, column.choices)
    if column.name == "timezone":
        return read_timezones(text)
    if (table, column.name) == ("shifts", "weekday"):
        return read_weekdays(text)
    return Reading(text)


def _broken(cells: pl.Series, damaged: Mapping[int, str]) -> pl.Series:
    broken = pl.Series([False]).new_from_index(0, len(cells))
    if cells.dtype == pl.String:
        broken = mask(cells.str.strip_chars().str.contains(DAMAGED))
    return broken.scatter(list(damaged), True) if damaged else broken


def _damage(broken: pl.Series) -> Mistake:
    return Mistake(
        rule="damaged",
        bad=broken,
        message="{value} stands in the cell: its formula failed",
        expected="a value",
        cure="repair the formula, or type the value",
    )


def _missing(column: Column, bad: pl.Series) -> Mistake:
    return Mistake(
        rule="missing",
        bad=bad,
        message=f"{column.name} is blank",
        expected=column.range_text or column.doc,
        cure=f"fill in {column.name}: {column.doc}",
    )


def _inside(column: Column, values: pl.Series) -> tuple[pl.Series, list[Mistake]]:
    """Values within the declared range, and the mistake of those outside."""
    if _all_inside(column, values):
        return values, []
    outside = pl.Series([False]).new_from_index(0, len(values))
    if column.low is not None:
        outside |= mask(values < column.low)
    if column.above is not None:
        outside |= mask(values <= column.above)
    if column.high is not None:
        outside |= mask(values > column.high)
    unit = f" ({column.unit})" if column.unit else ""
    mistake = Mistake(
        rule="out_of_range",
        bad=outside,
        message="{value} is out of range for " + column.name + unit,
        expected=column.range_text,
        cure=f"write a number that is {column.range_text}",
    )
    return values.set(outside, None), [mistake]


def _all_inside(column: Column, values: pl.Series) -> bool:
    if column.low is None and column.above is None and column.high is None:
        return True
    least: Any = values.min()
    most: Any = values.max()
    return least is None or not (
        (column.low is not None and least < column.low)
        or (column.above is not None and least <= column.above)
        or (column.high is not None and most > column.high)
    )


def _softened(mistake: Mistake, column: Column, soft: bool) -> Mistake:
    if not soft or mistake.level != "error":
        return mistake
    taken = "blank" if column.default in {None, ""} else str(column.default)
    return Mistake(
        rule=mistake.rule,
        bad=mistake.bad,
        message=mistake.message,
        cure=f"{mistake.cure}; until then it counts as {taken}",
        expected=mistake.expected,
        level="warning",
    )


def shown(cells: pl.Series, positions: list[int], damaged: Mapping[int, str]) -> list[str]:
    """Some cells as a person would see them."""
    texts = as_text(cells.gather(positions)).fill_null("").to_list()
    return [damaged.get(position, text) for position, text in zip(positions, texts, strict=True)]
