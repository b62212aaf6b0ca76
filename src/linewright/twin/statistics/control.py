"""Control variates: what is known for certain takes noise out of what is not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.twin.statistics.intervals import Interval, mean_interval, not_enough, student_factor

CONTROLLED = "control variates"


@dataclass(frozen=True)
class Controlled:
    """A mean from which the noise of known figures has been taken out.

    `variance_ratio` says how many times the variance of the plain mean is larger, as estimated; `weights` (controls)
    is what was subtracted for each unit by which a control was off.
    """

    interval: Interval
    variance_ratio: float
    weights: Any


def controlled_mean(
    values: Any, controls: Any, means: Any, *, confidence: float = 0.95, seed: int | None = None
) -> Controlled:
    """The mean of independent runs corrected by figures whose means are known (Lavenberg & Welch 1981).

    It is the intercept of the regression of the values on how far the controls were off; with q controls the interval
    has n - q - 1 degrees of freedom, and holds exactly where all are jointly normal. Controls that are a combination of
    others or never off count for nothing.

    Parameters
    ----------
    values
        One value for each run (n).
    controls
        The known figures in the same runs (n, q), such as the mean of the processing times drawn.
    means
        Their exact means (q). A mean that is only estimated would shift the answer.
    """
    values = np.asarray(values, np.float64)
    controls = np.asarray(controls, np.float64)
    off = (controls[:, None] if controls.ndim == 1 else controls) - np.asarray(means, np.float64)
    there = ~(np.isnan(values) | np.isnan(off).any(axis=1))
    values, off = values[there], off[there]
    n, plain = values.size, mean_interval(values, confidence=confidence, seed=seed)
    off = off[:, _independent(off)] if n else off
    freedom = n - off.shape[1] - 1
    method = f"{CONTROLLED} ({off.shape[1]}), Student t"
    if freedom < 1:
        unknown = {"low": math.nan, "high": math.nan, "method": method, "note": not_enough(n, off.shape[1] + 2)}
        return Controlled(Interval(**{**vars(plain), **unknown}), math.nan, np.full(off.shape[1], math.nan))
    design = np.column_stack([np.ones(n), off])
    weights = np.linalg.lstsq(design, values)[0]
    rest = values - design @ weights
    variance = float(rest @ rest) / freedom * float(np.linalg.inv(design.T @ design)[0, 0])
    half = student_factor(freedom, confidence) * math.sqrt(variance)
    mean = float(weights[0])
    interval = Interval(**{**vars(plain), "value": mean, "low": mean - half, "high": mean + half, "method": method})
    ratio = float(values.var(ddof=1)) / n / variance if variance > 0 else math.inf
    return Controlled(interval, ratio, weights[1:])


def _independent(off: Any) -> Any:
    """The columns that say something which the constant and the columns before them do not."""
    kept: list[int] = []
    basis = np.ones((len(off), 1)) / math.sqrt(len(off))
    for place, column in enumerate(off.T):
        size = float(np.linalg.norm(column))
        rest = column - basis @ (basis.T @ column)
        if size > 0 and float(np.linalg.norm(rest)) > 1e-9 * size:
            kept.append(place)
            basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
    return kept
