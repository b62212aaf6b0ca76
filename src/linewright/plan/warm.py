"""Compile the planner's kernels once, so that the first plan does not wait for the compiler."""

from __future__ import annotations

from datetime import UTC, datetime

from linewright.model.factory import Factory
from linewright.plan.scheduling import schedule
from linewright.plan.stop import Rounds


def warm() -> None:
    """Plan the smallest shop: every kernel is compiled for its one set of types, and kept."""
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    factory = Factory.of(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        operations=[
            {"material": "A", "step": step, "machine": machine, "run_minutes": 5}
            for step, machine in ((10, "M1"), (20, "M2"))
        ],
        stock=[{"material": "A", "quantity": 0.5}],
        orders=[{"order": f"O{at}", "material": "A", "quantity": 3, "due": monday} for at in range(3)],
    )
    schedule(factory, stop=Rounds(80), now=monday, exact=False)
