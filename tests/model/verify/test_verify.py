"""The verifier as a whole: it never stumbles, and says what it found."""

from __future__ import annotations

import json
from datetime import timedelta

import polars as pl
import pytest

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.verify import verify
from tests.model.verify.hand_made import Row, at, broken, lot, peg, plan_of, promised, run, shop, work_order


def workshop() -> tuple[Factory, Plan]:
    """A small shop that uses most tables, and a right plan for it."""
    factory = shop(
        machines=[{"machine": "M1"}, {"machine": "oven", "batch": True, "capacity": 2}],
        people=[{"person": "Ann"}],
        skills=[{"person": "Ann", "skill": "weld"}],
        tools=[{"tool": "jig"}],
        operations=[
            {"material": "frame", "step": 10, "machine": "M1", "fixed_minutes": 60.0, "crew": 1, "skill": "weld"},
            {"material": "frame", "step": 20, "machine": "oven", "fixed_minutes": 60.0, "tool": "jig"},
        ],
        components=[{"material": "frame", "component": "tube"}],
        stock=[{"material": "tube", "quantity": 5.0}],
        work_orders=[work_order("A", "frame", 2.0)],
        orders=[{"order": "O", "material": "frame", "quantity": 3.0, "due": at("03-03 00:00")}],
    )
    steps = [
        run("A/10", "M1", "03-02 06:00", "03-02 07:00", quantity=2.0, people=["Ann"]),
        run("A/20", "oven", "03-02 07:00", "03-02 08:00", quantity=2.0, load="1"),
        run("O:frame:1/10", "M1", "03-02 07:00", "03-02 08:00", people=["Ann"]),
        run("O:frame:1/20", "oven", "03-02 08:00", "03-02 09:00", load="2"),
    ]
    plan = plan_of(
        factory,
        [row | {"material": "frame"} for row in steps],
        lots=[lot("O:frame:1", "frame", 1.0, "03-02 09:00", order="O")],
        orders=[promised("O", "03-02 09:00")],
        pegging=[
            peg("O", "frame", 2.0, "work_order", "A"),
            peg("O", "frame", 1.0, "job", "O:frame:1"),
            peg("A/10", "tube", 2.0, "stock", "tube@#1"),
            peg("O:frame:1/10", "tube", 1.0, "stock", "tube@#1"),
        ],
    )
    return factory, plan


def changed(plan: Plan, table: str, row: int, column: str, value: object) -> Plan:
    """The same plan with another value in one cell."""
    frames = {name: getattr(plan, name) for name in ("operations", "jobs", "orders", "pegging")}
    rows: list[Row] = frames[table].to_dicts()
    rows[row][column] = value
    frames[table] = pl.DataFrame(rows, schema=frames[table].schema)
    facts = {name: getattr(plan, name) for name in plan.__dataclass_fields__ if name not in frames}
    return Plan(**facts, **frames)


def test_a_right_plan_breaks_no_rule():
    """Most tables are in use."""
    assert broken(*workshop()) == []


NEEDED = {
    "operations": ["operation", "job", "material", "step", "machine", "quantity", "start", "end", "run_minutes"],
    "jobs": ["job", "quantity", "finish"],
    "orders": ["order", "kind", "finish"],
    "pegging": ["consumer_kind", "consumer", "material", "quantity", "supply_kind", "supply"],
}


@pytest.mark.parametrize("table", NEEDED)
def test_a_blank_cell_never_stops_the_check(table: str):
    """Every cell of the plan is blanked in turn; those that say what is done when are missed."""
    factory, plan = workshop()
    frame: pl.DataFrame = getattr(plan, table)
    for column in frame.columns:
        for row in range(frame.height):
            found = broken(factory, changed(plan, table, row, column, None))
            assert found or column not in NEEDED[table], (column, row)


@pytest.mark.parametrize("column", ["setup_start", "start", "end"])
@pytest.mark.parametrize("hours", [-100, -1, 1, 100, 24 * 3650])
def test_a_moved_time_is_always_found(column: str, hours: int):
    """No single moment of an operation can be moved without breaking a rule."""
    factory, plan = workshop()
    for row in range(plan.operations.height):
        moved = plan.operations[column][row] + timedelta(hours=hours)
        assert broken(factory, changed(plan, "operations", row, column, moved)) != []


def test_a_breach_is_a_sentence_and_plain_facts():
    """People read the sentence, machines the facts."""
    factory, plan = workshop()
    breach = verify(factory, changed(plan, "operations", 1, "machine", "M1"))[0]
    assert str(breach) == "eligible: A/20 is on M1, but it belongs on oven."
    assert json.loads(json.dumps(breach.facts()))["operations"] == ["A/20"]
    assert hash(breach)
