"""The three forms of a statistic: a distribution by its quantiles, shares of values, and a single figure.

Each says what it means and how many values it was taken from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

#: The extreme hundredths are left out: they are mistypings and one-off orders in all of the sets.
LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)

#: At which shares of the products, largest first, the share of the demand is kept.
RANKS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)

Statistic = dict[str, Any]


def quantiles(meaning: str, values: Iterable[float], digits: int = 4) -> Statistic:
    """A distribution of a continuous value."""
    array = np.asarray(list(values), dtype=float)
    found = np.quantile(array, LEVELS)
    pairs = [[level, round(float(value), digits)] for level, value in zip(LEVELS, found, strict=True)]
    return {"meaning": meaning, "sample": int(array.size), "quantiles": pairs}


def shares(meaning: str, values: Iterable[float], least: float = 0.01) -> Statistic:
    """How often each value of a discrete distribution appears; values rarer than `least` are left out."""
    array = np.asarray(list(values), dtype=float)
    value, count = np.unique(array, return_counts=True)
    often = count >= least * array.size
    pairs = [
        [float(v) if v % 1 else int(v), round(float(c / count[often].sum()), 4)]
        for v, c in zip(value[often], count[often], strict=True)
    ]
    return {"meaning": meaning, "sample": int(array.size), "shares": pairs}


def figure(meaning: str, value: float, sample: int) -> Statistic:
    """One number."""
    return {"meaning": meaning, "sample": int(sample), "value": round(float(value), 4)}


def concentration(meaning: str, demand: Iterable[float]) -> Statistic:
    """Which share of the demand the largest products have: points of the Lorenz curve, largest first."""
    array = np.sort(np.asarray(list(demand), dtype=float))[::-1]
    curve = np.concatenate([[0.0], np.cumsum(array) / array.sum()])
    at = np.interp(RANKS, np.linspace(0, 1, array.size + 1), curve)
    pairs = [[rank, round(float(value), 4)] for rank, value in zip(RANKS, at, strict=True)]
    return {"meaning": meaning, "sample": int(array.size), "curve": pairs}
