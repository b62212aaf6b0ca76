"""Exponential smoothing of level and season, for series long enough to learn how their season changes."""

from __future__ import annotations

from itertools import product

import numpy as np

from linewright.demand.models.fit import Fit
from linewright.demand.models.panel import Floats, Panel

#: What the level learns, and what its place in the season learns.
ALPHAS, GAMMAS = (0.02, 0.1, 0.3, 0.6, 0.9), (0.05, 0.2, 0.45)


def evolving_season(panel: Panel, horizon: int) -> Fit:
    """Fit additive Holt-Winters without trend (Hyndman et al. 2008, ETS(A,N,A)), by least squares on a grid.

    A series starts with the mean of its first season and each value's distance from it.
    """
    alpha, gamma = np.array(list(product(ALPHAS, GAMMAS))).T[:, :, None]
    gamma = gamma * (1 - alpha)
    level, season = _starts(panel)
    loss = np.zeros((len(alpha), len(panel.first)))
    _walk(panel, alpha, gamma, np.repeat(level[None], len(alpha), 0), np.repeat(season[:, None], len(alpha), 1), loss)
    best = loss.argmin(axis=0)
    errors = np.zeros_like(panel.values)
    level, season = _walk(panel, alpha[best, 0], gamma[best, 0], level, season, None, errors)
    return Fit(level + season[np.arange(horizon) % panel.season], errors)


def _walk(
    panel: Panel, alpha: Floats, gamma: Floats, level: Floats, season: Floats, loss: Floats | None,
    errors: Floats | None = None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Pass through the history; row 0 of `season` is the place of the first period to forecast."""
    for row, actual in enumerate(panel.values):
        place = (row - panel.periods) % panel.season
        error = (actual - level - season[place]) * panel.there[row]
        level = level + alpha * error
        season[place] += gamma * error
        if loss is not None:
            loss += error * error
        if errors is not None:
            errors[row] = error
    return level, season


def _starts(panel: Panel) -> tuple[Floats, Floats]:
    span = min(panel.season, panel.periods)
    rows = np.minimum(panel.first + np.arange(span)[:, None], panel.periods - 1)
    values = panel.values[rows, np.arange(len(panel.first))]
    level = values.mean(axis=0)
    season = np.zeros((panel.season, len(panel.first)))
    np.put_along_axis(season, (rows - panel.periods) % panel.season, values - level, axis=0)
    return level, season
