"""Linewright on one instance, in a process of its own."""

from __future__ import annotations

import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from benchmarks.scheduling.clock import BusiestThread, Watchdog
from benchmarks.scheduling.problem import Work
from linewright import read
from linewright.model.ports import Progress, Stop
from linewright.model.results import Plan
from linewright.plan import schedule
from linewright.plan.search.portfolio import GRID
from linewright.plan.stop import Rounds, Seconds
from linewright.plan.warm import warm


def solve(task: dict[str, Any], clock: BusiestThread, _: Watchdog) -> dict[str, Any]:
    """Read, warm up, plan; the plan was verified by `schedule`, which raises otherwise.

    The best rule is the best of the plans with which the search begins: one for each pair of scales of the ATCS rule.
    """
    # The exact solver is loaded when it is first used; that the peer's is there before its clock starts is only fair.
    import_module("ortools.sat.python.cp_model")
    factory = read(*task["files"], reader=task["reader"], options=task["options"])
    warm()
    first: list[float] = []
    begun, all_begun = clock.seconds(), time.process_time()

    def watch(progress: Progress) -> None:
        if not first:
            first.append(clock.seconds() - begun)

    only_rules = task["program"] == "ATCS rule"
    stop: Stop = Rounds(len(GRID)) if only_rules else Seconds(task["seconds"])
    plan = schedule(
        factory, stop=stop, seed=task["seed"], objective=task["objective"], watch=watch, clock=clock,
        exact=not only_rules,
    )  # fmt: skip
    spent, all_spent = clock.seconds() - begun, time.process_time() - all_begun
    units = 60.0 if task["classic"] and plan.objective == "makespan" else 1.0
    return {
        "value": plan.value * units,
        "bound": None if plan.bound.kind == "none" else plan.bound.value * units,
        "proven": plan.proven,
        "objective": plan.objective,
        "operations": plan.operations.height,
        "late_orders": plan.late_orders.height,
        "parts": ", ".join(f"{part} {money:,.0f}" for part, money in plan.costs.items() if money >= 0.5),
        "first_seconds": first[0] if first else spent,
        "seconds": spent,
        "cpu_seconds": all_spent,
        "work": [vars(work) for work in work_of(plan)] if task["classic"] else None,
    }


def work_of(plan: Plan) -> list[Work]:
    """The plan of a classic instance, in units of the file (a unit is a minute)."""
    minute = timedelta(minutes=1)
    return [
        Work(
            operation=f"{row['material']}/{row['step']}",
            machine=row["machine"],
            worker=";".join(row["people"] or ()),
            start=round((row["start"] - plan.start) / minute),
            end=round((row["end"] - plan.start) / minute),
        )
        for row in plan.operations.iter_rows(named=True)
    ]
