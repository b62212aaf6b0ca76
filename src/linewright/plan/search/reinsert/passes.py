"""Kernels that time a board: forwards the earliest ends, backwards the longest paths that follow.

The loops stand inside the passes and take single arrays, since a call that hands over the whole board costs more
than the step of the loop.
"""

from __future__ import annotations

from typing import Any

from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel

#: Added to the end of the operation that is out, so that all that must come after it end beyond any real moment.
FAR = 1 << 44


@kernel
def ready_moment(nodes: Any, arcs: Any, times: Any, operation: int) -> int:
    """When all that an operation waits for is done, apart from its resources."""
    moment = nodes[operation].release
    for at in range(nodes[operation].first_arc, nodes[operation + 1].first_arc):
        moment = max(moment, times[arcs[at].operation].end + arcs[at].wait)
    return moment


@kernel
def least_rest(nodes: Any, nexts: Any, times: Any, operation: int) -> int:
    """The longest path that follows an operation's end, apart from its resources."""
    longest = nodes[operation].least_tail
    for at in range(nodes[operation].first_next, nodes[operation + 1].first_next):
        longest = max(longest, times[nexts[at].operation].rest + nexts[at].wait)
    return longest


@kernel
def set_ends(nodes: Any, arcs: Any, links: Any, times: Any, order: Any, first: int) -> None:
    """Set the ends of all operations from a place of the order on."""
    for place in range(first, order.size):
        operation = order[place]
        moment = nodes[operation].release
        for at in range(nodes[operation].first_arc, nodes[operation + 1].first_arc):
            moment = max(moment, times[arcs[at].operation].end + arcs[at].wait)
        for slot in range(links.shape[1]):
            moment = max(moment, times[links[operation, slot].before].end + links[operation, slot].lag)
        times[operation].end = moment + times[operation].run


@kernel
def set_rests(nodes: Any, nexts: Any, links: Any, times: Any, order: Any, last: int) -> None:
    """Set the longest paths from the run starts of all operations from a place of the order back."""
    for place in range(last, -1, -1):
        operation = order[place]
        longest = nodes[operation].least_tail
        for at in range(nodes[operation].first_next, nodes[operation + 1].first_next):
            longest = max(longest, times[nexts[at].operation].rest + nexts[at].wait)
        for slot in range(links.shape[1]):
            after = links[operation, slot].after
            longest = max(longest, times[after].rest + links[after, slot].lag)
        times[operation].rest = longest + times[operation].run


@kernel
def time_all(board: Any) -> int:
    """Time every operation in both directions; returns the makespan."""
    nodes, links, times, order, place = board.nodes, board.links, board.times, board.order, board.place
    set_ends(nodes, board.arcs, links, times, order, 0)
    set_rests(nodes, board.nexts, links, times, order, order.size - 1)
    span = 0
    for at in range(order.size):
        operation = order[at]
        place[operation] = at
        span = max(span, times[operation].end + nodes[operation].least_tail)
    return span


@kernel
def time_around(board: Any, operation: int, place: int) -> int:
    """Time a board after an operation was put in at a place of the order; returns the makespan.

    What stands before it ends as it did while the operation was out, and what stands behind has as much to follow.
    """
    nodes, links, times, order = board.nodes, board.links, board.times, board.order
    run = times[operation].run
    overwrite(times, board.lean)
    times[operation].run = run
    set_ends(nodes, board.arcs, links, times, order, place)
    set_rests(nodes, board.nexts, links, times, order, place)
    span = 0
    for at in range(order.size):
        board.place[order[at]] = at
        span = max(span, times[at].end + nodes[at].least_tail)
    return span


@kernel
def time_without(board: Any, operation: int) -> int:
    """Fill `lean` with the times while an operation is out of its queues; returns the makespan without it.

    The operation itself keeps its place in the precedence graph with its shortest run. What must come after it gets
    an end beyond `FAR`: so a queue, sorted by end, has a clear cut behind which the operation cannot go.
    """
    nodes, links, lean, order, place = board.nodes, board.links, board.lean, board.order, board.place[operation]
    overwrite(lean, board.times)
    shortest = board.ways[nodes[operation].first_way].run
    lean[operation].end = ready_moment(nodes, board.arcs, lean, operation) + shortest + FAR
    lean[operation].rest = least_rest(nodes, board.nexts, lean, operation) + shortest
    set_ends(nodes, board.arcs, links, lean, order, place + 1)
    set_rests(nodes, board.nexts, links, lean, order, place - 1)
    span = 0
    for at in range(order.size):
        span = max(span, nodes[at].release + lean[at].rest)
    return span
