"""How soon the demo's first plan is there, once set up: ``python -m benchmarks.first_plan``.

Starts fresh processes, as a user does, and prints CPU and wall seconds of `linewright --help`, of everything up to
the first plan that the search reports (four weeks of AdventureWorks), and of the whole command, which also verifies
the plan and prints it. Last, warm in one process: the first verified plan of 10,000 operations with changeovers,
calendars and due dates, and how its time is shared out.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random
from typing import Any

from linewright.model.factory import Factory
from linewright.plan import bounds, schedule, scheduling
from linewright.plan.stop import Rounds
from linewright.shop import compile as compiling

EXAMPLE = Path(__file__).parent.parent / "examples" / "adventureworks"
FOUND = f"""
from linewright import read
from linewright.plan import schedule
from linewright.plan.stop import Rounds

def found(progress):
    raise SystemExit

schedule(read({str(EXAMPLE)!r}, options={{"start": "2014-05-05", "weeks": "4"}}), stop=Rounds(9), watch=found)
"""
FIRST = ("plan", str(EXAMPLE), "--option", "start=2014-05-05", "--option", "weeks=4", "--rounds", "1", "--json")


def measured(*arguments: str) -> tuple[float, float]:
    """CPU and wall seconds of one Python process."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - begun


def two_shift_shop(jobs: int = 1000, steps: int = 10, machines: int = 100, seed: int = 7) -> Factory:
    """A shop of two shifts: each step may go to three machines, families change over in 10 minutes or more."""
    random, start = Random(seed), datetime(2026, 3, 2, 5, tzinfo=UTC)
    families = [f"family {number}" for number in range(12)]
    routing, ways, orders = [], [], []
    for job in range(jobs):
        family, work = random.choice(families), 0
        for step in range(10, 10 * steps + 10, 10):
            minutes = random.randint(10, 100)
            work += minutes
            routing.append({"material": f"part {job}", "step": step, "setup_family": family})
            ways += [
                {"material": f"part {job}", "step": step, "machine": f"M{number}",
                 "fixed_minutes": float(round(minutes * random.uniform(0.8, 1.2)))}
                for number in random.sample(range(machines), 3)
            ]  # fmt: skip
        due = start + timedelta(minutes=work * random.uniform(2, 12))
        orders.append({"order": f"order {job}", "material": f"part {job}", "quantity": 1.0, "due": due})
    return Factory.of(
        settings=[{"start": start, "late_cost_per_day": 100.0}],
        shifts=[
            {"calendar": "two shifts", "weekday": "mon-fri", "start": clock(begin), "end": clock(begin + 8)}
            for begin in (6, 14)
        ],
        machines=[{"machine": f"M{number}", "calendar": "two shifts"} for number in range(machines)],
        operations=routing,
        operation_machines=ways,
        changeovers=[
            {"from_family": one, "to_family": other, "minutes": float(random.randint(10, 40))}
            for one in families for other in families if one != other
        ],
        orders=orders,
    )  # fmt: skip


#: What the time of a plan is shared out among: the module that calls each part by its name.
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("compile", compiling, "compile_shop"),
    ("bound", bounds, "lower_bound"),
    ("assemble", scheduling, "_plan"),
    ("verify", scheduling, "verify"),
)


def watched(part: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    """The same function, which also writes down the CPU seconds that it takes."""

    def call(*arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return part(*arguments, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - begun

    return call


def warm(factory: Factory, runs: int = 4) -> tuple[float, dict[str, float]]:
    """CPU seconds of the fastest run after the first, and those of its parts."""
    spent: dict[str, float] = {}
    for name, module, function in PARTS:
        setattr(module, function, watched(getattr(module, function), name, spent))
    taken = []
    for _ in range(runs):
        spent.clear()
        begun = time.process_time()
        plan = schedule(factory, stop=Rounds(1), exact=False, objective="tardiness")
        assert plan.verified
        taken.append((time.process_time() - begun, dict(spent)))
    return min(taken[1:], key=lambda each: each[0])


def main() -> None:
    """Print the best of three for each command, and then the warm run."""
    commands = (
        ("linewright --help", ("-m", "linewright", "--help")),
        ("first plan found", ("-c", FOUND)),
        ("first plan, verified", ("-m", "linewright", *FIRST)),
    )
    for label, arguments in commands:
        cpu, wall = min(measured(*arguments) for _ in range(3))
        print(f"{label:22} {cpu:5.2f} s CPU {wall:6.2f} s wall")
    cpu, spent = warm(two_shift_shop())
    shares = ", ".join(f"{name} {seconds:.2f}" for name, seconds in spent.items())
    print(f"{'10,000 operations, warm':22} {cpu:5.2f} s CPU ({shares}, search {cpu - sum(spent.values()):.2f})")


if __name__ == "__main__":
    main()
