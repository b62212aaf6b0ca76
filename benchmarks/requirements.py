"""Material requirements of made-up plants: ``python -m benchmarks.requirements``.

10,000 and 100,000 materials on six levels with four bill lines each, 52 weeks of demand, minimum lots, multiples and
safety stock, planned with and without pegging; and one order more, replanned. Seconds are CPU seconds; the first use
of the kernels, which loads or compiles them, is told on its own. The last part does the same from tables,
through the public functions: a factory is read, planned, listed and changed.
"""

from __future__ import annotations

import resource
import statistics
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from linewright.model.factory import Factory
from linewright.supply.requirements import requirements
from linewright.supply.requirements.core.build import Facts, build
from linewright.supply.requirements.core.generate import generate
from linewright.supply.requirements.core.records import BUY
from linewright.supply.requirements.core.solution import Solution, solve

SIZES = (10_000, 100_000)
WEEKS = 52
START = datetime(2026, 1, 5, tzinfo=UTC)


def main() -> None:
    """Print one line for each size, with and without pegging, and the time of a change."""
    begun = time.process_time()
    solve(build(generate(100))[0])
    print(f"kernels loaded or compiled in {time.process_time() - begun:.1f} CPU s")
    print(
        f"{'materials':>10} {'lines':>8} {'pegging':>8} {'sort s':>7} {'plan s':>7} {'lots':>10} {'pegs':>11} {'MB':>6}"
    )
    for size in SIZES:
        facts = generate(size, weeks=WEEKS, seed=0)
        for pegging in (False, True):
            solution = planned(facts, pegging)
        changes(solution)
    del facts, solution
    for size in SIZES:
        from_tables(size)


def planned(facts: Facts, pegging: bool) -> Solution:
    """Sort and plan once, and tell how long it took."""
    begun = time.process_time()
    task, _ = build(facts, pegging=pegging)
    sorted_at = time.process_time()
    solution = solve(task)
    done = time.process_time()
    lots, pegs = solution.log.ends[:2].tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{task.count:>10,} {task.lines.size:>8,} {'yes' if pegging else 'no':>8} {sorted_at - begun:>7.2f} "
        f"{done - sorted_at:>7.2f} {lots:>10,} {pegs:>11,} {peak:>6,.0f}"
    )
    return solution


def changes(solution: Solution) -> None:
    """Add an order for each of some products, one after the other, and tell the time of each."""
    seconds = []
    for item in range(0, 200, 10):
        demands = solution.demands_of(item).copy()
        if not demands.size:
            continue
        demands["quantity"][demands.size // 2] += 150
        begun = time.process_time()
        solution.changed({item: demands})
        seconds.append(time.process_time() - begun)
    print(
        f"{solution.task.count:>10,} one order changed: median {1000 * statistics.median(seconds):.0f} ms, "
        f"worst of {len(seconds)} {1000 * max(seconds):.0f} ms"
    )


def from_tables(size: int) -> None:
    """Plan a factory with the same bill, and change one order, through the public functions."""
    factory = factory_of(generate(size, weeks=WEEKS, seed=0))
    requirements(factory_of(generate(100)), weeks=WEEKS)
    begun = time.process_time()
    plan = requirements(factory, weeks=WEEKS)
    read = time.process_time()
    soon = plan.to_order(days=7).height
    framed = time.process_time()
    plan.changed([{"order": "O90", "quantity": 170.0}])
    once = time.process_time()
    plan.changed([{"order": "O100", "quantity": 170.0}])
    changed = time.process_time()
    print(
        f"{size:>10,} materials from tables: planned in {read - begun:.2f} CPU s, {soon:,} proposals of a week listed "
        f"in {framed - read:.2f} s, one order changed in {1000 * (once - framed):.0f} ms, the next in "
        f"{1000 * (changed - once):.0f} ms"
    )


def factory_of(facts: Facts) -> Factory:
    """The tables that say the same as the facts."""
    count = facts.items.size - 1
    name = np.array([f"M{at}" for at in range(count)])
    bought = facts.ways["kind"] == BUY
    materials = pl.DataFrame({
        "material": name, "kind": np.where(bought, "bought", "made"), "safety_stock": facts.items["safety"][:-1],
        "lot_size_min": facts.ways["minimum"], "lot_multiple": facts.ways["multiple"],
        "make_days": pl.Series(np.where(bought, np.nan, facts.ways["lead"])).fill_nan(None),
    })  # fmt: skip
    days = pl.Series([START + timedelta(days=int(day), hours=12) for day in facts.demands["day"]])
    return Factory.of(
        settings=[{"start": START}],
        materials=materials,
        components=pl.DataFrame({
            "material": name[facts.lines["parent"]], "component": name[facts.line_item],
            "quantity": facts.lines["quantity"],
        }),
        stock=pl.DataFrame({"material": name[facts.supply_item], "quantity": facts.supplies["quantity"]}),
        suppliers=[{"supplier": "S"}],
        sources=pl.DataFrame({
            "material": name[bought], "supplier": ["S"] * int(bought.sum()), "lead_days": facts.ways["lead"][bought],
        }),
        orders=pl.DataFrame({
            "order": [f"O{at}" for at in range(facts.demands.size)], "material": name[facts.demand_item],
            "quantity": facts.demands["quantity"], "due": days.cast(pl.Datetime("us", "UTC")),
        }),
    )  # fmt: skip


if __name__ == "__main__":
    main()
