"""Plan the instances with linewright: ``python -m benchmarks.plant.solve --sizes 100 200 --seconds 30``.

Each plan is checked as everybody's is; a better value or bound goes into instances.csv. What is written as seconds is
the processor time of the whole process while it searched, divided by the threads that it may use.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.plant.check import CENT, breaches, value_of
from benchmarks.plant.instances import LIST, Row, described, listed, made, write_list
from benchmarks.plant.ladder import KINDS, SIZES, Instance
from linewright import __version__
from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.plan import schedule
from linewright.plan.stop import Rounds, Seconds


def planned(factory: Factory, stop: Seconds | Rounds, seed: int) -> tuple[Plan, float]:
    """A plan and the CPU seconds that it took, compiling and verifying included."""
    begun = time.process_time()
    plan = schedule(factory, stop=stop, seed=seed, objective="cost", exact=False)
    return plan, time.process_time() - begun


def updated(row: Row, plan: Plan, spent: float, cores: int) -> Row:
    """The row with what the plan adds: a better value, a higher bound."""
    # The bound of a plan that splits lots holds for those lots; the list's bounds are those of the standard ones.
    if not any("is split in two" in told for told in plan.assumptions):
        row = row.with_bound(plan.bound.value, f"linewright {__version__} ({plan.bound.kind})")
    if row.best and value_of(plan) >= float(row.best) - CENT:
        return row
    return row.with_best(
        value_of(plan), found_by="linewright", found_on=f"{datetime.now(UTC):%Y-%m-%d}", seconds=f"{spent / cores:.1f}",
        cores=str(cores), version=__version__,
    )  # fmt: skip


def solve(instance: Instance, stop: Seconds | Rounds, seed: int, cores: int, path: Path = LIST) -> str:
    """Plan one instance and write what is new; a line about it comes back."""
    factory, found = made(instance)
    row = described(listed(path)[instance.name], factory, found)
    plan, spent = planned(factory, stop, seed)
    broken = breaches(factory, plan)
    if broken:
        raise SystemExit(f"{instance.name}: {len(broken)} breaches, first of them {broken[0]}")
    row = updated(row, plan, spent, cores)
    # Read again, since another process may have written meanwhile.
    write_list(listed(path) | {row.name: row}, path)
    return (
        f"{row.name:18} {row.operations:>7} operations {value_of(plan):>14,.2f} EUR, best {float(row.best):>14,.2f}, "
        f"bound {float(row.bound):>12,.2f}, {plan.late_orders.height:,} of {row.orders} late, {spent:.1f} s CPU"
    )


def main(words: list[str]) -> None:
    """Plan all chosen instances, small ones first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plant.solve", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", choices=SIZES, default=SIZES[:1], metavar="SIZE")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--seconds", type=float, default=10.0, help="wall seconds of each search")
    parser.add_argument("--rounds", type=int, help="plans tried instead")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cores", type=int, default=1, help="threads that the search uses")
    said = parser.parse_args(words)
    stop = Rounds(said.rounds) if said.rounds else Seconds(said.seconds)
    for size in said.sizes:
        for kind in said.kinds:
            print(solve(Instance(kind, size), stop, said.seed, said.cores), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
