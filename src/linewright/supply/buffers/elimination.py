"""Take choices out of the problem without losing the optimum, and put them back afterwards.

A choice with one neighbour is replaced by what it costs at best for each value of that neighbour: on a tree this is the
dynamic programme of Graves & Willems (2000), which leaves nothing. A choice with two neighbours is replaced in the same
way by a matrix over the two (nonserial dynamic programming: Bertele & Brioschi, 1972). Choices that are ordered with
the same others, and have no matrix, act as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linewright.supply.buffers.problem import Problem

#: Sums that one elimination of a choice between two matrices may take.
MOST_SUMS = 4e8


@dataclass
class Trail:
    """The choices that were taken out, each with the terms from which its best value follows."""

    steps: list[tuple[int, Any, tuple[int, ...], tuple[int, ...], dict[int, Any]]] = field(default_factory=list)

    def note(self, problem: Problem, choice: int) -> None:
        """Remember a choice before it is removed."""
        above, below = tuple(problem.above[choice]), tuple(problem.below[choice])
        self.steps.append((choice, problem.single[choice], above, below, dict(problem.pair[choice])))

    def complete(self, values: dict[int, int]) -> dict[int, int]:
        """Add the best value of each choice that was taken out, last first."""
        for choice, single, above, below, pair in reversed(self.steps):
            cost = single.copy()
            for other in above:
                cost[values[other] + 1 :] = np.inf
            for other in below:
                cost[: values[other]] = np.inf
            for other, matrix in pair.items():
                cost += matrix[:, values[other]]
            values[choice] = int(cost.argmin())
        return values


def eliminate(problem: Problem, choices: Iterable[int] | None = None) -> tuple[Trail, list[int]]:
    """Take out whatever can be taken out; the result is the trail and the choices that are left."""
    trail = Trail()
    left = set(range(len(problem.single)) if choices is None else choices)
    waiting = set(left)
    while waiting:
        # Whoever has one neighbour goes first: a message is a row of costs, and not a matrix.
        touched = _wave(problem, trail, left, waiting, 1) or _wave(problem, trail, left, waiting, 2)
        waiting = (waiting | touched if touched else _merge(problem, trail, left)) & left
    return trail, sorted(left)


def _wave(problem: Problem, trail: Trail, left: set[int], waiting: set[int], most: int) -> set[int]:
    """Take out the waiting choices with so few neighbours; the result is what was touched."""
    touched: set[int] = set()
    for choice in sorted(waiting):
        if choice in left and problem.degree(choice) <= most and _cheap(problem, choice):
            touched.update(problem.neighbours(choice))
            _take_out(problem, trail, choice)
            left.discard(choice)
    return touched


def _cheap(problem: Problem, choice: int) -> bool:
    """Whether taking a choice out makes the rest smaller, or at least not much larger."""
    if problem.degree(choice) < 2:
        return True
    if not problem.pair[choice]:
        # Ordered with two others: as it is, it costs one column for each value; as a matrix, one for each pair.
        return False
    one, other = problem.neighbours(choice)
    size, rows, columns = (len(problem.single[at]) for at in (choice, one, other))
    before = sum(matrix.size for matrix in problem.pair[choice].values())
    after = 0 if other in problem.pair[one] else rows * columns
    matrices = len(problem.pair[choice])
    return after <= 1.2 * before and (matrices < 2 or size * rows * columns <= MOST_SUMS)


def _take_out(problem: Problem, trail: Trail, choice: int) -> None:
    trail.note(problem, choice)
    near = problem.neighbours(choice)
    if not near:
        problem.fixed += float(problem.single[choice].min())
    elif len(near) == 1:
        problem.single[near[0]] = problem.single[near[0]] + _message(problem, choice, near[0])
    else:
        near.sort(key=lambda other: other in problem.pair[choice])
        cost = _matrix(problem, choice, near[0], near[1])
        problem.remove(choice)
        problem.join(near[0], near[1], cost)
    problem.remove(choice)


def _message(problem: Problem, choice: int, other: int) -> Any:
    """The least cost of a choice for each value of its only neighbour."""
    single, size = problem.single[choice], len(problem.single[other])
    if other in problem.above[choice]:
        return _fitted(np.minimum.accumulate(single), size, np.inf)
    if other in problem.below[choice]:
        return _fitted(np.minimum.accumulate(single[::-1])[::-1], size, np.inf, last=False)
    return (single[:, None] + problem.pair[choice][other]).min(axis=0)


def _matrix(problem: Problem, choice: int, one: int, other: int) -> Any:
    """The least cost of a choice for each pair of values of its two neighbours; the second has a matrix with it."""
    cost = problem.single[choice][:, None] + problem.pair[choice][other]
    size = len(problem.single[one])
    if one in problem.above[choice]:
        return _fitted(np.minimum.accumulate(cost, axis=0), size, np.inf)
    if one in problem.below[choice]:
        return _fitted(np.minimum.accumulate(cost[::-1], axis=0)[::-1], size, np.inf, last=False)
    first = np.ascontiguousarray(problem.pair[choice][one].T)
    cost = np.ascontiguousarray(cost.T)
    return np.stack([(row + cost).min(axis=1) for row in first])


def _fitted(costs: Any, size: int, beyond: float, *, last: bool = True) -> Any:
    """The first rows of some costs; further ones repeat the last row, or are not allowed."""
    if size <= len(costs):
        return costs[:size]
    rows = np.broadcast_to(
        costs[-1] if last else np.full(costs.shape[1:], beyond), (size - len(costs), *costs.shape[1:])
    )
    return np.concatenate([costs, rows])


def _merge(problem: Problem, trail: Trail, left: set[int]) -> set[int]:
    """Let choices that are ordered with the same others act as one; the result is what was touched."""
    groups: dict[tuple[frozenset[int], frozenset[int]], list[int]] = {}
    for choice in sorted(left):
        one_sided = bool(problem.above[choice]) != bool(problem.below[choice])
        if one_sided and not problem.pair[choice]:
            key = frozenset(problem.above[choice]), frozenset(problem.below[choice])
            groups.setdefault(key, []).append(choice)
    touched: set[int] = set()
    for (above, below), members in groups.items():
        changed = problem.above[members[0]] != above or problem.below[members[0]] != below
        if len(members) < 2 or changed:
            continue
        size = max(len(problem.single[member]) for member in members)
        group = problem.add(np.zeros(size))
        for other in above:
            problem.order(group, other)
        for other in below:
            problem.order(other, group)
        left.add(group)
        for member in members:
            _join_group(problem, trail, member, group, last=bool(above))
            left.discard(member)
        touched |= {group, *above, *below}
    return touched


def _join_group(problem: Problem, trail: Trail, member: int, group: int, *, last: bool) -> None:
    """Let a group pay for its member: the member chooses at most (or at least) what the group chose."""
    single = problem.single[member]
    best = np.minimum.accumulate(single) if last else np.minimum.accumulate(single[::-1])[::-1]
    problem.single[group] = problem.single[group] + _fitted(best, len(problem.single[group]), np.inf, last=last)
    trail.steps.append((member, single, (group,) if last else (), () if last else (group,), {}))
    problem.remove(member)
