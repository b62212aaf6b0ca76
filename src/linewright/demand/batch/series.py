"""Forecast many series at once: points, ranges and errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.demand.batch.cleaning import LONGEST, LONGEST_SEASONS, LONGEST_WEEKS, cleaned
from linewright.demand.batch.combine import combined, combined_then, weights_by_error, weights_of_all
from linewright.demand.batch.conformal import Scores, adapted_levels, balanced_bounds, conformal_bounds, scores_of
from linewright.demand.batch.rolling import Trial, trials
from linewright.demand.models.panel import Floats, Ints, Panel
from linewright.demand.models.pool import DAYS, Candidates, intermittent_candidates, is_intermittent, smooth_candidates

LEVELS = (0.8, 0.95)
RANGES = {
    "split": "split conformal for each horizon, on rolling-origin errors of all similar series, scaled for each series",
    "adaptive": "adaptive conformal (the level follows each series' latest misses) on rolling-origin errors of all "
    "similar series, scaled for each series",
}
#: Series that are forecast side by side; more would not fit into the processor's cache.
WIDEST = 2048
#: The usual error, as a share of the level, of a series of which nothing is known but one value.
UNKNOWN_SPREAD = 0.5


@dataclass(frozen=True, eq=False)
class SeriesForecast:
    """Forecasts of many series.

    `point` (series × horizon), `low` and `high` (level × series × horizon) are in the unit of the series; `levels` are
    the chances with which the ranges hold. `method` names for each series what counted most. `error` is its mean
    absolute error at rolling origins and `usual` the mean size of what came then, nan where it could not be tried.
    `spread` is the standard deviation of the errors one period ahead, before they are clipped at zero.
    `ranges` names how the ranges were made; `notes` says by place what was taken for granted about a series.
    """

    point: Floats
    low: Floats
    high: Floats
    levels: tuple[float, ...]
    method: tuple[str, ...]
    error: Floats
    usual: Floats
    spread: Floats
    ranges: str
    notes: Mapping[int, str]

    def __repr__(self) -> str:
        """How many series, how far, and how the ranges were made."""
        chances = " and ".join(f"{100 * level:g} %" for level in self.levels)
        return (
            f"Forecasts of {len(self.point):,} series, {self.point.shape[1]} periods ahead, ranges of {chances} by "
            f"{self.ranges}" + (f"; {len(self.notes):,} with a note" if self.notes else "")
        )


def forecast_series(
    series: Sequence[Any], season: int, horizon: int, *, levels: Sequence[float] = LEVELS, ranges: str = "split"
) -> SeriesForecast:
    """Forecast every series, with ranges that hold with given chances.

    Smooth series: dynamic optimised Theta, damped trend, repeated seasons and a changing season, weighted for each
    series by their errors at rolling origins. Intermittent ones: IMAPA, ADIDA, TSB and recent means, with weights that
    all of them share. The ranges are conformal: errors at the rolling origins, divided by each series' own scale, are
    put together for all series of the kind, and their quantiles at each horizon are the bounds. Nothing is random.

    Parameters
    ----------
    series
        One array for each series, oldest value first, of any length; nan is a missing value.
    season
        Periods after which things repeat: 12 for months, 4 for quarters, 52 for weeks, 24 for hours; 1 for none.
    horizon
        How many periods to forecast, at least 1.
    levels
        Chances of the ranges, each between 0 and 1.
    ranges
        ``split``, or ``adaptive`` for ranges that widen for series that missed theirs lately and narrow for those that
        did not.

    Returns
    -------
    SeriesForecast
        A series without any value has nan and a note. Ranges are nested, contain the point, and are not negative where
        the history is not.

    Raises
    ------
    ValueError
        `season`, `horizon`, `levels` or `ranges` has no meaning, or a series has more than one dimension.
    """
    if season < 1 or horizon < 1 or ranges not in RANGES or not all(0 < level < 1 for level in levels):
        message = (
            f"season={season} and horizon={horizon} must be 1 or more, levels={tuple(levels)} between 0 and 1, and "
            f"ranges={ranges!r} one of {', '.join(RANGES)}"
        )
        raise ValueError(message)
    chances = tuple(sorted(levels))
    longest = max(LONGEST, LONGEST_SEASONS * season, 7 * LONGEST_WEEKS * season if season in DAYS else 0)
    values, notes = cleaned(series, season, longest)
    sheet = _Sheet(len(values), horizon, chances)
    known = np.flatnonzero([len(one) > 0 for one in values])
    for places, panel, kind in _panels(values, known, season):
        sheet.fill(places, panel, kind, ranges)
    return SeriesForecast(
        sheet.point, sheet.low, sheet.high, chances, tuple(sheet.method), sheet.error, sheet.usual, sheet.spread,
        RANGES[ranges], notes,
    )  # fmt: skip


def _panels(values: Sequence[Floats], known: Ints, season: int) -> Iterator[tuple[Ints, Panel, bool]]:
    """Series of one kind and of similar length side by side, with their places, and whether they are intermittent."""
    if not len(known):
        return
    lengths = np.array([len(values[place]) for place in known])
    ordered = known[np.argsort(lengths, kind="stable")]
    # Even shares, so that the last panel is not too small to learn from.
    for places in np.array_split(ordered, -(-len(ordered) // WIDEST)):
        panel = Panel.of([values[place] for place in places], season)
        rare = is_intermittent(panel)
        for kind in (False, True):
            chosen = np.flatnonzero(rare == kind)
            if len(chosen):
                yield places[chosen], panel.of_series(chosen), kind


class _Sheet:
    """Where the forecasts of all panels are written together."""

    def __init__(self, count: int, horizon: int, levels: tuple[float, ...]) -> None:
        self.levels, self.horizon = levels, horizon
        self.point = np.full((count, horizon), np.nan)
        self.low, self.high = (np.full((len(levels), count, horizon), np.nan) for _ in range(2))
        self.error, self.usual, self.spread = (np.full(count, np.nan) for _ in range(3))
        self.method = ["none"] * count

    def fill(self, places: Ints, panel: Panel, intermittent: bool, ranges: str) -> None:
        """Forecast the series of one panel."""
        make = intermittent_candidates if intermittent else smooth_candidates
        candidates = make(panel, self.horizon)
        tried = list(trials(panel, self.horizon, make))
        weights = (weights_of_all if intermittent else weights_by_error)(candidates, tried)
        points = combined(candidates, weights)
        scores = scores_of(tried, candidates.names, weights, self.horizon, flat=intermittent)
        scale = _scales(panel, candidates)
        floor = np.where(panel.values.min(axis=0) >= 0, 0.0, -np.inf)
        for number, level in enumerate(self.levels):
            low, high = _bounds(panel, scores, level, self.horizon, ranges, balanced=not intermittent)
            self.low[number, places] = np.maximum(np.minimum(points + low * scale, points), floor).T
            self.high[number, places] = np.maximum(np.maximum(points + high * scale, points), floor).T
        self.point[places] = np.maximum(points, floor).T
        first = scores.around(0)
        self.spread[places] = scale[0] * (np.sqrt(np.mean(first**2)) if len(first) else 1.0)
        self._judge(places, candidates, weights, tried)

    def _judge(self, places: Ints, candidates: Candidates, weights: Floats, tried: Sequence[Trial]) -> None:
        """What the combination missed at the rolling origins, and which method counted most."""
        missed, came, steps = (np.zeros(len(places)) for _ in range(3))
        for trial in tried:
            said = combined_then(candidates.names, weights, trial)
            missed[trial.series] += np.abs(trial.actual - said).sum(axis=0)
            came[trial.series] += np.abs(trial.actual).sum(axis=0)
            steps[trial.series] += len(trial.actual)
        with np.errstate(invalid="ignore"):
            self.error[places], self.usual[places] = missed / steps, came / steps
        for place, best in zip(places.tolist(), weights.argmax(axis=0).tolist(), strict=True):
            self.method[place] = candidates.names[best]


def _scales(panel: Panel, candidates: Candidates) -> Floats:
    """The scale of each series; one too short to have its own gets that of the others, relative to its level."""
    short = panel.lengths < 4
    if not short.any():
        return candidates.scale
    level = np.abs(panel.values).sum(axis=0) / panel.lengths
    known = ~short & candidates.moved & (level > 0)
    share = float(np.median(candidates.scale[0, known] / level[known])) if known.any() else UNKNOWN_SPREAD
    return np.where(short, share * level, candidates.scale)


def _bounds(
    panel: Panel, scores: Scores, level: float, horizon: int, ranges: str, *, balanced: bool
) -> tuple[Floats, Floats]:
    """Lower and upper score for each step (and series, where ranges adapt)."""
    bounds = balanced_bounds if balanced else conformal_bounds
    chance: Any = level
    if ranges == "adaptive":
        errors = np.diff(panel.values, axis=0, prepend=panel.values[:1])
        chance = adapted_levels(panel, errors, level)
    pairs = [bounds(scores.around(step), chance) for step in range(horizon)]
    shape = (horizon, -1)
    return np.array([low for low, _ in pairs]).reshape(shape), np.array([high for _, high in pairs]).reshape(shape)
