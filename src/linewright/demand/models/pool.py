"""The methods that compete, for series that move smoothly and for those with many empty periods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from linewright.demand.models.damped import damped_trend
from linewright.demand.models.evolving import evolving_season
from linewright.demand.models.fit import Fit
from linewright.demand.models.intermittent import all_blocks, chance_and_size, one_block, recent_mean
from linewright.demand.models.panel import Flags, Floats, Panel
from linewright.demand.models.seasons import seasons_of
from linewright.demand.models.theta import dynamic_theta

Method = Callable[[Panel, int], Fit]

#: Demand that comes less often than every 1.32 periods is intermittent (Syntetos, Boylan & Croston 2005).
INTERMITTENT_INTERVAL = 1.32
#: Seasons after which it can be learnt how a season changes.
EVOLVING_SEASONS = 12
#: Seasons that are a day, so that there is a week as well: hours, half hours, quarters of an hour.
DAYS = (24, 48, 96)
#: Theta has three parameters and the damped trend five.
PARAMETERS = 4


@dataclass(frozen=True, eq=False)
class Candidates:
    """What each method of a kind forecasts: points (methods × horizon × series), and a scale for each series.

    `scale` (horizon × series) is the usual error one step ahead, and grows with the season's factor. A series has
    `moved` when its values differ; without that its scale says nothing.
    """

    names: tuple[str, ...]
    points: Floats
    scale: Floats
    moved: Flags


def is_intermittent(panel: Panel) -> Flags:
    """Series without negative values whose demand comes less often than every 1.32 periods."""
    there = panel.there > 0
    asked = ((panel.values != 0) & there).sum(axis=0)
    return (np.where(there, panel.values, 0.0).min(axis=0) >= 0) & (asked * INTERMITTENT_INTERVAL < panel.lengths)


def smooth_candidates(panel: Panel, horizon: int) -> Candidates:
    """Theta and damped trend on the series without its season; the last season repeated; a season that changes."""
    seasons = seasons_of(panel)
    bare = seasons.removed_from(panel)
    theta, damped = dynamic_theta(bare, horizon), damped_trend(bare, horizon)
    # Theta knows its first line after three periods only.
    lines = np.where(panel.lengths > 3, theta.points, damped.points)
    points = {"theta": seasons.put_into(lines), "damped trend": seasons.put_into(damped.points)}
    for cycle in cycles_of(panel):
        points[f"naive of {cycle}"] = seasonal_naive(panel, horizon, cycle)
    if panel.season > 1 and panel.periods >= EVOLVING_SEASONS * panel.season:
        points["evolving season"] = evolving_season(panel, horizon).points
    # Theta and the damped trend lead, so their errors are the scale.
    square = sum(np.einsum("tn,tn->n", fit.errors[2:], fit.errors[2:]) for fit in (theta, damped))
    scale = np.sqrt(np.asarray(square) / (2 * np.maximum(panel.lengths - 2, 1))) * _shortness(panel)
    factors = seasons.factors[np.arange(horizon) % len(seasons.factors)]
    return Candidates(
        tuple(points),
        np.stack(list(points.values())),
        np.maximum(scale, _least(panel)) * factors,
        scale > _least(panel),
    )


def cycles_of(panel: Panel) -> tuple[int, ...]:
    """The cycles that may simply repeat: the season, and the week where the season is a day."""
    week = 7 * panel.season if panel.season in DAYS else 0
    return tuple(cycle for cycle in (panel.season, week) if cycle > 1 and panel.periods > 2 * cycle)


def seasonal_naive(panel: Panel, horizon: int, cycle: int) -> Floats:
    """The last cycle repeated; a series that is shorter repeats its mean (horizon × series)."""
    recent = panel.values[-cycle:]
    mean = panel.values.sum(axis=0) / panel.lengths
    return np.where(panel.lengths >= cycle, recent[np.arange(horizon) % cycle], mean)


def intermittent_candidates(panel: Panel, horizon: int) -> Candidates:
    """Blocks (IMAPA, ADIDA), chance and size (TSB), and means of one season, two seasons and all."""
    season = panel.season if panel.season > 1 else 12
    methods: dict[str, Method] = {
        "IMAPA": all_blocks, "ADIDA": one_block, "TSB": chance_and_size,
        "mean of a season": partial(recent_mean, span=season),
        "mean of two seasons": partial(recent_mean, span=2 * season),
        "mean": partial(recent_mean, span=panel.periods),
    }  # fmt: skip
    points = np.stack([method(panel, horizon).points for method in methods.values()])
    apart = (panel.values - panel.values.sum(axis=0) / panel.lengths) * panel.there
    scale = np.sqrt(np.einsum("tn,tn->n", apart, apart) / panel.lengths)
    least = _least(panel)
    moved = scale > least
    return Candidates(tuple(methods), points, np.repeat(np.maximum(scale, least)[None], horizon, axis=0), moved)


def _shortness(panel: Panel) -> Floats:
    """How much errors ahead exceed errors of the fit: sqrt((n + p) / (n - p)) with p parameters (Akaike 1970)."""
    return np.sqrt((panel.lengths + PARAMETERS) / np.maximum(panel.lengths - PARAMETERS, 1))


def _least(panel: Panel) -> Floats:
    """A scale below which a series counts as constant, so that nothing is divided by zero."""
    return 1e-9 * np.maximum(np.abs(panel.values).max(axis=0), 1e-9)
