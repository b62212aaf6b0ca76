"""The heap of events, with one comparison for ties and without a removal where an event causes the next one.

As :mod:`linewright.shop.heap`, but an event is a moment and one integer: its number in the order of scheduling, then
what happens and to whom. The first event stays at its place while it is handled (a hole), as most events schedule
exactly one more, which then takes the place and sinks: one pass instead of two.
"""

from __future__ import annotations

from typing import Any

from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel

#: What happens; a code is the kind and, from bit KIND_BITS on, the position of the thing.
ARRIVAL, WORK_END, REPAIRED, SETUP_END, MOVED, PIPED, CALENDAR_FAILURE, PLAN_DUE, PLAN_END, TURN_OFF, STARTED = range(
    11
)
KIND_BITS, CODE_BITS = 4, 26
KIND_MASK, CODE_MASK = (1 << KIND_BITS) - 1, (1 << CODE_BITS) - 1


@inner_kernel
def schedule(heap: Any, marks: Any, time: float, kind: int, who: int) -> int:
    """Add an event; returns its key, by which it can be recognised when it comes."""
    mark = marks[0]
    mark.sequence += 1
    key = (mark.sequence << CODE_BITS) | (who << KIND_BITS) | kind
    if mark.hole == 1:
        mark.hole = 0
        sink(heap, mark.count, time, key)
        return key
    at = mark.count
    mark.count = at + 1
    while at > 0:
        above = (at - 1) >> 1
        # Keys grow, so an event that is scheduled later never goes before one of the same moment.
        if heap[above].time <= time:
            break
        heap[at].time, heap[at].key = heap[above].time, heap[above].key
        at = above
    heap[at].time, heap[at].key = time, key
    return key


@inner_kernel
def sink(heap: Any, count: int, time: float, key: int) -> None:
    """Put an event in the first place and let it sink below all that come before it."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        right = below + 1
        if right < count and (
            heap[right].time < heap[below].time
            or (heap[right].time == heap[below].time and heap[right].key < heap[below].key)
        ):
            below = right
        if heap[below].time > time or (heap[below].time == time and heap[below].key > key):
            break
        heap[at].time, heap[at].key = heap[below].time, heap[below].key
        at = below
    heap[at].time, heap[at].key = time, key


@inlined_kernel
def close_hole(heap: Any, marks: Any) -> None:
    """Remove the event that was handled, if none has taken its place."""
    mark = marks[0]
    if mark.hole == 1:
        mark.hole = 0
        mark.count -= 1
        if mark.count > 0:
            sink(heap, mark.count, heap[mark.count].time, heap[mark.count].key)
