"""The figures of a sample of losses, each with its 95 % interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

#: The standard normal at 97.5 %, for intervals of 95 %.
WIDTH = 1.959963984540054
LEVELS = (0.5, 0.8, 0.95, 0.99)
TAIL = 0.95


def mean_of(values: Any) -> tuple[float, float, float]:
    """The mean and its interval, by the central limit theorem."""
    mean = float(np.mean(values))
    half = WIDTH * float(np.std(values, ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.inf
    return mean, mean - half, mean + half


def quantile_of(values: Any, level: float) -> tuple[float, float, float]:
    """A quantile, and the order statistics that enclose it whatever the distribution is.

    The number of values below the true quantile is binomial (David and Nagaraja, *Order Statistics*, 7.1).
    """
    from scipy.special import bdtrik

    ordered = np.sort(values)
    low, high = (math.ceil(bdtrik(share, ordered.size, level)) for share in (0.025, 0.975))
    last = ordered.size - 1
    return float(np.quantile(ordered, level)), float(ordered[max(low - 1, 0)]), float(ordered[min(high, last)])


def share_of(hits: int, count: int) -> tuple[float, float, float]:
    """A share and its interval (Wilson, *JASA* 22:209-212, 1927), which is right near 0 and 1 too."""
    share, square = hits / count, WIDTH**2 / count
    middle = (share + square / 2) / (1 + square)
    half = WIDTH * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def tail_values(losses: Any, level: float = TAIL, weights: Any | None = None) -> Any:
    """Values whose mean is the mean of the worst part of the losses (conditional value at risk).

    CVaR = q + E[(L - q)+] / (1 - level) with the quantile q (Rockafellar and Uryasev, *J. Risk* 2(3), 2000). As its
    slope in q is zero there, the mean of these values has the variance of CVaR's estimate too.

    Parameters
    ----------
    weights
        0 or 1 for each loss, those that count for q; None counts all.
    """
    counted = losses if weights is None else losses[weights > 0]
    bound = float(np.quantile(counted, level, method="inverted_cdf"))
    return bound + np.maximum(losses - bound, 0.0) / (1 - level)


def cvar_of(losses: Any, level: float = TAIL) -> tuple[float, float, float]:
    """The mean of the worst part of the losses, and its interval."""
    return mean_of(tail_values(losses, level))


def figures_of(losses: Any, calm: float, tolerance: float) -> list[tuple[str, float, float, float]]:
    """All figures of a loss; "nothing lost" is the share of paths that lose no more than a calm one."""
    rows = [("mean", *mean_of(losses))]
    rows += [(f"P{level * 100:g}", *quantile_of(losses, level)) for level in LEVELS]
    rows.append(("CVaR 95", *cvar_of(losses)))
    rows.append(("nothing lost", *share_of(int((losses <= calm + tolerance).sum()), losses.size)))
    return rows
