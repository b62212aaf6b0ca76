"""Kernels that change a plan, carry the change only as far as times really move, and can take it back.

Operations wait in a heap by their old start, so that most are timed once. What stands outside the window that is
being searched is timed but not carried further: what its delay will cost is read from a table (see pressure.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from linewright.plan.search.tardy.pressure import delay_cost
from linewright.plan.search.tardy.timing import date_cost, finish_of, link_after, set_node, timed_node, unlink
from linewright.shop.arrays import records
from linewright.shop.kernels import lean_kernel

if TYPE_CHECKING:
    from linewright.plan.search.tardy.records import TardyShop

#: Stages of an operation: beyond the window, free to move, or only carried along.
OUTSIDE, MOVABLE, CARRIED = 0, 1, 2
#: Positions in `Scratch.counts`: entries in the heap, the two logs, the moves, operations timed since the beginning.
WAITING, TIMED, DATED, MOVED, WORK = range(5)

_HEAP = np.dtype([("key", np.int64), ("operation", np.int64)])
_TIMED = np.dtype(
    [("operation", np.int64), ("start", np.int64), ("end", np.int64), ("cost", np.float64), ("family", np.int64)]
)
_DATED = np.dtype([("demand", np.int64), ("finish", np.int64), ("cost", np.float64)])
_MOVED = np.dtype([("operation", np.int64), ("before", np.int64), ("way", np.int64)])


class Scratch(NamedTuple):
    """Room for one change: what still has to be timed, and what was there before."""

    heap: Any
    timed: Any
    dated: Any
    moved: Any
    counts: Any


def new_scratch(shop: TardyShop) -> Scratch:
    """Room for changes of a plan of this shop."""
    count = shop.steps.size - 1
    return Scratch(
        heap=records(_HEAP, count + 1),
        timed=records(_TIMED, 3 * count + 64),
        dated=records(_DATED, shop.demands.size),
        moved=records(_MOVED, count + 1),
        counts=np.zeros(5, np.int64),
    )


@lean_kernel
def wake(nodes: Any, scratch: Any, operation: int) -> None:
    """Note that an operation has to be timed anew."""
    if operation < 0 or nodes[operation].queued:
        return
    nodes[operation].queued = 1
    heap, key = scratch.heap, nodes[operation].start
    at = scratch.counts[WAITING]
    scratch.counts[WAITING] += 1
    while at > 0:
        parent = (at - 1) >> 1
        if heap[parent].key <= key:
            break
        heap[at].key, heap[at].operation = heap[parent].key, heap[parent].operation
        at = parent
    heap[at].key, heap[at].operation = key, operation


@lean_kernel
def take_first(nodes: Any, scratch: Any) -> int:
    """The waiting operation that started first."""
    heap = scratch.heap
    chosen = heap[0].operation
    scratch.counts[WAITING] -= 1
    size = scratch.counts[WAITING]
    key, operation = heap[size].key, heap[size].operation
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1].key < heap[child].key:
            child += 1
        if heap[child].key >= key:
            break
        heap[at].key, heap[at].operation = heap[child].key, heap[child].operation
        at = child
    heap[at].key, heap[at].operation = key, operation
    nodes[chosen].queued = 0
    return chosen


@lean_kernel
def relocate(shop: Any, nodes: Any, scratch: Any, operation: int, before: int, way: int) -> None:
    """Move an operation behind another one, and wake all whose neighbour on the machine changes."""
    moved = scratch.moved[scratch.counts[MOVED]]
    moved.operation, moved.before, moved.way = operation, nodes[operation].before, nodes[operation].way
    scratch.counts[MOVED] += 1
    wake(nodes, scratch, nodes[operation].after)
    unlink(nodes, operation)
    link_after(shop, nodes, operation, before, way)
    wake(nodes, scratch, operation)
    wake(nodes, scratch, nodes[operation].after)


@lean_kernel
def carry(shop: Any, plan: Any, scratch: Any, pressure: Any, grid: int) -> float:
    """Time all that was woken and what follows from it; the change in value, infinite when it does not come to rest."""
    nodes, counts, timed = plan.nodes, scratch.counts, scratch.timed
    change = 0.0
    while counts[WAITING] > 0:
        operation = take_first(nodes, scratch)
        if counts[TIMED] == timed.size:
            change = np.inf
        if change == np.inf:
            continue
        counts[WORK] += 1
        node = nodes[operation]
        start, end, cost, family = timed_node(shop, nodes, operation)
        if start == node.start and end == node.end and family == node.family_after and cost == node.cost:
            continue
        kept = timed[counts[TIMED]]
        kept.operation, kept.start, kept.end = operation, node.start, node.end
        kept.cost, kept.family = node.cost, node.family_after
        counts[TIMED] += 1
        change += cost - node.cost
        if node.stage == OUTSIDE:
            change += delay_cost(pressure, grid, operation, start - node.base)
            change -= delay_cost(pressure, grid, operation, node.start - node.base)
            set_node(nodes, operation, start, end, cost, family)
            continue
        moved, switched = end != node.end, family != node.family_after
        set_node(nodes, operation, start, end, cost, family)
        if moved or switched:
            wake(nodes, scratch, node.after)
        if moved:
            for link in range(shop.steps[operation].first_after, shop.steps[operation + 1].first_after):
                wake(nodes, scratch, shop.afters[link].operation)
    return change + met_anew(shop, plan, scratch)


@lean_kernel
def met_anew(shop: Any, plan: Any, scratch: Any) -> float:
    """Look at the demands of all operations that moved inside the window; the change in what their dates cost."""
    nodes, met, counts = plan.nodes, plan.met, scratch.counts
    for at in range(counts[TIMED]):
        entry = scratch.timed[at]
        step = entry.operation
        first, last = shop.steps[step].first_served, shop.steps[step + 1].first_served
        if first == last or nodes[step].stage == OUTSIDE or nodes[step].end == entry.end:
            continue
        for link in range(first, last):
            demand = shop.served[link].demand
            arrival = nodes[step].end + shop.served[link].lag
            # Only where the last arrival comes earlier do the others have to be looked at.
            needs_all = entry.end + shop.served[link].lag >= met[demand].finish and arrival < met[demand].finish
            if not needs_all and arrival <= met[demand].finish:
                continue
            if met[demand].mark == 0:
                dated = scratch.dated[counts[DATED]]
                dated.demand, dated.finish, dated.cost = demand, met[demand].finish, met[demand].cost
                counts[DATED] += 1
                met[demand].mark = 1
            met[demand].finish = finish_of(shop, nodes, demand) if needs_all else arrival
    change = 0.0
    for at in range(counts[DATED]):
        demand = scratch.dated[at].demand
        met[demand].mark = 0
        met[demand].cost = date_cost(shop, demand, met[demand].finish)
        change += met[demand].cost - scratch.dated[at].cost
    return change


@lean_kernel
def keep(scratch: Any) -> None:
    """Let the change stand."""
    scratch.counts[TIMED] = 0
    scratch.counts[DATED] = 0
    scratch.counts[MOVED] = 0


@lean_kernel
def take_back(shop: Any, plan: Any, scratch: Any) -> None:
    """Undo the change: times, dates and moves, the last first."""
    nodes, counts = plan.nodes, scratch.counts
    for at in range(counts[TIMED] - 1, -1, -1):
        kept = scratch.timed[at]
        set_node(nodes, kept.operation, kept.start, kept.end, kept.cost, kept.family)
    for at in range(counts[DATED]):
        kept = scratch.dated[at]
        plan.met[kept.demand].finish, plan.met[kept.demand].cost = kept.finish, kept.cost
    for at in range(counts[MOVED] - 1, -1, -1):
        moved = scratch.moved[at]
        unlink(nodes, moved.operation)
        link_after(shop, nodes, moved.operation, moved.before, moved.way)
    keep(scratch)
