"""The search as a whole: runs of tabu search, each from a new start, then from between two good solutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.reinsert.elite import BEST, POOL, RUN, admit, keep, mix
from linewright.plan.search.reinsert.passes import time_all
from linewright.plan.search.reinsert.queues import queue_all
from linewright.plan.search.reinsert.start import build
from linewright.plan.search.reinsert.tabu import walk
from linewright.shop.kernels import kernel

#: `now` counts steps, `since` those since the present run became better, `span` is the present makespan.
CONTROL = np.dtype([("now", np.int64), ("since", np.int64), ("span", np.int64), ("patience", np.int64), ("tenure", np.int64)])


@kernel
def begin(board: Any, elite: Any, control: Any) -> None:
    """Begin a run from the board's order and ways."""
    queue_all(board)
    control[0].span = time_all(board)
    control[0].since = 0
    keep(board, elite, RUN, control[0].span)


@kernel
def restart(board: Any, elite: Any, control: Any) -> None:
    """End a run and begin the next."""
    admit(elite)
    if elite.count[0] < POOL:
        build(board, 30)
    else:
        mix(board, elite)
    begin(board, elite, control)


@kernel
def search(board: Any, elite: Any, control: Any, tabu: Any, path: Any, rounds: int) -> bool:
    """So many steps; whether the best of all became better."""
    better = False
    for _ in range(rounds):
        state = control[0]
        state.now += 1
        state.since += 1
        state.span = walk(board, state.span, elite.span[BEST], tabu, path, state.now, state.tenure)
        if state.span < elite.span[RUN]:
            state.since = 0
            keep(board, elite, RUN, state.span)
            if state.span < elite.span[BEST]:
                keep(board, elite, BEST, state.span)
                better = True
        elif state.since > state.patience:
            restart(board, elite, control)
    return better
