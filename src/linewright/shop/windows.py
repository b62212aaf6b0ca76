"""Calendars as windows: weekly shifts, breaks and exceptions in local time become seconds since the plan's start."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linewright.model.factory import Factory
    from linewright.model.tables import CalendarException, Shift

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Window = tuple[int, int]


@dataclass(frozen=True)
class Windows:
    """The working windows of one calendar in seconds since the plan's start: disjoint, sorted, joined where they touch.

    `overtime` holds the added windows that cost extra, as (start, end, cost per hour).
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    overtime: tuple[tuple[int, int, float], ...] = ()


def weekdays(text: str) -> tuple[int, ...]:
    """The days that ``mon`` or ``mon-fri`` (also ``fri-mon``) names, Monday being 0."""
    first, _, last = text.partition("-")
    begin = WEEKDAYS.index(first[:3].lower())
    end = WEEKDAYS.index(last[:3].lower()) if last else begin
    return tuple((begin + day) % 7 for day in range((end - begin) % 7 + 1))


class WindowMaker:
    """Expands the calendars of a factory from the plan's start to a horizon, each calendar and time zone once."""

    def __init__(self, factory: Factory, start: datetime, horizon_days: int) -> None:
        self.factory = factory
        self.start = start
        self.horizon_seconds = horizon_days * 86400
        self._shifts: dict[str, list[Shift]] = defaultdict(list)
        self._exceptions: dict[str, list[CalendarException]] = defaultdict(list)
        for shift in factory.shifts:
            self._shifts[shift.calendar].append(shift)
        for exception in factory.calendar_exceptions:
            self._exceptions[exception.calendar].append(exception)

    def windows(self, calendar: str, timezone: str) -> Windows:
        """The working windows of a calendar whose shifts are meant in a time zone."""
        shifts = self._shifts[calendar]
        # Without working rows it is open round the clock, with a margin so that a setup can be counted backwards.
        working = _joined(self._weekly(shifts, timezone, working=True)) or [(-2 * 86400, self.horizon_seconds)]
        working = _without(working, _joined(self._weekly(shifts, timezone, working=False)))
        regular = working
        overtime: list[tuple[int, int, float]] = []
        for exception in self._exceptions[calendar]:
            span = self._seconds(exception.start), self._seconds(exception.end)
            if exception.working:
                added = _without([span], regular)
                working = _joined([*working, span])
                overtime = [kept for old in overtime for kept in _priced_without(old, span)]
                overtime += [(*piece, exception.cost_per_hour) for piece in added if exception.cost_per_hour > 0]
            else:
                working = _without(working, [span])
                overtime = [kept for old in overtime for kept in _priced_without(old, span)]
        return _arrays(working, tuple(sorted(overtime)))

    def _seconds(self, instant: datetime) -> int:
        return int((instant - self.start).total_seconds())

    def _weekly(self, shifts: list[Shift], timezone: str, *, working: bool) -> list[Window]:
        """Every window of the chosen shifts, day by day in local time, so that a clock change has its true length."""
        zone = ZoneInfo(timezone)
        chosen = [(weekdays(shift.weekday), shift) for shift in shifts if shift.working is working]
        day = self.start.astimezone(zone).date() - timedelta(days=2)
        windows: list[Window] = []
        for _ in range(self.horizon_seconds // 86400 + 4):
            for days, shift in chosen:
                if day.weekday() in days:
                    last = day if shift.end > shift.start else day + timedelta(days=1)
                    begin = datetime.combine(day, shift.start, zone).astimezone(UTC)
                    end = datetime.combine(last, shift.end, zone).astimezone(UTC)
                    if end > begin:
                        windows.append((self._seconds(begin), self._seconds(end)))
            day += timedelta(days=1)
        return windows


def _arrays(windows: list[Window], overtime: tuple[tuple[int, int, float], ...] = ()) -> Windows:
    start = np.array([window[0] for window in windows], np.int64)
    end = np.array([window[1] for window in windows], np.int64)
    return Windows(start, end, overtime)


def _joined(windows: list[Window]) -> list[Window]:
    joined: list[Window] = []
    for begin, end in sorted(windows):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif end > begin:
            joined.append((begin, end))
    return joined


def _without(windows: list[Window], cuts: list[Window]) -> list[Window]:
    """What is left of windows when cuts are taken away; both are sorted and disjoint."""
    kept: list[Window] = []
    at = 0
    for begin, end in windows:
        while at < len(cuts) and cuts[at][1] <= begin:
            at += 1
        left, cut = begin, at
        while cut < len(cuts) and cuts[cut][0] < end:
            if cuts[cut][0] > left:
                kept.append((left, cuts[cut][0]))
            left = max(left, cuts[cut][1])
            cut += 1
        if left < end:
            kept.append((left, end))
    return kept


def _priced_without(window: tuple[int, int, float], cut: Window) -> list[tuple[int, int, float]]:
    return [(begin, end, window[2]) for begin, end in _without([window[:2]], [cut])]


def closed_windows(factory: Factory, start: datetime, end: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    """For each machine that closes, the windows between two instants in which it does not work."""
    maker = WindowMaker(factory, start, (end - start).days + 2)
    zones = {site.site: site.timezone for site in factory.sites if site.timezone}
    centers = {center.work_center: center.site for center in factory.work_centers}
    seconds = int((end - start).total_seconds())
    shared: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    closed = {}
    for machine in factory.machines:
        zone = zones.get(centers.get(machine.work_center, ""), factory.settings.timezone)
        key = (machine.calendar, zone)
        if key not in shared:
            windows = maker.windows(*key)
            pieces = _without([(0, seconds)], list(zip(windows.start.tolist(), windows.end.tolist(), strict=True)))
            shared[key] = [
                (start + timedelta(seconds=begin), start + timedelta(seconds=finish)) for begin, finish in pieces
            ]
        if shared[key]:
            closed[machine.machine] = shared[key]
    return closed
