"""Stops on the plan of the bracket shop."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from linewright import read
from linewright.errors import ModelError
from linewright.model.stop_results import Stop
from linewright.plan import schedule
from linewright.plan.keep import keep_order
from linewright.plan.stop import Rounds
from linewright.supply.stoppage import reached, stop_now, stopped

EXAMPLE = Path(__file__).parents[3] / "examples" / "bracket_shop"


@pytest.fixture(scope="module")
def factory():
    return read(EXAMPLE)


@pytest.fixture(scope="module")
def base(factory):
    return schedule(factory, stop=Rounds(300), exact=False, cores=1)


@pytest.fixture
def stop(factory, base):
    planner = partial(schedule, exact=False, cores=1)

    def run(kind, name, days):
        wanted = Stop(kind=kind, name=name, days=days)
        return stop_now(factory, base, wanted, keeper=keep_order, planner=planner, budget=Rounds(300))

    return run


def test_a_kept_plan_without_a_change_is_the_plan_itself(factory, base):
    """The order and the machines of the plan give the same moments again."""
    again = keep_order(factory, base)
    columns = ["operation", "machine", "start", "end"]
    assert again.operations.select(columns).sort("operation").equals(base.operations.select(columns).sort("operation"))
    assert again.value == pytest.approx(base.value)


def test_a_supplier_that_stops_makes_orders_late_and_stock_closes_it(stop, factory):
    """The bolts of Graz do not come for three weeks; the stock that is named has been tried and closes the gap."""
    report = stop("site", "GRAZ", 21)
    first = report.first_late
    assert first is not None
    assert report.start < first[1] < report.end
    assert first[1] == report.newly_late.select(pl.max_horizontal("due", "finish")).to_series().min()
    assert report.survive_days == pytest.approx((first[1] - report.start).total_seconds() / 86400)
    assert report.newly_late.height >= 1
    assert report.late_cost > report.late_cost_reacting >= 0
    assert report.materials["material"].to_list() == ["BOLT-M8"]
    row = report.materials.row(0, named=True)
    assert row["money"] == pytest.approx(row["quantity"] * 0.11)
    assert report.shielded is not None
    assert report.shielded.costs["lateness"] == pytest.approx(report.base.costs["lateness"])
    assert report.newly_late["late_cost"].sum() == pytest.approx(report.late_cost, abs=0.02)


def test_less_stock_than_named_does_not_close_it(factory, base, stop):
    """The quantity is what is needed, not a generous guess."""
    from linewright.supply.stoppage.report import _with_stock

    report = stop("site", "GRAZ", 21)
    waiting = stopped(factory, reached(factory, report.stop), report.start, report.end, other_sources=False)
    less = report.materials.with_columns(pl.col("quantity") * 0.5)
    assert keep_order(_with_stock(waiting, less), base).costs["lateness"] > report.base.costs["lateness"] + 1


def test_a_machine_that_stops_does_no_work_until_it_is_back(stop):
    """Nothing runs on the laser during the stop, and planning anew helps."""
    report = stop("machine", "LASER-1", 3)
    for plan in (report.kept, report.reacting):
        inside = plan.operations.filter((pl.col("machine") == "LASER-1") & (pl.col("start") < report.end))
        assert inside.height == 0
        assert plan.verified
    assert report.late_cost > report.late_cost_reacting
    assert report.first_wait is not None


def test_a_person_who_is_away_is_in_no_crew(stop):
    """Carla works on nothing while she is away."""
    report = stop("person", "Carla", 7)
    inside = report.kept.operations.filter(pl.col("start") < report.end)
    assert not inside.filter(pl.col("people").list.contains("Carla")).height


def test_a_stop_that_nobody_notices_says_so(stop):
    """A lane that stops for a day harms no order."""
    report = stop("lane", "GRAZ-ULM", 1)
    assert report.first_late is None
    assert report.survive_days is None
    assert report.late_cost == pytest.approx(0)
    assert "no order gets later" in repr(report)


def test_an_unknown_name_offers_the_nearest(factory):
    """A slip of the pen is told apart from a supplier that is not there."""
    with pytest.raises(ModelError, match="did you mean RHEIN"):
        reached(factory, Stop(kind="supplier", name="RHEIM", days=1))


def test_a_region_reaches_all_of_its_sites(factory):
    """The Neckar valley holds the plant: its machines and its people."""
    found = reached(factory, Stop(kind="region", name="Neckar valley", days=1))
    assert found.machines == {machine.machine for machine in factory.machines}
    assert found.people == {person.person for person in factory.people}
    assert not found.sources


def test_deliveries_of_a_stopped_supplier_come_at_its_end(factory, base):
    """Lines that were to come later stay as they are."""
    what = reached(factory, Stop(kind="supplier", name="RHEIN", days=2))
    end = base.start + timedelta(days=2.5)
    changed = stopped(factory, what, base.start, end, other_sources=True).purchases
    assert changed["PO-3310"].expected == max(factory.purchases["PO-3310"].expected, end)
    assert changed["PO-3311"] == factory.purchases["PO-3311"]
