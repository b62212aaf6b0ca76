"""Many figures against their exact values at once: all within chance, or not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.twin.statistics.intervals import not_enough


@dataclass(frozen=True)
class Family:
    """How the deviations of many estimates look together; if all are right they are standard normal.

    `worst` is the place of the largest deviation. `largest_p`, `mean_p` and `spread_p` are the probabilities of a
    largest deviation, a mean and a standard deviation as odd as these; `passes` when none of them is less than a third
    of `error`. Too small a spread is as odd as too large a one: intervals are then wider than they need be.
    """

    n: int
    mean: float
    deviation: float
    largest: float
    worst: int
    largest_p: float
    mean_p: float
    spread_p: float
    error: float
    note: str = ""

    @property
    def passes(self) -> bool:
        """Whether all of it is chance."""
        return self.n > 0 and min(self.largest_p, self.mean_p, self.spread_p) >= self.error / 3

    def __repr__(self) -> str:
        """The family in one line."""
        return (
            f"Family of {self.n}: mean z {self.mean:+.2f}, sd {self.deviation:.2f}, largest {self.largest:+.2f} "
            f"(no. {self.worst}), {'all in range' if self.passes else 'NOT in range'} at {self.error:g}"
        )


def z_of(values: Any, exact: float, *, rounding: float = 0.0) -> float:
    """How many standard deviations the mean of independent runs is off an exact value, as a normal deviation.

    Parameters
    ----------
    values
        One value for each run (n >= 2).
    rounding
        By how much the exact value may be off because it is printed with so many digits.
    """
    values = np.asarray(values, np.float64)
    return z_of_estimate(
        float(values.mean()), float(values.std(ddof=1)) / math.sqrt(values.size), exact, freedom=values.size - 1,
        rounding=rounding,
    )  # fmt: skip


def z_of_estimate(
    value: float, standard_error: float, exact: float, *, freedom: float = math.inf, rounding: float = 0.0
) -> float:
    """The same for an estimate with its standard error; few degrees of freedom are allowed for by Student's t."""
    off = value - exact
    off = math.copysign(max(abs(off) - rounding, 0.0), off)
    if standard_error <= 0:
        # A run without chance has to be right, but for the last digits of its arithmetic.
        return 0.0 if abs(off) <= 1e-9 * max(abs(exact), 1e-300) else math.copysign(math.inf, off)
    deviations = off / standard_error
    if math.isinf(freedom):
        return deviations
    from scipy.special import ndtri, stdtr

    # The deviation with the same probability under the normal; from the small tail, where digits are left.
    return math.copysign(float(-ndtri(stdtr(freedom, -abs(deviations)))), deviations)


def family(deviations: Any, *, error: float = 0.01) -> Family:
    """Judge independent deviations together.

    If every estimate is right, deviations are standard normal, so the largest of n follows Sidak's law (1967), their
    mean times the root of n is standard normal, and their sum of squares about it is chi-square.

    Parameters
    ----------
    error
        How often a family that is all right may fail.
    """
    from scipy.special import chdtr, chdtrc, ndtr

    deviations = np.asarray(deviations, np.float64).ravel()
    n = deviations.size
    if not n:
        nan = math.nan
        return Family(0, nan, nan, nan, -1, nan, nan, nan, error, not_enough(0, 1))
    worst = int(np.argmax(np.abs(deviations)))
    largest = float(deviations[worst])
    if not math.isfinite(float(deviations.sum())):
        return Family(n, math.nan, math.nan, largest, worst, 0.0, 0.0, 0.0, error)
    mean = float(deviations.mean())
    squares = float(((deviations - mean) ** 2).sum())
    one = 2 * float(ndtr(-abs(largest)))
    spread_p = 2 * min(float(chdtr(n - 1, squares)), float(chdtrc(n - 1, squares))) if n > 1 else 1.0
    return Family(
        n, mean, math.sqrt(squares / (n - 1)) if n > 1 else math.nan, largest, worst,
        largest_p=-math.expm1(n * math.log1p(-one)) if one < 1 else 1.0,
        mean_p=2 * float(ndtr(-abs(mean) * math.sqrt(n))), spread_p=spread_p, error=error,
    )  # fmt: skip
