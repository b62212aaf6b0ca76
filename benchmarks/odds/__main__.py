"""Whether stated odds come true: ``python -m benchmarks.odds [--orders N] [--futures N] [--svg FILE]``.

Many small shops are planned and simulated, so that each order has odds of being in time. Then each plan is run again
with fresh seeds, as what happened. Orders are put together by stated odds, a tenth each: where the planner's model is
right, as many come in time as were stated. Then true times and failures differ from the model by 10, 20 and 40 %: the
calibration error (mean distance of stated and true shares, weighted by orders) without and with learning from the
first weeks, which is a plain estimate of means, variations and failures from a dozen runs of each step.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.odds.figure import reliability_svg
from benchmarks.odds.shops import ORDERS, learned, really, shop
from linewright.model.factory import Factory
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin.execute.problem import prepare
from linewright.twin.execute.running import PlanTask

RUNS = 400
ERRORS = (0.1, 0.2, 0.4)
#: Shops share the names of their causes: with one seed for all of them, what chance gives one it would give all.
STATING_SEED, HAPPENING_SEED = 10_000_000, 20_000_000


def outcomes(model: Factory, true: Factory, futures: int, seed: int) -> tuple[Any, Any]:
    """The odds that a plan of the model states, and the share of true futures in which each order is in time."""
    plan = schedule(model, stop=Rounds(3), seed=seed, exact=False)
    stated = PlanTask(prepare(model, plan).problem)(np.arange(RUNS), STATING_SEED + seed)
    prepared = prepare(true, plan)
    happened = PlanTask(prepared.problem)(np.arange(futures), HAPPENING_SEED + seed)
    due = prepared.problem.demands.due[:-1]
    # The odds of `simulate`, without its other tables.
    return (stated.finishes <= due).mean(axis=0), (happened.finishes <= due).mean(axis=0)


def by_tenth(stated: Any, true: Any) -> list[dict[str, Any]]:
    """Stated and true shares of the orders of each tenth of stated odds."""
    tenth = np.minimum((stated * 10).astype(int), 9)
    return [
        {"tenth": at, "orders": int((tenth == at).sum()), "stated": float(stated[tenth == at].mean()),
         "true": float(true[tenth == at].mean())}
        for at in range(10) if (tenth == at).any()
    ]  # fmt: skip


def calibration_error(rows: list[dict[str, Any]]) -> float:
    """Mean distance of stated and true shares, weighted by orders."""
    orders = sum(row["orders"] for row in rows)
    return float(sum(row["orders"] * abs(row["stated"] - row["true"]) for row in rows)) / orders


def collected(shops: int, futures: int, error: float, learn: bool, first: int = 0) -> list[dict[str, Any]]:
    """The reliability table of so many shops."""
    stated, true = [], []
    for seed in range(first, first + shops):
        model = shop(seed)
        truth = really(model, error, 1_000_000 + 7 * seed)
        known = learned(model, truth) if learn else model
        said, happened = outcomes(known, truth.factory, futures, seed)
        stated.append(said)
        true.append(happened)
    return by_tenth(np.concatenate(stated), np.concatenate(true))


def main() -> None:
    """Print the tables, and write the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--futures", type=int, default=10, help="fresh runs of each plan")
    parser.add_argument("--curve-orders", type=int, default=1600, help="orders for each point of the curve")
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    begin = time.process_time()
    rows = collected(asked.orders // ORDERS, asked.futures, 0.0, learn=False)
    print("The model is right")
    print(f"{'stated odds':<14}{'orders':>8}{'stated':>9}{'in time':>9}{'points':>8}")
    for row in rows:
        apart = 100 * (row["true"] - row["stated"])
        span = f"{10 * row['tenth']}-{10 * row['tenth'] + 10} %"
        print(f"{span:<14}{row['orders']:>8,}{100 * row['stated']:>8.1f}%{100 * row['true']:>8.1f}%{apart:>+8.1f}")
    worst = max(abs(row["true"] - row["stated"]) for row in rows)
    print(f"worst tenth {100 * worst:.1f} points, calibration error {100 * calibration_error(rows):.1f} points")
    print("\nThe model errs")
    print(f"{'error':<8}{'as typed in':>13}{'learned':>10}   (calibration error, points)")
    for error in ERRORS:
        plain, wise = (
            calibration_error(collected(asked.curve_orders // ORDERS, asked.futures, error, learn=learn, first=50_000))
            for learn in (False, True)
        )
        print(f"{100 * error:>4.0f} % {100 * plain:>13.1f}{100 * wise:>10.1f}")
    print(f"{time.process_time() - begin:.0f} CPU seconds")
    if asked.svg:
        asked.svg.write_text(reliability_svg(rows, "Odds that come true"), encoding="utf-8")


if __name__ == "__main__":
    main()
