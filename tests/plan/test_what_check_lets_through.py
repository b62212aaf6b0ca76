"""What the check lets through, schedule plans: small factories with one odd row, and a verified plan for each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from linewright.io.templates import new_factory
from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from tests.model.raws import factory_of, raw, told

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
Columns = dict[str, list[Any]]

#: Two machines, two parts with two steps and one, and an order for each.
BASE: dict[str, Columns] = {
    "machines": {"machine": ["A", "B"], "work_center": ["X", "Y"]},
    "operations": {
        "material": ["P", "P", "Q"], "step": [10, 20, 10], "machine": ["A", "B", "A"], "run_minutes": [10, 20, 30],
    },
    "orders": {"order": ["O1", "O2"], "material": ["P", "Q"], "quantity": [3, 2], "due": ["2026-03-03"] * 2},
}  # fmt: skip


def jobs(**columns: list[Any]) -> Columns:
    """Work orders for one unit of P each, unless the columns say more."""
    count = len(next(iter(columns.values())))
    return {
        "work_order": [f"W{at}" for at in range(count)], "material": ["P"] * count, "quantity": [1] * count, **columns,
    }  # fmt: skip


def parts(**columns: list[Any]) -> Columns:
    """The operations of the two parts, with further columns."""
    return {**BASE["operations"], **columns}


ODD: dict[str, dict[str, Columns]] = {
    "anyone beside a welder who is listed first": {
        "people": {"person": ["welder", "helper"]}, "skills": {"person": ["welder"], "skill": ["weld"]},
        "operations": parts(crew=[1, 0, 0]),
        "operation_crews": {"material": ["P"], "step": [10], "skill": ["weld"], "people": [1]},
    },
    "a running job without a step, and a component that is made": {
        "components": {"material": ["P"], "component": ["Q"], "quantity": [2]},
        "work_orders": jobs(started=["2026-03-02 05:30"], machine=["A"]),
    },
    "two running on one machine": {
        "work_orders": jobs(started=["2026-03-02 05:30", "2026-03-02 05:45"], machine=["A", "A"], step=[10, 10]),
    },
    "two families running in one oven": {
        "machines": {"machine": ["A", "B"], "capacity": [4, 1], "batch": ["yes", "no"]},
        "operations": parts(setup_family=["red", "", "blue"]),
        "work_orders": jobs(material=["P", "Q"], started=["2026-03-02 05:30", "2026-03-02 05:45"], machine=["A", "A"]),
    },
    "a pin before the start": {
        "work_orders": jobs(pinned=["yes"], pinned_start=["2026-03-01 10:00"], step=[10], machine=["A"]),
    },
    "running, and pinned in the future": {
        "work_orders": jobs(
            started=["2026-03-02 05:30"], pinned=["yes"], pinned_start=["2026-03-04 10:00"], machine=["A"]
        ),
    },
    "a component at a step that is not in the routing, with yields": {
        "operations": parts(yield_share=[0.9, 0.8, 0.95]),
        "components": {"material": ["P"], "component": ["Q"], "quantity": [1], "step": [15]},
    },
    "a component at a step that is done": {
        "components": {"material": ["P"], "component": ["Q"], "quantity": [1], "step": [10]},
        "work_orders": jobs(step=[20], machine=["B"], started=["2026-03-02 05:30"]),
    },
    "a job bound to a machine that may not do its step": {
        "work_orders": jobs(machine=["B", "A"], step=[10, 20], started=["", "2026-03-02 05:30"]),
    },
    "a running job that names none of two machines": {
        "operations": parts(machine=["", "B", "A"]), "work_orders": jobs(started=["2026-03-02 05:30"] * 2),
    },
    "a job at a step whose row was left out": {
        "operations": parts(run_minutes=[10, "long", 30]), "work_orders": jobs(step=[20], machine=["B"]),
    },
    "a calendar with exceptions only": {
        "machines": {"machine": ["A", "B"], "calendar": ["day", ""]},
        "calendar_exceptions": {"calendar": ["day"], "start": ["2026-03-02"], "end": ["2026-03-02"], "working": ["no"]},
    },
    "an order that is due at the end of all days": {
        "orders": {**BASE["orders"], "due": ["9999-12-31", "2026-03-03"], "release": ["0001-01-01", ""]},
    },
    "a calendar exception until the end of all days": {
        "shifts": {"calendar": ["day"], "weekday": ["mon-fri"], "start": ["6:00"], "end": ["14:00"]},
        "machines": {"machine": ["A", "B"], "calendar": ["day", "day"]},
        "calendar_exceptions": {"calendar": ["day"], "start": ["2026-03-07"], "end": ["9999-12-31"]},
    },
    "stock from the end of all days on": {
        "components": {"material": ["P"], "component": ["C"], "quantity": [1], "valid_to": ["9999-12-31"]},
        "stock": {"material": ["C"], "quantity": [9], "available_from": ["9999-12-31"], "expires": ["9999-12-31"]},
    },
}  # fmt: skip


def odd(name: str) -> Factory:
    """The checked factory with one odd thing in it."""
    return factory_of(*(raw(table, columns) for table, columns in {**BASE, **ODD[name]}.items()))


def planned(factory: Factory) -> Plan:
    """A plan of a few rounds, made without the exact solver."""
    return schedule(factory, stop=Rounds(5), exact=False, now=NOW)


@pytest.mark.parametrize("name", ODD)
def test_what_the_check_lets_through_is_planned(name: str):
    """One odd row is no reason to refuse: what is left of the factory plans, and no rule is broken."""
    factory = odd(name)
    assert len(factory.orders) == 2
    plan = planned(factory)
    assert plan.verified
    assert plan.operations.height >= 2


@pytest.mark.parametrize("objective", ["cost", "makespan", "tardiness"])
@pytest.mark.parametrize(
    "tables",
    [{}, {"settings": {"name": ["Works"]}}, {"machines": BASE["machines"]}, {"orders": BASE["orders"]}],
    ids=["nothing", "settings only", "machines only", "orders only"],
)
def test_where_there_is_no_work_the_plan_is_empty(tables: dict[str, Columns], objective: str):
    """Whoever fills in a factory table by table may plan at any time."""
    factory = factory_of(*(raw(table, columns) for table, columns in tables.items()))
    plan = schedule(factory, stop=Rounds(5), exact=False, now=NOW, objective=objective)
    assert plan.verified
    assert plan.operations.height == 0


def test_the_empty_template_is_planned():
    """What `linewright new --template empty` writes has nothing to plan, and says so with an empty plan."""
    plan = planned(new_factory("empty"))
    assert plan.verified
    assert plan.orders.height == 0


def test_the_job_that_began_last_goes_on():
    """Of two that are said to run on one machine, one runs on at the start and the other waits in line."""
    factory = odd("two running on one machine")
    assert [fault.row for fault in told(factory, "running_twice")] == [2]
    first = planned(factory).operations.filter(machine="A").sort("start").row(0, named=True)
    assert (first["job"], first["start"]) == ("W1", NOW)
