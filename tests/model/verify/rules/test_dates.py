"""Rules about releases, pins, running work and promised dates."""

from __future__ import annotations

from datetime import time

from linewright.model.factory import Factory
from linewright.model.results import Relaxed
from tests.model.verify.hand_made import Row, at, broken, lot, peg, plan_of, promised, run, shop, work_order


def one_job(work: Row | None = None, **tables: object) -> Factory:
    """One work order of an hour on M1, or M2."""
    step = {"material": "part", "step": 10, "run_minutes": 60.0, **tables.pop("step", {})}
    machines = [{"machine": "M1"}, {"machine": "M2"}]
    return shop(**{"machines": machines, **tables}, operations=[step], work_orders=[work_order("A", **(work or {}))])


def hour(start: str, end: str, machine: str = "M1", **more: object) -> Row:
    """The hour's run."""
    return run("A/10", machine, start, end, **more)


SIX, SEVEN = hour("03-02 06:00", "03-02 07:00"), hour("03-02 07:00", "03-02 08:00")


def test_nothing_starts_before_the_plan():
    """Neither a run nor a setup may lie before 6:00."""
    factory = one_job()
    assert broken(factory, plan_of(factory, [hour("03-02 05:00", "03-02 06:00")])) == ["release"]
    with_setup = one_job(step={"setup_minutes": 10.0})
    early = hour("03-02 06:00", "03-02 07:00", setup_start="03-02 05:50", setup_minutes=10.0)
    assert broken(with_setup, plan_of(with_setup, [early])) == ["release"]


def test_a_run_waits_for_the_release_of_its_job_and_of_its_order():
    """Released at 7:00; setup may come before."""
    factory = one_job({"release": at("03-02 07:00")})
    assert broken(factory, plan_of(factory, [SEVEN])) == []
    assert broken(factory, plan_of(factory, [SIX])) == ["release"]
    orders = [{"order": "O", "material": "other", "quantity": 1.0, "release": at("03-02 07:00")}]
    for_order = one_job({"order": "O"}, orders=orders)
    given_up = [promised("O", None, reason="nobody makes it")]
    assert broken(for_order, plan_of(for_order, [SEVEN], orders=given_up)) == []
    assert broken(for_order, plan_of(for_order, [SIX], orders=given_up)) == ["release"]
    with_setup = one_job({"release": at("03-02 07:00")}, step={"setup_minutes": 10.0})
    set_up = hour("03-02 07:00", "03-02 08:00", setup_start="03-02 06:50", setup_minutes=10.0)
    assert broken(with_setup, plan_of(with_setup, [set_up])) == []


def wheel_lot(consumer: Row) -> list[str]:
    """What a plan breaks whose lot of wheels starts at 6:00, given to a consumer; order O is released at 7:00."""
    factory = shop(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        operations=[
            {"material": "wheel", "step": 10, "machine": "M1", "run_minutes": 60.0},
            {"material": "part", "step": 10, "machine": "M2", "run_minutes": 60.0},
        ],
        components=[{"material": "part", "component": "wheel"}],
        work_orders=[work_order("A")],
        orders=[{"order": "O", "material": "wheel", "quantity": 1.0, "release": at("03-02 07:00")}],
        stock=[{"material": "wheel", "quantity": 9.0}],
    )
    wheel = run("L/10", "M1", "03-02 06:00", "03-02 07:00", material="wheel")
    part = run("A/10", "M2", "03-02 07:00", "03-02 08:00")
    stock = [peg("O", "wheel", 1.0, "stock", "wheel@#1"), peg("A/10", "wheel", 1.0, "stock", "wheel@#1")]
    given = consumer | {"supply_kind": "job", "supply": "L"}
    pegging = [given, *(row for row in stock if row["consumer"] != consumer["consumer"])]
    finish = "03-02 07:00" if consumer["consumer"] == "O" else "03-02 06:00"
    rows = {"lots": [lot("L", "wheel", 1.0, "03-02 07:00", order="O")], "orders": [promised("O", finish)]}
    return broken(factory, plan_of(factory, [wheel, part], pegging=pegging, **rows))


def test_a_new_lot_is_released_by_what_it_is_for():
    """For the order it is an hour too early; for the work order, which is released, it is not."""
    assert wheel_lot(peg("O", "wheel", 1.0, "", "")) == ["release"]
    assert wheel_lot(peg("A/10", "wheel", 1.0, "", "")) == []


def test_what_is_running_goes_on_at_once():
    """It started before the plan, so 7:00 is too late, and its release does not matter any more."""
    running = {"step": 10, "started": at("03-02 05:00"), "release": at("03-02 08:00")}
    factory = one_job(running)
    assert broken(factory, plan_of(factory, [SIX])) == []
    assert broken(factory, plan_of(factory, [SEVEN])) == ["running"]


def test_what_is_running_goes_on_with_the_next_shift():
    """The machine works from 8:00, so that is at once; 9:00 is not."""
    factory = one_job(
        {"started": at("03-01 12:00")},
        machines=[{"machine": "M1", "calendar": "late"}],
        shifts=[{"calendar": "late", "weekday": "mon", "start": time(8), "end": time(16)}],
    )
    assert broken(factory, plan_of(factory, [hour("03-02 08:00", "03-02 09:00")])) == []
    assert broken(factory, plan_of(factory, [hour("03-02 09:00", "03-02 10:00")])) == ["running"]


def test_a_pinned_step_starts_when_it_must():
    """Pinned to 7:00: 6:00 is wrong, and so is 8:00 unless the plan says why."""
    factory = one_job({"pinned": True, "pinned_start": at("03-02 07:00")})
    later = hour("03-02 08:00", "03-02 09:00")
    said = [Relaxed(rule="pin", row="A/10", reason="M1 is shut down at 7:00")]
    assert broken(factory, plan_of(factory, [SEVEN])) == []
    assert broken(factory, plan_of(factory, [SIX])) == ["pin"]
    assert broken(factory, plan_of(factory, [later])) == ["pin"]
    assert broken(factory, plan_of(factory, [later], relaxed=said)) == []
    assert broken(factory, plan_of(factory, [SIX], relaxed=said)) == ["pin"]


def test_the_frozen_zone_keeps_the_earlier_plan():
    """Within 4 hours the earlier plan's start and machine stay; an hour after the zone ends they may change."""
    factory = one_job(settings=[{"frozen_hours": 4.0}])
    earlier = plan_of(factory, [hour("03-02 09:00", "03-02 10:00")])
    assert broken(factory, plan_of(factory, [hour("03-02 09:00", "03-02 10:00")]), earlier) == []
    assert broken(factory, plan_of(factory, [SIX]), earlier) == ["pin"]
    assert broken(factory, plan_of(factory, [hour("03-02 09:00", "03-02 10:00", "M2")]), earlier) == ["pin"]
    after_the_zone = plan_of(factory, [hour("03-02 10:00", "03-02 11:00")])
    assert broken(factory, plan_of(factory, [SIX]), after_the_zone) == []


def test_a_work_order_with_a_due_date_is_told_its_day():
    """Due at 6:30 and finished at 7:00 is half an hour late: 1/48 day."""
    factory = one_job({"due": at("03-02 06:30"), "late_cost_per_day": 48.0})
    right = promised("A", "03-02 07:00", kind="work_order", late_days=1 / 48, late_cost=1.0)
    costs = {"lateness": 1.0}
    assert broken(factory, plan_of(factory, [SIX], orders=[right], costs=costs)) == []
    assert broken(factory, plan_of(factory, [SIX])) == ["order_date"]
    hidden = promised("A", "03-02 07:00", kind="work_order")
    assert broken(factory, plan_of(factory, [SIX], orders=[hidden])) == ["order_date"]
    no_date = promised("A", None, kind="work_order")
    assert broken(factory, plan_of(factory, [SIX], orders=[no_date])) == ["order_date"]


def test_an_order_is_finished_when_its_last_supply_arrives():
    """8 units come from stock at once and 2 from the work order at 7:00 plus half an hour of drying."""
    factory = one_job(
        step={"min_wait_minutes": 30.0},
        orders=[{"order": "O", "material": "part", "quantity": 9.0}],
        stock=[{"material": "part", "quantity": 8.0}],
    )
    pegging = [peg("O", "part", 8.0, "stock", "part@#1"), peg("O", "part", 1.0, "work_order", "A")]
    drying = {"finish": {"A": "03-02 07:30"}, "pegging": pegging}
    right = promised("O", "03-02 07:30")
    assert broken(factory, plan_of(factory, [SIX], orders=[right], **drying)) == []
    early = promised("O", "03-02 07:00")
    assert broken(factory, plan_of(factory, [SIX], orders=[early], **drying)) == ["order_date"]
    wet = {**drying, "finish": {"A": "03-02 07:00"}}
    assert broken(factory, plan_of(factory, [SIX], orders=[right], **wet)) == ["order_date"]


def test_an_order_from_stock_is_finished_when_the_plan_starts():
    """What has been lying there since January is no earlier than the plan."""
    factory = one_job(
        orders=[{"order": "O", "material": "part", "quantity": 1.0}],
        stock=[{"material": "part", "quantity": 1.0, "available_from": at("01-10 00:00")}],
    )
    given = {"pegging": [peg("O", "part", 1.0, "stock", "part@#1")]}
    assert broken(factory, plan_of(factory, [SIX], orders=[promised("O", "03-02 06:00")], **given)) == []
    assert broken(factory, plan_of(factory, [SIX], orders=[promised("O", "01-10 00:00")], **given)) == ["order_date"]


def test_orders_that_are_not_open_are_told_nothing():
    """A closed order needs no row, and may not have one."""
    factory = one_job(orders=[{"order": "O", "material": "part", "quantity": 1.0, "status": "closed"}])
    assert broken(factory, plan_of(factory, [SIX])) == []
    assert broken(factory, plan_of(factory, [SIX], orders=[promised("O", "03-02 06:00")])) == ["order_date"]
