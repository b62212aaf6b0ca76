"""Columns of a table as the values that a workbook can hold, such that reading them back gives the same column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from linewright.model.records import Column

#: Formats by name; the writer makes one of each.
DATE, MOMENT, MOMENT_SECONDS, CLOCK, CLOCK_SECONDS, PLAIN = "date", "moment", "moment_s", "clock", "clock_s", ""

_DAY_ZERO = datetime(1899, 12, 30)
#: Before this day Excel counts a 29 February 1900 that never was.
_FIRST_SAFE_DAY = datetime(1900, 3, 1)
_DAY_MICROSECONDS = 86_400_000_000
_LARGEST_EXACT = 2**53


class ExactNumber(float):
    """A number that is written with all its digits; the writing library would keep only 16 of 17."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        """All digits, whatever format is asked for."""
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class Cells:
    """One column to write: text, a number or None for each row, and the name of each row's format."""

    values: list[str | float | None]
    formats: list[str]


def cells_of(series: pl.Series, column: Column, timezone: str) -> Cells:
    """Make the cells of one column."""
    if column.type is datetime:
        return moments(series, timezone, day_end=column.day_end)
    if series.dtype == pl.Date:
        return _days(series)
    if series.dtype == pl.Time:
        return _clocks(series)
    return _plain(plain_cells(series))


def plain_cells(series: pl.Series) -> list[str | float | None]:
    """Texts, numbers and yes or no; a blank text is a blank cell."""
    if series.dtype == pl.Boolean:
        return [None if value is None else "yes" if value else "no" for value in series.to_list()]
    if series.dtype.is_numeric():
        return [None if value is None else _number(value) for value in series.to_list()]
    return [None if value is None or value == "" else str(value) for value in series.to_list()]


def _number(value: float) -> str | float:
    if value != value or value in (float("inf"), float("-inf")) or abs(value) > _LARGEST_EXACT:  # noqa: PLR0124 - NaN
        return repr(value)
    short = float(f"{value:.16G}")
    return short if short == value else ExactNumber(value)


def _plain(values: list[str | float | None]) -> Cells:
    return Cells(values, [PLAIN] * len(values))


def _days(series: pl.Series) -> Cells:
    days = (series.cast(pl.Datetime("us")) - _DAY_ZERO).dt.total_days()
    safe = (series >= _FIRST_SAFE_DAY.date()).to_list()
    texts = series.dt.strftime("%Y-%m-%d").to_list()
    values = [number if fits else text for number, fits, text in zip(days.to_list(), safe, texts, strict=True)]
    return Cells(values, [DATE] * len(values))


def _clocks(series: pl.Series) -> Cells:
    microseconds = series.cast(pl.Int64) // 1000
    whole = bool((microseconds.drop_nulls() % 60_000_000 == 0).all())
    values = [
        None if text is None else text if number % 1000 else number / _DAY_MICROSECONDS
        for number, text in zip(microseconds.to_list(), series.cast(pl.String).to_list(), strict=True)
    ]
    return Cells(values, [CLOCK if whole else CLOCK_SECONDS] * len(values))


def moments(series: pl.Series, timezone: str, *, day_end: bool = False) -> Cells:
    """Write instants as local moments.

    An instant that a sheet cannot hold exactly (the hour that comes twice in autumn, fractions of a millisecond, the
    nineteenth century) is written as text with its offset. In columns where a date means the end of that day, a
    midnight is written as the date of the day that it ends.
    """
    frame = _local(series, timezone)
    midnight = pl.col("local").dt.time() == pl.time(0, 0, 0)
    shown = pl.when(midnight & day_end).then(pl.col("local").dt.offset_by("-1d")).otherwise(pl.col("local"))
    whole_minutes = bool((frame.get_column("local").drop_nulls().dt.second() == 0).all())
    moment = MOMENT if whole_minutes else MOMENT_SECONDS
    made = frame.select(
        number=(shown - _DAY_ZERO).dt.total_microseconds() / _DAY_MICROSECONDS,
        text=pl.col("text"),
        exact=pl.col("exact"),
        format=pl.when(midnight & day_end).then(pl.lit(DATE)).otherwise(pl.lit(moment)),
    )
    values = [text if not exact else number for number, text, exact, _ in made.iter_rows()]
    return Cells(values, [name or PLAIN for name in made.get_column("format").to_list()])


def _local(series: pl.Series, timezone: str) -> pl.DataFrame:
    zoned = pl.col("instant").dt.convert_time_zone(timezone)
    local = zoned.dt.replace_time_zone(None)
    again: dict[str, Any] = {
        side: local.dt.replace_time_zone(timezone, ambiguous=side).dt.convert_time_zone("UTC")
        for side in ("earliest", "latest")
    }
    is_exact = (again["earliest"] == again["latest"]) & (local.dt.microsecond() % 1000 == 0) & (local > _FIRST_SAFE_DAY)
    return pl.select(instant=series).select(
        local=local, exact=is_exact, text=zoned.dt.strftime("%Y-%m-%dT%H:%M:%S%.f%:z")
    )
