"""Exponential smoothing with a damped trend, for many series at once."""

from __future__ import annotations

from itertools import product

import numpy as np

from linewright.demand.models.fit import Fit
from linewright.demand.models.panel import Floats, Panel

#: The grid: what the level learns, what share of that the trend learns, and how much of the trend stays.
ALPHAS, BETAS, PHIS = (0.05, 0.15, 0.3, 0.45, 0.65, 0.9), (0.02, 0.1), (0.9, 0.95)
#: The first periods through which a line gives the starting level and trend.
START = 10


def damped_trend(panel: Panel, horizon: int) -> Fit:
    """Fit the damped trend of Gardner & McKenzie (1985) in error-correction form, by least squares on a grid.

    The start is the straight line through the first ten periods, as in Hyndman et al. (2008), section 2.6.
    """
    return _run(panel, *damped_parameters(panel), starts_of(panel), horizon)


def damped_parameters(panel: Panel) -> tuple[Floats, Floats, Floats]:
    """What level and trend learn, and how much of the trend stays, for each series."""
    alpha, beta, phi = np.array(list(product(ALPHAS, BETAS, PHIS))).T[:, :, None]
    starts = starts_of(panel)
    loss = np.zeros((len(alpha), len(panel.first)))
    level, slope = np.zeros_like(loss), np.zeros_like(loss)
    entries = set(panel.first.tolist())
    for row, actual in enumerate(panel.values):
        if row in entries:
            # Until its first row a series has level, trend and value 0; here it begins.
            level[:, panel.first == row], slope[:, panel.first == row] = starts[:, None, panel.first == row]
        slope *= phi
        level += slope
        error = actual - level
        loss += error * error
        error *= alpha
        level += error
        error *= beta
        slope += error
    best = loss.argmin(axis=0)
    return alpha[best, 0], beta[best, 0], phi[best, 0]


def _run(panel: Panel, alpha: Floats, beta: Floats, phi: Floats, starts: Floats, horizon: int) -> Fit:
    """Run each series with its own parameters."""
    errors = np.empty_like(panel.values)
    level, slope = np.zeros_like(alpha), np.zeros_like(alpha)
    entries = set(panel.first.tolist())
    for row, actual in enumerate(panel.values):
        if row in entries:
            level[panel.first == row], slope[panel.first == row] = starts[:, panel.first == row]
        slope = phi * slope
        level = level + slope
        errors[row] = actual - level
        learned = alpha * errors[row]
        level = level + learned
        slope = slope + beta * learned
    grown = np.cumsum(phi ** np.arange(1, horizon + 1)[:, None], axis=0)
    return Fit(level + grown * slope, errors)


def starts_of(panel: Panel) -> Floats:
    """Level and trend before the first period, from the line through the first periods (2 × series)."""
    begin = panel.first + np.arange(min(START, panel.periods))[:, None]
    there = begin < panel.periods
    values = np.where(there, panel.values[np.minimum(begin, panel.periods - 1), np.arange(len(panel.first))], 0.0)
    count = there.sum(axis=0)
    middle = (count + 1) / 2
    number = np.where(there, np.arange(1, len(begin) + 1)[:, None] - middle, 0.0)
    slope = (number * values).sum(axis=0) / np.maximum((number**2).sum(axis=0), 1e-12)
    # Two periods are no trend.
    slope = np.where(count > 2, slope, 0.0)
    return np.stack([values.sum(axis=0) / count - slope * middle, slope])
