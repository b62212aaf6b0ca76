"""Small classics to proof, beside PyJobShop in the same run: ``python -m benchmarks.known_optima [SECONDS]``.

Prints for each instance the known optimum, and for both programs the makespan, whether it was proven, and seconds.
PyJobShop (MIT) is the named peer; where it is not installed its columns stay empty. The instances are those of
tests/data/classics, with their sources.
"""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from pathlib import Path

from linewright import read
from linewright.model.factory import Factory
from linewright.plan import schedule
from linewright.plan.stop import Rounds, Seconds

CLASSICS = Path(__file__).parent.parent / "tests" / "data" / "classics"
OPTIMA = {"ft06.txt": 55, "la01.txt": 666, "mk01.fjs": 40}


def ours(factory: Factory, seconds: float) -> tuple[float, bool, float]:
    """Makespan in time units (a unit is a minute), whether proven, seconds."""
    begun = time.perf_counter()
    plan = schedule(factory, stop=Seconds(seconds), objective="makespan")
    return plan.value * 60, plan.proven, time.perf_counter() - begun


def peer(factory: Factory, seconds: float) -> tuple[float, bool, float]:
    """The same with PyJobShop on CP-SAT with two workers."""
    from pyjobshop import Model

    begun = time.perf_counter()
    model = Model()
    machines = {machine.machine: model.add_machine(name=machine.machine) for machine in factory.machines}
    last = {}
    for operation in sorted(factory.operations, key=lambda row: (row.material, row.step)):
        task = model.add_task()
        rows = [r for r in factory.operation_machines if (r.material, r.step) == (operation.material, operation.step)]
        choices = [(row.machine, row.run_minutes) for row in rows] or [(operation.machine, operation.run_minutes)]
        for machine, minutes in choices:
            model.add_mode(task, machines[machine], round(minutes or 0))
        if operation.material in last:
            model.add_end_before_start(last[operation.material], task)
        last[operation.material] = task
    result = model.solve(time_limit=seconds, num_workers=2, display=False)
    return result.objective, result.status.value == "Optimal", time.perf_counter() - begun


def main(seconds: float) -> None:
    """Print the table."""
    schedule(read(CLASSICS / "ft06.txt"), stop=Rounds(30), exact=False)
    heads = [f"{who:>10} {'proven':>7} {'s':>6}" for who in ("linewright", "PyJobShop")]
    print(f"{'instance':10} {'optimum':>8} | {heads[0]} | {heads[1]}")
    for name, optimum in OPTIMA.items():
        factory = read(CLASSICS / name)
        cells = [_cells(*ours(factory, seconds))]
        cells.append(_cells(*peer(factory, seconds)) if find_spec("pyjobshop") else f"{'-':>10} {'-':>7} {'-':>6}")
        print(f"{name:10} {optimum:8} | {cells[0]} | {cells[1]}")


def _cells(value: float, proven: bool, spent: float) -> str:
    return f"{value:10.0f} {'yes' if proven else 'no':>7} {spent:6.1f}"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
