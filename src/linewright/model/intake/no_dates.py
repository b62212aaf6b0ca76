"""Days that stand for no day: programs write 1900-01-01 or 9999-12-31 where nothing was filled in."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from linewright.model.intake.readings import Mistake, mask
from linewright.model.records import Column

#: The first day that counts, and the first that no longer does.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)
#: Days without which a row counts for ever, or has counted always.
OPEN_ENDS, OPEN_STARTS = frozenset({"valid_to", "expires"}), frozenset({"valid_from", "since"})


def dates_that_count(column: Column, values: pl.Series, zone: str) -> tuple[pl.Series, list[Mistake]]:
    """Days and instants from 1970 to 2199; the others become blank.

    Parameters
    ----------
    column
        What was declared.
    values
        What was read; columns of other types stay as they are.
    zone
        The time zone of local times.
    """
    if column.type not in {date, datetime} or values.null_count() == len(values):
        return values, []
    days = values
    if column.type is datetime:
        local = values.dt.convert_time_zone(zone)
        # The end of the last day is the midnight of the next.
        days = (local.dt.offset_by("-1us") if column.day_end else local).dt.date()
    early, late = mask(days < FIRST_DAY), mask(days >= LAST_DAY)
    if not early.any() and not late.any():
        return values, []
    limits = [
        _no_limit(late & (column.name in OPEN_ENDS), "for ever"),
        _no_limit(early & (column.name in OPEN_STARTS), "from the beginning"),
    ]
    told = limits[0].bad | limits[1].bad
    return values.set(early | late, None), [*limits, _no_date(column, (early | late) & ~told)]


def _no_limit(bad: pl.Series, meaning: str) -> Mistake:
    return Mistake(
        rule="no_date",
        bad=bad,
        level="note",
        together=True,
        message=f"{{value}} was read as blank: the row counts {meaning}",
        cure="leave it blank, which means the same",
    )


def _no_date(column: Column, bad: pl.Series) -> Mistake:
    counts = "" if column.required else "; until then it counts as blank"
    return Mistake(
        rule="no_date",
        bad=bad,
        level="error" if column.required else "warning",
        message='"{value}" stands for no date',
        expected="a date from 1970 to 2199",
        cure=f"{'' if column.required else 'leave it blank, or '}write a date from 1970 to 2199{counts}",
    )
