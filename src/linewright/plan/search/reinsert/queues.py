"""Kernels that keep the queues of all resources, and one order of all operations that agrees with them."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import kernel


@kernel
def first_after(queue: Any, size: int, lean: Any, bound: int) -> int:
    """The position of the first in a queue that ends after a moment, by the times without the operation that is out."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if lean[queue[middle]].end <= bound:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def take_out(board: Any, operation: int) -> None:
    """Take an operation out of its queues; its own links still tell where it was."""
    links, queues, sizes = board.links, board.queues, board.queue_size
    for slot in range(links.shape[1]):
        link = links[operation, slot]
        if link.resource < 0:
            continue
        last = sizes[link.resource] - 1
        at = last
        while queues[link.resource, at] != operation:
            at -= 1
        for later in range(at, last):
            queues[link.resource, later] = queues[link.resource, later + 1]
        sizes[link.resource] = last
        links[link.before, slot].after = link.after
        links[link.after, slot].before = link.before


@kernel
def put_at(board: Any, operation: int, slot: int, at: int) -> None:
    """Put an operation into the queue of its resource in a slot, at a position."""
    links, queues = board.links, board.queues
    link, nobody = links[operation, slot], links.shape[0] - 1
    resource, size = link.resource, board.queue_size[link.resource]
    link.before = queues[resource, at - 1] if at > 0 else nobody
    link.after = queues[resource, at] if at < size else nobody
    for later in range(size, at, -1):
        queues[resource, later] = queues[resource, later - 1]
    queues[resource, at] = operation
    board.queue_size[resource] = size + 1
    links[link.before, slot].after = operation
    links[link.after, slot].before = operation


@kernel
def choose_way(board: Any, operation: int, way: int) -> None:
    """Give an operation, while it is out, a way; it then stands alone on its resources."""
    links, uses = board.links, board.uses
    board.way[operation] = way
    board.times[operation].run = board.ways[way].run
    for slot in range(links.shape[1]):
        link = links[operation, slot]
        link.resource, link.lag = uses[way, slot].resource, uses[way, slot].lag
        link.before, link.after = links.shape[0] - 1, links.shape[0] - 1


@kernel
def put_back(board: Any, operation: int) -> None:
    """Put an operation where it was: its links still tell before which it stood."""
    for slot in range(board.links.shape[1]):
        link = board.links[operation, slot]
        if link.resource < 0:
            continue
        at = board.queue_size[link.resource]
        if link.after < board.order.size:
            while board.queues[link.resource, at - 1] != link.after:
                at -= 1
            at -= 1
        put_at(board, operation, slot, at)


@kernel
def put_in(board: Any, operation: int, way: int, bound: int) -> int:
    """Put an operation back in a way, behind all that end until a moment, and repair the order; returns its place.

    Whatever ends until the moment goes before it in the order, the rest behind it. There is no path from the latter
    to the former, since ends grow along paths; so the order stays one that agrees with all queues, without a circle.
    """
    choose_way(board, operation, way)
    for slot in range(board.links.shape[1]):
        resource = board.links[operation, slot].resource
        if resource >= 0:
            at = first_after(board.queues[resource], board.queue_size[resource], board.lean, bound)
            put_at(board, operation, slot, at)
    order, place, lean, kept, moved = board.order, board.place, board.lean, 0, 0
    for at in range(order.size):
        other = order[at]
        if other == operation:
            continue
        if lean[other].end <= bound:
            order[kept] = other
            kept += 1
        else:
            # The place of an operation is not needed until everything is timed again: it holds those behind.
            place[moved] = other
            moved += 1
    order[kept] = operation
    for at in range(moved):
        order[kept + 1 + at] = place[at]
    return kept


@kernel
def queue_all(board: Any) -> None:
    """Build all queues from the ways and the order."""
    nobody = board.order.size
    board.queue_size[:] = 0
    board.links.before[:] = nobody
    board.links.after[:] = nobody
    for at in range(nobody):
        operation = board.order[at]
        choose_way(board, operation, board.way[operation])
        for slot in range(board.links.shape[1]):
            resource = board.links[operation, slot].resource
            if resource >= 0:
                put_at(board, operation, slot, board.queue_size[resource])
