"""A binary heap of events in flat arrays: the earliest first, and at one moment the one with the least tie.

Its parts are arrays of one capacity and a one-element count, so a snapshot of a simulation is a copy of arrays.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linewright.shop.kernels import lean_kernel


class Heap(NamedTuple):
    """Events waiting: `time`, `tie` (what comes first at the same moment), `event` (whose it is), and `count` (1)."""

    time: Any
    tie: Any
    event: Any
    count: Any


def new_heap(capacity: int, time: Any = np.float64) -> Heap:
    """An empty heap for so many events; `time` is the type of its moments."""
    return Heap(
        np.zeros(capacity, time), np.zeros(capacity, np.int64), np.zeros(capacity, np.int64), np.zeros(1, np.int64)
    )


@lean_kernel
def push(heap: Any, time: Any, tie: int, event: int) -> None:
    """Add an event; the caller sees to the capacity."""
    at = heap.count[0]
    heap.count[0] = at + 1
    while at > 0:
        above = (at - 1) >> 1
        if heap.time[above] < time or (heap.time[above] == time and heap.tie[above] <= tie):
            break
        heap.time[at], heap.tie[at], heap.event[at] = heap.time[above], heap.tie[above], heap.event[above]
        at = above
    heap.time[at], heap.tie[at], heap.event[at] = time, tie, event


@lean_kernel
def pop(heap: Any) -> None:
    """Remove the first event, which stands at position 0."""
    count = heap.count[0] - 1
    heap.count[0] = count
    time, tie, event = heap.time[count], heap.tie[count], heap.event[count]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        right = below + 1
        if right < count and (
            heap.time[right] < heap.time[below]
            or (heap.time[right] == heap.time[below] and heap.tie[right] < heap.tie[below])
        ):
            below = right
        if heap.time[below] > time or (heap.time[below] == time and heap.tie[below] >= tie):
            break
        heap.time[at], heap.tie[at], heap.event[at] = heap.time[below], heap.tie[below], heap.event[below]
        at = below
    heap.time[at], heap.tie[at], heap.event[at] = time, tie, event
