"""Methods for demand with many empty periods, for many series at once."""

from __future__ import annotations

import numpy as np

from linewright.demand.models.fit import Fit
from linewright.demand.models.level import level_only
from linewright.demand.models.panel import Floats, Ints, Panel

#: Chances and sizes learn at these rates; the pair with the least squared error counts.
CHANCE_RATES, SIZE_RATES = (0.02, 0.05, 0.1, 0.2), (0.05, 0.1, 0.2)
#: Longest block of periods that is added up.
LONGEST_BLOCK = 24
#: Sums of blocks are smoothed calmly, as little is known about each.
BLOCK_RATES = (0.1, 0.2, 0.3)


def mean_interval(panel: Panel) -> Floats:
    """The average number of periods from one demand to the next, at least 1."""
    with_demand = ((panel.values != 0) & (panel.there > 0)).sum(axis=0)
    return panel.lengths / np.maximum(with_demand, 1)


def added_up(panel: Panel, block: int) -> Panel:
    """Sums over blocks of periods counted from the end; the oldest periods that fill no block are left out."""
    rows = panel.periods // block
    kept = panel.values[panel.periods - rows * block :]
    sums = kept.reshape(rows, block, -1).sum(axis=1)
    first = rows - panel.lengths // block
    sums[np.arange(rows)[:, None] < first] = 0.0
    return Panel(sums, first, 1)


def one_block(panel: Panel, horizon: int) -> Fit:
    """ADIDA (Nikolopoulos et al. 2011): smooth sums over blocks as long as the mean interval, then share them out."""
    return _blocks(panel, horizon, np.maximum(np.rint(mean_interval(panel)), 1).astype(np.int64), only_longest=True)


def all_blocks(panel: Panel, horizon: int) -> Fit:
    """IMAPA (Petropoulos & Kourentzes 2015): the mean of the above for every block up to the mean interval."""
    return _blocks(panel, horizon, np.maximum(np.rint(mean_interval(panel)), 1).astype(np.int64), only_longest=False)


def _blocks(panel: Panel, horizon: int, longest: Ints, *, only_longest: bool) -> Fit:
    # A block must be seen at least twice, or there is nothing to smooth.
    longest = np.clip(longest, 1, np.maximum(np.minimum(panel.lengths // 2, LONGEST_BLOCK), 1))
    rate, used = np.zeros(len(longest)), np.zeros(len(longest))
    for block in range(1, int(longest.max(initial=1)) + 1):
        chosen = np.flatnonzero(longest == block if only_longest else longest >= block)
        if len(chosen):
            rate[chosen] += level_only(added_up(panel.of_series(chosen), block), 1, BLOCK_RATES).points[0] / block
            used[chosen] += 1
    rate /= used
    return _flat(panel, rate, horizon)


def chance_and_size(panel: Panel, horizon: int) -> Fit:
    """TSB (Teunter, Syntetos & Babai 2011): the chance of a demand, renewed each period, times its size."""
    chance_rate, size_rate = np.array([(c, s) for c in CHANCE_RATES for s in SIZE_RATES]).T[:, :, None]
    asked = panel.values > 0
    count = np.maximum(asked.sum(axis=0), 1)
    mean_size, mean_chance = panel.values.clip(min=0).sum(axis=0) / count, count / panel.lengths
    size = np.repeat(mean_size[None], len(chance_rate), axis=0)
    chance = np.repeat(mean_chance[None], len(chance_rate), axis=0)
    loss = np.zeros_like(size)
    for row, actual in enumerate(panel.values):
        there = panel.there[row]
        error = (actual - chance * size) * there
        loss += error * error
        chance += chance_rate * (asked[row] - chance) * there
        size += size_rate * (actual - size) * asked[row]
    best = loss.argmin(axis=0), np.arange(len(count))
    return _flat(panel, chance[best] * size[best], horizon)


def recent_mean(panel: Panel, horizon: int, span: int) -> Fit:
    """The mean of the last `span` periods, or of all of them where there are fewer."""
    rate = panel.values[-span:].sum(axis=0) / np.minimum(panel.lengths, span)
    return _flat(panel, rate, horizon)


def _flat(panel: Panel, rate: Floats, horizon: int) -> Fit:
    return Fit(np.repeat(rate[None], horizon, axis=0), (panel.values - rate) * panel.there)
