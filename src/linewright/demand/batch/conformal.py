"""Ranges that hold: split conformal by horizon, and adaptive conformal for ranges that learn as they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from linewright.demand.batch.combine import combined_then
from linewright.demand.batch.rolling import Trial
from linewright.demand.models.panel import Floats, Panel

#: So many scores are wanted for each horizon before its quantiles are its own.
ENOUGH_SCORES = 200
#: The growth of errors that is expected beforehand counts like so many scores.
USUAL_GROWTH, GROWTH_SCORES = 0.25, 30.0
#: How fast the level of an adaptive range moves (gamma of Gibbs & Candes 2021).
LEARNING_RATE = 0.02


@dataclass(frozen=True, eq=False)
class Scores:
    """Errors at rolling origins, divided by the scale of their series: one array for each step of the horizon.

    `flat` says that errors do not depend on the step.
    """

    by_step: tuple[Floats, ...]
    flat: bool = False

    @property
    def count(self) -> int:
        """Scores of all steps together."""
        return sum(len(scores) for scores in self.by_step)

    @cached_property
    def _all(self) -> Floats:
        return np.concatenate(self.by_step)

    @cached_property
    def growth(self) -> float:
        """The power of the distance with which errors grow, from 0 (noise around a level) to 1/2 (a random walk).

        It is the slope of a line through the logarithms of their sizes, drawn towards the middle by a few scores.
        """
        known = [(step, scores) for step, scores in enumerate(self.by_step) if len(scores)]
        sizes = np.array([np.sqrt(np.mean(scores**2)) for _, scores in known])
        if len(known) < 2 or not sizes.all():
            return USUAL_GROWTH
        distance = np.log([step + 1.0 for step, _ in known])
        weight = np.array([len(scores) for _, scores in known], dtype=np.float64)
        apart = distance - np.average(distance, weights=weight)
        spread = float((weight * apart**2).sum())
        slope = float((weight * apart * np.log(sizes)).sum()) / spread
        share = spread / (spread + GROWTH_SCORES * float(np.var(distance)))
        return float(np.clip(share * slope + (1 - share) * USUAL_GROWTH, 0.0, 0.5))

    def around(self, step: int) -> Floats:
        """The scores of a step, and of its neighbours as long as they are too few; those are grown to its distance.

        Errors of rare demand do not grow: the forecast is the same for all steps, so that all scores are alike, and a
        week in which everybody ordered does not become a range of its own.
        """
        if self.flat:
            return self._all
        steps = len(self.by_step)
        reach, found = 0, self.by_step[step]
        while len(found) < ENOUGH_SCORES and reach < steps:
            reach += 1
            near = [at for at in (step - reach, step + reach) if 0 <= at < steps]
            found = np.concatenate([found, *(self.by_step[at] * ((step + 1) / (at + 1)) ** self.growth for at in near)])
        return found


def scores_of(tried: Sequence[Trial], names: tuple[str, ...], weights: Floats, horizon: int, *, flat: bool) -> Scores:
    """Signed scores of the combined forecasts of all trials; series that had not moved are left out."""
    by_step: list[list[Floats]] = [[np.empty(0)] for _ in range(horizon)]
    for trial in tried:
        moved = trial.candidates.moved
        scaled = ((trial.actual - combined_then(names, weights, trial)) / trial.candidates.scale)[:, moved]
        for step, scores in enumerate(scaled):
            by_step[step].append(scores)
    return Scores(tuple(np.concatenate(parts) for parts in by_step), flat)


def balanced_bounds(scores: Floats, level: Floats | float) -> tuple[Floats, Floats]:
    """Bounds half way between those of the signed scores and those of their absolute values.

    Signed scores follow a lopsided demand; but the side to which all series missed lately may be the other one next
    time, for which absolute scores are made. Both are split conformal.
    """
    low, high = conformal_bounds(scores, level)
    _, size = conformal_bounds(np.concatenate([scores, -scores]), level)
    return (low - size) / 2, (high + size) / 2


def conformal_bounds(scores: Floats, level: Floats | float) -> tuple[Floats, Floats]:
    """The scores between which the next one falls with the chance `level`, both tails alike.

    With n exchangeable scores the k-th smallest of them holds with chance k / (n + 1), so that the upper bound is
    the one at ceil((n + 1) (1 + level) / 2) (Vovk et al. 2005; Lei et al. 2018), the lower one its mirror image. When n
    is too small for that, the bound is a normal one from the scores' own size, widened for their small number.
    """
    tail = (1 - np.asarray(level, dtype=np.float64)) / 2
    count = len(scores)
    rank = np.floor((count + 1) * tail).astype(np.int64)
    exact = rank >= 1
    ordered = np.sort(scores) if count else np.zeros(1)
    low = ordered[np.clip(rank - 1, 0, len(ordered) - 1)]
    high = ordered[np.clip(count - rank, 0, len(ordered) - 1)]
    usual = float(np.sqrt((np.sum(scores**2) + 1) / (count + 1)))
    normal = np.vectorize(NormalDist().inv_cdf)(1 - np.maximum(tail, 1e-6)) * usual * (1 + 1 / (count + 1))
    return np.where(exact, low, np.minimum(low, -normal)), np.where(exact, high, np.maximum(high, normal))


def adapted_levels(panel: Panel, errors: Floats, level: float) -> Floats:
    """The level that would have held lately, for each series (adaptive conformal, Gibbs & Candes 2021).

    The older half of a series' errors one step ahead is the calibration. In the newer half the level moves by the
    learning rate: up after a miss, down after a hit. The last one is handed back, between 0.5 and 0.999.
    """
    sizes = np.abs(errors)
    half = panel.first + (panel.lengths + 1) // 2
    older = np.where((panel.age >= 1) & (np.arange(panel.periods)[:, None] < half), sizes, np.inf)
    ordered = np.sort(older, axis=0)
    known = np.isfinite(ordered).sum(axis=0)
    miss = np.full(len(known), 1 - level)
    columns = np.arange(len(known))
    for row in range(panel.periods):
        rank = np.ceil((known + 1) * (1 - miss)).astype(np.int64) - 1
        bound = np.where(rank < known, ordered[np.clip(rank, 0, panel.periods - 1), columns], np.inf)
        missed = sizes[row] > bound
        learning = (row >= half) & (known >= 5)
        miss = np.where(learning, miss + LEARNING_RATE * ((1 - level) - missed), miss)
        miss = np.clip(miss, 0.001, 0.5)
    return 1 - miss
