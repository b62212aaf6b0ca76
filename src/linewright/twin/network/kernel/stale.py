"""Events that no longer count: they stay in the heap until their moment, or until it is full."""

from __future__ import annotations

from typing import Any

from linewright.twin.network.arrays import IDLE
from linewright.twin.network.kernel.compiled import inner_kernel
from linewright.twin.network.kernel.heap import (
    CALENDAR_FAILURE,
    CODE_MASK,
    KIND_BITS,
    KIND_MASK,
    PLAN_END,
    SETUP_END,
    STARTED,
    TURN_OFF,
    WORK_END,
)


@inner_kernel
def needs_more_events(plant: Any, state: Any) -> bool:
    """Drop all stale events, as places run out; whether what is left needs a longer heap.

    A quarter is to be free thereafter, so that stale events are not looked for again soon.
    """
    drop_stale(state.heap, state.marks, state.machines, state.modes)
    size = state.heap.size
    return state.marks[0].count + plant.options[0].margin + size // 4 > size


@inner_kernel
def drop_stale(heap: Any, marks: Any, machines: Any, modes: Any) -> None:
    """Keep the events that count; the first event is not being handled. Their order stays, as no two have one key."""
    count, kept = marks[0].count, 0
    for place in range(count):
        time, key = heap[place].time, heap[place].key
        if is_stale(machines, modes, key):
            continue
        at = kept
        kept += 1
        while at > 0:
            above = (at - 1) >> 1
            if heap[above].time < time or (heap[above].time == time and heap[above].key < key):
                break
            heap[at].time, heap[at].key = heap[above].time, heap[above].key
            at = above
        heap[at].time, heap[at].key = time, key
    marks[0].count = kept


@inner_kernel
def is_stale(machines: Any, modes: Any, key: int) -> bool:
    """Whether nothing would happen at an event: its machine or its clock does not wait for it any more."""
    code = key & CODE_MASK
    kind, who = code & KIND_MASK, code >> KIND_BITS
    if kind == CALENDAR_FAILURE:
        return bool(modes[who].pending != key)
    if kind in (WORK_END, SETUP_END, PLAN_END, STARTED):
        return bool(machines[who].pending != key)
    return kind == TURN_OFF and (machines[who].pending != key or machines[who].state != IDLE)
