"""Two or more designs compared on common random numbers: the difference of each pair of runs counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.twin.statistics.intervals import Interval, endless, mean_interval, not_enough, student_factor

PAIRED = "paired t"
FIELLER = "paired ratio (Fieller)"
#: The same change in every run is taken for certain from so many runs on; in fewer, others may just not have come up.
LEAST_EQUAL = 10
#: Changes that differ by a smaller share of the figures are equal but for rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Difference:
    """What a design changes against the base, run by run.

    `absolute` is in the figure's unit and `percent` in per cent of the base's mean; either excludes 0 exactly when the
    other does. `p_value` is that of no difference. `variance_ratio` says how many times as many independent runs it
    would take for the same interval, `correlation` how alike chance was for both.
    """

    absolute: Interval
    percent: Interval
    p_value: float
    variance_ratio: float
    correlation: float


def paired_difference(base: Any, other: Any, *, confidence: float = 0.95, seed: int | None = None) -> Difference:
    """The difference other - base of two designs whose runs with the same place have the same chance.

    Parameters
    ----------
    base, other
        One value for each run (n). Pairs of which one is NaN are left out; where one is infinite nothing is known.
    """
    base, other = pairs(base, other)
    note = endless(base) or endless(other)
    if note:
        return _unknown(base.size, note, confidence, seed)
    change = _without_rounding(base, other)
    if 2 <= change.size < LEAST_EQUAL and change[0] != 0 and (change == change[0]).all():
        return _unknown(base.size, not_enough(base.size, LEAST_EQUAL), confidence, seed)
    absolute = mean_interval(change, confidence=confidence, seed=seed)
    absolute = Interval(**{**vars(absolute), "method": PAIRED})
    apart = _variance(base) + _variance(other)
    together = _variance(change)
    return Difference(
        absolute=absolute,
        percent=percent_interval(base, change, confidence=confidence, seed=seed),
        p_value=p_value_of_zero(change),
        variance_ratio=apart / together if together > 0 else math.inf if apart > 0 else math.nan,
        correlation=_correlation(base, other),
    )


def percent_interval(base: Any, change: Any, *, confidence: float = 0.95, seed: int | None = None) -> Interval:
    """The mean change in per cent of the base's mean, by Fieller's theorem (1954).

    A ratio q of the means of change and base is inside when the mean of change - q base is within t standard errors of
    0; these are the q between two roots, unless the base's own mean may be 0.
    """
    n = base.size
    value = math.nan
    low = high = math.nan
    note = not_enough(n, 2) if n < 2 else ""
    if n and base.mean() != 0:
        value = 100 * float(change.mean() / abs(base.mean()))
    if n >= 2:
        factor = student_factor(n - 1, confidence) ** 2 / n
        spread = np.cov(base, change)
        square = float(base.mean() ** 2 - factor * spread[0, 0])
        if square > 0:
            middle = float(base.mean() * change.mean() - factor * spread[0, 1])
            constant = float(change.mean() ** 2 - factor * spread[1, 1])
            root = math.sqrt(max(middle**2 - square * constant, 0.0))
            sign = 1 if base.mean() > 0 else -1
            low, high = sorted(100 * sign * (middle + side * root) / square for side in (-1, 1))
        else:
            note = "the base is too near to 0 for a share of it"
    return Interval(
        value=value, low=low, high=high, n=n, confidence=confidence, method=FIELLER, seed=seed, note=note
    )  # fmt: skip


def p_value_of_zero(change: Any) -> float:
    """How likely a mean change as large as this is when there is none, by Student's t; NaN for too few runs."""
    if change.size < 2:
        return math.nan
    if (change == change[0]).all():
        return 1.0 if change[0] == 0 else 0.0 if change.size >= LEAST_EQUAL else math.nan
    from scipy.special import stdtr

    deviations = float(change.mean() / (change.std(ddof=1) / math.sqrt(change.size)))
    return 2 * float(stdtr(change.size - 1, -abs(deviations)))


def holm(p_values: Any) -> Any:
    """The p-values adjusted for how many there are (Holm 1979): a difference is found where one is at most alpha.

    Of all comparisons together, the chance to find one that is not there is then at most alpha. What is not known (NaN)
    counts as not found.
    """
    p_values = np.asarray(p_values, np.float64)
    order = np.argsort(np.where(np.isnan(p_values), 1.0, p_values), kind="stable")
    steps = p_values[order] * np.arange(p_values.size, 0, -1)
    adjusted = np.empty(p_values.size)
    # Once one is not found none with a larger p-value is, hence the running maximum.
    adjusted[order] = np.minimum(np.maximum.accumulate(np.where(np.isnan(steps), 1.0, steps)), 1.0)
    return np.where(np.isnan(p_values), np.nan, adjusted)


def holm_confidences(p_values: Any, confidence: float = 0.95) -> Any:
    """The confidence with which Holm's procedure tests each comparison.

    The surest of k is tested at 1 - alpha/k, the next at 1 - alpha/(k - 1), and all from the first that is not found at
    the same. An interval with this confidence excludes 0 exactly when its difference is found.
    """
    p_values = np.asarray(p_values, np.float64)
    count, error = p_values.size, 1 - confidence
    found = int(np.count_nonzero(holm(p_values) <= error))
    order = np.argsort(np.where(np.isnan(p_values), 1.0, p_values), kind="stable")
    left = count - np.minimum(np.arange(count), min(found, count - 1))
    confidences = np.empty(count)
    confidences[order] = 1 - error / left
    return confidences


def pairs(base: Any, other: Any) -> tuple[Any, Any]:
    """Both sides of the runs in which both have the figure, as float64."""
    base, other = (np.asarray(side, np.float64) for side in (base, other))
    if base.shape != other.shape:
        message = f"pairs need as many runs on both sides, not {base.size} and {other.size}"
        raise ValueError(message)
    both = ~(np.isnan(base) | np.isnan(other))
    return base[both], other[both]


def _without_rounding(base: Any, other: Any) -> Any:
    """The change in each run; the same in all where only rounding tells them apart."""
    change = other - base
    if change.size and np.ptp(change) <= ROUNDING * max(np.abs(base).max(), np.abs(other).max()):
        return np.full(change.size, change[0])
    return change


def _unknown(n: int, note: str, confidence: float, seed: int | None) -> Difference:
    nan = math.nan
    unknown = Interval(
        value=nan, low=nan, high=nan, n=n, confidence=confidence, method=PAIRED, seed=seed, note=note
    )  # fmt: skip
    return Difference(unknown, Interval(**{**vars(unknown), "method": FIELLER}), nan, nan, nan)


def _variance(values: Any) -> float:
    if values.size < 2 or (values == values[0]).all():
        return 0.0
    return float(values.var(ddof=1))


def _correlation(base: Any, other: Any) -> float:
    deviation = math.sqrt(_variance(base) * _variance(other))
    if deviation == 0:
        return math.nan
    return float(np.cov(base, other)[0, 1]) / deviation
