"""Shifts in local time become windows of true length."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from linewright.model.factory import Factory
from linewright.shop.windows import WindowMaker, closed_windows, weekdays

BERLIN = ZoneInfo("Europe/Berlin")


def hours(factory: Factory, start: datetime, days: int, calendar: str = "day") -> list[tuple[float, float]]:
    """The windows of a calendar from the start on, in hours since the start."""
    windows = WindowMaker(factory, start, days).windows(calendar, "Europe/Berlin")
    pairs = zip(windows.start.tolist(), windows.end.tolist(), strict=True)
    return [(begin / 3600, end / 3600) for begin, end in pairs if 0 <= begin < days * 86400]


def shift(weekday: str, start: time, end: time, **more: object) -> dict[str, object]:
    return {"calendar": "day", "weekday": weekday, "start": start, "end": end, **more}


def test_a_range_of_weekdays_may_run_over_the_weekend():
    """fri-mon is Friday, Saturday, Sunday and Monday."""
    assert weekdays("mon-fri") == (0, 1, 2, 3, 4)
    assert weekdays("fri-mon") == (4, 5, 6, 0)
    assert weekdays("Sunday") == (6,)


def test_a_night_shift_over_the_spring_clock_change_is_an_hour_shorter():
    """On the night to 2026-03-29 the hour from 2 to 3 does not exist: 22 to 6 is seven hours."""
    factory = Factory.of(shifts=[shift("sat", time(22), time(6))])
    start = datetime(2026, 3, 28, 0, tzinfo=BERLIN).astimezone(UTC)
    assert hours(factory, start, 2) == [(22.0, 29.0)]


def test_the_autumn_clock_change_adds_an_hour():
    """On the night to 2026-10-25 the hour from 2 to 3 comes twice."""
    factory = Factory.of(shifts=[shift("sat", time(22), time(6))])
    start = datetime(2026, 10, 24, 0, tzinfo=BERLIN).astimezone(UTC)
    assert hours(factory, start, 2) == [(22.0, 31.0)]


def test_breaks_are_cut_out_and_touching_shifts_are_joined():
    """Early and late shift are one window but for the break."""
    rows = [
        shift("mon", time(6), time(14)),
        shift("mon", time(14), time(22)),
        shift("mon", time(10), time(10, 30), working=False),
    ]
    start = datetime(2026, 3, 2, 0, tzinfo=BERLIN).astimezone(UTC)
    assert hours(Factory.of(shifts=rows), start, 1) == [(6.0, 10.0), (10.5, 22.0)]


def test_later_exceptions_win_and_only_added_time_is_overtime():
    """A holiday closes Monday, overtime opens its morning again; regular hours cost nothing extra."""
    start = datetime(2026, 3, 2, 0, tzinfo=BERLIN)
    day = {"calendar": "day", "start": start, "end": datetime(2026, 3, 3, tzinfo=BERLIN)}
    added = {**day, "start": datetime(2026, 3, 2, 4, tzinfo=BERLIN), "end": datetime(2026, 3, 2, 8, tzinfo=BERLIN)}
    factory = Factory.of(
        shifts=[shift("mon", time(6), time(14))],
        calendar_exceptions=[day, {**added, "working": True, "cost_per_hour": 30.0}],
    )
    windows = WindowMaker(factory, start.astimezone(UTC), 1).windows("day", "Europe/Berlin")
    inside = [(a / 3600, b / 3600) for a, b in zip(windows.start, windows.end, strict=True) if 0 <= a < 86400]
    assert inside == [(4.0, 8.0)]
    assert windows.overtime == ((4 * 3600, 6 * 3600, 30.0),)


def test_closed_windows_are_what_lies_between_shifts():
    """A machine with a shift from 6 to 14 is closed before and after; one without a calendar never closes."""
    start = datetime(2026, 3, 2, 0, tzinfo=UTC)
    factory = Factory.of(
        shifts=[shift("mon-sun", time(6), time(14))], machines=[{"machine": "M1", "calendar": "day"}, {"machine": "M2"}]
    )
    closed = closed_windows(factory, start, datetime(2026, 3, 3, tzinfo=UTC))
    assert list(closed) == ["M1"]
    assert [(a.hour, b.hour) for a, b in closed["M1"]] == [(0, 6), (14, 0)]
