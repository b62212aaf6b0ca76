"""Check a plan of anybody: ``python -m benchmarks.plant.check INSTANCE PLAN [--record BY --seconds S --cores C]``.

PLAN is the JSON document or the CSV folder that ``linewright plan --out`` writes, or a CSV file with at least the
columns job, step, machine, start and end. ``--jobs`` instead of PLAN prints the jobs and steps that a plan must have.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from benchmarks.plant.instances import LIST, Row, listed, made, write_list
from benchmarks.plant.ladder import INSTANCES
from benchmarks.plant.submission import submitted
from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.verify import verify

#: A plan is better when it is by more than this, in EUR.
CENT = 0.01


def breaches(factory: Factory, plan: Plan) -> list[str]:
    """Everything in which a plan breaks the rules: those of every factory, and four of this benchmark."""
    # No wish is given up in a benchmark, so what a plan says about itself excuses nothing.
    return [*rules_of_the_house(factory, plan), *map(str, verify(factory, replace(plan, relaxed=())))]


def rules_of_the_house(factory: Factory, plan: Plan) -> Iterator[str]:
    """What a factory may allow and a benchmark may not."""
    if plan.start != factory.settings.start:
        yield f"start: the plan begins at {plan.start}, the instance at {factory.settings.start}"
    given_up = plan.orders.filter(pl.col("reason") != "") if plan.orders.width else plan.orders
    if given_up.height:
        yield f"given_up: {given_up.height} orders are not planned, first of them {given_up['order'][0]}"
    assumed = plan.pegging.filter(pl.col("supply_kind") == "assumed") if plan.pegging.width else plan.pegging
    if assumed.height:
        yield f"assumed: {assumed.height} needs are covered by material that nobody delivers"
    made_here = set(factory.operations.frame["material"])
    bought = [job for job, material in plan.jobs.select("job", "material").iter_rows() if material not in made_here]
    if bought:
        yield f"not_made: {len(bought)} jobs make what is bought, first of them {bought[0]}"


def value_of(plan: Plan) -> float:
    """The total cost, each part as it is."""
    return float(sum(plan.costs.values()))


def judged(row: Row, plan: Plan, broken: list[str]) -> str:
    """What there is to say about a plan, in a few lines."""
    value = value_of(plan)
    if broken:
        told = "\n".join(f"  {breach}" for breach in broken[:20])
        return f"{row.name}: {len(broken):,} breaches, so its value of {value:,.2f} EUR does not count\n{told}"
    if not row.best:
        return f"{row.name}: {value:,.2f} EUR, no breach; no other plan is known"
    best = float(row.best)
    word = "better than" if value < best - CENT else "not better than"
    return f"{row.name}: {value:,.2f} EUR, no breach; {word} the best known {best:,.2f} EUR of {row.found_by}"


def print_jobs(factory: Factory) -> None:
    """The jobs and steps of the standard lots, as CSV."""
    from linewright.shop.compile import compile_shop

    start = factory.settings.start
    assert start is not None
    shop = compile_shop(factory, start)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["job", "step", "material", "quantity"])
    jobs = shop.explosion.jobs
    for at, name in enumerate(shop.operation_names):
        job, _, step = name.rpartition("/")
        number = int(shop.arrays.operations.job[at])
        material = shop.explosion.materials[int(jobs["material"][number])]
        writer.writerow([job, step, material, f"{float(jobs['quantity'][number]):g}"])


def main(words: list[str], path: Path = LIST) -> int:
    """Say the value and the breaches, and record a better plan when asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plant.check", description=__doc__)
    parser.add_argument("instance", choices=INSTANCES, metavar="INSTANCE")
    parser.add_argument("plan", type=Path, nargs="?", metavar="PLAN")
    parser.add_argument("--jobs", action="store_true", help="print the jobs and steps that a plan must have")
    parser.add_argument("--record", metavar="BY", help="who found it: update instances.csv when it is better")
    for fact, what in (("seconds", "CPU seconds of the busiest thread"), ("cores", "threads"), ("version", "of what")):
        parser.add_argument(f"--{fact}", default="", help=what)
    said = parser.parse_args(words)
    factory, found = made(INSTANCES[said.instance])
    if said.jobs or said.plan is None:
        print_jobs(factory)
        return 0
    row = listed(path)[said.instance]
    if row.hash and row.hash != found:
        raise SystemExit(f"{row.name}: the plant made here ({found}) is not the listed one ({row.hash})")
    plan = submitted(factory, said.plan)
    broken = breaches(factory, plan)
    print(judged(row, plan, broken))
    if said.record and not broken and (not row.best or value_of(plan) < float(row.best) - CENT):
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        facts = {"found_by": said.record, "found_on": today, "seconds": said.seconds, "cores": said.cores}
        write_list(listed(path) | {row.name: row.with_best(value_of(plan), **facts, version=said.version)}, path)
        print(f"recorded in {path.name}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
