"""frePPLe calendars as weekly shifts and exceptions.

A frePPLe calendar is a value for each moment: that of the bucket with the lowest priority number that covers it, else
the default. An operation works when the calendars of its location and its resource are all above zero. Days are
evaluated one by one up to the horizon; the most frequent pattern of each weekday becomes the week, other days become
exceptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from linewright.io.frepple.fixture import FILE, Fixture, Record
from linewright.io.raw_tables import LINE

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES = 1440

#: Working minutes of a day: (from, to) pairs in order.
Windows = tuple[tuple[int, int], ...]
FULL: Windows = ((0, DAY_MINUTES),)


@dataclass(frozen=True)
class Bucket:
    """A value in a range of dates, on some weekdays, between two times of the day."""

    value: float
    priority: float
    start: datetime
    end: datetime
    weekdays: tuple[bool, ...]
    from_minute: int
    to_minute: int

    def on(self, day: date) -> tuple[int, int] | None:
        """The minutes of a day that it covers."""
        if not self.weekdays[day.weekday()]:
            return None
        midnight = datetime(day.year, day.month, day.day)
        first = max(self.from_minute, _minutes_since(midnight, self.start))
        last = min(self.to_minute, _minutes_since(midnight, self.end))
        return (first, last) if first < last else None


@dataclass(frozen=True)
class Calendar:
    """A value for each moment."""

    name: str
    default: float
    buckets: tuple[Bucket, ...]

    def values(self, day: date) -> list[tuple[int, int, float]]:
        """The values of a day, one after the other: from, to, value."""
        covering = [(bucket, span) for bucket in self.buckets if (span := bucket.on(day))]
        cuts = sorted({0, DAY_MINUTES, *(minute for _, span in covering for minute in span)})
        pieces = []
        for first, last in pairwise(cuts):
            inside = [bucket for bucket, span in covering if span[0] <= first and last <= span[1]]
            chosen = min(inside, key=lambda bucket: bucket.priority, default=None)
            pieces.append((first, last, self.default if chosen is None else chosen.value))
        return pieces

    def windows(self, day: date, least: float) -> Windows:
        """The minutes of a day with a value of at least `least`."""
        return _joined([(first, last) for first, last, value in self.values(day) if value >= least])


def calendars_of(fixture: Fixture) -> dict[str, Calendar]:
    """Every calendar by its name."""
    buckets: dict[str, list[Bucket]] = {}
    for record in fixture["input.calendarbucket"]:
        buckets.setdefault(record.text("calendar"), []).append(_bucket(record))
    return {
        record.name: Calendar(record.name, record.number("defaultvalue"), tuple(buckets.get(record.name, ())))
        for record in fixture["input.calendar"]
    }


def _bucket(record: Record) -> Bucket:
    start, end = record.time_of_day("starttime"), record.time_of_day("endtime")
    return Bucket(
        value=record.number("value"),
        priority=record.number("priority"),
        start=record.moment("startdate") or datetime.min,
        end=record.moment("enddate") or datetime.max,
        weekdays=tuple(bool(record.fields.get(day, True)) for day in WEEKDAYS),
        from_minute=start,
        # 23:59:59 is the last second of a day.
        to_minute=end if end > start else DAY_MINUTES,
    )


class Schedules:
    """Gives a name to each working pattern that is asked for, and collects its rows."""

    def __init__(self, calendars: Mapping[str, Calendar], first: date, last: date) -> None:
        self.calendars = calendars
        self.days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        self.shifts: list[dict[str, Any]] = []
        self.exceptions: list[dict[str, Any]] = []
        self._named: dict[tuple[Windows, ...], str] = {}

    def levels(self, name: str) -> list[int]:
        """The whole values that a calendar takes during the horizon."""
        calendar = self.calendars[name]
        return sorted({int(value) for day in self.days for _, _, value in calendar.values(day)})

    def name_of(self, needs: Sequence[tuple[str, float]], record: Record) -> str:
        """The calendar in which all of these (calendar, least value) hold; empty when that is always.

        Parameters
        ----------
        needs
            Names of calendars; names that do not exist are left out.
        record
            Whose calendar it is, for the place of its rows.
        """
        known = [(self.calendars[name], least) for name, least in needs if name in self.calendars]
        pattern = tuple(_common([calendar.windows(day, least) for calendar, least in known]) for day in self.days)
        if all(windows == FULL for windows in pattern):
            return ""
        if pattern not in self._named:
            names = [calendar.name if least <= 1 else f"{calendar.name} ({least:g})" for calendar, least in known]
            telling = [name for name, need in zip(names, known, strict=True) if not self._always(*need)]
            self._named[pattern] = " + ".join(dict.fromkeys(telling))
            self._describe(self._named[pattern], pattern, record)
        return self._named[pattern]

    def _always(self, calendar: Calendar, least: float) -> bool:
        return all(calendar.windows(day, least) == FULL for day in self.days)

    def _describe(self, name: str, pattern: Sequence[Windows], record: Record) -> None:
        place = {FILE: record.file, LINE: record.line, "calendar": name}
        usual: dict[int, Windows] = {}
        for weekday in range(7):
            same = Counter(windows for day, windows in zip(self.days, pattern, strict=True) if day.weekday() == weekday)
            usual[weekday] = same.most_common(1)[0][0] if same else ()
            for first, last in usual[weekday]:
                shift = {"weekday": WEEKDAYS[weekday][:3], "start": _time(first), "end": _time(last)}
                self.shifts.append({**place, **shift})
        if not any(usual.values()):
            # A calendar that never works still needs a row that names it.
            never = {"weekday": "mon-sun", "start": time(0), "end": time(0), "working": False}
            self.shifts.append({**place, **never})
        for day, windows in zip(self.days, pattern, strict=True):
            if windows != usual[day.weekday()]:
                self._exception(place, day, windows)

    def _exception(self, place: Mapping[str, Any], day: date, windows: Windows) -> None:
        """Close a day, then open its own windows; days closed one after the other become one row."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        end = start + timedelta(days=1)
        before = self.exceptions[-1] if self.exceptions else None
        if before and before["end"] == start and not before["working"] and before["calendar"] == place["calendar"]:
            before["end"] = end
        else:
            self.exceptions.append({**place, "start": start, "end": end, "working": False})
        for first, last in windows:
            window = {"start": start + timedelta(minutes=first), "end": start + timedelta(minutes=last)}
            self.exceptions.append({**place, **window, "working": True})


def _minutes_since(midnight: datetime, moment: datetime) -> int:
    # Buckets may reach to the ends of time, where a subtraction still works but a longer day would not.
    return max(-1, min(DAY_MINUTES, int((moment - midnight).total_seconds() // 60)))


def _time(minute: int) -> time:
    return time(minute % DAY_MINUTES // 60, minute % 60)


def _joined(spans: Sequence[tuple[int, int]]) -> Windows:
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def _common(several: Sequence[Windows]) -> Windows:
    common = FULL
    for windows in several:
        spans = [(max(a, c), min(b, d)) for a, b in common for c, d in windows]
        common = tuple(span for span in spans if span[0] < span[1])
    return common
