"""What a shift of demand does to a forecast: history before it counts less, and the range allows for both futures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewright.demand.changes.watch import Changes
from linewright.demand.models.panel import Flags, Floats

#: A shift that was seen so many seasons ago (or so many periods, where there is none) has become history.
RECENT_PERIODS = 12


@dataclass(frozen=True, eq=False)
class Reaction:
    """Adjusted series, which of them were adjusted, and by how much the error of each grows (standard deviation).

    The chance that a shift of n periods was a passing one is 1 / (n + 1) (Laplace's rule of succession).
    """

    series: list[Floats]
    changed: Flags
    extra: Floats


def react(series: list[Floats], changes: Changes, season: int) -> Reaction:
    """Move the history before a recent shift towards the new level, so that season and trend stay learnt from it.

    The mean of the two futures, staying with chance p and passing with 1 - p, moves the level by p times the shift;
    their spread adds p (1 - p) shift² to the variance.
    """
    changed = (changes.raised > 0) & (changes.raised <= max(season, RECENT_PERIODS))
    passing = 1 / (changes.since + 1)
    moved = (1 - passing) * changes.shift
    adjusted = list(series)
    for place in np.flatnonzero(changed).tolist():
        values, begin = series[place].copy(), len(series[place]) - int(changes.since[place])
        level = changes.level[place]
        if values.min() > 0 and level > 0:
            values[:begin] *= max(1 + moved[place] / level, 0.0)
        else:
            values[:begin] = np.where(values[:begin] == 0, 0.0, values[:begin] + moved[place])
        floor = 0.0 if series[place].min() >= 0 else -np.inf
        adjusted[place] = np.maximum(values, floor)
    extra = np.where(changed, np.sqrt(passing * (1 - passing)) * np.abs(changes.shift), 0.0)
    return Reaction(adjusted, changed, extra)


def widened(point: Floats, bound: Floats, reach: Floats) -> Floats:
    """A bound (series × horizon) moved away from the point by a further independent error, `reach` for each series."""
    return np.asarray(point + np.copysign(np.hypot(bound - point, reach[:, None]), reach[:, None]))
