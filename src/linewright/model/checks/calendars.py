"""Checks of working times."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.model.checks.rows import texts, where
from linewright.model.factory import Factory
from linewright.model.findings import Finding, Positions

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = 1440.0, 10_080.0

Windows = list[tuple[float, float, int]]


def ends_before_start(factory: Factory) -> Iterator[Finding]:
    """A window of time must end after it starts."""
    for table in ("calendar_exceptions", "tariffs"):
        positions = where(factory.table(table), pl.col("end") <= pl.col("start"))
        if len(positions):
            yield Finding(
                table=table,
                rule="ends_before_start",
                column="end",
                positions=positions,
                values=_local(factory, table, positions),
                messages=["the window ends at {value}, which is not after its start"],
                expected="an end after the start",
                cures=["correct the start or the end"],
            )


def actual_ends_before_start(factory: Factory) -> Iterator[Finding]:
    """A report from the floor that ends before it starts tells nothing about times."""
    positions = where(factory.actuals, pl.col("end") < pl.col("start"))
    if len(positions):
        yield Finding(
            table="actuals",
            rule="ends_before_start",
            column="end",
            positions=positions,
            values=_local(factory, "actuals", positions),
            messages=["the report ends at {value}, before its start"],
            expected="an end after the start",
            cures=["correct the start or the end"],
        )


def shifts_overlap(factory: Factory) -> Iterator[Finding]:
    """Working windows of a calendar that overlap count once, which is seldom meant."""
    positions, earlier = [], []
    for _, rows in _by_calendar(factory, working=True):
        windows = sorted(window for position, shift in rows for window in _windows(position, *shift))
        last = (-1.0, -1)
        for start, end, position in windows:
            if start < last[0] and position != last[1] and position not in positions:
                positions.append(position)
                earlier.append(last[1])
            last = max(last, (end, position))
    if positions:
        places = [factory.shifts.place(position) for position in earlier]
        yield Finding(
            table="shifts",
            rule="shifts_overlap",
            level="warning",
            column="start",
            positions=np.array(positions, dtype=np.int64),
            messages=[f"overlaps the window in {place}; the common time counts once" for place in places],
            expected="windows that do not overlap",
            cures=["correct the start or the end, or mark a break with working = no"],
        )


def never_works(factory: Factory) -> Iterator[Finding]:
    """A machine or person whose calendar has no working time can do nothing."""
    if not len(factory.shifts):
        return
    idle = _idle_calendars(factory)
    for table, level in (("machines", "error"), ("people", "warning")):
        positions = where(factory.table(table), pl.col("calendar").is_in(idle))
        if len(positions):
            yield Finding(
                table=table,
                rule="never_works",
                level=level,
                column="calendar",
                positions=positions,
                values=texts(factory.table(table), positions, "calendar"),
                messages=["the calendar {value} has no working time"],
                expected="a calendar with working windows",
                cures=["add a working window to shifts, or leave the calendar blank to work round the clock"],
            )


def calendar_without_shifts(factory: Factory) -> Iterator[Finding]:
    """Without the table of shifts, machines that name a calendar work round the clock."""
    positions = where(factory.machines, pl.col("calendar") != "")
    if len(positions) and not len(factory.shifts):
        yield Finding(
            table="machines",
            rule="calendar_without_shifts",
            level="warning",
            column="calendar",
            positions=positions,
            values=texts(factory.machines, positions[:1], "calendar"),
            together=True,
            messages=[f"{len(positions):,} machines name a calendar, but shifts is empty: they work round the clock"],
            expected="rows in shifts",
            cures=["add the calendars to shifts"],
        )


def _by_calendar(factory: Factory, *, working: bool) -> Iterator[tuple[str, list[tuple[int, tuple[str, int, int]]]]]:
    rows = factory.shifts.frame.with_row_index("position").filter(pl.col("working") == working)
    minutes = [pl.col(name).cast(pl.Int64) / 60_000_000_000 for name in ("start", "end")]
    rows = rows.with_columns(*minutes)
    for (calendar,), group in rows.group_by("calendar", maintain_order=True):
        shifts = group.select("position", "weekday", "start", "end").iter_rows()
        yield str(calendar), [(position, shift) for position, *shift in shifts]  # type: ignore[misc]


def _windows(position: int, weekday: str, start: float, end: float) -> Windows:
    """A weekly row as windows in minutes from Monday; what crosses the end of the week begins it again."""
    first, _, last = weekday.partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        return []
    from_day, to_day = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    length = end - start if end > start else end - start + DAY
    windows: Windows = []
    for day in range(from_day, to_day + 1 + (7 if to_day < from_day else 0)):
        begin = day % 7 * DAY + start
        windows.append((begin, min(begin + length, WEEK), position))
        if begin + length > WEEK:
            windows.append((0.0, begin + length - WEEK, position))
    return windows


def _idle_calendars(factory: Factory) -> list[str]:
    """Calendars without a working minute in the week and without an added window."""
    added = set(factory.calendar_exceptions.frame.filter(working=True).get_column("calendar"))
    breaks = dict(_by_calendar(factory, working=False))
    minutes = dict.fromkeys(factory.shifts.frame.get_column("calendar").unique().to_list(), 0)
    for calendar, rows in _by_calendar(factory, working=True):
        works = np.zeros(int(WEEK), dtype=bool)
        for position, shift in rows:
            _mark(works, _windows(position, *shift), value=True)
        for position, shift in breaks.get(calendar, ()):
            _mark(works, _windows(position, *shift), value=False)
        minutes[calendar] = int(works.sum())
    return [calendar for calendar, count in minutes.items() if not count and calendar not in added]


def _mark(works: np.ndarray, windows: Windows, *, value: bool) -> None:
    for start, end, _ in windows:
        works[int(start) : max(int(end), int(start) + 1) if value else int(end)] = value


def _local(factory: Factory, table: str, positions: Positions) -> list[str]:
    ends = factory.table(table).frame.get_column("end").gather(positions)
    return ends.dt.convert_time_zone(factory.settings.timezone).dt.strftime("%Y-%m-%d %H:%M").to_list()
