"""A makespan is impossible when machines that do one thing at a time cannot order their work within it."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.arrays import Arrays
from linewright.shop.kernels import kernel
from linewright.shop.packing import packed

#: Pairs of operations on one machine up to which this is tried, and passes over all machines for each makespan.
MOST_PAIRS = 200_000
MOST_PASSES = 30
#: The share of operations that only one machine can do, below which it is not tried.
LEAST_LONE = 0.3


def ordered_makespan(shop: Arrays, order: Any, start: Any, tail: Any, least: int) -> int:
    """A makespan that every plan needs, by halving between one that is known to be needed and one a half above it.

    `start` are the earliest runs, `tail` what must follow each end, `order` is a topological order. Looked at are
    machines that are always open and do one thing at a time, and operations without a setup that have no other.
    """
    first, tasks = _lone_work(shop)
    size = shop.operations.size - 1
    if tasks.size < LEAST_LONE * size or not size or int((np.diff(first) ** 2).sum()) > MOST_PAIRS:
        return least
    run = np.minimum.reduceat(shop.modes.run, shop.operations.first_mode[:-1])
    return int(_halved(packed(shop), order, first, tasks, run, start, tail, least, least + least // 2))


def _lone_work(shop: Arrays) -> tuple[Any, Any]:
    """For each machine that takes part the operations that only it can do, where there are several."""
    modes, operations = shop.modes, shop.operations
    machine = modes.machine[operations.first_mode[:-1]]
    records = shop.machines[machine]
    lone = (np.diff(operations.first_mode) == 1) & (modes.setup[operations.first_mode[:-1]] == 0)
    lone &= (records.capacity == 1) & ~records.batch & (records.calendar == 0)
    tasks = np.flatnonzero(lone)
    tasks = tasks[np.argsort(machine[tasks], kind="stable")]
    _, first = np.unique(machine[tasks], return_index=True)
    return np.append(first, tasks.size), tasks


@kernel
def _halved(  # noqa: PLR0913, PLR0917 - all that a pass needs
    shop: Any, order: Any, first: Any, tasks: Any, run: Any, start: Any, tail: Any, low: int, high: int
) -> int:
    """The least makespan between two that is not refuted; `low` itself counts as needed already."""
    while low < high:
        middle = (low + high) >> 1
        head, last = start.copy(), middle - tail
        if may_be(shop, order, first, tasks, run, head, last):
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def may_be(shop: Any, order: Any, first: Any, tasks: Any, run: Any, head: Any, last: Any) -> bool:
    """Narrow earliest starts and latest ends until nothing changes; whether they still leave room for everything.

    Destructive bounds by edge finding (Carlier and Pinson, Management Science 35 (1989) 164-176; Klein and Scholl,
    European Journal of Operational Research 112 (1999) 322-346).
    """
    for _ in range(MOST_PASSES):
        before = head.sum() - last.sum()
        if not propagate(shop, order, run, head, last):
            return False
        for machine in range(first.size - 1):
            own = tasks[first[machine] : first[machine + 1]]
            if not find_edges(own, run, head, last):
                return False
            # The same from the other end of time.
            mirrored_head, mirrored_last = -last, -head
            if not find_edges(own, run, mirrored_head, mirrored_last):
                return False
            last[own] = -mirrored_head[own]
        if head.sum() - last.sum() == before:
            break
    return True


@kernel
def propagate(shop: Any, order: Any, run: Any, head: Any, last: Any) -> bool:
    """Hand heads on to what follows and latest ends to what comes before; whether every operation still has room."""
    operations, arcs = shop.operations, shop.arcs
    for at in range(order.size):
        operation = order[at]
        for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
            before = arcs[arc].operation
            if arcs[arc].transfer >= 1.0:
                head[operation] = max(head[operation], head[before] + run[before] + arcs[arc].wait)
        if head[operation] + run[operation] > last[operation]:
            return False
    for at in range(order.size - 1, -1, -1):
        operation = order[at]
        for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
            before = arcs[arc].operation
            if arcs[arc].transfer >= 1.0:
                last[before] = min(last[before], last[operation] - run[operation] - arcs[arc].wait)
    return True


@kernel
def find_edges(own: Any, run: Any, head: Any, last: Any) -> bool:
    """Raise the heads of operations that must come after others on one machine; False when there is no room.

    For each latest end, the set of operations that must be done by then is built up from the latest head. What cannot
    come before or between them comes after all of them (Nuijten's algorithm, in Baptiste, Le Pape and Nuijten,
    Constraint-Based Scheduling, 2001, section 2.3). It takes time quadratic in the operations.
    """
    by_head = own[np.argsort(head[own])]
    raised = head[by_head]
    earliest = np.empty(own.size, np.int64)
    for set_by in range(own.size):
        limit = last[own[set_by]]
        work, done = 0, -(1 << 60)
        for at in range(own.size - 1, -1, -1):
            operation = by_head[at]
            if last[operation] <= limit:
                work += run[operation]
                done = max(done, head[operation] + work)
                if done > limit:
                    return False
            earliest[at] = done
        whole = -(1 << 60)
        for at in range(own.size):
            operation = by_head[at]
            if last[operation] <= limit:
                whole = max(whole, head[operation] + work)
                work -= run[operation]
                continue
            if head[operation] + work + run[operation] > limit:
                raised[at] = max(raised[at], earliest[at])
            if whole + run[operation] > limit:
                raised[at] = max(raised[at], done)
    for at in range(own.size):
        head[by_head[at]] = raised[at]
    return True
