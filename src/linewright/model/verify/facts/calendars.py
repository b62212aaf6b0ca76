"""Calendars as windows of real time: shifts, breaks, exceptions and clock changes."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linewright.model.factory import Factory
from linewright.model.tables import CalendarException, Shift
from linewright.model.verify.facts.windows import ALWAYS, Piece, Windows, last_wins

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: A calendar's name and the time zone in which its shifts are read.
CalendarKey = tuple[str, str]


class Calendars:
    """Expands each calendar once, between two moments.

    Parameters
    ----------
    factory
        Its `shifts` and `calendar_exceptions` are read.
    first, last
        The stretch of time that matters, in seconds since 1970.
    """

    def __init__(self, factory: Factory, first: int, last: int) -> None:
        self._first = datetime.fromtimestamp(first, UTC).date() - timedelta(days=2)
        self._last = datetime.fromtimestamp(last, UTC).date() + timedelta(days=2)
        self._shifts: dict[str, list[Shift]] = defaultdict(list)
        self._exceptions: dict[str, list[CalendarException]] = defaultdict(list)
        for shift in factory.shifts:
            self._shifts[shift.calendar].append(shift)
        for exception in factory.calendar_exceptions:
            self._exceptions[exception.calendar].append(exception)
        self._weekly: dict[CalendarKey, Windows] = {}
        self._common: dict[frozenset[CalendarKey], Windows] = {frozenset(): ALWAYS}
        self._overtime: dict[CalendarKey, list[tuple[int, int, float]]] = {}

    def common(self, keys: Iterable[CalendarKey]) -> Windows:
        """The time that is working time in all of these calendars."""
        wanted = frozenset(key for key in keys if key[0])
        if wanted not in self._common:
            made = ALWAYS
            for key in wanted:
                made = made.cut(self._working(key))
            self._common[wanted] = made
        return self._common[wanted]

    def has_overtime(self, key: CalendarKey) -> bool:
        """Whether an added window of a calendar costs more."""
        return any(row.working and row.cost_per_hour for row in self._exceptions.get(key[0], ()))

    def overtime(self, key: CalendarKey, start: int, end: int) -> Iterator[tuple[int, int, float]]:
        """The stretches between two moments that only an added window opened, each with its extra cost per hour."""
        stretches = self._all_overtime(key)
        index = bisect_right(stretches, (start,)) - 1
        for first, last, cost in stretches[max(index, 0) :]:
            if first >= end:
                break
            if last > start:
                yield max(first, start), min(last, end), cost

    def _all_overtime(self, key: CalendarKey) -> list[tuple[int, int, float]]:
        if key not in self._overtime:
            rows, closed = self._exceptions[key[0]], ALWAYS.without(self._week(key))
            self._overtime[key] = [
                (start, end, rows[row].cost_per_hour)
                for first, last, row in self._exception_pieces(key)
                if rows[row].working and rows[row].cost_per_hour
                for start, end in closed.pieces(first, last)
            ]
        return self._overtime[key]

    def _working(self, key: CalendarKey) -> Windows:
        rows, pieces = self._exceptions[key[0]], self._exception_pieces(key)
        untouched = self._week(key).without(Windows.of((start, end) for start, end, _ in pieces))
        added = [(start, end) for start, end, row in pieces if rows[row].working]
        return Windows.of([*zip(untouched.starts.tolist(), untouched.ends.tolist(), strict=True), *added])

    def _exception_pieces(self, key: CalendarKey) -> list[tuple[int, int, int]]:
        rows = self._exceptions[key[0]]
        return last_wins([(int(row.start.timestamp()), int(row.end.timestamp())) for row in rows])

    def _week(self, key: CalendarKey) -> Windows:
        if key not in self._weekly:
            calendar, zone = key[0], ZoneInfo(key[1])
            rows = self._shifts[calendar]
            working = [row for row in rows if row.working]
            breaks = Windows.of(self._stretches([row for row in rows if not row.working], zone))
            base = Windows.of(self._stretches(working, zone)) if working else ALWAYS
            self._weekly[key] = base.without(breaks)
        return self._weekly[key]

    def _stretches(self, rows: list[Shift], zone: ZoneInfo) -> list[Piece]:
        """Every occurrence of weekly rows, from local wall-clock times to real time."""
        by_weekday: dict[int, list[Shift]] = defaultdict(list)
        for row in rows:
            for weekday in weekdays(row.weekday):
                by_weekday[weekday].append(row)
        made, day = [], self._first
        while day <= self._last:
            for row in by_weekday[day.weekday()]:
                # An end that is not later than the start belongs to the next day.
                end_day = day if row.end > row.start else day + timedelta(days=1)
                made.append((moment(day, row.start, zone), moment(end_day, row.end, zone)))
            day += timedelta(days=1)
        return made


def moment(day: date, wall_clock: time, zone: ZoneInfo) -> int:
    """Seconds since 1970 of a local time; a repeated one means the first, a skipped one goes by the old offset."""
    return int(datetime.combine(day, wall_clock, tzinfo=zone).timestamp())


def weekdays(text: str) -> list[int]:
    """Read ``mon``, ``mon-fri``, ``fri-mon`` or ``mon,wed`` as numbers, Monday being 0."""
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start, end = WEEKDAYS.index(first[:3]), WEEKDAYS.index((last or first)[:3])
        found.extend((start + step) % 7 for step in range((end - start) % 7 + 1))
    return found
