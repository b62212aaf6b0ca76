"""List schedules in which no machine waits while it has work."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.plan.search.chance import new_chance
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.start import balanced_modes, non_delay, sift_down, sift_up
from tests.plan.search.graph.graph_shops import assert_true_to_itself, graph_shop, plain, planned, rows_of
from tests.plan.search.graph.test_start import left_of


@pytest.mark.parametrize("seed", range(8))
def test_no_machine_waits_while_it_has_work(seed: int):
    """Whenever a machine idles, nothing that it does later is ready; of all that is, the one with most left begins."""
    shop = graph_shop(seed, jobs=8)
    graph, _ = planned(shop, seed)
    left, mode = left_of(shop, graph), balanced_modes(graph, 20, new_chance(seed), 0.0)
    load(graph, non_delay(graph, left, 0.0, new_chance(seed), mode), mode)
    assert graph.nodes.mode.tolist() == mode.tolist()
    assert_true_to_itself(shop, graph)
    nodes = graph.nodes
    for row in rows_of(graph):
        free = 0
        for place, operation in enumerate(row):
            begin = int(nodes.head[operation])
            assert begin == max(free, min(int(nodes.ready[other]) for other in row[place:]))
            waiting = [other for other in row[place:] if nodes.ready[other] <= begin]
            assert left[operation] == max(left[waiting])
            free = begin + int(nodes.run[operation])


@pytest.mark.parametrize("seed", range(4))
def test_shaken_priorities_give_other_orders_of_work(seed: int):
    """Each is still topological, and none idles on purpose."""
    shop = graph_shop(seed, jobs=8)
    graph, _ = planned(shop, seed)
    left, mode = left_of(shop, graph), balanced_modes(graph, 20, new_chance(seed), 0.0)
    orders = [non_delay(graph, left, 0.9, new_chance(draw), mode) for draw in range(6)]
    assert len({tuple(order.tolist()) for order in orders}) > 1
    for order in orders:
        load(graph, order, mode)
        assert_true_to_itself(shop, graph)


def test_the_compiled_order_is_the_plain_one():
    """With the same state of chance."""
    shop = graph_shop(3, jobs=6)
    graph, _ = planned(shop, 3)
    left, mode = left_of(shop, graph), balanced_modes(graph, 20, new_chance(3), 0.0)
    orders = [kernel(graph, left, 0.3, new_chance(5), mode).tolist() for kernel in (non_delay, plain(non_delay))]
    assert orders[0] == orders[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_heap_gives_back_the_smallest_first(seed: int):
    """Items come and go in any order, beside the heap of another machine that stays as it is."""
    random = np.random.default_rng(seed)
    keys, items, base = np.full(60, -1.0), np.full(60, -1), 10
    inside: list[tuple[float, int]] = []
    for step in range(200):
        if inside and (len(inside) == 40 or random.random() < 0.4):
            assert (keys[base], items[base]) == min(inside)
            inside.remove(min(inside))
            sift_down(keys, items, base, len(inside))
        else:
            key = float(random.random())
            sift_up(keys, items, base, len(inside), key, step)
            inside.append((key, step))
    assert (keys[:base] == -1).all()
    assert (keys[base + 40 :] == -1).all()
