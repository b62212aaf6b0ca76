"""Compile the planner's kernels once, so that the first plan does not wait for the compiler."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from linewright.model.factory import Factory
from linewright.plan.scheduling import schedule
from linewright.plan.stop import Rounds

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
#: Enough for every layer to have had a turn.
TURNS = Rounds(40)


def warm() -> None:
    """Plan the smallest shops that need each layer: every kernel is compiled for its one set of types, and kept."""
    shift = {"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)}
    alternatives = [
        {"material": "A", "step": step, "machine": machine, "run_minutes": minutes}
        for step in (10, 20)
        for machine, minutes in (("M1", 5), ("M2", 6))
    ]
    served = [{**row, "person": "P1"} for row in alternatives]
    for objective, tables in (
        ("makespan", {"operation_machines": alternatives}),
        ("makespan", {"operation_machines": served, "people": [{"person": "P1"}]}),
        ("cost", {"operation_machines": alternatives}),
        ("cost", {"shifts": [shift], "machines": [{"machine": "M1", "calendar": "day"}, {"machine": "M2"}]}),
    ):
        schedule(_tiny(tables), stop=TURNS, now=MONDAY, objective=objective, exact=False)


def _tiny(tables: dict[str, Any]) -> Factory:
    """Three orders of two steps on two machines."""
    return Factory.of(**{
        "machines": [{"machine": "M1"}, {"machine": "M2"}],
        "operations": [
            {"material": "A", "step": step, "machine": machine, "run_minutes": 5}
            for step, machine in ((10, "M1"), (20, "M2"))
        ],
        "stock": [{"material": "A", "quantity": 0.5}],
        "orders": [{"order": f"O{at}", "material": "A", "quantity": 3, "due": MONDAY} for at in range(3)],
        **tables,
    })  # fmt: skip
