"""Heads, tails and longest ways, against the timetable and plain loops."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from linewright.model.factory import Factory
from linewright.plan.search.chance import new_chance
from linewright.plan.search.graph.heads import all_times, makespan, renew_heads, renew_tails
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import NONE, Graph, graph_of, unit_of
from linewright.plan.search.graph.path import critical_path, latest_end
from linewright.shop.compile import compile_shop
from tests.plan.search.graph.graph_shops import arcs_of, assert_true_to_itself, graph_shop, plain, planned
from tests.plan.search.reinsert.people_shops import START, ends_by_timetable, random_solution


def path_of(graph: Graph, seed: int) -> list[int]:
    """A longest way, from its start to its end."""
    path = np.zeros(graph.order.size, np.int32)
    count = critical_path(graph, np.flatnonzero(graph.nodes.step_after == NONE), new_chance(seed), path)
    return path[:count][::-1].tolist()


@pytest.mark.parametrize("seed", range(12))
def test_heads_are_the_starts_of_the_timetable(seed: int):
    """With waits, releases, other machines and several steps before; tails are longest ways to the end."""
    shop = graph_shop(seed, jobs=5)
    graph, length = planned(shop, seed)
    ends = ends_by_timetable(shop, graph.order.astype(np.int64), graph.nodes.mode.astype(np.int64))
    assert_array_equal((graph.nodes.head + graph.nodes.run) * unit_of(shop.arrays), ends)
    assert length * unit_of(shop.arrays) == ends.max()
    assert_true_to_itself(shop, graph)


def test_ready_and_rest_leave_the_machine_out():
    """They are the head and the tail as far as releases and steps decide them."""
    shop = graph_shop(3, jobs=6)
    nodes = planned(shop, 3)[0].nodes
    for at in range(shop.size):
        ready = [nodes[one].head + nodes[one].run + wait for one, other, wait in arcs_of(shop) if other == at]
        rest = [nodes[other].tail + nodes[other].run + wait for one, other, wait in arcs_of(shop) if one == at]
        assert nodes[at].ready == max([nodes[at].release, *ready])
        assert nodes[at].rest == max([0, *rest])


def test_times_behind_and_before_a_rank_are_all_that_is_renewed():
    """What is spoilt there comes back; what is spoilt elsewhere stays."""
    graph, _ = planned(graph_shop(4, jobs=6), 4)
    was, middle = graph.nodes.copy(), graph.order.size // 2
    late, early = graph.order[middle:], graph.order[:middle]
    graph.nodes.head[late] = graph.nodes.ready[late] = -7
    graph.nodes.tail[early] = graph.nodes.rest[early] = -7
    renew_heads(graph.nodes, graph.lists, graph.links, graph.order, graph.ends, middle)
    assert_array_equal(graph.nodes.head, was.head)
    assert (graph.nodes.tail[early] == -7).all()
    renew_tails(graph.nodes, graph.lists, graph.links, graph.order, middle - 1)
    assert_array_equal(graph.nodes, was)


def test_the_compiled_passes_are_the_plain_ones():
    """Loading and both passes, run as Python on the same shop."""
    shop = graph_shop(5)
    graph, length = planned(shop, 5)
    order, mode = random_solution(shop, 5)
    other = graph_of(shop.arrays, unit_of(shop.arrays))
    assert plain(load)(other, order.astype(np.int32), mode.astype(np.int32)) == length
    assert plain(makespan)(other) == length
    for one, same in zip(graph, other, strict=True):
        assert_array_equal(one, same)
    other.nodes.head[:] = other.nodes.tail[:] = other.ends[:] = 0
    plain(renew_heads)(other.nodes, other.lists, other.links, other.order, other.ends, 0)
    plain(renew_tails)(other.nodes, other.lists, other.links, other.order, other.order.size - 1)
    assert_array_equal(graph.nodes, other.nodes)
    all_times(graph)
    assert_array_equal(graph.ends, other.ends)


@pytest.mark.parametrize("seed", range(8))
def test_a_longest_way_has_no_gap(seed: int):
    """It begins at a release, each operation begins with the end of the one before and a wait, and the last ends."""
    shop = graph_shop(seed, jobs=6)
    graph, length = planned(shop, seed)
    nodes, waits = graph.nodes, {(one, other): wait for one, other, wait in arcs_of(shop)}
    path = path_of(graph, seed)
    total = int(nodes.release[path[0]]) + int(nodes.run[path].sum())
    for one, other in pairwise(path):
        gap = int(nodes.head[other] - nodes.head[one] - nodes.run[one])
        assert gap == waits.get((one, other), 0)
        assert (one, other) in waits or nodes.before[other] == one
        total += gap
    assert total == length


def test_chance_draws_among_equally_long_ways():
    """Two steps of the same length, on a machine each, before a third: over many draws each of them is met."""
    steps = [
        {"material": "P", "step": step, "machine": f"M{step}", "run_minutes": 5, "after": after}
        for step, after in ((1, "-"), (2, "-"), (3, "1 2"))
    ]
    factory = Factory.of(
        machines=[{"machine": f"M{at}"} for at in (1, 2, 3)],
        operations=steps,
        orders=[{"order": "O", "material": "P", "quantity": 1}],
    )
    graph, _ = planned(compile_shop(factory, START))
    assert {tuple(path_of(graph, seed)) for seed in range(40)} == {(0, 2), (1, 2)}
    ends, last = np.array([4, 9, 9, 3, 9], np.int32), np.arange(10, 15)
    assert {latest_end(ends, last, new_chance(seed)) for seed in range(60)} == {11, 12, 14}
