"""Where a search begins: balanced machines, and list schedules."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from linewright.plan.search.chance import new_chance
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import Graph
from linewright.plan.search.graph.start import balanced_modes, list_schedule, remaining
from linewright.shop.arrays import Shop
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from tests.plan.search.graph.graph_shops import arcs_of, assert_true_to_itself, graph_shop, plain, planned

SEEDS = range(6)


def fullest(graph: Graph, mode: Any) -> int:
    """The most minutes of work on any machine."""
    return int(np.bincount(graph.ways.machine[mode], weights=graph.ways.run[mode]).max())


def left_of(shop: Shop, graph: Graph) -> Any:
    """What remains after each operation."""
    return remaining(graph, topological(packed(shop.arrays)))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_operation_alone_could_relieve_the_fullest_machine(seed: int):
    """Each of its other modes leaves a machine with as much work; all modes are its own."""
    graph, _ = planned(graph_shop(seed, jobs=8), seed)
    mode, first = balanced_modes(graph, 30, new_chance(seed), 0.0), graph.lists.first_mode
    for operation in range(mode.size):
        assert first[operation] <= mode[operation] < first[operation + 1]
        for other in range(first[operation], first[operation + 1]):
            changed = mode.copy()
            changed[operation] = other
            assert fullest(graph, changed) >= fullest(graph, mode)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fullest_machine_has_no_more_work_than_with_the_shortest_runs(seed: int):
    """Nor much more than with the best of all choices, where all can be tried."""
    graph, _ = planned(graph_shop(seed, jobs=4, steps=3, bill=False), seed)
    first = graph.lists.first_mode
    shortest = [first[at] + int(graph.ways.run[first[at] : first[at + 1]].argmin()) for at in range(graph.order.size)]
    balanced = fullest(graph, balanced_modes(graph, 30, new_chance(seed), 0.0))
    assert balanced <= fullest(graph, shortest)
    best = min(fullest(graph, list(mode)) for mode in product(*map(range, first[:-1], first[1:])))
    assert best <= balanced <= 1.3 * best


def test_shaken_run_times_give_other_balances():
    """Different draws differ, and none is far from the balance of the true times."""
    graph, _ = planned(graph_shop(0, jobs=20), 0)
    balanced = fullest(graph, balanced_modes(graph, 20, new_chance(0), 0.0))
    shaken = {tuple(balanced_modes(graph, 20, new_chance(draw), 0.3).tolist()) for draw in range(8)}
    assert len(shaken) > 1
    assert max(fullest(graph, list(one)) for one in shaken) < 1.5 * balanced


@pytest.mark.parametrize("seed", SEEDS)
def test_what_remains_is_the_longest_way_to_the_end_of_the_job(seed: int):
    """With waits, and with the mean of the run times of each operation; counted by a plain recursion."""
    shop = graph_shop(seed)
    graph, _ = planned(shop, seed)
    first, arcs = graph.lists.first_mode, arcs_of(shop)

    def longest(at: int) -> float:
        own = float(graph.ways.run[first[at] : first[at + 1]].mean())
        return own + max([0.0, *(wait + longest(other) for one, other, wait in arcs if one == at)])

    assert left_of(shop, graph).tolist() == pytest.approx([longest(at) for at in range(shop.size)])


@pytest.mark.parametrize("spread", [0.0, 0.5])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_schedule_is_an_order_of_work(seed: int, spread: float):
    """Each operation comes after what it waits for; given modes are kept, open ones chosen."""
    shop = graph_shop(seed, jobs=6)
    graph, _ = planned(shop, seed)
    given = balanced_modes(graph, 20, new_chance(seed), spread)
    given[::2] = -1
    mode = given.copy()
    order = list_schedule(graph, left_of(shop, graph), 1.0, spread, new_chance(seed), mode)
    assert mode[given >= 0].tolist() == given[given >= 0].tolist()
    first = graph.lists.first_mode
    assert ((first[:-1] <= mode) & (mode < first[1:])).all()
    load(graph, order, mode)
    assert_true_to_itself(shop, graph)


def test_an_open_operation_goes_where_it_ends_first():
    """With one pull and nothing shaken, each choice is the best for the operations placed before it."""
    shop = graph_shop(5, jobs=6)
    graph, _ = planned(shop, 5)
    mode = np.full(shop.size, -1, np.int32)
    order = list_schedule(graph, left_of(shop, graph), 1.0, 0.0, new_chance(0), mode)
    load(graph, order, mode)
    free, nodes = [0] * graph.loads.size, graph.nodes
    for at in order:
        ways = graph.ways[graph.lists.first_mode[at] : graph.lists.first_mode[at + 1]]
        ends = [max(int(nodes.ready[at]), free[way.machine]) + int(way.run) for way in ways]
        assert nodes.head[at] + nodes.run[at] == min(ends)
        free[nodes.machine[at]] = min(ends)


def test_the_compiled_starts_are_the_plain_ones():
    """With the same state of chance, shaken and not."""
    shop = graph_shop(2, jobs=5)
    graph, _ = planned(shop, 2)
    left = left_of(shop, graph)
    assert plain(remaining)(graph, topological(packed(shop.arrays))).tolist() == left.tolist()
    for spread in (0.0, 0.3):
        balanced = balanced_modes(graph, 20, new_chance(3), spread)
        assert plain(balanced_modes)(graph, 20, new_chance(3), spread).tolist() == balanced.tolist()
        modes = [np.full(shop.size, -1, np.int32) for _ in range(2)]
        orders = [
            kernel(graph, left, 0.5, spread, new_chance(4), mode)
            for kernel, mode in zip((list_schedule, plain(list_schedule)), modes, strict=True)
        ]
        assert orders[0].tolist() == orders[1].tolist()
        assert modes[0].tolist() == modes[1].tolist()
