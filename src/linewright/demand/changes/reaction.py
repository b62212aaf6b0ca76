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
    """Adjusted series, which of them changed lately, and by how much the error of each grows (standard deviation).

    `ended` have a level that is expected to be left, nan where demand goes on: however long ago the end was, it holds
    until something comes again.
    The chance that a shift of n periods was a passing one is 1 / (n + 1) (Laplace's rule of succession).
    """

    series: list[Floats]
    changed: Flags
    ended: Floats
    extra: Floats


def react(series: list[Floats], changes: Changes, season: int) -> Reaction:
    """Move the history before a recent shift towards the new level, so that season and trend stay learnt from it.

    The mean of the two futures, staying with chance p and passing with 1 - p, moves the level by p times the shift;
    their spread adds p (1 - p) shift² to the variance. Demand that has ended was a passing lull with chance (1 - p)²
    only: of the parts of AdventureWorks whose end is found, one in ten is asked for again, and then hardly ever.
    """
    changed = (changes.raised > 0) & (changes.raised <= max(season, RECENT_PERIODS))
    passing = 1 / (changes.since + 1)
    # Whether anything comes again is one question, whether it is as much as before another.
    passing = np.where(changes.ended, passing**2, passing)
    moved = (1 - passing) * changes.shift
    adjusted = list(series)
    for place in np.flatnonzero(changed | changes.ended).tolist():
        values, begin = series[place].copy(), len(series[place]) - int(changes.since[place])
        level = changes.level[place]
        if changes.ended[place]:
            # A fall to nothing leaves of each period the share that passing shifts have, whatever its size.
            values[:begin] *= passing[place]
        elif values.min() > 0 and level > 0:
            values[:begin] *= max(1 + moved[place] / level, 0.0)
        else:
            values[:begin] = np.where(values[:begin] == 0, 0.0, values[:begin] + moved[place])
        floor = 0.0 if series[place].min() >= 0 else -np.inf
        adjusted[place] = np.maximum(values, floor)
    extra = np.where(changed, np.sqrt(passing * (1 - passing)) * np.abs(changes.shift), 0.0)
    ended = np.where(changes.ended, passing * np.maximum(changes.level, 0.0), np.nan)
    return Reaction(adjusted, changed, ended, extra)


def widened(point: Floats, bound: Floats, reach: Floats) -> Floats:
    """A bound (series × horizon) moved away from the point by a further independent error, `reach` for each series."""
    return np.asarray(point + np.copysign(np.hypot(bound - point, reach[:, None]), reach[:, None]))
