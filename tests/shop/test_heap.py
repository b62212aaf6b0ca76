"""The heap of events."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.shop.heap import new_heap, pop, push


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=60), st.randoms())
def test_events_come_in_order(events, chance):
    """Whatever is pushed and popped in between, the first event is always the least of those waiting."""
    heap, waiting = new_heap(64), []
    for number, (time, tie) in enumerate(events):
        push(heap, float(time), tie, number)
        waiting.append((time, tie))
        while waiting and chance.random() < 0.4:
            first = min(waiting)
            assert (heap.time[0], heap.tie[0]) == first
            assert events[heap.event[0]] == first
            waiting.remove(first)
            pop(heap)
    assert heap.count[0] == len(waiting)


def test_whole_seconds_stay_whole():
    """A heap of whole seconds keeps them as integers."""
    heap = new_heap(2, np.int64)
    push(heap, 2**61 + 1, 0, 0)
    assert heap.time[0] == 2**61 + 1
