"""Values as people read them: local times, yes and no, blanks; written so that reading gives the same value."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from linewright.model.records import Column


def as_cells(series: pl.Series, column: Column, zone: str) -> pl.Series:
    """One column of a table as text; a blank is an empty text."""
    if column.type is datetime:
        text = local_moments(series, zone, day_end=column.day_end)
    elif series.dtype == pl.Boolean:
        text = series.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    elif series.dtype == pl.Time:
        text = _without_zeros(series.dt.strftime("%H:%M:%S%.6f"))
    else:
        text = series.cast(pl.String)
    return text.fill_null("").alias(column.name)


def local_moments(instants: pl.Series, zone: str, *, day_end: bool = False) -> pl.Series:
    """Instants as local times without an offset, which is written only in the hour that comes twice in autumn.

    Where a date alone means the end of that day, a midnight is written as the day that it ends.
    """
    zoned = instants.dt.convert_time_zone(zone)
    local = zoned.dt.replace_time_zone(None)
    twice = _again(local, zone, "earliest") != _again(local, zone, "latest")
    text = _without_zeros(local.dt.strftime("%Y-%m-%d %H:%M:%S%.6f"))
    exact = zoned.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z")
    text = _without_zeros(exact).zip_with(twice.fill_null(value=False), text)
    if day_end:
        midnight = (local == local.dt.truncate("1d")) & ~twice
        text = local.dt.offset_by("-1d").dt.strftime("%Y-%m-%d").zip_with(midnight.fill_null(value=False), text)
    return text


def _again(local: pl.Series, zone: str, which: Any) -> pl.Series:
    return local.dt.replace_time_zone(zone, ambiguous=which).dt.convert_time_zone("UTC")


def _without_zeros(text: pl.Series) -> pl.Series:
    """Leave out seconds and their fractions where they are zero."""
    text = text.str.replace(".000000", "", literal=True)
    return text.str.replace(r"^((?:.*[T ])?\d\d:\d\d):00($|[+-])", "${1}${2}")
