"""A supply plan feeds the schedule with dated purchases, and a schedule feeds the supply plan with real finishes."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.supply.requirements import purchase_rows, requirements, with_purchases
from tests.supply.requirements.test_requirements import bikes, day, due


def shop():
    """The bicycles with a machine, and half an hour of work for each."""
    return bikes(
        machines=[{"machine": "M"}],
        operations=[{"material": name, "step": 10, "machine": "M", "run_minutes": 30.0} for name in ("bike", "frame")],
        orders=[{"order": "O1", "material": "bike", "quantity": 4.0, "due": due(5)}],
    )


def test_the_schedule_waits_for_the_purchases_that_are_proposed():
    """Tube is placed today and comes at the end of day 7: nothing is welded before."""
    factory = shop()
    supply = requirements(factory)
    rows = purchase_rows(supply)
    assert rows.filter(material="tube").get_column("expected").to_list() == [due(7)]
    plan = schedule(with_purchases(factory, supply), stop=Rounds(20))
    welding = plan.operations.filter(material="frame")
    assert welding.get_column("start").min() >= due(7)
    assert plan.pegging.filter(material="tube").get_column("supply_kind").to_list() == ["purchase"]


def test_the_finishes_of_a_schedule_are_dated_supplies():
    """What the schedule makes is no proposal any more; its parts are needed when its jobs start."""
    factory = shop()
    plan = schedule(factory, stop=Rounds(20))
    finish = plan.jobs.filter(material="bike").get_column("finish")[0]
    supply = requirements(factory, plan=plan)
    assert supply.proposals.filter(kind="work_order").height == 0
    bike = supply.pegs.filter(material="bike").row(0, named=True)
    assert bike["supply_kind"] == "job"
    assert bike["available_on"] == (finish - timedelta(microseconds=1)).date()
    start = plan.operations.filter(material="frame").get_column("start").min()
    tube = supply.pegs.filter(material="tube")
    assert tube.get_column("needed_on").to_list() == [start.date()]
    assert tube.get_column("need_kind").to_list() == ["job"]


def test_a_released_work_order_comes_when_the_schedule_says():
    """Its due date is day 20, its finish in the schedule is soon."""
    factory = bikes(
        machines=[{"machine": "M"}],
        operations=[{"material": "bike", "step": 10, "machine": "M", "run_minutes": 30.0}],
        stock=[{"material": "frame", "quantity": 9.0}, {"material": "wheel", "quantity": 9.0}],
        work_orders=[{"work_order": "W", "material": "bike", "quantity": 4.0, "due": due(20)}],
        orders=[{"order": "O1", "material": "bike", "quantity": 4.0, "due": due(9)}],
    )
    on_paper, for_real = requirements(factory), requirements(factory, plan=schedule(factory, stop=Rounds(5)))
    arrivals = [
        plan.pegs.filter(pl.col("supply") == "W").get_column("available_on").to_list() for plan in (on_paper, for_real)
    ]
    assert arrivals == [[], [day(0)]]
