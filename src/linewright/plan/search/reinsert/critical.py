"""A kernel that walks one critical path."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.shop.kernels import kernel


@kernel
def critical_path(board: Any) -> int:
    """Write a critical path backwards into `path`, choosing at random where it forks; returns its length."""
    nodes, arcs, links, times, order = board.nodes, board.arcs, board.links, board.times, board.order
    chance, path, span = board.chance, board.path, board.control[0].span
    chosen, ties = -1, 0
    for at in range(order.size):
        operation = order[at]
        if times[operation].end + nodes[operation].least_tail == span:
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
        for at in range(nodes[operation].first_arc, nodes[operation + 1].first_arc):
            before = arcs[at].operation
            if times[before].end + arcs[at].wait == start:
                ties += 1
                if below(chance, ties) == 0:
                    chosen = before
        for slot in range(links.shape[1]):
            link = links[operation, slot]
            if link.before < order.size and times[link.before].end + link.lag == start:
                ties += 1
                if below(chance, ties) == 0:
                    chosen = link.before
    return count
