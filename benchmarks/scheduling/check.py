"""A second opinion on every plan of a classic instance: plain Python that shares no code with either program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from benchmarks.scheduling.problem import Problem, Work


def breaches(problem: Problem, plan: Sequence[Work]) -> list[str]:
    """Every rule that a plan breaks, in words; empty when it is good."""
    by_name = {work.operation: work for work in plan}
    missing = [name for name in problem.operations if name not in by_name]
    if missing or len(plan) != len(problem.operations):
        return [f"{len(plan)} of {len(problem.operations)} operations are planned, without {missing[:3]}"]
    ordered = [by_name[name] for name in problem.operations]
    return [*_modes(problem, ordered), *_sequence(problem, ordered), *_machines(problem, ordered), *_workers(ordered)]


def value_of(problem: Problem, plan: Sequence[Work], objective: str) -> int:
    """The makespan, or for ``cost`` the weighted tardiness, in units of the file."""
    if objective == "makespan":
        return max((work.end for work in plan), default=0)
    jobs = dict(zip(problem.operations, problem.job, strict=True))
    finish: dict[str, int] = defaultdict(int)
    for work in plan:
        finish[jobs[work.operation]] = max(finish[jobs[work.operation]], work.end)
    return sum(problem.weight.get(job, 1) * max(finish[job] - due, 0) for job, due in problem.due.items())


def _modes(problem: Problem, plan: list[Work]) -> list[str]:
    return [
        f"{work.operation} on {work.machine} with {work.worker or 'nobody'} takes {work.end - work.start}"
        for work, modes in zip(plan, problem.modes, strict=True)
        if work.start < 0 or [work.machine, work.worker, work.end - work.start] not in [list(mode) for mode in modes]
    ]


def _sequence(problem: Problem, plan: list[Work]) -> list[str]:
    return [
        f"{work.operation} starts at {work.start}, before {plan[other].operation} ends at {plan[other].end}"
        for work, before in zip(plan, problem.before, strict=True)
        for other in before
        if work.start < plan[other].end
    ]


def _machines(problem: Problem, plan: list[Work]) -> list[str]:
    setups, family = problem.setups(), dict(zip(problem.operations, problem.family, strict=True))
    found = []
    for machine, queue in _queues(plan, "machine").items():
        for first, second in pairwise(queue):
            pair = family[first.operation], family[second.operation]
            setup = setups.get((machine, *pair), setups.get(("", *pair), 0))
            if second.start < first.end + setup:
                told = f"{second.operation} starts at {second.start}, {first.operation} ends at {first.end}"
                found.append(f"{machine}: {told}, and {setup} lie between them")
    return found


def _workers(plan: list[Work]) -> list[str]:
    return [
        f"{worker}: {second.operation} starts at {second.start}, {first.operation} ends at {first.end}"
        for worker, queue in _queues(plan, "worker").items()
        for first, second in pairwise(queue)
        if worker and second.start < first.end
    ]


def _queues(plan: list[Work], who: str) -> dict[str, list[Work]]:
    """What each machine or worker does, in the order of time; what takes no time goes first."""
    queues: dict[str, list[Work]] = defaultdict(list)
    for work in sorted(plan, key=lambda work: (work.start, work.end)):
        queues[getattr(work, who)].append(work)
    return queues
