"""PyJobShop on CP-SAT on one instance, in a process of its own that loads nothing of ours."""

from __future__ import annotations

import time
from collections import defaultdict
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import permutations
from pathlib import Path
from typing import Any

from benchmarks.scheduling.clock import BusiestThread, Watchdog
from benchmarks.scheduling.problem import Problem, Work

PACKAGE = "pyjobshop==0.0.9"
INSTALL = f"uv pip install {PACKAGE}, or the group bench of pyproject.toml"
WORKERS = 2


def installed() -> bool:
    """Whether the peer is here."""
    return find_spec("pyjobshop") is not None


def versions() -> str:
    """The peer's version and that of its solver."""
    return f"PyJobShop {version('pyjobshop')}, OR-Tools {version('ortools')}"


def solve(task: dict[str, Any], clock: BusiestThread, watchdog: Watchdog) -> dict[str, Any]:
    """Build the peer's model and let it search until the clock says that it is enough."""
    from pyjobshop.solve import solve as search

    problem = Problem.load(Path(task["problem"]))
    begun, all_begun = clock.seconds(), time.process_time()
    model, modes = model_of(problem, task["objective"])
    first: list[float] = []
    stop_by(task["seconds"], clock, watchdog, lambda: first.append(clock.seconds() - begun))
    result = search(model.data(), num_workers=WORKERS, random_seed=task["seed"])
    spent, all_spent = clock.seconds() - begun, time.process_time() - all_begun
    if not result.best.tasks:
        # Out of time is what can be expected, anything else is told.
        said = result.status.value
        failure = "no plan" if said == "Time-limit" else f"no plan: {said}"
        return {"failure": failure, "seconds": spent, "cpu_seconds": all_spent}
    work = [
        Work(name, modes[task.mode][0], modes[task.mode][1], task.start, task.end)
        for name, task in zip(problem.operations, result.best.tasks, strict=True)
    ]
    return {
        "value": result.objective,
        "bound": result.lower_bound,
        "proven": result.status.value == "Optimal",
        "late_orders": sum(job.is_tardy for job in result.best.jobs),
        "first_seconds": first[0] if first else spent,
        "seconds": spent,
        "cpu_seconds": all_spent,
        "work": [vars(one) for one in work],
    }


def stop_by(seconds: float, clock: BusiestThread, watchdog: Watchdog, found: Any) -> None:
    """Give the peer a solver that tells of its first plan and is stopped when its search has used its seconds.

    PyJobShop makes its solver inside, so the class is replaced there; the model and the parameters stay as they are.
    """
    from ortools.sat.python import cp_model

    class First(cp_model.CpSolverSolutionCallback):
        seen = False

        def on_solution_callback(self) -> None:
            if not self.seen:
                found()
            self.seen = True

    class Stopped(cp_model.CpSolver):
        def solve(self, model: Any, solution_callback: Any = None) -> Any:
            watchdog.act_from(clock.seconds() + seconds, self.stop_search)
            return super().solve(model, solution_callback or First())

    # The package hides this module behind the class of the same name.
    vars(import_module("pyjobshop.solvers.ortools.CPModel"))["CpSolver"] = Stopped


def model_of(problem: Problem, objective: str) -> tuple[Any, list[tuple[str, str, int]]]:
    """The peer's model, and its modes in the order in which the peer numbers them."""
    from pyjobshop import Model

    model = Model()
    listed = [mode for modes in problem.modes for mode in modes]
    machines = {name: model.add_machine(name=name) for name in sorted({mode[0] for mode in listed})}
    workers = {name: model.add_machine(name=name) for name in sorted({mode[1] for mode in listed} - {""})}
    weighted = objective == "cost"
    jobs = {
        name: model.add_job(weight=problem.weight.get(name, 1), due_date=problem.due.get(name)) if weighted else None
        for name in dict.fromkeys(problem.job)
    }
    tasks = [model.add_task(jobs[name]) for name in problem.job]
    for task, modes in zip(tasks, problem.modes, strict=True):
        for machine, worker, duration in modes:
            model.add_mode(task, [machines[machine], *([workers[worker]] if worker else [])], duration)
    for task, before in zip(tasks, problem.before, strict=True):
        for other in before:
            model.add_end_before_start(tasks[other], task)
    _add_setups(model, problem, machines, tasks)
    if weighted:
        model.set_objective(weight_total_tardiness=1)
    return model, listed


def _add_setups(model: Any, problem: Problem, machines: dict[str, Any], tasks: list[Any]) -> None:
    """A setup for each pair of operations that may follow each other on a machine."""
    setups = problem.setups()
    if not setups:
        return
    able: dict[str, set[int]] = defaultdict(set)
    for at, modes in enumerate(problem.modes):
        for mode in modes:
            able[mode[0]].add(at)
    for name, machine in machines.items():
        for first, second in permutations(sorted(able[name]), 2):
            pair = problem.family[first], problem.family[second]
            minutes = setups.get((name, *pair), setups.get(("", *pair), 0))
            if minutes:
                model.add_setup_time(machine, tasks[first], tasks[second], minutes)
