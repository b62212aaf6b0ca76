"""Where a search begins: machines with balanced loads, then operations lined up by what remains of their jobs."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from linewright.plan.search.chance import share
from linewright.shop.kernels import kernel

#: Up to this power of a load is looked at when loads are balanced.
MOST_POWER = 256.0


@kernel
def balanced_modes(graph: Any, passes: int, chance: Any, spread: float) -> Any:
    """A mode for each operation such that no machine has much more work than others.

    Each operation in turn goes where the sum of a power of all loads grows least. The power is 2 at first, which also
    keeps total work small, and doubles with every other pass, until in effect only the fullest machine counts. `spread`
    shakes the run times so that different draws give different balances.
    """
    lists, ways = graph.lists, graph.ways
    size = lists.size - 1
    chosen, loads = np.zeros(size, np.int32), np.zeros(graph.loads.size, np.float64)
    power = 2.0
    for turn in range(passes):
        # Loads are counted in the largest one, so that high powers stay small numbers.
        whole = 1.0 / max(loads.max(), 1.0)
        for operation in range(size):
            if turn > 0:
                loads[ways[chosen[operation]].machine] -= ways[chosen[operation]].run
            best, least = -1, 0.0
            for mode in range(lists[operation].first_mode, lists[operation + 1].first_mode):
                run, load = float(ways[mode].run), loads[ways[mode].machine]
                if turn < 2:
                    # (load + run)^2 - load^2 as well as it can be told while loads are being built up.
                    growth = run * (run + 2.0 * load) * (1.0 + spread * share(chance))
                else:
                    growth = ((load + run) * whole) ** power - (load * whole) ** power
                if best < 0 or growth < least:
                    best, least = mode, growth
            chosen[operation] = best
            loads[ways[best].machine] += ways[best].run
        if turn % 2 == 1 and power < MOST_POWER:
            power *= 2.0
    return chosen


@kernel
def remaining(graph: Any, order: Any) -> Any:
    """The longest way from each operation's start to the end of its job, with the mean of its run times."""
    lists, links, ways = graph.lists, graph.links, graph.ways
    left = np.zeros(order.size, np.float64)
    for at in range(order.size - 1, -1, -1):
        operation = order[at]
        first, end = lists[operation].first_mode, lists[operation + 1].first_mode
        total = 0.0
        for mode in range(first, end):
            total += ways[mode].run
        longest = 0.0
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            longest = max(longest, left[links[link].operation] + links[link].wait)
        left[operation] = longest + total / (end - first)
    return left


@kernel
def list_schedule(graph: Any, left: Any, pull: float, spread: float, chance: Any, mode: Any) -> Any:
    """Take operations one after the other, the most urgent that is ready first, each where it ends first.

    Urgency is the moment at which an operation is ready less `pull` times what remains after it, shaken by `spread`.
    A mode that is not -1 is kept. Returns a topological order and writes the modes.
    """
    nodes, lists, links, ways = graph.nodes, graph.lists, graph.links, graph.ways
    size = nodes.size
    order, end, waits = np.zeros(size, np.int32), np.zeros(size, np.int64), np.zeros(size, np.int64)
    free = np.zeros(graph.loads.size, np.int64)
    queue = [(0.0, 0) for _ in range(0)]
    for operation in range(size):
        waits[operation] = lists[operation].first_after - lists[operation].first_before
        if waits[operation] == 0:
            shaken = left[operation] * (1.0 + spread * (share(chance) - 0.5))
            heapq.heappush(queue, (nodes[operation].release - pull * shaken, operation))
    for at in range(size):
        operation = heapq.heappop(queue)[1]
        order[at] = operation
        ready = nodes[operation].release
        for link in range(lists[operation].first_before, lists[operation].first_after):
            ready = max(ready, end[links[link].operation] + links[link].wait)
        best, earliest = mode[operation], 0
        if best < 0:
            for way in range(lists[operation].first_mode, lists[operation + 1].first_mode):
                finish = max(ready, free[ways[way].machine]) + ways[way].run
                if best < 0 or finish < earliest:
                    best, earliest = way, finish
            mode[operation] = best
        end[operation] = max(ready, free[ways[best].machine]) + ways[best].run
        free[ways[best].machine] = end[operation]
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            follower: Any = np.int64(links[link].operation)
            waits[follower] -= 1
            if waits[follower] == 0:
                ready = nodes[follower].release
                for other in range(lists[follower].first_before, lists[follower].first_after):
                    ready = max(ready, end[links[other].operation] + links[other].wait)
                shaken = left[follower] * (1.0 + spread * (share(chance) - 0.5))
                heapq.heappush(queue, (ready - pull * shaken, follower))
    return order


@kernel
def sift_up(keys: Any, items: Any, base: int, size: int, key: float, item: int) -> None:
    """Put an item into a binary heap of `size` items that begins at `base`, the smallest key first."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if keys[base + parent] <= key:
            break
        keys[base + at], items[base + at] = keys[base + parent], items[base + parent]
        at = parent
    keys[base + at], items[base + at] = key, item


@kernel
def sift_down(keys: Any, items: Any, base: int, size: int) -> None:
    """Take the first item out of a heap that has `size` items without it."""
    key, item = keys[base + size], items[base + size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and keys[base + child + 1] < keys[base + child]:
            child += 1
        if keys[base + child] >= key:
            break
        keys[base + at], items[base + at] = keys[base + child], items[base + child]
        at = child
    keys[base + at], items[base + at] = key, item


@kernel
def non_delay(graph: Any, left: Any, spread: float, chance: Any, mode: Any) -> Any:
    """A topological order in which no machine waits while it has work: the job with most left goes first.

    Modes are given. Events are operations that become ready and, from the number of operations on, machines that look
    for work (non-delay schedules: Pinedo, Scheduling, 5th ed. 2016, section 2.3).
    """
    nodes, lists, links, ways = graph.nodes, graph.lists, graph.links, graph.ways
    size, machines = nodes.size, graph.loads.size
    moment, event = np.zeros(3 * size + 1, np.float64), np.zeros(3 * size + 1, np.int64)
    keys, items = np.zeros(ways.size, np.float64), np.zeros(ways.size, np.int64)
    queued, free, waits = np.zeros(machines, np.int64), np.zeros(machines, np.int64), np.zeros(size, np.int64)
    ready, order = np.zeros(size, np.int64), np.zeros(size, np.int32)
    events, placed = 0, 0
    for operation in range(size):
        waits[operation] = lists[operation].first_after - lists[operation].first_before
        ready[operation] = nodes[operation].release
        if waits[operation] == 0:
            sift_up(moment, event, 0, events, float(ready[operation]), operation)
            events += 1
    while events > 0:
        now, what = int(moment[0]), event[0]
        events -= 1
        sift_down(moment, event, 0, events)
        machine = what - size if what >= size else ways[mode[what]].machine
        base = graph.first_place[machine]
        if what < size:
            shaken = left[what] * (1.0 + spread * (share(chance) - 0.5))
            sift_up(keys, items, base, queued[machine], -shaken, what)
            queued[machine] += 1
            if free[machine] <= now:
                # Half a second later all that is ready at this moment has come.
                sift_up(moment, event, 0, events, now + 0.5, size + machine)
                events += 1
            continue
        if free[machine] > now or queued[machine] == 0:
            continue
        operation = items[base]
        queued[machine] -= 1
        sift_down(keys, items, base, queued[machine])
        order[placed] = operation
        placed += 1
        end = now + ways[mode[operation]].run
        free[machine] = end
        sift_up(moment, event, 0, events, end + 0.5, size + machine)
        events += 1
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            follower = links[link].operation
            ready[follower] = max(ready[follower], end + links[link].wait)
            waits[follower] -= 1
            if waits[follower] == 0:
                sift_up(moment, event, 0, events, float(ready[follower]), follower)
                events += 1
    return order
