"""Rules about one operation: machine, minutes and working time."""

from __future__ import annotations

from datetime import time

import pytest

from linewright.model.factory import Factory
from tests.model.verify.hand_made import Row, at, broken, plan_of, run, shop, work_order


def one_step(quantity: float = 1.0, work: Row | None = None, **tables: object) -> Factory:
    """One work order over one step; M1 and M2 stand in the work center mill, M3 elsewhere and twice as fast."""
    step = {"material": "part", "step": 10, "work_center": "mill", **tables.pop("step", {"run_minutes": 60.0})}
    machines = [{"machine": "M1", "work_center": "mill"}, {"machine": "M2", "work_center": "mill", "speed": 2.0},
                {"machine": "M3"}]  # fmt: skip
    return shop(
        **{"machines": machines, **tables},
        operations=[step],
        work_orders=[work_order("A", quantity=quantity, **(work or {}))],
    )


def test_all_machines_of_the_work_center_may_do_it():
    """M1 takes 60 minutes and M2, twice as fast, 30; M3 may not."""
    factory = one_step()
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:00")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M2", "03-02 06:00", "03-02 06:30")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M3", "03-02 06:00", "03-02 07:00")])) == ["eligible"]


def test_a_step_with_a_machine_of_its_own_is_bound_to_it():
    """The machine of the operation goes before its work center."""
    factory = one_step(step={"machine": "M3", "run_minutes": 60.0})
    assert broken(factory, plan_of(factory, [run("A/10", "M3", "03-02 06:00", "03-02 07:00")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:00")])) == ["eligible"]


def test_a_work_order_binds_its_step_to_its_machine():
    """It is on M1, so M2 of the same work center is closed to it."""
    factory = one_step(work={"machine": "M1"})
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:00")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M2", "03-02 06:00", "03-02 06:30")])) == ["eligible"]


def test_alternatives_replace_the_work_center_and_their_minutes_are_not_divided_by_speed():
    """On M2 (speed 2) the alternative's 40 run minutes stay as they are; the step's fixed 30 are halved: 55."""
    factory = one_step(
        step={"run_minutes": 60.0, "fixed_minutes": 30.0},
        operation_machines=[{"material": "part", "step": 10, "machine": "M2", "run_minutes": 40.0}],
    )
    assert broken(factory, plan_of(factory, [run("A/10", "M2", "03-02 06:00", "03-02 06:55")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:30")])) == ["eligible"]
    assert broken(factory, plan_of(factory, [run("A/10", "M2", "03-02 06:00", "03-02 06:35")])) == ["duration"]


def test_an_alternative_with_a_person_needs_that_person():
    """Ann does it in 20 minutes; anybody else in 60."""
    rows = [{"material": "part", "step": 10, "machine": "M1", "run_minutes": minutes, "person": person}
            for minutes, person in ((60.0, ""), (20.0, "Ann"))]  # fmt: skip
    factory = one_step(operation_machines=rows, people=[{"person": "Ann"}, {"person": "Bob"}])
    quick = run("A/10", "M1", "03-02 06:00", "03-02 06:20", people=["Ann"])
    assert broken(factory, plan_of(factory, [quick])) == []
    # Nobody is asked for, so Bob is one too many, and without Ann it takes an hour.
    assert broken(factory, plan_of(factory, [{**quick, "people": ["Bob"]}])) == ["duration", "crew"]
    only_ann = one_step(operation_machines=rows[1:], people=[{"person": "Ann"}])
    assert broken(only_ann, plan_of(only_ann, [{**quick, "people": []}])) == ["eligible"]


def test_the_run_counts_batches_that_are_begun():
    """25 units in batches of 10 are 3 batches: 12 + 3 x 16 = 60 minutes."""
    factory = one_step(25.0, step={"run_minutes": 16.0, "fixed_minutes": 12.0, "batch_size": 10.0})
    right = run("A/10", "M1", "03-02 06:00", "03-02 07:00", quantity=25.0)
    assert broken(factory, plan_of(factory, [right])) == []
    short = run("A/10", "M1", "03-02 06:00", "03-02 06:52", quantity=25.0)
    assert broken(factory, plan_of(factory, [short])) == ["duration"]


def test_yields_to_come_make_a_step_start_with_more():
    """100 good units after yields of 0.8 and 0.5: step 10 starts with 250 units and step 20 with 200."""
    factory = shop(
        machines=[{"machine": "M1"}],
        operations=[{"material": "part", "step": 10, "run_minutes": 1.0, "yield_share": 0.8},
                    {"material": "part", "step": 20, "run_minutes": 1.0, "yield_share": 0.5}],
        work_orders=[work_order("A", quantity=100.0)],
    )  # fmt: skip
    first = run("A/10", "M1", "03-02 06:00", "03-02 10:10", quantity=250.0)
    second = run("A/20", "M1", "03-02 10:10", "03-02 13:30", quantity=200.0)
    assert broken(factory, plan_of(factory, [first, second])) == []
    wrong = run("A/10", "M1", "03-02 06:00", "03-02 07:40", quantity=100.0)
    assert broken(factory, plan_of(factory, [wrong, second])) == ["duration", "duration"]


def test_work_in_progress_is_taken_off_the_step_it_is_at():
    """40 of 100 units are done at step 10, so that 60 minutes are left."""
    factory = one_step(100.0, {"step": 10, "done_quantity": 40.0}, step={"run_minutes": 1.0})
    right = run("A/10", "M1", "03-02 06:00", "03-02 07:00", quantity=60.0)
    assert broken(factory, plan_of(factory, [right])) == []
    again = run("A/10", "M1", "03-02 06:00", "03-02 07:40", quantity=100.0)
    assert broken(factory, plan_of(factory, [again])) == ["duration", "duration"]


def test_the_plan_makes_what_the_work_order_asks_for():
    """The job says 2 units, the work order 1."""
    factory = one_step()
    plan = plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:00")])
    doubled = plan.jobs.with_columns(quantity=2.0)
    assert broken(factory, plan_of(factory, plan.operations.to_dicts(), jobs=doubled)) == ["duration"]


def test_setup_comes_before_the_run():
    """20 minutes of setup from 6:00, then the run of an hour; speed does not shorten setup."""
    factory = one_step(step={"run_minutes": 60.0, "setup_minutes": 20.0})
    right = run("A/10", "M2", "03-02 06:20", "03-02 06:50", setup_start="03-02 06:00", setup_minutes=20.0)
    assert broken(factory, plan_of(factory, [right])) == []
    halved = run("A/10", "M2", "03-02 06:10", "03-02 06:40", setup_start="03-02 06:00", setup_minutes=10.0)
    assert broken(factory, plan_of(factory, [halved])) == ["setup"]
    squeezed = run("A/10", "M2", "03-02 06:20", "03-02 06:50", setup_start="03-02 06:10", setup_minutes=20.0)
    assert broken(factory, plan_of(factory, [squeezed])) == ["working_time"]


def test_what_is_running_now_has_no_setup():
    """It was set up before it started."""
    work = {"step": 10, "started": at("03-02 05:00")}
    factory = one_step(work=work, step={"run_minutes": 60.0, "setup_minutes": 20.0})
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:00")])) == []
    again = run("A/10", "M1", "03-02 06:20", "03-02 07:20", setup_start="03-02 06:00", setup_minutes=20.0)
    assert broken(factory, plan_of(factory, [again])) == ["setup", "running"]


#: Monday to Friday from 6 to 14 with half an hour off at 10, and a night shift from Monday to Friday.
SHIFTS = [
    {"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)},
    {"calendar": "day", "weekday": "mon-fri", "start": time(10), "end": time(10, 30), "working": False},
    {"calendar": "night", "weekday": "mon-fri", "start": time(22), "end": time(6)},
    {"calendar": "two shifts", "weekday": "mon-fri", "start": time(6), "end": time(14)},
    {"calendar": "two shifts", "weekday": "mon-fri", "start": time(14), "end": time(22)},
]


def on_calendar(calendar: str, run_minutes: float, **step: object) -> Factory:
    """One work order over one step on the only machine, which works by a calendar."""
    return one_step(
        step={"run_minutes": run_minutes, "work_center": "", **step},
        machines=[{"machine": "M1", "calendar": calendar}],
        shifts=SHIFTS,
    )


def test_a_run_pauses_over_the_break_and_the_night():
    """450 minutes from 8:00: 120 to the break, 210 to 14:00, and 120 on Tuesday to 8:00."""
    factory = on_calendar("day", 450.0)
    right = run("A/10", "M1", "03-02 08:00", "03-03 08:00", run_minutes=450.0)
    assert broken(factory, plan_of(factory, [right])) == []
    through_the_break = run("A/10", "M1", "03-02 08:00", "03-03 07:30", run_minutes=450.0)
    assert broken(factory, plan_of(factory, [through_the_break])) == ["working_time"]


@pytest.mark.parametrize(("start", "end"), [("03-02 10:15", "03-02 11:30"), ("03-02 13:00", "03-02 15:00")])
def test_a_run_begins_and_ends_inside_working_time(start: str, end: str):
    """It begins in the break, or ends in the evening."""
    factory = on_calendar("day", 60.0)
    assert broken(factory, plan_of(factory, [run("A/10", "M1", start, end, run_minutes=60.0)])) == ["working_time"]


def test_a_run_that_ends_with_the_shift_does_not_end_the_next_morning():
    """60 minutes from 13:00 end at 14:00; Tuesday 6:00 is the same working time, but no moment at which work ends."""
    factory = on_calendar("day", 60.0)
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 13:00", "03-02 14:00")])) == []
    late = run("A/10", "M1", "03-02 13:00", "03-03 06:00", run_minutes=60.0)
    assert broken(factory, plan_of(factory, [late])) == ["working_time"]


def test_a_night_shift_runs_past_midnight():
    """Friday's night shift ends on Saturday at 6:00; the rest follows on Monday at 22:00."""
    factory = on_calendar("night", 600.0)
    right = run("A/10", "M1", "03-06 22:00", "03-10 00:00", run_minutes=600.0)
    assert broken(factory, plan_of(factory, [right])) == []
    through_saturday = run("A/10", "M1", "03-06 22:00", "03-07 08:00", run_minutes=600.0)
    assert broken(factory, plan_of(factory, [through_saturday])) == ["working_time"]


def test_a_clock_change_makes_the_night_an_hour_short():
    """In Berlin the night of 27 March to 28 is 8 hours and that of Saturday to Sunday 29, if worked, 7."""
    factory = shop(
        settings=[{"timezone": "Europe/Berlin"}],
        shifts=[{"calendar": "night", "weekday": "sat-sun", "start": time(22), "end": time(6)}],
        machines=[{"machine": "M1", "calendar": "night"}],
        operations=[{"material": "part", "step": 10, "run_minutes": 480.0}],
        work_orders=[work_order("A")],
    )
    # 22:00 on Saturday is 21:00 UTC; 7 hours to 6:00 (4:00 UTC), and the eighth from 22:00 on Sunday (20:00 UTC).
    right = run("A/10", "M1", "03-28 21:00", "03-29 21:00", run_minutes=480.0)
    assert broken(factory, plan_of(factory, [right])) == []
    by_the_wall = run("A/10", "M1", "03-28 21:00", "03-29 05:00", run_minutes=480.0)
    assert broken(factory, plan_of(factory, [by_the_wall])) == ["working_time"]


def test_a_machine_works_by_the_time_zone_of_its_site():
    """In Tokyo (9 hours before UTC) the shift from 6:00 begins at 21:00 UTC of the day before."""
    factory = shop(
        sites=[{"site": "east", "timezone": "Asia/Tokyo"}],
        shifts=SHIFTS,
        work_centers=[{"work_center": "mill", "site": "east"}],
        machines=[{"machine": "M1", "work_center": "mill", "calendar": "day"}],
        operations=[{"material": "part", "step": 10, "run_minutes": 60.0}],
        work_orders=[work_order("A")],
    )
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 21:00", "03-02 22:00")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 06:00", "03-02 07:00")])) == ["working_time"]


def test_setup_occupies_the_last_working_time_before_the_run():
    """60 minutes of setup before a run on Tuesday at 6:00 fill Monday from 13:00 to 14:00."""
    factory = on_calendar("day", 60.0, setup_minutes=60.0)
    tuesday = {"setup_minutes": 60.0}
    right = run("A/10", "M1", "03-03 06:00", "03-03 07:00", setup_start="03-02 13:00", **tuesday)
    assert broken(factory, plan_of(factory, [right])) == []
    in_the_evening = run("A/10", "M1", "03-03 06:00", "03-03 07:00", setup_start="03-02 14:30", **tuesday)
    assert broken(factory, plan_of(factory, [in_the_evening])) == ["working_time"]


def test_an_operation_without_setup_takes_its_machine_when_it_starts():
    """Holding the machine all night before the run is no setup."""
    factory = on_calendar("day", 60.0)
    early = run("A/10", "M1", "03-03 06:00", "03-03 07:00", setup_start="03-02 14:00")
    assert broken(factory, plan_of(factory, [early])) == ["working_time"]


def test_a_run_of_no_time_may_lie_anywhere():
    """A step of 0 minutes is done at once, also at night."""
    factory = on_calendar("day", 0.0)
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 20:00", "03-02 20:00")])) == []
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 20:00", "03-02 21:00", run_minutes=0.0)])) == [
        "working_time"
    ]


def test_what_may_not_pause_fits_into_one_window():
    """210 minutes fit between the break and 14:00, but not over the break; a change of shifts is no gap."""
    factory = on_calendar("day", 210.0, may_pause=False)
    assert broken(factory, plan_of(factory, [run("A/10", "M1", "03-02 10:30", "03-02 14:00")])) == []
    paused = run("A/10", "M1", "03-02 09:00", "03-02 13:00", run_minutes=210.0)
    assert broken(factory, plan_of(factory, [paused])) == ["no_pause"]
    two_shifts = on_calendar("two shifts", 240.0, may_pause=False)
    assert broken(two_shifts, plan_of(two_shifts, [run("A/10", "M1", "03-02 12:00", "03-02 16:00")])) == []


def test_a_second_more_or_less_is_no_breach_but_two_are():
    """Times agree within a second."""
    factory = one_step()
    minute_and_a_bit = {"run_minutes": 60.0}
    off_by_one = run("A/10", "M1", "03-02 06:00", "03-02 07:00:01", **minute_and_a_bit)
    off_by_two = run("A/10", "M1", "03-02 06:00", "03-02 07:00:02", **minute_and_a_bit)
    assert broken(factory, plan_of(factory, [off_by_one])) == []
    assert broken(factory, plan_of(factory, [off_by_two])) == ["working_time"]
