"""Days: local dates as whole days since the plan's first local midnight, and which of them are worked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.shop.windows import WindowMaker
from linewright.supply.requirements.core.records import DAY, NEVER_DAY

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: Working days are known for the horizon and for this long after it.
MARGIN_DAYS = 400


class Days:
    """Counts local days from the day of an instant."""

    def __init__(self, factory: Factory, start: datetime) -> None:
        self.zone = factory.timezone
        self.first = start.astimezone(self.zone).date()

    def of_instants(self, column: pl.Series, *, missing: int, day_end: bool = True) -> Any:
        """The day of each instant; where a date meant the end of its day, midnight still belongs to that day."""
        moved = column - timedelta(microseconds=1) if day_end else column
        return self.of_dates(moved.dt.convert_time_zone(str(self.zone)).dt.date(), missing=missing)

    def of_dates(self, column: pl.Series, *, missing: int) -> Any:
        """The day of each date."""
        since = (column - self.first).dt.total_days()
        return since.fill_null(missing).clip(-NEVER_DAY, NEVER_DAY).cast(pl.Int64).to_numpy()

    def date(self, day: int) -> date:
        """The date of a day."""
        return self.first + timedelta(days=day)

    def end(self, day: int) -> datetime:
        """The end of a day as an instant, which is what a date alone means in a due date."""
        return datetime.combine(self.date(day + 1), time(), self.zone).astimezone(UTC)


def working_days(factory: Factory, start: datetime, horizon_days: int) -> Any:
    """For each day the working day at or before it, and at or after it.

    A day is worked when any machine's calendar is open on it; a factory without machines works when any calendar is
    open, and one without calendars works every day.
    """
    size = horizon_days + MARGIN_DAYS
    works = _worked(factory, start, size)
    day = np.arange(size)
    days = np.zeros(size, DAY)
    if not works.any():
        works[:] = True
    days["before"] = np.maximum.accumulate(np.where(works, day, -1))
    days["after"] = np.minimum.accumulate(np.where(works, day, size)[::-1])[::-1]
    return days


def _worked(factory: Factory, start: datetime, size: int) -> Any:
    zone = factory.timezone
    midnight = datetime.combine(start.astimezone(zone).date(), time(), zone)
    calendars = set(factory.machines.frame.get_column("calendar").to_list())
    if not calendars:
        calendars = set(factory.shifts.frame.get_column("calendar").to_list())
    works = np.zeros(size, np.bool_)
    if not calendars or "" in calendars:
        return ~works
    begin = midnight.astimezone(UTC)
    # Days with a clock change are an hour shorter or longer.
    midnights = [datetime.combine(midnight.date() + timedelta(days=at), time(), zone) for at in range(size + 1)]
    first_second = np.array([(moment.astimezone(UTC) - begin).total_seconds() for moment in midnights], np.int64)
    maker = WindowMaker(factory, begin, size)
    for calendar in sorted(calendars):
        windows = maker.windows(calendar, str(zone))
        opens = np.searchsorted(first_second, windows.start, "right") - 1
        shuts = np.searchsorted(first_second, windows.end, "left")
        for opened, shut in zip(opens.tolist(), shuts.tolist(), strict=True):
            works[max(opened, 0) : shut] = True
    return works


def open_minutes_a_day(factory: Factory, start: datetime) -> dict[str, float]:
    """The average open minutes of each calendar in a day, over four weeks from the start; blank: round the clock."""
    maker = WindowMaker(factory, start, 28)
    zone = str(factory.timezone)
    minutes = {"": 1440.0}
    for calendar in factory.shifts.frame.get_column("calendar").unique().to_list():
        windows = maker.windows(calendar, zone)
        opened = np.clip(windows.end, 0, 28 * 86400) - np.clip(windows.start, 0, 28 * 86400)
        minutes[calendar] = float(opened.sum()) / 60 / 28 or 1440.0
    return minutes
