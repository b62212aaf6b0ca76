"""Dates, times and instants, as people, programs and spreadsheets write them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import polars as pl
import pytest

from linewright.model.intake.instants import read_dates, read_instants, read_times
from linewright.model.intake.readings import Habits

BERLIN = Habits(zone="Europe/Berlin")


def only(reading):
    """The value of the only cell, or the errors that it shows."""
    broken = [mistake.rule for mistake in reading.mistakes if mistake.bad.any() and mistake.level == "error"]
    return broken[0] if broken else reading.values[0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-03-02T10:00", datetime(2026, 3, 2, 9)), ("2026-03-02 10:00:30", datetime(2026, 3, 2, 9, 0, 30)),
        ("02.03.2026 10:00", datetime(2026, 3, 2, 9)), ("2.3.26, 10:00", datetime(2026, 3, 2, 9)),
        ("2026-07-01 10:00", datetime(2026, 7, 1, 8)), ("2026-03-02T10:00Z", datetime(2026, 3, 2, 10)),
        ("2026-03-02T10:00:00.25+0530", datetime(2026, 3, 2, 4, 30, 0, 250000)),
        ("2026/03/02", datetime(2026, 3, 1, 23)),
        ("20260302", datetime(2026, 3, 1, 23)), ("2026-03-02 24:00", datetime(2026, 3, 2, 23)),
        ("03/04/2026", "ambiguous_date"), ("2026-02-30", "not_a_date"), ("2026-03-02 25:00", "not_a_date"),
        ("next week", "not_a_date"), ("", None), (datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 9)),
        (date(2026, 3, 2), datetime(2026, 3, 1, 23)),
        (datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=5))), datetime(2026, 3, 2, 5)),
    ],
)  # fmt: skip
def test_instants_are_local_unless_they_say_otherwise(cell, value):
    """Local times become UTC, an offset counts, and what is no date is named."""
    expected = value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
    assert only(read_instants(pl.Series([cell]), BERLIN)) == expected


@pytest.mark.parametrize("cell", ["2026-03-06", "06.03.2026", date(2026, 3, 6), datetime(2026, 3, 6), 46087, "46087"])
def test_a_day_alone_may_mean_its_end(cell):
    """Due on Friday means Friday midnight, however the day was typed."""
    assert only(read_instants(pl.Series([cell]), BERLIN, day_end=True)) == datetime(2026, 3, 6, 23, tzinfo=UTC)


def test_a_midnight_that_is_typed_is_that_midnight():
    """A time that somebody wrote counts, even where a day alone means its end."""
    assert only(read_instants(pl.Series(["2026-03-06 00:00"]), BERLIN, day_end=True)) == datetime(
        2026, 3, 5, 23, tzinfo=UTC
    )


def test_an_hour_that_clocks_skip_is_an_error():
    """On 29 March 2026 no clock in Berlin shows half past two."""
    assert only(read_instants(pl.Series(["2026-03-29 02:30"]), BERLIN)) == "nonexistent_time"


def test_an_hour_that_comes_twice_is_taken_the_first_time():
    """On 25 October 2026 half past two comes twice; the first is taken, and a note says so."""
    reading = read_instants(pl.Series(["2026-10-25 02:30", "2026-10-25T02:30+01:00"]), BERLIN)
    assert reading.values.to_list() == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
    (note,) = (mistake for mistake in reading.mistakes if mistake.rule == "ambiguous_time")
    assert (note.level, note.bad.to_list()) == ("note", [True, False])


def test_a_day_begins_at_one_where_clocks_skip_midnight():
    """In Beirut clocks go forward at midnight: the day is not refused, it begins at one o'clock."""
    values = read_instants(pl.Series(["2025-03-30"]), Habits(zone="Asia/Beirut"))
    assert only(values) == datetime(2025, 3, 29, 22, tzinfo=UTC)


def test_spreadsheet_numbers_are_dates_with_a_note():
    """46083.5 is noon of 2 March 2026; 12 is no day."""
    reading = read_instants(pl.Series([46083.5, 12.0]), Habits())
    assert reading.values.to_list() == [datetime(2026, 3, 2, 12, tzinfo=UTC), None]
    told = {mistake.rule: mistake.bad.to_list() for mistake in reading.mistakes if mistake.bad.any()}
    assert told == {"not_a_date": [False, True], "serial_date": [True, False]}


@pytest.mark.parametrize(
    ("cell", "value"),
    [("2026-03-02", date(2026, 3, 2)), ("02.03.2026", date(2026, 3, 2)), ("2026-03-02 00:00:00", date(2026, 3, 2)),
     (datetime(2026, 3, 2), date(2026, 3, 2)), ("2026-03-02 10:00", "not_a_day"), (46083, date(2026, 3, 2)),
     ("3/4/26", "ambiguous_date"), (None, None)],
)  # fmt: skip
def test_days_have_no_time(cell, value):
    """A day may come with midnight, as spreadsheets write it, and with no other time."""
    assert only(read_dates(pl.Series([cell]), BERLIN)) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("6:00", time(6)), ("06:30:15", time(6, 30, 15)), ("24:00", time(0)), ("0.25", time(6)), (0.25, time(6)),
     (1.0, time(0)), ("1899-12-31 07:30:00", time(7, 30)), ("24:01", "not_a_time"), ("6:60", "not_a_time"),
     (6, "not_a_time"), ("six", "not_a_time"), (time(6), time(6)), (None, None)],
)  # fmt: skip
def test_times_of_day(cell, value):
    """Hours and minutes, midnight as 24:00, and the fractions of a day that spreadsheets keep."""
    assert only(read_times(pl.Series([cell]))) == value
