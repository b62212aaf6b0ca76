"""A right plan is damaged in one place at a time, and the breach that this makes is found among many rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.verify import verify
from linewright.model.verify.breach import Breach
from tests.model.verify.hand_made import Row, lot, peg, plan_of, promised, run, shop

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
JOBS = 60


def _at(hours: float) -> str:
    return f"{START + timedelta(hours=hours):%m-%d %H:%M}"


@pytest.fixture(scope="module")
def line() -> tuple[Factory, Plan]:
    """Sixty lots pass three machines one hour after the other; families alternate and each change takes 15 minutes.

    The first machine has one operator, the second one jig, the third two places. Every lot eats one bar from stock.
    """
    factory = shop(
        machines=[{"machine": "saw"}, {"machine": "mill"}, {"machine": "wash", "capacity": 2}],
        people=[{"person": "Ann"}],
        skills=[{"person": "Ann", "skill": "saw"}],
        tools=[{"tool": "jig"}],
        materials=[{"material": "bar", "kind": "bought"}],
        operations=[row for colour in ("red", "blue") for row in _route(colour)],
        operation_machines=[
            {"material": colour, "step": 10, "machine": "saw", "fixed_minutes": 60.0} for colour in ("red", "blue")
        ],
        changeovers=[{"minutes": 15.0, "cost": 1.0}],
        components=[{"material": colour, "component": "bar", "step": 10} for colour in ("red", "blue")],
        stock=[{"material": "bar", "quantity": float(JOBS)}],
        orders=[
            {"order": f"O{number}", "material": _colour(number), "quantity": 1.0, "due": START + timedelta(days=30)}
            for number in range(JOBS)
        ],
    )
    rows = [row for number in range(JOBS) for row in _lot(number)]
    names = [f"O{number}:{_colour(number)}" for number in range(JOBS)]
    done = [_at(2 * number + 7) for number in range(JOBS)]
    plan = plan_of(
        factory,
        rows,
        lots=[lot(name, _colour(number), 1.0, done[number]) for number, name in enumerate(names)],
        orders=[promised(f"O{number}", done[number]) for number in range(JOBS)],
        pegging=[peg(f"O{number}", _colour(number), 1.0, "job", name) for number, name in enumerate(names)]
        + [peg(f"{name}/10", "bar", 1.0, "stock", "bar@#1") for name in names],
        costs={"changeovers": JOBS - 1.0},
    )
    return factory, plan


def _colour(number: int) -> str:
    return ("red", "blue")[number % 2]


def _route(colour: str) -> list[Row]:
    return [
        {"material": colour, "step": 10, "crew": 1, "skill": "saw"},
        {"material": colour, "step": 20, "machine": "mill", "fixed_minutes": 60.0, "tool": "jig",
         "setup_family": colour, "may_pause": False, "max_wait_minutes": 600.0},
        {"material": colour, "step": 30, "machine": "wash", "fixed_minutes": 180.0},
    ]  # fmt: skip


def _lot(number: int) -> list[Row]:
    """A lot starts two hours after the one before; the mill is set up in the quarter of an hour before each run."""
    name, begin = f"O{number}:{_colour(number)}", 2.0 * number
    changed = 15.0 if number else 0.0
    rows = [
        run(f"{name}/10", "saw", _at(begin), _at(begin + 1), people=["Ann"]),
        run(f"{name}/20", "mill", _at(begin + 2), _at(begin + 3), setup_start=_at(begin + 2 - changed / 60),
            changeover_minutes=changed),
        run(f"{name}/30", "wash", _at(begin + 4), _at(begin + 7)),
    ]  # fmt: skip
    return [row | {"material": _colour(number)} for row in rows]


def _edited(plan: Plan, table: str, row: int, change: Callable[[Row], Row]) -> Plan:
    frames = {name: getattr(plan, name) for name in ("operations", "jobs", "orders", "pegging")}
    rows = frames[table].to_dicts()
    rows[row] = change(rows[row])
    frames[table] = pl.DataFrame(rows, schema=frames[table].schema)
    facts = {name: getattr(plan, name) for name in plan.__dataclass_fields__ if name not in frames}
    return Plan(**facts, **frames)


def _moved(hours: float) -> Callable[[Row], Row]:
    by = timedelta(hours=hours)
    return lambda row: row | {name: row[name] + by for name in ("setup_start", "start", "end")}


def test_the_long_plan_is_right(line: tuple[Factory, Plan]):
    """Nothing is found before the damage is done."""
    assert verify(*line) == []


#: Of the middle lot (30) row 90 is on the saw, 91 on the mill, 92 in the wash.
DAMAGE: list[tuple[str, str, int, Callable[[Row], Row]]] = [
    ("missing_operation", "operations", 91, lambda row: row | {"start": None}),
    ("unknown_operation", "operations", 91, lambda row: row | {"operation": "other"}),
    ("unknown_operation", "operations", 91, lambda row: row | {"step": 25, "operation": "O30:red/25"}),
    ("unknown_machine", "operations", 91, lambda row: row | {"machine": "drill"}),
    ("eligible", "operations", 91, lambda row: row | {"machine": "wash"}),
    ("duration", "operations", 90, lambda row: row | {"run_minutes": 50.0}),
    ("duration", "operations", 90, lambda row: row | {"quantity": 2.0}),
    ("setup", "operations", 91, lambda row: row | {"setup_minutes": 5.0}),
    ("changeover", "operations", 91, lambda row: row | {"changeover_minutes": 0.0}),
    ("working_time", "operations", 91, lambda row: row | {"setup_start": row["start"]}),
    ("no_pause", "operations", 91, lambda row: row | {"end": row["end"] + timedelta(minutes=30)}),
    ("overlap", "operations", 91, _moved(-1.5)),
    ("overlap", "operations", 92, _moved(-3.5)),
    ("tool", "operations", 91, _moved(2.0)),
    ("predecessor", "operations", 91, _moved(-1.25)),
    ("max_wait", "operations", 92, _moved(12.0)),
    ("crew", "operations", 90, lambda row: row | {"people": []}),
    ("person_overlap", "operations", 90, _moved(1.5)),
    ("release", "operations", 0, _moved(-1.0)),
    ("peg_short", "pegging", 70, lambda row: row | {"quantity": 0.5}),
    ("peg_over", "pegging", 70, lambda row: row | {"quantity": 1.5}),
    ("peg_over", "pegging", 70, lambda row: row | {"supply": "bar@#2"}),
    ("material", "pegging", 90, lambda row: row | {"available": START + timedelta(days=9)}),
    ("order_date", "orders", 30, lambda row: row | {"finish": row["finish"] + timedelta(hours=1)}),
    ("order_date", "jobs", 30, lambda row: row | {"finish": None}),
    ("money", "orders", 30, lambda row: row | {"late_cost": 5.0}),
    ("money", "operations", 90, lambda row: row | {"kwh": 5.0}),
]


@pytest.mark.parametrize(("rule", "table", "row", "change"), DAMAGE, ids=[f"{each[0]}-{each[2]}" for each in DAMAGE])
def test_damage_in_one_row_breaks_its_rule(
    line: tuple[Factory, Plan], rule: str, table: str, row: int, change: Callable[[Row], Row]
):
    """The named rule is broken, and what is told is about that row or its neighbours and no others."""
    factory, plan = line
    found = verify(factory, _edited(plan, table, row, change))
    assert rule in [breach.rule for breach in found]
    lots = {int(name.split(":")[0][1:]) for breach in found for name in breach.operations if name.startswith("O")}
    near = {0, 1} if row == 0 else set(range(22, 39)) if table != "pegging" else {row - JOBS}
    assert lots <= near, [str(breach) for breach in found]


def test_every_breach_of_many_is_told_once_and_in_order(line: tuple[Factory, Plan]):
    """A whole column that is wrong gives one breach for each row."""
    factory, plan = line
    late = plan.operations.with_columns(run_minutes=pl.col("run_minutes") + 1)
    facts = {name: getattr(plan, name) for name in plan.__dataclass_fields__ if name != "operations"}
    found = [breach for breach in verify(factory, Plan(**facts, operations=late)) if breach.rule == "duration"]
    assert len(found) == 3 * JOBS == len(set(found))
    assert all(isinstance(breach, Breach) for breach in found)
    assert [breach.machine for breach in found] == ["saw"] * JOBS + ["mill"] * JOBS + ["wash"] * JOBS
