"""Rolling origins: what each method would have said earlier, beside what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from linewright.demand.models.panel import Floats, Ints, Panel, side_by_side
from linewright.demand.models.pool import Candidates

#: No method is fitted to fewer periods than these in a trial.
LEAST_HISTORY = 5
#: Trials of all series together that give ranges enough to count on; a few series alone are tried more often.
ENOUGH_TRIALS = 400
#: Origins stand half a horizon apart; where there are ten horizons of history, they can reach further back.
FEWEST_ORIGINS, FAR_ORIGINS, MOST_ORIGINS = 3, 5, 40
LONG_HORIZONS = 10
#: Series of small trials that are forecast side by side.
TOGETHER = 1024


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
    waiting: list[tuple[int, Ints]] = []
    for ago, chosen in _starts(panel, horizon):
        # Small trials are made together, side by side in one panel; large ones fill the cache by themselves.
        if waiting and sum(len(series) for _, series in waiting) + len(chosen) > TOGETHER:
            yield from _made(panel, waiting, horizon, make)
            waiting = []
        waiting.append((ago, chosen))
    if waiting:
        yield from _made(panel, waiting, horizon, make)


def _starts(panel: Panel, horizon: int) -> Iterator[tuple[int, Ints]]:
    """How many periods ago a trial begins, and which series are long enough for it."""
    enough = max(LEAST_HISTORY, panel.season + 2)
    longest = np.maximum(panel.lengths - enough, 0)
    full = longest >= horizon
    for ago in _origins(panel, horizon, int(full.sum())):
        # A trial leaves at least half of the series to learn from, but for the first.
        chosen = np.flatnonzero(full & (longest >= ago) & ((ago == horizon) | (panel.lengths >= 2 * ago)))
        if len(chosen):
            yield ago, chosen
    # Series that are too short for a whole horizon are tried with as much as they can spare.
    spare = np.where(full, 0, np.maximum(np.minimum(longest, horizon), panel.lengths // 3))
    for ago in np.unique(spare[spare > 0]).tolist():
        yield ago, np.flatnonzero(spare == ago)


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


def _made(
    panel: Panel, starts: list[tuple[int, Ints]], horizon: int, make: Callable[[Panel, int], Candidates]
) -> Iterator[Trial]:
    """Make the trials that begin at different times as one panel, and take them apart again."""
    parts = [panel.of_series(chosen) for _, chosen in starts]
    candidates = make(side_by_side([part.before(ago) for part, (ago, _) in zip(parts, starts, strict=True)]), horizon)
    begin = 0
    for part, (ago, chosen) in zip(parts, starts, strict=True):
        columns, steps = slice(begin, begin + len(chosen)), min(ago, horizon)
        own = Candidates(
            candidates.names, candidates.points[:, :steps, columns], candidates.scale[:steps, columns],
            candidates.moved[columns],
        )  # fmt: skip
        yield Trial(ago, chosen, own, part.values[part.periods - ago : part.periods - ago + steps])
        begin += len(chosen)
