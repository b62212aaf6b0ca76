"""A plan between two good ones, from which another search begins.

Path relinking (Glover, Laguna and Martí, Control and Cybernetics 29 (2000) 653-684; for job shops Peng, Lü and Cheng,
Computers & Operations Research 53 (2015) 154-164) walks from one plan towards another and searches on from somewhere
in the middle. Here the walk is one step: operations are lined up by a mean of their places in both plans. Steps of a
job keep their order in every such mean, so the plan in between always exists.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Elite(NamedTuple):
    """A plan worth keeping: its makespan, a topological order, the modes, and the places on the machines."""

    length: int
    order: Any
    mode: Any
    place: Any


def between(one: Elite, other: Elite, share: float, mixed: Any) -> tuple[Any, Any]:
    """An order and modes that lie between two plans.

    Parameters
    ----------
    share
        How much the places in the other plan count, from 0 to 1.
    mixed
        For each operation whether it takes the mode of the other plan.
    """
    key = (1.0 - share) * np.argsort(one.order) + share * np.argsort(other.order)
    return np.argsort(key, kind="stable").astype(np.int32), np.where(mixed, other.mode, one.mode).astype(np.int32)


def places(order: Any, machine: Any) -> Any:
    """The place of each operation on its machine (`machine` by operation) in an order of work."""
    by_machine = order[np.argsort(machine[order], kind="stable")]
    first = np.searchsorted(machine[by_machine], machine[by_machine], side="left")
    place = np.empty(order.size, np.int32)
    place[by_machine] = np.arange(order.size) - first
    return place


def distance(one: Elite, other: Elite) -> float:
    """By how many places operations differ in the mean between two plans; another mode counts as one place."""
    moved = np.abs(one.place - other.place)
    return float(np.where(one.mode == other.mode, moved, np.maximum(moved, 1)).mean())
