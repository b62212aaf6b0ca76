"""How high a cumulative sum may rise before it is an alarm, so that false alarms are as rare as asked for."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np

#: States into which the sum's range is cut; the answer has settled to three digits by then.
STATES = 60


def run_length(threshold: float, allowance: float, largest: float) -> float:
    """Periods between false alarms of a two-sided cumulative sum of standard normal scores, on average.

    The sum is treated as a Markov chain (Brook & Evans 1972): state j is a range of its value, and the mean time
    to leave all states solves (I - P) t = 1. Scores beyond `largest` count as `largest`.
    """
    width = 2 * threshold / (2 * STATES - 1)
    places = np.arange(STATES) * width
    # From each state to the upper edge of each state; the lowest state takes everything below it.
    edges = places[None, :] + width / 2 - places[:, None] + allowance
    chance = np.vectorize(NormalDist().cdf)(edges)
    chance = np.where(edges >= largest, 1.0, np.where(edges < -largest, 0.0, chance))
    moves = np.diff(chance, axis=1, prepend=0.0)
    leave = np.linalg.solve(np.eye(STATES) - moves, np.ones(STATES))
    return float(leave[0]) / 2


@lru_cache
def threshold_for(periods: float, allowance: float, largest: float) -> float:
    """The lowest threshold with so many periods between false alarms, or more (by bisection)."""
    low, high = 0.5, 20.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if run_length(middle, allowance, largest) < periods else (low, middle)
    return high
