"""Edge finding against every order of work on one machine."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from linewright.plan.bounds import limits
from linewright.plan.bounds.edges import find_edges, ordered_makespan
from tests.plan.tiny_shops import best_of_all, tiny_shop


def possible_starts(run, head, last):
    """The least start of each operation over all orders that keep every latest end; None when none does."""
    least = None
    for order in permutations(range(run.size)):
        moment, starts = 0, np.zeros(run.size, np.int64)
        for at in order:
            starts[at] = max(moment, head[at])
            moment = starts[at] + run[at]
        if (starts + run <= last).all():
            least = starts if least is None else np.minimum(least, starts)
    return least


@pytest.mark.parametrize("seed", range(40))
def test_no_order_has_an_operation_before_its_raised_head(seed):
    """A refused set has no order that fits; else no order that fits starts anything before the raised heads."""
    draw = np.random.default_rng(seed)
    run, head = draw.integers(1, 9, 5), draw.integers(0, 15, 5)
    last = head + run + draw.integers(0, 18, 5)
    least = possible_starts(run, head, last)
    raised, plain = head.copy(), head.copy()
    room = find_edges(np.arange(5), run, raised, last)
    assert room == find_edges.py_func(np.arange(5), run, plain, last)
    if room:
        np.testing.assert_array_equal(raised, plain)
    if least is not None:
        assert room
        assert (raised <= least).all()


def test_edges_are_found():
    """Two operations fill the time from 0 to 10, so that the third, which could begin at 1, comes after both."""
    run, head, last = np.array([5, 5, 4]), np.array([0, 0, 1]), np.array([10, 10, 20])
    assert find_edges(np.arange(3), run, head, last)
    assert head.tolist() == [0, 0, 10]
    assert not find_edges(np.arange(3), run, np.array([0, 0, 1]), np.array([10, 10, 13]))


@pytest.mark.parametrize(
    "features", [(), ("waits",), ("transfer",), ("release",), ("sites",), ("changeovers",), ("bill",)]
)
def test_no_order_of_work_is_shorter_than_what_machines_can_order(features):
    """Whatever order is chosen, the makespan is not below the one that edges leave possible."""
    for seed in range(5):
        shop = tiny_shop(seed, *features, most=4)
        known = limits(shop)
        least = int((known.end + known.tail).max())
        value = ordered_makespan(shop.arrays, known.order, known.start, known.tail, least)
        assert least <= value <= best_of_all(shop).makespan * 3600 + 1e-6
