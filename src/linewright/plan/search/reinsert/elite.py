"""Kernels that keep good solutions apart from each other, and make new ones between two of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.chance import below
from linewright.plan.search.reinsert.board import POOL, RUN
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel


@kernel
def keep(board: Any, row: int) -> None:
    """Write the board's solution into a row."""
    overwrite(board.kept_order[row], board.order)
    overwrite(board.kept_way[row], board.way)
    board.kept_span[row] = board.control[0].span


@kernel
def differences(orders: Any, ways: Any, one: int, other: int) -> int:
    """How many operations have another way, or another place by more than a tenth of all, in two solutions."""
    size = orders.shape[1]
    place = np.empty(size, np.int64)
    for at in range(size):
        place[orders[one, at]] = at
    count = 0
    for at in range(size):
        operation = orders[other, at]
        if ways[one, operation] != ways[other, operation] or abs(place[operation] - at) * 10 > size:
            count += 1
    return count


@kernel
def admit(board: Any) -> None:
    """Let the best of the present run into the pool: in place of one much like it, or of the worst."""
    orders, ways, spans = board.kept_order, board.kept_way, board.kept_span
    worst, alike, count, size = -1, -1, board.kept[0], orders.shape[1]
    for row in range(count):
        if differences(orders, ways, row, RUN) * 20 <= size:
            alike = row
        if worst < 0 or spans[row] > spans[worst]:
            worst = row
    row = alike
    if alike < 0:
        row = count if count < POOL else worst
        board.kept[0] = min(count + 1, POOL)
    if row == count or spans[RUN] < spans[row] or (alike < 0 and spans[RUN] == spans[row]):
        overwrite(orders[row], orders[RUN])
        overwrite(ways[row], ways[RUN])
        spans[row] = spans[RUN]


@kernel
def mix(board: Any) -> None:
    """Set the board's order and ways between two solutions of the pool, as on a path that links them.

    Any weighted mean of two places that agree with the precedences agrees with them too, so sorting by it gives an
    order; each operation takes its way from either. Peng, Lü and Cheng, Computers & Operations Research 53 (2015)
    154-164, walk such a path move by move; its middle is where they, too, look for a start.
    """
    orders, order, chance, count, size = board.kept_order, board.order, board.chance, board.kept[0], board.order.size
    one = below(chance, count)
    other = (one + 1 + below(chance, count - 1)) % count
    share = 20 + below(chance, 61)
    key = np.zeros(size, np.int64)
    for at in range(size):
        key[orders[one, at]] += at * share
        key[orders[other, at]] += at * (100 - share)
    overwrite(order, orders[one])
    for at in range(1, size):
        operation = order[at]
        to = at
        while to > 0 and key[order[to - 1]] > key[operation]:
            order[to] = order[to - 1]
            to -= 1
        order[to] = operation
    for operation in range(size):
        row = one if below(chance, 100) < share else other
        board.way[operation] = board.kept_way[row, operation]
