"""Intervals for means, shares and quantiles of independent runs, also where there are too few runs to say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

STUDENT = "Student t"
WILSON = "Wilson"
ORDER_STATISTICS = "order statistics"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A figure with what chance may have made of it.

    `value` lies between `low` and `high` with this `confidence`; both are NaN where the runs do not suffice, and the
    `note` then says so. `n` counts the runs that the figure rests on.
    """

    value: float
    low: float
    high: float
    n: int
    confidence: float
    method: str
    seed: int | None = None
    note: str = ""

    @property
    def half_width(self) -> float:
        """Half of the distance between low and high."""
        return (self.high - self.low) / 2

    @property
    def known(self) -> bool:
        """Whether the runs sufficed for an interval."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    def row(self) -> dict[str, Any]:
        """The interval as cells of a table; what is not known is empty."""
        cells = {"mean": self.value, "low": self.low, "high": self.high}
        known = {name: None if math.isnan(cell) else cell for name, cell in cells.items()}
        return {**known, "n": self.n, "confidence": self.confidence, "method": self.method, "seed": self.seed}

    def __contains__(self, value: float) -> bool:
        """Whether a value lies inside."""
        return self.low <= value <= self.high


def mean_interval(values: Any, *, confidence: float = 0.95, seed: int | None = None) -> Interval:
    """The mean of independent runs with Student's t interval.

    Parameters
    ----------
    values
        One value for each run (n). Runs without the figure (NaN) are left out, and n says how many are left.
    """
    values = present(values)
    mean, low, high = student(values[:, None], confidence)
    note = not_enough(values.size, 2) if values.size < 2 else endless(values)
    return Interval(
        value=float(mean[0]), low=float(low[0]), high=float(high[0]), n=values.size, confidence=confidence,
        method=STUDENT, seed=seed, note=note,
    )  # fmt: skip


def share_interval(successes: int, n: int, *, confidence: float = 0.95, seed: int | None = None) -> Interval:
    """A share of n independent runs with Wilson's interval (1927), which holds near 0 and 1 too."""
    share, low, high = wilson(np.array([successes]), n, confidence)
    return Interval(
        value=float(share[0]), low=float(low[0]), high=float(high[0]), n=n, confidence=confidence, method=WILSON,
        seed=seed, note=not_enough(0, 1) if n < 1 else "",
    )  # fmt: skip


def quantile_interval(values: Any, level: float, *, confidence: float = 0.95, seed: int | None = None) -> Interval:
    """The value that a share `level` of the runs keep, with an interval by order statistics, free of any distribution.

    Parameters
    ----------
    values
        One value for each run (n); runs without the figure (NaN) are left out.
    level
        The share, greater than 0 and less than 1.
    """
    values = present(values)
    value, low, high = quantiles(values[:, None], level, confidence)
    least = runs_for_quantile(level, confidence)
    return Interval(
        value=float(value[0]), low=float(low[0]), high=float(high[0]), n=values.size, confidence=confidence,
        method=ORDER_STATISTICS, seed=seed, note=not_enough(values.size, least) if values.size < least else "",
    )  # fmt: skip


def student(values: Any, confidence: float = 0.95) -> tuple[Any, Any, Any]:
    """Mean, low and high of each column of (n, columns).

    Missing values (NaN) are left out. Low and high are NaN where fewer than two are left, or where one is infinite.
    """
    from scipy.special import stdtrit

    there = ~np.isnan(values)
    n = there.sum(axis=0)
    least = np.where(there, values, np.inf).min(axis=0, initial=np.inf)
    most = np.where(there, values, -np.inf).max(axis=0, initial=-np.inf)
    endless, equal = np.isinf(values).any(axis=0), (least == most) & (n > 0)
    used = np.where(there & ~endless, values, 0.0)
    mean = used.sum(axis=0) / np.maximum(n, 1)
    away = np.where(there & ~endless, used - mean, 0.0)
    deviation = np.sqrt((away**2).sum(axis=0) / np.maximum(n - 1, 1))
    half = stdtrit(np.maximum(n - 1, 1), (1 + confidence) / 2) * deviation / np.sqrt(np.maximum(n, 1))
    # Equal values keep their value to the last bit; a sum and a division would not.
    mean, half = np.where(equal, least, mean), np.where(equal, 0.0, half)
    mean = np.where(endless, np.where(np.isinf(most), most, least), mean)
    half = np.where((n < 2) | endless, np.nan, half)
    mean = np.where(n < 1, np.nan, mean)
    return mean, mean - half, mean + half


def wilson(successes: Any, n: int, confidence: float = 0.95) -> tuple[Any, Any, Any]:
    """Share, low and high for each count of successes in n runs; 0 to 1 where there are none."""
    successes = np.asarray(successes, np.float64)
    if n < 1:
        return np.full(successes.shape, np.nan), np.zeros(successes.shape), np.ones(successes.shape)
    share, factor = successes / n, normal_factor(confidence)
    middle = (share + factor**2 / (2 * n)) / (1 + factor**2 / n)
    half = factor / (1 + factor**2 / n) * np.sqrt(share * (1 - share) / n + factor**2 / (4 * n**2))
    # Rounding must not push a bound off 0 or 1, where Wilson's bounds are exact.
    low = np.where(successes == 0, 0.0, middle - half)
    return share, low, np.where(successes == n, 1.0, middle + half)


def quantiles(values: Any, level: float, confidence: float = 0.95) -> tuple[Any, Any, Any]:
    """The quantile, low and high of each column of (n, columns); low and high are NaN where n does not suffice.

    Missing values (NaN) are left out; infinite ones are larger than all others.
    The r-th smallest value lies below the quantile unless fewer than r values do, and that number is binomial, so two
    ranks bound it whatever the distribution (David & Nagaraja 2003, Order Statistics, section 7.1).
    """
    n, columns = values.shape
    unknown = np.full(columns, np.nan)
    if n < 1:
        return unknown, unknown, unknown
    if np.isnan(values).any():
        found = [quantiles(present(column)[:, None], level, confidence) for column in values.T]
        value, low, high = (np.concatenate(part) for part in zip(*found, strict=True))
        return value, low, high
    ordered = np.sort(values, axis=0)
    # The smallest value that at least this share of the runs keeps; the slack is for 0.95 x 20 = 19.000000000000004.
    value = ordered[min(max(math.ceil(level * n - 1e-9), 1), n) - 1]
    ranks = quantile_ranks(n, level, confidence)
    if ranks is None:
        return value, unknown, unknown
    return value, ordered[ranks[0] - 1], ordered[ranks[1] - 1]


def quantile_ranks(n: int, level: float, confidence: float = 0.95) -> tuple[int, int] | None:
    """The ranks (from 1) of the two values that bound a quantile of n runs; None if n does not suffice."""
    if n < runs_for_quantile(level, confidence):
        return None
    from scipy.special import bdtr

    tail = (1 - confidence) / 2
    below = bdtr(np.arange(n), n, level)  # Probability that at most 0, 1, ..., n - 1 values lie below the quantile.
    low = int(np.searchsorted(below, tail * (1 + 1e-12), side="right"))
    high = int(np.searchsorted(below, (1 - tail) * (1 - 1e-12), side="left")) + 1
    return max(low, 1), min(high, n)


def runs_for_quantile(level: float, confidence: float = 0.95) -> int:
    """The smallest number of runs for which order statistics bound a quantile on both sides."""
    tail = (1 - confidence) / 2
    return math.ceil(max(math.log(tail) / math.log(level), math.log(tail) / math.log(1 - level)) - 1e-9)


def student_factor(freedom: float, confidence: float = 0.95) -> float:
    """The quantile of Student's t for a two-sided interval."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def normal_factor(confidence: float = 0.95) -> float:
    """The quantile of the normal distribution for a two-sided interval."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def not_enough(runs: int, least: int) -> str:
    """Say that there are too few runs: "not enough: 6 runs, at least 72 are needed"."""
    return f"not enough: {runs:,} {'run' if runs == 1 else 'runs'}, at least {least:,} are needed"


def endless(values: Any) -> str:
    """Say in how many runs a figure is infinite, as where a line stops for good: "without end in 3 of 40 runs"."""
    count = int(np.isinf(values).sum())
    return f"without end in {count:,} of {values.size:,} runs" if count else ""


def present(values: Any) -> Any:
    """The values that are there, as float64."""
    values = np.asarray(values, np.float64).ravel()
    return values[~np.isnan(values)]
