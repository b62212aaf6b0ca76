"""A plan run a thousand times, beside SimPy: ``python -m benchmarks.plan_runs [--replications N] [--peer N]``.

Two plans: a generated plant of 100 machines and 50 products with breakdowns, about 1,000 orders and 6,700 operations in
a week; and four weeks of AdventureWorks, 2,999 work orders, with breakdowns of the same kind. Each is run by `simulate`
with all its tables, and by a model in SimPy that follows the same sequences with the same laws of chance. CPU seconds
of one core, without compiling. SimPy comes with the group `bench` (``uv pip install simpy``); without it its column
stays empty.
"""

from __future__ import annotations

import argparse
import time
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from linewright import read
from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.table import Table
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin.execute.problem import prepare
from linewright.twin.simulating import simulate

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
EXAMPLE = Path(__file__).parent.parent / "examples" / "adventureworks"


def plant(seed: int = 5, machines: int = 100, products: int = 50, orders: int = 1000) -> Factory:
    """A job shop whose products take 4 to 9 steps on any machines, with variation and breakdowns."""
    draw = Random(seed)
    routing, wanted = [], []
    for product in range(products):
        path = draw.sample(range(machines), draw.randint(4, 9))
        routing += [
            {"material": f"P{product}", "step": 10 * at + 10, "machine": f"M{machine}", "setup_minutes": 10.0,
             "run_minutes": draw.uniform(2.0, 8.0), "run_variation": 0.3, "setup_variation": 0.3}
            for at, machine in enumerate(path)
        ]  # fmt: skip
    for order in range(orders):
        wanted.append({
            "order": f"O{order}", "material": f"P{draw.randrange(products)}", "quantity": draw.randint(5, 25),
            "release": START + timedelta(hours=draw.uniform(0, 120)),
            "due": START + timedelta(hours=draw.uniform(48, 168)),
        })  # fmt: skip
    return Factory.of(
        settings=[{"start": START}],
        machines=[{"machine": f"M{at}", "mtbf_hours": 40.0, "mttr_hours": 2.0, "run_kw": 5.0, "idle_kw": 1.0}
                  for at in range(machines)],
        materials=[{"material": f"P{at}"} for at in range(products)],
        operations=routing, orders=wanted,
    )  # fmt: skip


def bicycles() -> Factory:
    """Four weeks of AdventureWorks, with a breakdown after 40 hours of work and variation of times."""
    factory = read(EXAMPLE, options={"start": "2014-05-05", "weeks": "4"})
    machines = [row | {"mtbf_hours": 40.0, "mttr_hours": 2.0} for row in factory.machines.content.to_dicts()]
    steps = [row | {"run_variation": 0.3, "setup_variation": 0.3} for row in factory.operations.content.to_dicts()]
    return factory.with_tables(machines=Table.of("machines", machines), operations=Table.of("operations", steps))


def peer_seconds(factory: Factory, plan: Plan, replications: int) -> tuple[float, float] | None:
    """CPU seconds of a replication in SimPy, and its mean makespan in hours; None where SimPy is not installed."""
    try:
        import simpy
    except ImportError:
        return None
    floor = _Floor(factory, plan)
    begin, spans = time.process_time(), []
    for number in range(replications):
        spans.append(floor.run(simpy, np.random.default_rng(number)))
    return (time.process_time() - begin) / replications, float(np.mean(spans)) / 3600


class _Floor:
    """The plan's sequences as a model in SimPy: each block waits for all before it, works, breaks down, goes on."""

    def __init__(self, factory: Factory, plan: Plan) -> None:
        problem = prepare(factory, plan).problem
        self.problem = problem
        index, windows = problem.index.first_window, problem.windows
        self.windows = [
            (windows.start[index[at] : index[at + 1]].tolist(), windows.end[index[at] : index[at + 1]].tolist())
            for at in range(index.size - 1)
        ]
        blocks, tasks = problem.blocks, problem.tasks
        self.before: list[list[tuple[int, int]]] = []
        for block in range(blocks.size - 1):
            rows = range(int(blocks[block].first_task), int(blocks[block + 1].first_task))
            behind = [(int(tasks.block[tasks[row].before]), 0) for row in rows if tasks[row].before >= 0]
            arcs = range(int(blocks[block].first_arc), int(blocks[block + 1].first_arc))
            behind += [(int(problem.steps.block[problem.arcs[arc].step]), int(problem.arcs[arc].lag)) for arc in arcs]
            self.before.append(behind)
        self.rows = [
            (int(row.machine), int(row.start), int(row.setup), int(row.run), int(row.setup_start))
            for row in blocks[:-1]
        ]
        self.calendar = problem.machines.calendar.tolist()

    def finish(self, calendar: int, moment: float, seconds: float) -> float:
        """When some seconds of work are done."""
        starts, ends = self.windows[calendar]
        at = bisect_right(ends, moment)
        while True:
            begin = max(moment, starts[at])
            if ends[at] - begin >= seconds:
                return begin + seconds
            seconds -= ends[at] - begin
            at += 1
            moment = ends[at - 1]

    def run(self, simpy: Any, chance: Any) -> float:
        """One replication; the last end."""
        world = simpy.Environment()
        done = [world.event() for _ in self.rows]
        left = chance.exponential(40 * 3600, len(self.calendar)).tolist()
        spread = float(np.sqrt(np.log1p(0.09)))
        factors = np.exp(spread * chance.standard_normal((len(self.rows), 2)) - spread**2 / 2).tolist()

        def work(machine: int, seconds: float) -> Iterator[Any]:
            while seconds > 0:
                part = min(seconds, left[machine])
                yield world.timeout(self.finish(self.calendar[machine], world.now, part) - world.now)
                seconds -= part
                left[machine] -= part
                if left[machine] <= 0:
                    yield world.timeout(chance.exponential(2 * 3600))
                    left[machine] = chance.exponential(40 * 3600)

        def block(at: int) -> Iterator[Any]:
            machine, start, setup, run, setup_start = self.rows[at]
            for other, lag in self.before[at]:
                yield done[other]
                if lag:
                    yield world.timeout(lag)
            if world.now < setup_start:
                yield world.timeout(setup_start - world.now)
            yield from work(machine, setup * factors[at][0])
            if world.now < start:
                yield world.timeout(start - world.now)
            yield from work(machine, run * factors[at][1])
            done[at].succeed()

        for at in range(len(self.rows)):
            world.process(block(at))
        world.run()
        return float(world.now)


def main() -> None:
    """Run both plans and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--peer", type=int, default=2, help="replications in SimPy")
    asked = parser.parse_args()
    cases = (("generated plant", plant()), ("AdventureWorks, 4 weeks", bicycles()))
    print(f"{'plan':<24}{'orders':>8}{'operations':>12}{'compile':>9}{'1,000 runs':>12}{'SimPy':>12}{'times':>8}")
    for name, factory in cases:
        plan = schedule(factory, stop=Rounds(1), seed=7, exact=False, now=START)
        simulate(factory, plan, replications=8, seed=1)
        begin = time.process_time()
        prepare(factory, plan)
        prepared = time.process_time() - begin
        begin = time.process_time()
        run = simulate(factory, plan, replications=asked.replications, seed=1)
        ours = (time.process_time() - begin) * 1000 / asked.replications
        peer = peer_seconds(factory, plan, asked.peer)
        theirs = f"{1000 * peer[0]:.0f} s" if peer else "-"
        times = f"{1000 * peer[0] / ours:.0f} x" if peer else "-"
        print(
            f"{name:<24}{run.orders.height:>8,}{plan.operations.height:>12,}{prepared:>8.1f}s{ours:>11.1f}s{theirs:>12}{times:>8}"
        )
        print(f"  makespan {run.total('makespan')['mean']:.1f} h" + (f", SimPy {peer[1]:.1f} h" if peer else "")
              + f"; {run}")  # fmt: skip


if __name__ == "__main__":
    main()
