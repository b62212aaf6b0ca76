"""Shops of a few operations whose runs can be worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin.execute import records as r
from linewright.twin.execute.bundle import bundled
from linewright.twin.execute.problem import Prepared, prepare

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
CHANCES = ("failures", "variation", "errors", "absence", "rework", "yields", "supply")


def line(steps: int = 1, orders: int = 1, hours: float = 10.0, due_hours: float = 1e4, **more: Any) -> Factory:
    """Orders that go over machines M1, M2, ... one after the other, each step so many hours long, round the clock.

    Further tables (that of the orders as ``order_rows``), or more columns of the routing (``routing``),
    of the machines (``machine``) and of the settings (``setting``), are given by name.
    """
    if "order_rows" in more:
        more["orders"] = more.pop("order_rows")
    routing, machines = more.pop("routing", {}), more.pop("machine", {})
    tables: dict[str, Any] = {
        "machines": [{"machine": f"M{at}"} | machines for at in range(1, steps + 1)],
        "materials": [{"material": "part"}],
        "operations": [
            {"material": "part", "step": 10 * at, "machine": f"M{at}", "run_minutes": 60 * hours} | routing
            for at in range(1, steps + 1)
        ],
        "orders": [
            {"order": f"O{at}", "material": "part", "quantity": 1, "due": START + timedelta(hours=due_hours)}
            for at in range(1, orders + 1)
        ],
    }
    tables["settings"] = [{"start": START, "stock_cost_share_per_year": 0.0} | more.pop("setting", {})]
    return Factory.of(**(tables | more))


def planned(factory: Factory, seed: int = 1, rounds: int = 20) -> Plan:
    """A plan of it."""
    return schedule(factory, stop=Rounds(rounds), seed=seed, exact=False, now=START)


def executed(prepared: Prepared, numbers: Any, seed: int = 0, kept: int | None = None) -> tuple[r.Figures, r.Situation]:
    """Run replications; gives their figures, and where the last one stood."""
    from linewright.twin.execute.kernel.run import execute

    numbers = np.asarray(numbers, np.int64)
    problem = prepared.with_options(seed=np.uint64(seed)).problem
    now, made = r.new_situation(problem), r.new_figures(problem, numbers.size, numbers.size if kept is None else kept)
    execute(bundled(problem), bundled(now), bundled(made), numbers, False, 1 << 59)
    return made, now


def run_of(factory: Factory, plan: Plan | None = None, n: int = 2000, seed: int = 1, **options: Any) -> r.Figures:
    """Replications of a plan, of which all ended."""
    made, _ = executed(prepare(factory, plan or planned(factory)).with_options(**options), np.arange(n), seed)
    assert (made.status[:, 0] == r.FINISHED).all()
    return made


def undisturbed(factory: Factory, plan: Plan, mode: int) -> list[str]:
    """The operations whose times differ from the plan where nothing goes wrong."""
    prepared = prepare(factory, plan).with_options(mode=mode, **dict.fromkeys(CHANCES, False))
    made, _ = executed(prepared, [0])
    assert made.status[0, 0] == r.FINISHED
    matched = prepared.matched
    wrong = np.flatnonzero((made.starts[0] != matched.start) | (made.ends[0] != matched.end))
    late = np.flatnonzero(made.finishes[0] != prepared.problem.demands.planned[:-1])
    names = prepared.shop.demand_names
    return [prepared.shop.operation_names[at] for at in wrong.tolist()] + [names[at] for at in late.tolist()]


def near(values: Any, expected: float, sigmas: float = 4.5) -> bool:
    """Whether the mean of independent values is as expected, but for chance."""
    error = float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return abs(float(np.mean(values)) - expected) <= sigmas * error + 1e-9
