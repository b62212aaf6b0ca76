"""Rolling origins: what each method would have said earlier, beside what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from linewright.demand.models.panel import Floats, Ints, Panel
from linewright.demand.models.pool import Candidates

#: No method is fitted to fewer periods than these in a trial.
LEAST_HISTORY = 5
#: Trials of all series together that give ranges enough to count on; a few series alone are tried more often.
ENOUGH_TRIALS = 400
#: Origins stand half a horizon apart; where there are ten horizons of history, they can reach further back.
FEWEST_ORIGINS, FAR_ORIGINS, MOST_ORIGINS = 3, 5, 40
LONG_HORIZONS = 10


@dataclass(frozen=True, eq=False)
class Trial:
    """Forecasts made some periods before the end, for the series that were long enough then.

    `actual` (steps × series) is what came; `candidates` has the same steps.
    """

    periods_ago: int
    series: Ints
    candidates: Candidates
    actual: Floats


def trials(panel: Panel, horizon: int, make: Callable[[Panel, int], Candidates]) -> Iterator[Trial]:
    """Forecast again from several earlier origins, with everything fitted anew to what was known then."""
    enough = max(LEAST_HISTORY, panel.season + 2)
    longest = np.maximum(panel.lengths - enough, 0)
    full = longest >= horizon
    for ago in _origins(panel, horizon, int(full.sum())):
        # A trial leaves at least half of the series to learn from, but for the first.
        chosen = np.flatnonzero(full & (longest >= ago) & ((ago == horizon) | (panel.lengths >= 2 * ago)))
        if len(chosen):
            yield _trial(panel, chosen, ago, horizon, make)
    # Series that are too short for a whole horizon are tried with as much as they can spare.
    spare = np.where(full, 0, np.maximum(np.minimum(longest, horizon), panel.lengths // 3))
    for ago in np.unique(spare[spare > 0]):
        yield _trial(panel, np.flatnonzero(spare == ago), int(ago), horizon, make)


def _origins(panel: Panel, horizon: int, series: int) -> range:
    """How many periods ago the trials begin."""
    wanted = -(-ENOUGH_TRIALS // max(series, 1))
    if panel.periods >= LONG_HORIZONS * horizon:
        count, step = FAR_ORIGINS, horizon
    else:
        count, step = FEWEST_ORIGINS, max(horizon // 2, 1)
    if wanted > count:
        # Close origins repeat much of each other, but few series have nothing else.
        reach = max(panel.periods // 2 - horizon, 1)
        count = min(wanted, MOST_ORIGINS)
        step = max(min(reach // count, step), 1)
    return range(horizon, horizon + count * step, step)


def _trial(panel: Panel, chosen: Ints, ago: int, horizon: int, make: Callable[[Panel, int], Candidates]) -> Trial:
    part = panel.of_series(chosen)
    steps = min(ago, horizon)
    actual = part.values[part.periods - ago : part.periods - ago + steps]
    return Trial(ago, chosen, make(part.before(ago), steps), actual)
