"""When orders are finished in the plan, and from which end of each operation on one of them is projected too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.twin.execute.sequences import Sequences


def planned_finishes(demands: Any, feeds: Any, end: Any, needs: tuple[Any, Any]) -> Any:
    """The finish of each demand in the plan, as `linewright.shop.evaluate.demand_finish` has it."""
    finish = np.maximum(demands.ready[:-1], 0)
    np.maximum.at(finish, np.repeat(np.arange(finish.size), np.diff(demands.first_feed)), end[feeds.step] + feeds.lag)
    np.maximum.at(finish, np.repeat(np.arange(finish.size), np.diff(needs[0])), needs[1].moment)
    return finish


def latest_ends(
    blocks: Any, steps: Any, arcs: Any, sequences: Sequences, demands: Any, feeds: Any, threshold: float
) -> Any:
    """The latest end of each block with which no order is later than its date (or its plan) by more than a threshold.

    What comes after a block is taken to last as long as in the plan, with nothing in between.
    """
    size = sequences.blocks
    latest = np.full(size, NEVER, np.int64)
    owner = np.repeat(np.arange(demands.size - 1), np.diff(demands.first_feed))
    allowed = np.maximum(demands.due, demands.planned)[owner] + int(threshold)
    dated = demands.due[owner] < NEVER
    np.minimum.at(latest, steps.block[feeds.step[dated]], (allowed - feeds.lag)[dated])
    lasts = blocks.end[:-1] - blocks.start[:-1]
    first = blocks.first_arc
    # Blocks in the order of their planned ends: whatever follows a block ends later, or at the same moment after it.
    for block in np.lexsort((sequences.rank, blocks.end[:-1]))[::-1].tolist():
        if latest[block] >= NEVER:
            continue
        for arc in range(int(first[block]), int(first[block + 1])):
            before = int(steps.block[arcs.step[arc]])
            room = latest[block] - int(arcs.lag[arc]) - (int(lasts[block]) if arcs.share[arc] >= 1 else 0)
            latest[before] = min(latest[before], room)
    return latest
