"""Kernels that keep good solutions apart from each other, and make new ones between two of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linewright.plan.search.reinsert.board import Board
from linewright.plan.search.reinsert.chance import below
from linewright.shop.kernels import kernel

#: How many solutions are kept; the two rows behind them hold the best of the present run, and of all.
POOL = 8
RUN, BEST = POOL, POOL + 1


class Elite(NamedTuple):
    """Solutions: `order` and `way` are [solution, ...], `span` the makespan of each, `count` how many the pool has."""

    order: Any
    way: Any
    span: Any
    count: Any


def new_elite(board: Board) -> Elite:
    """An empty pool."""
    size = board.order.size
    return Elite(
        order=np.zeros((POOL + 2, size), np.int64),
        way=np.zeros((POOL + 2, size), np.int64),
        span=np.full(POOL + 2, np.iinfo(np.int64).max),
        count=np.zeros(1, np.int64),
    )


@kernel
def keep(board: Any, elite: Any, row: int, span: int) -> None:
    """Write the board's solution into a row."""
    elite.order[row, :] = board.order
    elite.way[row, :] = board.way
    elite.span[row] = span


@kernel
def differences(elite: Any, one: int, other: int) -> int:
    """How many operations have another way, or another place by more than a tenth of all, in two solutions."""
    size = elite.order.shape[1]
    place = np.empty(size, np.int64)
    for at in range(size):
        place[elite.order[one, at]] = at
    count = 0
    for at in range(size):
        operation = elite.order[other, at]
        if elite.way[one, operation] != elite.way[other, operation] or abs(place[operation] - at) * 10 > size:
            count += 1
    return count


@kernel
def admit(elite: Any) -> None:
    """Let the best of the present run into the pool: in place of one much like it, or of the worst."""
    worst, alike = -1, -1
    count, size = elite.count[0], elite.order.shape[1]
    for row in range(count):
        if differences(elite, row, RUN) * 20 <= size:
            alike = row
        if worst < 0 or elite.span[row] > elite.span[worst]:
            worst = row
    row = alike
    if alike < 0:
        row = count if count < POOL else worst
        elite.count[0] = min(count + 1, POOL)
    if row == count or elite.span[RUN] < elite.span[row] or (alike < 0 and elite.span[RUN] == elite.span[row]):
        elite.order[row, :] = elite.order[RUN]
        elite.way[row, :] = elite.way[RUN]
        elite.span[row] = elite.span[RUN]


@kernel
def mix(board: Any, elite: Any) -> None:
    """Set the board's order and ways between two solutions of the pool, as on a path that links them.

    Any weighted mean of two places that agree with the precedences agrees with them too, so sorting by it gives an
    order; each operation takes its way from either. Peng, Lü and Cheng, Computers & Operations Research 53 (2015)
    154-164, walk such a path move by move; its middle is where they, too, look for a start.
    """
    size, chance = board.order.size, board.chance
    one = below(chance, elite.count[0])
    other = (one + 1 + below(chance, elite.count[0] - 1)) % elite.count[0]
    share = 20 + below(chance, 61)
    key = np.zeros(size, np.int64)
    for at in range(size):
        key[elite.order[one, at]] += at * share
        key[elite.order[other, at]] += at * (100 - share)
    board.order[:] = elite.order[one]
    for at in range(1, size):
        operation = board.order[at]
        to = at
        while to > 0 and key[board.order[to - 1]] > key[operation]:
            board.order[to] = board.order[to - 1]
            to -= 1
        board.order[to] = operation
    for operation in range(size):
        row = one if below(chance, 100) < share else other
        board.way[operation] = elite.way[row, operation]
