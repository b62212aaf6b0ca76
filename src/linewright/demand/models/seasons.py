"""Seasonality: whether there is one, and how it is taken out and put back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewright.demand.models.panel import Flags, Floats, Panel

#: Two-sided 90 %, as in the M3 and Theta literature.
SIGNIFICANT = 1.0
#: Fewer whole years than this show no season.
LEAST_SEASONS = 3


@dataclass(frozen=True, eq=False)
class Seasons:
    """What each place in the season adds or multiplies.

    `factors` (season × series) are 1 and `terms` 0 where they do not apply; row 0 is the first period to forecast.
    """

    factors: Floats
    terms: Floats
    seasonal: Flags

    def removed_from(self, panel: Panel) -> Panel:
        """The panel without its season."""
        rows = self._rows(-panel.periods, 0)
        return panel.with_values((panel.values - self.terms[rows] * panel.there) / self.factors[rows])

    def later(self, periods: int) -> Seasons:
        """The same seasons, seen some periods later."""
        return Seasons(np.roll(self.factors, -periods, axis=0), np.roll(self.terms, -periods, axis=0), self.seasonal)

    def put_into(self, points: Floats) -> Floats:
        """Forecasts (horizon × series) with the season of their periods."""
        rows = self._rows(0, points.shape[0])
        return points * self.factors[rows] + self.terms[rows]

    def _rows(self, begin: int, end: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.arange(begin, end) % self.factors.shape[0]


def is_seasonal(panel: Panel) -> Flags:
    """Test each series for autocorrelation at the lag of its season.

    The autocorrelation at the lag must exceed 1.645 standard errors by Bartlett's formula, with lower lags counted
    (Assimakopoulos & Nikolopoulos 2000; Fiorucci et al. 2016, section 4).
    """
    season = panel.season
    if season < 2 or panel.periods <= season:
        return np.zeros(len(panel.first), dtype=bool)
    lengths = panel.lengths
    centred = (panel.values - panel.values.sum(axis=0) / lengths) * panel.there
    spread = np.einsum("tn,tn->n", centred, centred)
    squares = np.zeros(len(lengths))
    correlation = squares
    for lag in range(1, season + 1):
        squares += correlation**2
        shared = np.einsum("tn,tn->n", centred[lag:], centred[:-lag])
        correlation = np.divide(shared, spread, out=np.zeros_like(spread), where=spread > 0)
    error = np.sqrt((1 + 2 * squares) / lengths)
    return (correlation > SIGNIFICANT * error) & (lengths >= LEAST_SEASONS * season)


def seasons_of(panel: Panel) -> Seasons:
    """Classical decomposition: factors where a series is positive, terms where it is not.

    The centred moving average gives the level; ratios (or differences) to it are averaged by their place in the
    season and shrunk towards none by the James-Stein rule of Miller & Williams (2003), which forecasts better
    than the raw indices when noise is large.
    """
    season, count = panel.season, len(panel.first)
    flat = Seasons(np.ones((max(season, 1), count)), np.zeros((max(season, 1), count)), np.zeros(count, dtype=bool))
    seasonal = is_seasonal(panel)
    if not seasonal.any():
        return flat
    chosen = np.flatnonzero(seasonal)
    part = panel.of_series(chosen)
    level, known = _moving_average(part)
    positive = np.where(part.there > 0, part.values, 1.0).min(axis=0) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(positive, part.values / level, part.values - level)
    indices = _shrunk(np.where(known, apart, np.nan), season, positive.astype(np.float64))
    factors, terms = flat.factors, flat.terms
    factors[:, chosen] = np.where(positive, np.maximum(indices, 0.01), 1.0)
    terms[:, chosen] = np.where(positive, 0.0, indices)
    return Seasons(factors, terms, seasonal)


def _moving_average(panel: Panel) -> tuple[Floats, Flags]:
    """The centred moving average over one season, and where it is known."""
    season, periods = panel.season, panel.periods
    half = season // 2
    total = np.concatenate([np.zeros((1, len(panel.first))), np.cumsum(panel.values, axis=0)])
    level = np.zeros_like(panel.values)
    if season % 2:
        inner = (total[season:] - total[:-season]) / season
    else:
        spans = (total[season:] - total[:-season]) / season
        inner = (spans[1:] + spans[:-1]) / 2
    level[half : half + inner.shape[0]] = inner
    known = panel.age >= half
    known[periods - half :] = False
    return level, known


def _shrunk(apart: Floats, season: int, neutral: Floats) -> Floats:
    """Averages by place in the season, centred on `neutral` and shrunk; row 0 is the first period to forecast."""
    cycles = -(-apart.shape[0] // season)
    missing = cycles * season - apart.shape[0]
    padded = np.concatenate([np.full((missing, apart.shape[1]), np.nan), apart]).reshape(cycles, season, -1)
    there = ~np.isnan(padded)
    seen = np.maximum(there.sum(axis=0), 1)
    filled = np.where(there, padded, 0.0)
    means = filled.sum(axis=0) / seen
    within = np.where(there, padded - means, 0.0)
    noise = np.einsum("csn,csn->n", within, within) / np.maximum(there.sum(axis=(0, 1)) - season, 1)
    indices = means - means.mean(axis=0) + neutral
    strength = ((indices - neutral) ** 2).sum(axis=0)
    # James-Stein with positive part: the noise of the indices themselves against their spread.
    error = noise * (1 / seen).mean(axis=0)
    kept = np.clip(1 - (season - 3) * error / np.maximum(strength, 1e-300), 0.0, 1.0) if season > 3 else 1.0
    return (indices - neutral) * kept + neutral
