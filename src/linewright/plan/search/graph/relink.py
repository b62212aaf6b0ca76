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
    """A plan worth keeping: its makespan in seconds, a topological order and the modes."""

    length: int
    order: Any
    mode: Any


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


def distance(one: Elite, other: Elite) -> float:
    """The mean number of places by which operations differ between two plans, with a whole place for another mode."""
    moved = np.abs(np.argsort(one.order) - np.argsort(other.order)).mean()
    return float(moved + np.count_nonzero(one.mode != other.mode))
