"""Calendars as real time."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from linewright.model.factory import Factory
from linewright.model.verify.facts.calendars import Calendars, weekdays
from tests.model.verify.hand_made import Row, at

HOUR = 3600


def windows_of(shifts: list[Row], exceptions: list[Row], zone: str, first: str, last: str) -> list[str]:
    """The windows of the calendar ``day`` between two instants, as text in UTC."""
    factory = Factory.of(shifts=[{"calendar": "day", **row} for row in shifts],
                         calendar_exceptions=[{"calendar": "day", **row} for row in exceptions])  # fmt: skip
    start, end = int(at(first).timestamp()), int(at(last).timestamp())
    windows = Calendars(factory, start, end).common([("day", zone)])
    return [
        " - ".join(datetime.fromtimestamp(m, UTC).strftime("%d %H:%M") for m in p) for p in windows.pieces(start, end)
    ]


def test_a_break_is_cut_out_of_the_shift():
    """A shift from 6 to 14 with half an hour off at 10 makes two windows."""
    shifts = [
        {"weekday": "mon-fri", "start": time(6), "end": time(14)},
        {"weekday": "mon-fri", "start": time(10), "end": time(10, 30), "working": False},
    ]
    assert windows_of(shifts, [], "UTC", "03-02 00:00", "03-03 00:00") == ["02 06:00 - 02 10:00", "02 10:30 - 02 14:00"]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    """Friday's night shift ends on Saturday; Sunday's does not exist."""
    shifts = [{"weekday": "mon-fri", "start": time(22), "end": time(6)}]
    # 03-06 is a Friday. On Monday 03-09 the next shift begins at 22:00.
    assert windows_of(shifts, [], "UTC", "03-06 12:00", "03-09 23:00") == ["06 22:00 - 07 06:00", "09 22:00 - 09 23:00"]


def test_three_shifts_are_one_window():
    """Early, late and night shift touch, so that an operation runs through."""
    shifts = [{"weekday": "mon-sun", "start": time(s), "end": time(e)} for s, e in ((6, 14), (14, 22), (22, 6))]
    assert windows_of(shifts, [], "UTC", "03-02 00:00", "03-05 00:00") == ["02 00:00 - 05 00:00"]


def test_a_shift_over_the_spring_clock_change_is_an_hour_short():
    """In Berlin, on 29 March 2026, 02:00 is followed by 03:00: Saturday 22:00 to Sunday 06:00 is 21:00 to 04:00 UTC."""
    shifts = [{"weekday": "sat", "start": time(22), "end": time(6)}]
    assert windows_of(shifts, [], "Europe/Berlin", "03-28 00:00", "03-30 00:00") == ["28 21:00 - 29 04:00"]


def test_a_shift_over_the_autumn_clock_change_is_an_hour_long():
    """On 25 October 2026, 03:00 is followed by 02:00: Saturday 22:00 to Sunday 06:00 is 20:00 to 05:00 UTC."""
    shifts = [{"weekday": "sat", "start": time(22), "end": time(6)}]
    assert windows_of(shifts, [], "Europe/Berlin", "10-24 00:00", "10-26 00:00") == ["24 20:00 - 25 05:00"]


def test_a_repeated_local_time_means_the_first():
    """On 25 October 2026 in Berlin 02:30 comes at 00:30 and at 01:30 UTC."""
    shifts = [{"weekday": "sun", "start": time(2, 30), "end": time(8)}]
    assert windows_of(shifts, [], "Europe/Berlin", "10-25 00:00", "10-26 00:00") == ["25 00:30 - 25 07:00"]


def test_a_skipped_local_time_goes_by_the_old_offset():
    """On 29 March 2026 in Berlin 02:30 does not exist; one hour before UTC it would be 01:30 UTC."""
    shifts = [{"weekday": "sun", "start": time(2, 30), "end": time(8)}]
    assert windows_of(shifts, [], "Europe/Berlin", "03-29 00:00", "03-30 00:00") == ["29 01:30 - 29 06:00"]


def test_later_exceptions_win():
    """A holiday closes Tuesday, a later row opens two hours of it again, and overtime opens Sunday."""
    shifts = [{"weekday": "mon-fri", "start": time(6), "end": time(14)}]
    exceptions = [
        {"start": at("03-03 00:00"), "end": at("03-04 00:00"), "working": False},
        {"start": at("03-03 08:00"), "end": at("03-03 10:00"), "working": True},
        {"start": at("03-08 08:00"), "end": at("03-08 12:00"), "working": True},
    ]
    assert windows_of(shifts, exceptions, "UTC", "03-02 12:00", "03-04 12:00") == [
        "02 12:00 - 02 14:00", "03 08:00 - 03 10:00", "04 06:00 - 04 12:00",
    ]  # fmt: skip
    assert windows_of(shifts, exceptions, "UTC", "03-07 00:00", "03-09 00:00") == ["08 08:00 - 08 12:00"]
    # In the other order the holiday swallows the two hours.
    swapped = [exceptions[1], exceptions[0]]
    assert windows_of(shifts, swapped, "UTC", "03-03 00:00", "03-04 00:00") == []


def test_overtime_is_what_only_an_added_window_opened():
    """Of an added window from 12 to 18, the shift to 14 is no overtime, and what a later row closes is not worked."""
    factory = Factory.of(
        shifts=[{"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)}],
        calendar_exceptions=[
            {
                "calendar": "day",
                "start": at("03-02 12:00"),
                "end": at("03-02 18:00"),
                "working": True,
                "cost_per_hour": 9.0,
            },
            {"calendar": "day", "start": at("03-02 17:00"), "end": at("03-02 18:00")},
        ],
    )
    start, end = int(at("03-02 00:00").timestamp()), int(at("03-03 00:00").timestamp())
    calendars = Calendars(factory, start, end)
    assert list(calendars.overtime(("day", "UTC"), start, end)) == [(start + 14 * HOUR, start + 17 * HOUR, 9.0)]
    assert list(calendars.overtime(("day", "UTC"), start, start + 14 * HOUR)) == []


def test_a_calendar_without_shifts_is_round_the_clock():
    """Only its shutdown is no working time."""
    exceptions = [{"start": at("03-03 00:00"), "end": at("03-04 00:00")}]
    assert windows_of([], exceptions, "UTC", "03-02 00:00", "03-05 00:00") == [
        "02 00:00 - 03 00:00",
        "04 00:00 - 05 00:00",
    ]


@pytest.mark.parametrize(
    ("text", "days"), [("mon", [0]), ("mon-fri", [0, 1, 2, 3, 4]), ("sat-mon", [5, 6, 0]), ("Tue, thu", [1, 3])]
)
def test_weekdays_are_read_as_people_write_them(text: str, days: list[int]):
    """Single days, ranges, ranges over the weekend, and lists."""
    assert weekdays(text) == days
