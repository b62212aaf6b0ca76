"""Log-normal figures of many suppliers at once, those with few rows drawn towards what is usual."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

#: Days beyond so many robust deviations of the logarithm are cut back to there: typing errors, forgotten orders.
FAR = 4.0
#: The median absolute deviation of a normal, times this, is its standard deviation.
MAD_TO_SIGMA = 1.4826
#: Rounds in which what is still open is filled in with its expectation.
EXPECTATIONS = 25
SMALLEST_VARIANCE = 1e-4


@dataclass(frozen=True)
class LogNormals:
    """A log-normal for each group, and one for a group nobody has seen.

    `mean` and `sigma` (G) are of the logarithm of what the next row of the group will be, so that `sigma` also covers
    what is not known about the mean; `weight` is the part of `mean` that comes from the group's own rows. `rows` counts
    them, `far` those that were cut back. `usual_mean` and `usual_sigma` are of a new group's next row.
    """

    mean: Any
    sigma: Any
    weight: Any
    rows: Any
    far: Any
    usual_mean: float
    usual_sigma: float


def shrunk_log_normals(days: Any, group: Any, groups: int, still_open: Any | None = None) -> LogNormals:
    """Fit all groups together (empirical Bayes).

    Group means scatter about a common one (Efron and Morris, *JASA* 70:311-319, 1975), with the variance between groups
    by moments (DerSimonian and Laird 1986); variances are drawn to a common one (Smyth, *Stat. Appl. Genet. Mol.
    Biol.* 3(1), 2004). Rows still open count as "longer than so far": their expectation is filled in again and again
    (the EM algorithm, Dempster, Laird and Rubin 1977).

    Parameters
    ----------
    days
        More than 0, at least one that is not still open.
    group
        The group of each row, from 0 to `groups - 1`.
    still_open
        Which rows have not ended; None means all have.
    """
    logs, far = _cut_back(np.log(days), group, groups)
    open_rows = np.zeros(logs.size, bool) if still_open is None else np.asarray(still_open, bool)
    filled, spread = logs.copy(), np.zeros(logs.size)
    for _ in range(EXPECTATIONS if open_rows.any() else 1):
        fit = _fit(filled, spread, group, groups)
        if open_rows.any():
            owner = group[open_rows]
            filled[open_rows], spread[open_rows] = _beyond(logs[open_rows], fit.mean[owner], fit.sigma[owner])
    far_rows = np.bincount(group[far], minlength=groups)
    return LogNormals(fit.mean, fit.sigma, fit.weight, fit.rows, far_rows, fit.usual_mean, fit.usual_sigma)


def _fit(logs: Any, spread: Any, group: Any, groups: int) -> LogNormals:
    """Means and variances of groups; `spread` is the variance of rows that are only known in expectation."""
    rows = np.bincount(group, minlength=groups).astype(np.float64)
    seen = np.maximum(rows, 1.0)
    means = np.bincount(group, logs, groups) / seen
    squares = np.bincount(group, (logs - means[group]) ** 2 + spread, groups)
    freedom = np.maximum(rows - 1, 0.0)
    within = max(float(squares.sum() / max(freedom.sum(), 1.0)), SMALLEST_VARIANCE)
    prior_rows = _prior_rows(squares, freedom)
    variance = np.maximum((prior_rows * within + squares) / (prior_rows + freedom), SMALLEST_VARIANCE)
    between, usual = _between(means, rows, within)
    weight = np.where(rows > 0, between / (between + variance / seen), 0.0)
    # What is not known about a group's mean: the whole scatter where nothing was seen.
    unsure = np.where(rows > 0, weight * variance / seen, between)
    unsure = unsure + (1 - weight) ** 2 * within / max(float(rows.sum()), 1.0)
    none = np.zeros(groups)
    return LogNormals(
        weight * means + (1 - weight) * usual, np.sqrt(variance + unsure), weight, rows.astype(np.int64), none, usual,
        math.sqrt(within + between),
    )  # fmt: skip


def _between(means: Any, rows: Any, within: float) -> tuple[float, float]:
    """The variance between groups, and their common mean."""
    has = rows > 0
    count, total = means[has], rows[has]
    overall = float((count * total).sum() / total.sum())
    room = float(total.sum() - (total**2).sum() / total.sum())
    scatter = float((total * (count - overall) ** 2).sum())
    between = max(0.0, (scatter - (total.size - 1) * within) / room) if room > 0 else 0.0
    weights = 1 / (between + within / total)
    return between, float((weights * count).sum() / weights.sum())


def _prior_rows(squares: Any, freedom: Any) -> float:
    """How many rows the common variance is worth: Smyth's moment of the logarithms of the groups' variances."""
    from scipy.special import digamma, polygamma

    has = (freedom >= 2) & (squares > 0)
    if has.sum() < 3:
        return 4.0
    half = freedom[has] / 2
    logs = np.log(squares[has] / freedom[has]) - digamma(half) + np.log(half)
    excess = float(np.var(logs, ddof=1) - polygamma(1, half).mean())
    # The trigamma function falls, so that halving the interval of its logarithm finds where it is the excess.
    least, most = 1.0, 1000.0
    for _ in range(40):
        middle = math.sqrt(least * most)
        if polygamma(1, middle / 2) > excess:
            least = middle
        else:
            most = middle
    return least


def _cut_back(logs: Any, group: Any, groups: int) -> tuple[Any, Any]:
    """Logarithms without those far from their group's median, and which rows were cut back."""
    order = np.lexsort((logs, group))
    first = np.searchsorted(group[order], np.arange(groups + 1))
    medians = np.array([np.median(logs[order[begin:end]]) if end > begin else 0.0 for begin, end in pairwise(first)])
    off = logs - medians[group]
    # Groups of one or two rows say nothing about the scatter.
    many = (np.diff(first) > 2)[group]
    scale = MAD_TO_SIGMA * float(np.median(np.abs(off[many]))) if many.any() else 0.0
    if scale <= 0:
        return logs, np.zeros(logs.size, bool)
    bounded = np.clip(off, -FAR * scale, FAR * scale)
    return medians[group] + bounded, bounded != off


def _beyond(bound: Any, mean: Any, sigma: Any) -> tuple[Any, Any]:
    """Mean and variance of a normal that is known to be above a bound."""
    from scipy.special import log_ndtr

    z = (bound - mean) / sigma
    hazard = np.exp(-0.5 * z**2 - 0.5 * math.log(2 * math.pi) - log_ndtr(-z))
    return mean + sigma * hazard, np.maximum(sigma**2 * (1 + z * hazard - hazard**2), 0.0)
