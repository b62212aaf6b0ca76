"""A binary heap of events, earliest first."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import lean_kernel

EVENT = np.dtype([("moment", np.int64), ("what", np.int64)])


@lean_kernel
def push_event(heap: Any, size: int, moment: int, what: int) -> int:
    """Add an event; the new number of events."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if heap[parent].moment <= moment:
            break
        heap[at].moment, heap[at].what = heap[parent].moment, heap[parent].what
        at = parent
    heap[at].moment, heap[at].what = moment, what
    return size + 1


@lean_kernel
def pop_event(heap: Any, size: int) -> int:
    """Remove the earliest event (read ``heap[0]`` before); the new number of events."""
    size -= 1
    moment, what = heap[size].moment, heap[size].what
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1].moment < heap[child].moment:
            child += 1
        if heap[child].moment >= moment:
            break
        heap[at].moment, heap[at].what = heap[child].moment, heap[child].what
        at = child
    heap[at].moment, heap[at].what = moment, what
    return size
