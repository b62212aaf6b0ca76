"""Working times: what the checks find, where, and what they leave in peace."""

from datetime import UTC, datetime, time

import pytest

from linewright.model import checks
from tests.model.checks.hand_made import START, found


def test_windows_end_after_they_start():
    """An exception of no length, and a tariff that ends before it starts."""
    window = {"start": START, "end": START}
    tables = {"calendar_exceptions": [{"calendar": "day", **window}], "tariffs": [{"eur_per_kwh": 0.1, **window}]}
    assert found(checks.ends_before_start, **tables) == {"calendar_exceptions": [0], "tariffs": [0]}


def test_reports_end_after_they_start():
    """A report of no length is in order, one that runs backwards is not."""
    earlier = datetime(2026, 3, 1, tzinfo=UTC)
    reports = [{"start": START, "end": earlier}, {"start": START, "end": START}, {"start": START}]
    assert found(checks.actual_ends_before_start, actuals=reports) == {"actuals": [0]}


def shift(weekday, start, end, **more):
    """One row of the calendar `day`, hours only."""
    return {"calendar": "day", "weekday": weekday, "start": time(start), "end": time(end), **more}


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        (("mon", 13, 20), True), (("mon", 14, 20), False), (("sun", 22, 7), True), (("sun", 22, 6), False),
        (("fri-mon", 5, 7), True), (("sat", 6, 14), False), (("tue", 6, 6), True),
    ],
)  # fmt: skip
def test_windows_of_a_calendar_do_not_overlap(second, overlaps):
    """Neither on the same day, nor over midnight, nor over the end of the week; touching is in order."""
    shifts = [shift("mon-fri", 6, 14), shift(*second)]
    assert (found(checks.shifts_overlap, shifts=shifts) != {}) == overlaps
    other = [shifts[0], {**shifts[1], "calendar": "night"}]
    assert found(checks.shifts_overlap, shifts=other) == {}


def test_breaks_do_not_overlap_but_cut():
    """A break inside a shift is what breaks are for."""
    assert found(checks.shifts_overlap, shifts=[shift("mon-fri", 6, 14), shift("mon-fri", 9, 10, working=False)]) == {}


def test_a_machine_needs_a_calendar_with_working_time():
    """A shift that is one long break leaves nothing, unless overtime is added."""
    shifts = [shift("mon", 6, 14), shift("mon-sun", 0, 0, working=False), {**shift("mon", 6, 14), "calendar": "late"}]
    users = {"machines": [{"machine": "M", "calendar": "day"}, {"machine": "N", "calendar": "late"}, {"machine": "O"}]}
    assert found(checks.never_works, shifts=shifts, **users) == {"machines": [0]}
    overtime = [{"calendar": "day", "start": START, "end": START.replace(hour=9), "working": True}]
    assert found(checks.never_works, shifts=shifts, calendar_exceptions=overtime, **users) == {}


def test_calendars_without_any_shifts_mean_round_the_clock():
    """Where nobody says when a calendar works, that is said once."""
    machines = [{"machine": "M", "calendar": "day"}, {"machine": "N", "calendar": ""}]
    assert found(checks.calendar_without_shifts, machines=machines) == {"machines": [0]}
    assert found(checks.calendar_without_shifts, machines=machines, shifts=[shift("mon", 6, 14)]) == {}
