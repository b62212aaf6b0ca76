"""A kernel that walks one critical path."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.reinsert.chance import below
from linewright.shop.kernels import kernel


@kernel
def critical_path(board: Any, span: int, path: Any) -> int:
    """Write a critical path backwards into `path`, choosing at random where it forks; returns its length."""
    times, chance = board.times, board.chance
    chosen, ties = -1, 0
    for at in range(board.order.size):
        operation = board.order[at]
        if times[operation].end + board.nodes[operation].least_tail == span:
            ties += 1
            if below(chance, ties) == 0:
                chosen = operation
    count = 0
    while chosen >= 0:
        operation = chosen
        path[count] = operation
        count += 1
        start = times[operation].end - times[operation].run
        chosen, ties = -1, 0
        for at in range(board.nodes[operation].first_arc, board.nodes[operation + 1].first_arc):
            before = board.arcs[at].operation
            if times[before].end + board.arcs[at].wait == start:
                ties += 1
                if below(chance, ties) == 0:
                    chosen = before
        for slot in range(board.links.shape[1]):
            link = board.links[operation, slot]
            if link.before < board.order.size and times[link.before].end + link.lag == start:
                ties += 1
                if below(chance, ties) == 0:
                    chosen = link.before
    return count
