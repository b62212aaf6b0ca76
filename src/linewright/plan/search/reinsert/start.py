"""A kernel that builds a solution from nothing: the most urgent first, each in the way in which it ends first."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.reinsert.passes import least_rest, ready_moment
from linewright.plan.search.reinsert.queues import queue_all
from linewright.shop.kernels import kernel


@kernel
def order_by_arcs(board: Any) -> None:
    """Write into the order each operation after all that it waits for."""
    open_arcs, order, found = board.place, board.order, 0
    for operation in range(order.size):
        open_arcs[operation] = board.nodes[operation + 1].first_arc - board.nodes[operation].first_arc
        if open_arcs[operation] == 0:
            order[found] = operation
            found += 1
    at = 0
    while at < found:
        operation = order[at]
        at += 1
        for joined in range(board.nodes[operation].first_next, board.nodes[operation + 1].first_next):
            follower = board.nexts[joined].operation
            open_arcs[follower] -= 1
            if open_arcs[follower] == 0:
                order[found] = follower
                found += 1


@kernel
def end_first(board: Any, operation: int, free: Any) -> int:
    """The way in which an operation ends first, when resources are free from the moments given; ties at random."""
    ready, best, best_end, ties = ready_moment(board.nodes, board.arcs, board.times, operation), -1, 0, 0
    for way in range(board.nodes[operation].first_way, board.nodes[operation + 1].first_way):
        end = ready
        for slot in range(board.links.shape[1]):
            use = board.uses[way, slot]
            if use.resource >= 0:
                end = max(end, free[use.resource] + use.lag)
        end += board.ways[way].run
        if best < 0 or end < best_end:
            best, best_end, ties = way, end, 1
        elif end == best_end:
            ties += 1
            if below(board.chance, ties) == 0:
                best = way
    board.times[operation].end = best_end
    return best


@kernel
def build(board: Any, noise: int) -> None:
    """Dispatch by the longest mean work that follows, stretched at random by up to `noise` percent."""
    size, times = board.order.size, board.times
    order_by_arcs(board)
    for at in range(size - 1, -1, -1):
        operation = board.order[at]
        first, end = board.nodes[operation].first_way, board.nodes[operation + 1].first_way
        work = 0
        for way in range(first, end):
            work += board.ways[way].run
        times[operation].run = work // (end - first)
        times[operation].rest = least_rest(board.nodes, board.nexts, times, operation) + times[operation].run
    for operation in range(size):
        times[operation].rest = times[operation].rest * (100 + below(board.chance, noise + 1)) // 100
    free, open_arcs = board.queue_size, board.place
    free[:] = 0
    ready = board.queues[0]
    waiting = 0
    for operation in range(size):
        open_arcs[operation] = board.nodes[operation + 1].first_arc - board.nodes[operation].first_arc
        if open_arcs[operation] == 0:
            ready[waiting] = operation
            waiting += 1
    for at in range(size):
        best = 0
        for other in range(1, waiting):
            if times[ready[other]].rest > times[ready[best]].rest:
                best = other
        operation = ready[best]
        waiting -= 1
        ready[best] = ready[waiting]
        board.order[at] = operation
        board.way[operation] = end_first(board, operation, free)
        for slot in range(board.links.shape[1]):
            resource = board.uses[board.way[operation], slot].resource
            if resource >= 0:
                free[resource] = times[operation].end
        for joined in range(board.nodes[operation].first_next, board.nodes[operation + 1].first_next):
            follower = board.nexts[joined].operation
            open_arcs[follower] -= 1
            if open_arcs[follower] == 0:
                ready[waiting] = follower
                waiting += 1
    queue_all(board)
