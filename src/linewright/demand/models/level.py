"""Exponential smoothing of a level, for many series at once; the base of several methods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linewright.demand.models.fit import Fit
from linewright.demand.models.panel import Floats, Panel

#: Smoothing parameters that are tried.
ALPHAS = (0.03, 0.1, 0.22, 0.4, 0.65, 0.95)


def levels_of(panel: Panel, alpha: Floats | float, start: Floats | None = None) -> Floats:
    """The smoothed level after each period (periods × series), from `start`, or from 0.

    Above a series all values are 0 and so is its level, until its start is put in at its first row.
    """
    keep, gained = 1 - alpha, panel.values * alpha
    if start is not None:
        np.put_along_axis(gained, panel.first[None], gained[panel.first, np.arange(len(start))] + keep * start, axis=0)
    levels = np.empty_like(gained)
    level = np.zeros(len(panel.first))
    for row, gain in enumerate(gained):
        level = level * keep
        level += gain
        levels[row] = level
    return levels


def fading(alpha: float, panel: Panel) -> Floats:
    """How much of a level's start is left after each period (periods × series); 0 above a series."""
    left = (1 - alpha) ** np.arange(1, panel.periods + 1)
    return np.concatenate([left, [0.0]])[np.where(panel.age >= 0, panel.age, panel.periods)]


def level_only(panel: Panel, horizon: int, alphas: Sequence[float] = ALPHAS) -> Fit:
    """Simple exponential smoothing; parameter and start by least squares one step ahead.

    For each parameter of a grid the errors are linear in the start, so that the best start needs no search.
    """
    count = len(panel.first)
    best_loss, best_alpha, best_start = np.full(count, np.inf), np.zeros(count), np.zeros(count)
    for alpha in alphas:
        levels, left = levels_of(panel, alpha), fading(alpha, panel)
        gaps = (panel.values[1:] - levels[:-1]) * panel.there[:-1]
        power = np.einsum("tn,tn->n", left[:-1], left[:-1]) + 1
        begin = panel.values[panel.first, np.arange(count)]
        start = (np.einsum("tn,tn->n", gaps, left[:-1]) + begin) / power
        loss = np.einsum("tn,tn->n", gaps, gaps) + begin**2 - start**2 * power
        better = loss < best_loss
        best_loss[better], best_alpha[better], best_start[better] = loss[better], alpha, start[better]
    levels = levels_of(panel, best_alpha, best_start)
    errors = np.zeros_like(panel.values)
    errors[1:] = (panel.values[1:] - levels[:-1]) * panel.there[:-1]
    return Fit(np.repeat(levels[-1:], horizon, axis=0), errors)
