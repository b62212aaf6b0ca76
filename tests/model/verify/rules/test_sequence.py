"""Rules between the steps of one job."""

from __future__ import annotations

from datetime import time

from linewright.model.factory import Factory
from tests.model.verify.hand_made import Row, broken, edited, plan_of, run, shop, work_order


def steps(*operations: Row, quantity: float = 1.0, **tables: object) -> Factory:
    """A work order over steps 10, 20, ... each on its own machine M1, M2, ... and of an hour unless a row says more."""
    rows = [
        {"material": "part", "step": 10 * number, "machine": f"M{number}", "run_minutes": 60.0, **row}
        for number, row in enumerate(operations, start=1)
    ]
    machines = [{"machine": f"M{number}"} for number in range(1, len(rows) + 1)]
    return shop(**{"machines": machines, **tables}, operations=rows, work_orders=[work_order("A", quantity=quantity)])


def step(number: int, start: str, end: str, **more: object) -> Row:
    """A run on Monday."""
    return run(f"A/{10 * number}", f"M{number}", f"03-02 {start}", f"03-02 {end}", **more)


def test_a_step_starts_after_the_one_before():
    """Step 20 may start at 7:00, not at 6:59."""
    factory = steps({}, {})
    assert broken(factory, plan_of(factory, [step(1, "06:00", "07:00"), step(2, "07:00", "08:00")])) == []
    assert broken(factory, plan_of(factory, [step(1, "06:00", "07:00"), step(2, "06:59", "07:59")])) == ["predecessor"]


def test_branches_run_in_parallel_and_join():
    """Steps 10 and 20 wait for nothing, 30 waits for both: at 8:00, not at 7:00."""
    factory = steps({}, {"after": "-"}, {"after": "10;20"})
    branches = [step(1, "06:00", "07:00"), step(2, "07:00", "08:00")]
    assert broken(factory, plan_of(factory, [*branches, step(3, "08:00", "09:00")])) == []
    assert broken(factory, plan_of(factory, [*branches, step(3, "07:00", "08:00")])) == ["predecessor"]


def test_paint_must_dry():
    """30 minutes after step 10, and no more than 90."""
    factory = steps({"min_wait_minutes": 30.0, "max_wait_minutes": 90.0}, {})
    first = step(1, "06:00", "07:00")
    assert broken(factory, plan_of(factory, [first, step(2, "07:30", "08:30")])) == []
    assert broken(factory, plan_of(factory, [first, step(2, "08:30", "09:30")])) == []
    assert broken(factory, plan_of(factory, [first, step(2, "07:20", "08:20")])) == ["predecessor"]
    assert broken(factory, plan_of(factory, [first, step(2, "08:31", "09:31")])) == ["max_wait"]


def test_steps_that_are_done_do_not_bind():
    """The work order is at step 20, so nothing waits for step 10."""
    factory = steps({"min_wait_minutes": 600.0}, {})
    at_second = edited(factory, work_orders=[work_order("A", step=20)])
    assert broken(at_second, plan_of(at_second, [step(2, "06:00", "07:00")])) == []


def two_sites() -> Factory:
    """Step 10 in the north, step 20 in the south; a truck takes 3 hours and a train 6."""
    return steps(
        {"max_wait_minutes": 0.0},
        {},
        sites=[{"site": "north"}, {"site": "south"}],
        work_centers=[{"work_center": "N", "site": "north"}, {"work_center": "S", "site": "south"}],
        machines=[{"machine": "M1", "work_center": "N"}, {"machine": "M2", "work_center": "S"}],
        lanes=[
            {"lane": "train", "from_site": "north", "to_site": "south", "days": 0.25},
            {"lane": "truck", "from_site": "north", "to_site": "south", "days": 0.125},
            {"lane": "back", "from_site": "south", "to_site": "north", "days": 0.0},
        ],
    )


def test_goods_travel_between_sites_by_the_fastest_lane():
    """From 7:00 the truck is there at 10:00; the longest wait counts from there too."""
    factory, first = two_sites(), step(1, "06:00", "07:00")
    assert broken(factory, plan_of(factory, [first, step(2, "10:00", "11:00")])) == []
    assert broken(factory, plan_of(factory, [first, step(2, "09:00", "10:00")])) == ["predecessor"]
    assert broken(factory, plan_of(factory, [first, step(2, "10:01", "11:01")])) == ["max_wait"]


def overlapping(**tables: object) -> Factory:
    """100 units in transfer batches of 25: step 10 runs 200 minutes, step 20 100."""
    return steps({"run_minutes": 2.0, "overlap_quantity": 25.0}, {"run_minutes": 1.0}, quantity=100.0, **tables)


def units(number: int, start: str, end: str, **more: object) -> Row:
    """A run of 100 units."""
    return step(number, start, end, quantity=100.0, **more)


def test_a_transfer_batch_lets_the_next_step_begin():
    """25 units are made after 50 minutes (6:50). The last 25 come at 9:20 and take 25 minutes more: to 9:45."""
    factory, first = overlapping(), units(1, "06:00", "09:20")
    # 100 minutes that end at 9:45 begin at 8:05; beginning at 6:50 they would end too early.
    assert broken(factory, plan_of(factory, [first, units(2, "08:05", "09:45")])) == []
    assert broken(factory, plan_of(factory, [first, units(2, "08:04", "09:44")])) == ["predecessor"]


def test_the_first_transfer_batch_must_be_there():
    """A slow step 20 (600 minutes) may begin at 6:50, but not at 6:49."""
    factory = steps({"run_minutes": 2.0, "overlap_quantity": 25.0}, {"run_minutes": 6.0}, quantity=100.0)
    first = units(1, "06:00", "09:20")
    assert broken(factory, plan_of(factory, [first, units(2, "06:50", "16:50")])) == []
    assert broken(factory, plan_of(factory, [first, units(2, "06:49", "16:49")])) == ["predecessor"]


def test_an_overlap_counts_working_time_of_both_machines():
    """M1 works to 6:30 and from 8:00, so that 25 units are made at 8:20; M2 works all day."""
    factory = overlapping(
        machines=[{"machine": "M1", "calendar": "split"}, {"machine": "M2"}],
        shifts=[{"calendar": "split", "weekday": "mon", "start": time(6), "end": time(6, 30)},
                {"calendar": "split", "weekday": "mon", "start": time(8), "end": time(20)}],
    )  # fmt: skip
    # 200 minutes: 30 before 6:30 and 170 from 8:00 to 10:50. M2 gets the last 25 then and ends at 11:15 or later.
    first = units(1, "06:00", "10:50", run_minutes=200.0)
    assert broken(factory, plan_of(factory, [first, units(2, "09:35", "11:15")])) == []
    assert broken(factory, plan_of(factory, [first, units(2, "09:30", "11:10")])) == ["predecessor"]
    slow = {"material": "part", "step": 20, "machine": "M2", "run_minutes": 6.0}
    rows = [row for row in factory.operations.content.to_dicts() if row["step"] == 10] + [slow]
    other = edited(factory, operations=rows)
    assert broken(other, plan_of(other, [first, units(2, "08:20", "18:20")])) == []
    assert broken(other, plan_of(other, [first, units(2, "08:00", "18:00")])) == ["predecessor"]


def test_a_transfer_batch_as_large_as_the_job_is_none():
    """25 units in transfer batches of 25 move when all are made."""
    factory = steps({"run_minutes": 2.0, "overlap_quantity": 25.0}, {"run_minutes": 1.0}, quantity=25.0)
    first = step(1, "06:00", "06:50", quantity=25.0)
    assert broken(factory, plan_of(factory, [first, step(2, "06:50", "07:15", quantity=25.0)])) == []
    assert broken(factory, plan_of(factory, [first, step(2, "06:40", "07:05", quantity=25.0)])) == ["predecessor"]


def test_nothing_overlaps_into_a_load():
    """An oven waits for all units, whatever the transfer batch."""
    factory = overlapping(machines=[{"machine": "M1"}, {"machine": "M2", "batch": True, "capacity": 5}])
    first = units(1, "06:00", "09:20")
    assert broken(factory, plan_of(factory, [first, units(2, "09:20", "11:00", load="1")])) == []
    assert broken(factory, plan_of(factory, [first, units(2, "08:05", "09:45", load="1")])) == ["predecessor"]
