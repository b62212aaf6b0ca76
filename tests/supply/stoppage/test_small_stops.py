"""Stops of a plant so small that one can count on one's fingers what they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.stop_results import Stop
from linewright.plan import schedule
from linewright.plan.keep import keep_order
from linewright.plan.stop import Rounds
from linewright.supply.stoppage import reached, stop_now, stopped

START = datetime(2026, 3, 2, tzinfo=UTC)
PLANNER = partial(schedule, exact=False, cores=1)


def days(count):
    """A moment some days after the start."""
    return START + timedelta(days=count)


def plant(**tables):
    """Ten P in ten hours, due on day four; its part comes from S in two days, from T in six."""
    rows = {
        "settings": [{"start": START, "late_cost_per_day": 10.0}],
        "materials": [{"material": "P"}, {"material": "A", "cost": 5.0}],
        "components": [{"material": "P", "component": "A"}],
        "machines": [{"machine": "M"}],
        "operations": [{"material": "P", "step": 10, "machine": "M", "run_minutes": 60.0}],
        "orders": [{"order": "O", "material": "P", "quantity": 10.0, "due": days(4)}],
        "suppliers": [{"supplier": "S"}, {"supplier": "T"}],
        "sources": [
            {"material": "A", "supplier": "S", "lead_days": 2.0, "price": 5.0},
            {"material": "A", "supplier": "T", "lead_days": 6.0, "price": 7.0},
        ],
    }  # fmt: skip
    return Factory.of(**(rows | tables))


def report_of(factory, kind, name, length):
    """What a stop of so many days does to the plan."""
    base = PLANNER(factory, stop=Rounds(1), now=START)
    stop = Stop(kind=kind, name=name, days=length)
    return stop_now(factory, base, stop, keeper=keep_order, planner=PLANNER, budget=Rounds(1))


@pytest.mark.parametrize("supplier", ["S", ""])
def test_an_open_line_waits_for_its_supplier_named_or_not(supplier):
    """S is the usual source; ten days without it make the order 6 days and 10 hours late, T in six days 2 and 10."""
    line = {"purchase": "PO", "supplier": supplier, "material": "A", "quantity": 10.0, "due": days(1)}
    report = report_of(plant(purchases=[line]), "supplier", "S", 10.0)
    assert report.late_cost == pytest.approx(10 * (6 + 10 / 24), abs=0.01)
    assert report.late_cost_reacting == pytest.approx(10 * (2 + 10 / 24), abs=0.01)
    assert report.materials.select("material", "quantity", "money").rows() == [("A", 10.0, 50.0)]
    assert report.shielded is not None
    assert report.shielded.costs["lateness"] == 0


def test_a_line_of_another_supplier_does_not_wait():
    """The line is of T; S is away for ten days and nobody notices."""
    line = {"purchase": "PO", "supplier": "T", "material": "A", "quantity": 10.0, "due": days(1)}
    report = report_of(plant(purchases=[line]), "supplier", "S", 10.0)
    assert report.newly_late.height == 0


def test_nobody_reacts_where_the_other_source_would_be_later_still():
    """Three days without S: the open line comes on day three, T would need six."""
    line = {"purchase": "PO", "material": "A", "quantity": 10.0, "due": days(1)}
    factory = plant(purchases=[line])
    what = reached(factory, Stop(kind="supplier", name="S", days=3.0))
    for other_sources in (False, True):
        waiting = stopped(factory, what, START, days(3), other_sources=other_sources)
        assert waiting.purchases["PO"].expected == days(3)


def test_a_job_that_runs_when_its_machine_stops_goes_on_afterwards():
    """Ten hours of work, begun two hours ago on a machine that is away for five days."""
    started = {
        "work_order": "W", "order": "O", "material": "P", "quantity": 10.0, "step": 10, "machine": "M",
        "started": START - timedelta(hours=2),
    }  # fmt: skip
    report = report_of(plant(work_orders=[started]), "machine", "M", 5.0)
    assert report.orders["finish_kept"].to_list() == [days(5) + timedelta(hours=10)]


def test_what_cannot_stop_is_refused():
    """Only things of the tables stop."""
    with pytest.raises(ModelError, match="choose one of supplier, lane"):
        reached(plant(), Stop(kind="weather", name="rain", days=1.0))


def test_a_lane_that_no_source_uses_is_said_to_change_nothing():
    """Goods between own sites go on, and the report does not hide that this is assumed."""
    factory = plant(sites=[{"site": "A"}, {"site": "B"}], lanes=[{"lane": "AB", "from_site": "A", "to_site": "B"}])
    assert "No source delivers on this lane" in " ".join(report_of(factory, "lane", "AB", 5.0).assumptions)
