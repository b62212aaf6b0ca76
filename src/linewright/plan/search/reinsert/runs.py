"""The search as a whole: runs of tabu search, each from a new start or from between two good solutions."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.reinsert.board import BEST, POOL, RUN
from linewright.plan.search.reinsert.elite import admit, keep, mix
from linewright.plan.search.reinsert.passes import time_all
from linewright.plan.search.reinsert.queues import queue_all
from linewright.plan.search.reinsert.start import build
from linewright.plan.search.reinsert.tabu import walk
from linewright.shop.kernels import kernel


@kernel
def begin(board: Any) -> None:
    """Begin a run from the board's order and ways.

    How many operations a step looks at, and how long a move is tabu, are drawn for each run: no value fits all shops.
    """
    control = board.control[0]
    queue_all(board)
    control.span = time_all(board)
    control.since = 0
    control.sample = 2 + below(board.chance, 4)
    control.tenure = 1 + below(board.chance, 8)
    keep(board, RUN)
    if control.span < board.kept_span[BEST]:
        keep(board, BEST)


@kernel
def restart(board: Any) -> None:
    """End a run and begin the next: from nothing until the pool has two, then now and then until it is full."""
    admit(board)
    count = board.kept[0]
    if count < 2 or (count < POOL and below(board.chance, 2) == 0):
        build(board, 30)
    else:
        mix(board)
    begin(board)


@kernel
def search(board: Any, rounds: int) -> None:
    """So many steps."""
    control = board.control[0]
    for _ in range(rounds):
        walk(board)
        control.since += 1
        if control.span < board.kept_span[RUN]:
            control.since = 0
            keep(board, RUN)
            if control.span < board.kept_span[BEST]:
                keep(board, BEST)
        elif control.since > control.patience:
            restart(board)
