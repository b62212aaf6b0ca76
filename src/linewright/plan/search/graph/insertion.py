"""Moves to another machine: where in its sequence an operation does least harm.

Among the places of one machine only those between what surely ends before the operation may begin and what surely
begins after it must have ended can be best (Mastrolilli and Gambardella, Journal of Scheduling 3 (2000) 3-20).
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.graph.swaps import may_go_ahead, may_go_behind
from linewright.shop.kernels import lean_kernel

#: Places that are looked at on one machine.
MOST_PLACES = 12


@lean_kernel
def first_ending_after(nodes: Any, sequence: Any, base: int, load: int, moment: int) -> int:
    """The first place of a machine whose operation ends after a moment."""
    low, high = 0, load
    while low < high:
        middle = (low + high) >> 1
        node = nodes[sequence[base + middle]]
        if node.head + node.run > moment:
            high = middle
        else:
            low = middle + 1
    return low


@lean_kernel
def first_with_less_tail(nodes: Any, sequence: Any, base: int, load: int, rest: int) -> int:
    """The first place of a machine whose operation, run and tail, is shorter than what must follow."""
    low, high = 0, load
    while low < high:
        middle = (low + high) >> 1
        node = nodes[sequence[base + middle]]
        if node.tail + node.run <= rest:
            high = middle
        else:
            low = middle + 1
    return low


@lean_kernel
def best_place(
    nodes: Any, lists: Any, links: Any, sequence: Any, base: int, load: int, operation: int, run: int, limit: int
) -> tuple[int, int]:
    """The place on another machine with the least estimate below a limit, and the estimate.

    The estimate is the longest way through the operation there; (-1, limit) when no place is below.
    """
    ready, rest = nodes[operation].ready, nodes[operation].rest
    if ready + run + rest >= limit:
        return -1, limit
    one = first_ending_after(nodes, sequence, base, load, ready)
    other = first_with_less_tail(nodes, sequence, base, load, rest)
    first, last = min(one, other), min(max(one, other), min(one, other) + MOST_PLACES)
    best = -1
    for place in range(first, last + 1):
        before = sequence[base + place - 1] if place > 0 else -1
        after = sequence[base + place] if place < load else -1
        head, tail = ready, rest
        if before >= 0:
            head = max(head, nodes[before].head + nodes[before].run)
        if after >= 0:
            tail = max(tail, nodes[after].tail + nodes[after].run)
        if head + run + tail >= limit:
            continue
        if before >= 0 and not may_go_behind(nodes, lists, links, operation, before):
            continue
        if after >= 0 and not may_go_ahead(nodes, lists, links, operation, after):
            continue
        best, limit = place, head + run + tail
    return best, limit
