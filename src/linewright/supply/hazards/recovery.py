"""How long a stop lasts: log-normal from its median and 95 % point, or as it was in the past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

#: The standard normal at 95 %: the worst of twenty stops lies this many deviations above the median.
WORST = NormalDist().inv_cdf(0.95)
#: Where neither the rows nor history say how far stops spread, the 95 % point is this many medians.
ASSUMED_SPREAD = 3.0


@dataclass(frozen=True)
class Recovery:
    """The time to recover after a stop.

    Parameters
    ----------
    median_days
        Half of the stops are over by then; at least 0.
    worst_days
        19 of 20 stops are over by then; not less than the median.
    observed_days
        Where given, these sorted days are the distribution (linear between the middles of its steps), and the two
        figures above only describe it.
    """

    median_days: float
    worst_days: float
    observed_days: tuple[float, ...] = ()

    @classmethod
    def of(cls, median_days: float, worst_days: float | None = None) -> Recovery:
        """Log-normal from the median and the 95 % point; without that, three times the median is assumed."""
        return cls(median_days, max(median_days, ASSUMED_SPREAD * median_days if worst_days is None else worst_days))

    @classmethod
    def fixed(cls, days: float) -> Recovery:
        """Always the same."""
        return cls(days, days)

    @classmethod
    def observed(cls, days: Sequence[float]) -> Recovery:
        """As it was in the past, each of these days as likely as the others."""
        ordered = np.sort(np.asarray(days, np.float64))
        return cls(float(np.quantile(ordered, 0.5)), float(np.quantile(ordered, 0.95)), tuple(ordered.tolist()))

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm."""
        return math.log(self.worst_days / self.median_days) / WORST if self.median_days > 0 else 0.0

    @property
    def mean_days(self) -> float:
        """The mean."""
        if self.observed_days:
            return float(np.mean(self.observed_days))
        return self.median_days * math.exp(self.sigma**2 / 2)


def days_of(recoveries: Sequence[Recovery], which: Any, share: Any) -> Any:
    """The days that a share of the stops do not exceed, for several stops at once.

    Parameters
    ----------
    recoveries
        The distributions.
    which
        For each stop the position of its distribution.
    share
        For each stop a number in (0, 1); the same number gives the same rank in any distribution, so that a
        shorter recovery shortens every stop (common random numbers).
    """
    from scipy.special import ndtri

    median = np.array([recovery.median_days for recovery in recoveries])
    sigma = np.array([recovery.sigma for recovery in recoveries])
    days = median[which] * np.exp(sigma[which] * ndtri(share))
    for at, recovery in enumerate(recoveries):
        if recovery.observed_days:
            mine = which == at
            steps = np.arange(len(recovery.observed_days)) + 0.5
            days[mine] = np.interp(share[mine] * steps.size, steps, recovery.observed_days)
    return days
