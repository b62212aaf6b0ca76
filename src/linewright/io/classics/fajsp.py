"""Flexible shops with arbitrary precedence (Birgin et al. 2014): operations, arcs and machines, all numbered from 0.

The file knows operations only; those that are joined by arcs are taken as one job.
"""

from __future__ import annotations

import numpy as np

from linewright.io.classics.instance import Alternatives, Instance
from linewright.io.classics.numerals import IntArray, Numerals

COUNT_CURE = "write the number of machines of each operation, then that many pairs of machine and duration"


def read_fajsp(numbers: Numerals) -> Instance:
    """Read a shop whose operations follow each other in any graph.

    Raises
    ------
    SourceError
        Numbers are missing, or an operation or machine does not exist.
    """
    operations, arcs, machines = numbers.counts(3)
    if len(numbers.values) < 2 * arcs:
        numbers.fail(len(numbers.values), f"{arcs} arcs are announced", "write two operations for each arc")
    pairs = np.array(numbers.values[: 2 * arcs], dtype=np.int64).reshape(-1, 2)
    wrong = np.flatnonzero(((pairs < 0) | (pairs >= operations)).ravel())
    if len(wrong):
        numbers.fail(int(wrong[0]), f"operations are numbered 0 to {operations - 1}", "correct the arc")
    choices, positions = _choices(numbers, 2 * arcs, operations, machines)
    job = _joined(operations, pairs)
    before: list[list[int]] = [[] for _ in range(operations)]
    for first, second in pairs.tolist():
        before[second].append(first)
    jobs = int(job.max()) + 1
    return Instance(
        file=numbers.file,
        machines=[f"M{number}" for number in range(machines)],
        jobs=[f"J{number}" for number in range(1, jobs + 1)],
        job=job,
        step=np.arange(operations),
        line=numbers.line_of(np.array(positions, dtype=np.int64)),
        alternatives=choices,
        after=[";".join(map(str, sorted(steps))) or "-" for steps in before],
        assumptions=(f"Operations that are joined by arcs are one job: {operations} operations make {jobs} jobs.",),
    )


def _choices(numbers: Numerals, at: int, operations: int, machines: int) -> tuple[Alternatives, list[int]]:
    operation: list[int] = []
    machine: list[int] = []
    minutes: list[int] = []
    positions: list[int] = []
    for index in range(operations):
        count = numbers.values[at] if at < len(numbers.values) else 0
        end = at + 1 + 2 * count
        if count < 1 or end > len(numbers.values):
            numbers.fail(at, f"operation {index} has no complete list of machines", COUNT_CURE)
        positions.append(at)
        operation += [index] * count
        machine += numbers.values[at + 1 : end : 2]
        minutes += numbers.values[at + 2 : end : 2]
        if not all(0 <= number < machines for number in machine[-count:]) or min(minutes[-count:]) < 0:
            problem = f"operation {index} names a machine outside 0 to {machines - 1} or a negative time"
            numbers.fail(at, problem, COUNT_CURE)
        at = end
    if at < len(numbers.values):
        numbers.fail(at, f"numbers follow the last of {operations} operations", "leave them out")
    return Alternatives(operation, machine, minutes), positions


def _joined(operations: int, arcs: IntArray) -> IntArray:
    """The job of each operation: operations joined by arcs, jobs numbered in the order of their first operation."""
    root = list(range(operations))

    def find(operation: int) -> int:
        while root[operation] != operation:
            root[operation] = root[root[operation]]
            operation = root[operation]
        return operation

    for first, second in arcs.tolist():
        low, high = sorted((find(first), find(second)))
        root[high] = low
    roots = np.array([find(operation) for operation in range(operations)])
    return np.searchsorted(np.unique(roots), roots)
