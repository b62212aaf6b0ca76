"""Weekly windows from the hours of a work center."""

from __future__ import annotations

from datetime import time

import polars as pl
import pytest

from linewright.io.adventureworks.calendars import WEEKDAYS, shift_times, weekly_windows

SHIFTS = [(time(7), time(15), 480), (time(15), time(23), 480), (time(23), time(7), 480)]


def hours_of(windows: pl.DataFrame) -> float:
    """The hours of a week in some windows."""
    total = 0
    for days, start, end in windows.select("weekday", "start", "end").iter_rows():
        first, _, last = days.partition("-")
        count = WEEKDAYS.index(last or first) - WEEKDAYS.index(first) + 1
        minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute - 1) % 1440 + 1
        total += count * minutes
    return total / 60


@pytest.mark.parametrize("hours", [8, 36.5, 40, 48, 80, 96, 108, 120, 144, 150, 168])
def test_windows_sum_to_the_hours_available(hours):
    """Whatever the hours of a week, the windows have exactly so many."""
    assert hours_of(weekly_windows("Paint", hours, SHIFTS, 1)) == pytest.approx(hours)


def test_as_few_shifts_a_day_as_possible(factory):
    """96 hours are six days of two shifts, 120 are five days of three, 108 end on a half Friday."""
    shifts = factory.shifts.content
    assert shifts.filter(calendar="Frame Forming").select("weekday", "start").rows() == [
        ("mon-sat", time(7)), ("mon-sat", time(15)),
    ]  # fmt: skip
    assert set(shifts.filter(calendar="Paint")["weekday"]) == {"mon-fri"}
    friday = shifts.filter(calendar="Frame Welding", weekday="fri")
    assert friday.select("start", "end").rows() == [(time(7), time(15)), (time(15), time(19))]


def test_damaged_shifts_fall_back_to_three_of_eight_hours():
    """A shift without readable times is left out; without any, the plant has three."""
    damaged = pl.DataFrame({"ShiftID": [1], "StartTime": ["dawn"], "EndTime": ["dusk"]})
    assert shift_times(damaged) == SHIFTS
