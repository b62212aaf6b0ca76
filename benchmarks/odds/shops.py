"""Generated small shops, the same shops with other true times, and what can be learned from their first weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import numpy as np

from linewright.model.factory import Factory
from linewright.model.table import Table

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
#: Orders of each shop.
ORDERS = 16
#: Runs of each step that the first weeks show, and hours in which a machine's failures are counted.
SEEN_RUNS, SEEN_HOURS = 12, 400.0
VARIATION = (0.2, 0.7)


def shop(seed: int, orders: int = ORDERS) -> Factory:
    """Six machines in two shifts, a product for each order, due dates from tight to easy."""
    draw = Random(seed)
    machines = [
        {"machine": f"M{at}", "calendar": "two shifts", "mtbf_hours": draw.uniform(10, 60),
         "mttr_hours": draw.uniform(0.5, 4)}
        for at in range(6)
    ]  # fmt: skip
    routing, wanted = [], []
    for order in range(orders):
        steps = draw.randint(2, 4)
        path = draw.sample(range(6), steps)
        routing += [
            {"material": f"P{order}", "step": 10 * at + 10, "machine": f"M{machine}",
             "setup_minutes": draw.choice([0.0, 20.0]), "run_minutes": draw.uniform(30, 240),
             "run_variation": draw.uniform(*VARIATION), "rework_share": draw.choice([0.0, 0.0, 0.05])}
            for at, machine in enumerate(path)
        ]  # fmt: skip
        wanted.append({"order": f"O{order}", "material": f"P{order}", "quantity": 1,
                       "due": START + timedelta(hours=draw.uniform(8, 60))})  # fmt: skip
    return Factory.of(
        settings=[{"start": START}],
        shifts=[{"calendar": "two shifts", "weekday": "mon-sun", "start": time(6), "end": time(22)}],
        machines=machines, materials=[{"material": f"P{at}"} for at in range(orders)],
        operations=routing, orders=wanted,
    )  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """How a shop really is: true factory, and a source of what its first weeks showed."""

    factory: Factory
    seed: int


def really(factory: Factory, error: float, seed: int) -> Truth:
    """The same shop with true mean times and failures that differ from its rows by an error (a share)."""
    chance = np.random.default_rng(seed)
    sigma = math.sqrt(math.log1p(error**2))

    def factor() -> float:
        return float(np.exp(sigma * chance.standard_normal() - sigma**2 / 2))

    return Truth(_changed(factory, lambda row: {"run_minutes": row["run_minutes"] * factor()},
                          lambda row: {"mtbf_hours": row["mtbf_hours"] * factor(),
                                       "mttr_hours": row["mttr_hours"] * factor()}), seed)  # fmt: skip


def learned(factory: Factory, truth: Truth) -> Factory:
    """The rows as they would be after the first weeks: means and variations from runs seen, failures from counts."""
    chance = np.random.default_rng(truth.seed + 1)
    true_runs = {(row["material"], row["step"]): row for row in truth.factory.operations.content.iter_rows(named=True)}
    true_machines = {row["machine"]: row for row in truth.factory.machines.content.iter_rows(named=True)}

    def runs(row: dict[str, Any]) -> dict[str, Any]:
        known = true_runs[row["material"], row["step"]]
        sigma = math.sqrt(math.log1p(known["run_variation"] ** 2))
        seen = known["run_minutes"] * np.exp(sigma * chance.standard_normal(SEEN_RUNS) - sigma**2 / 2)
        # The logarithms are normal: their mean and spread give mean, variation and standard error of the times.
        logs = np.log(seen)
        spread = float(logs.std(ddof=1))
        return {
            "run_minutes": float(np.exp(logs.mean() + spread**2 / 2)),
            "run_variation": math.sqrt(math.expm1(spread**2)),
            "time_error": math.sqrt((spread**2 + spread**4 / 2) / SEEN_RUNS),
        }

    def failures(row: dict[str, Any]) -> dict[str, Any]:
        known = true_machines[row["machine"]]
        count = int(chance.poisson(SEEN_HOURS / known["mtbf_hours"]))
        repairs = chance.exponential(known["mttr_hours"], max(count, 1))
        # One failure of the rows' own is added, so that a machine that did not fail is not taken to be unbreakable.
        return {
            "mtbf_hours": (SEEN_HOURS + row["mtbf_hours"]) / (count + 1),
            "mttr_hours": float((repairs[:count].sum() + row["mttr_hours"]) / (count + 1)),
        }

    return _changed(factory, runs, failures)


def _changed(factory: Factory, runs: Any, failures: Any) -> Factory:
    """A factory with other times and failures."""
    steps = [row | runs(row) for row in factory.operations.content.to_dicts()]
    machines = [row | failures(row) for row in factory.machines.content.to_dicts()]
    return factory.with_tables(operations=Table.of("operations", steps), machines=Table.of("machines", machines))
