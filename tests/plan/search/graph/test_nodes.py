"""The graph says the same as the shop."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.plan.search.graph.nodes import NODE, NONE, SEVERAL, graph_of, longest_possible, unit_of
from linewright.shop.compile import compile_shop
from tests.plan.search.graph.graph_shops import arcs_of, graph_shop, planned
from tests.plan.search.reinsert.people_shops import START
from tests.plan.tiny_shops import tiny_factory

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_arc_stands_with_both_of_its_operations(seed: int):
    """With its wait in minutes; what has one step before or after names it, what has more says so."""
    shop = graph_shop(seed)
    graph = graph_of(shop.arrays, unit_of(shop.arrays))
    ends = set()
    for at in range(shop.size):
        before = sorted((one, wait) for one, other, wait in arcs_of(shop) if other == at)
        after = sorted((other, wait) for one, other, wait in arcs_of(shop) if one == at)
        first, middle, end = graph.lists.first_before[at], graph.lists.first_after[at], graph.lists.first_before[at + 1]
        assert sorted(graph.links[first:middle].tolist()) == before
        assert sorted(graph.links[middle:end].tolist()) == after
        node = graph.nodes[at]
        for step, wait, links in (
            (node.step_before, node.wait_before, before),
            (node.step_after, node.wait_after, after),
        ):
            if len(links) == 1:
                assert (step, wait) == links[0]
            else:
                assert step == (SEVERAL if links else NONE)
        if not after:
            ends.add(int(node.wait_after))
    assert ends == set(range(graph.ends.size))


@pytest.mark.parametrize("seed", SEEDS)
def test_times_are_counted_in_the_unit(seed: int):
    """Minutes here: runs, releases and waits times the unit are the seconds of the shop."""
    shop = graph_shop(seed)
    unit, modes = unit_of(shop.arrays), shop.arrays.modes
    graph = graph_of(shop.arrays, unit)
    assert unit % 60 == 0
    assert (graph.ways.run * unit).tolist() == modes.run.tolist()
    assert graph.ways.machine.tolist() == modes.machine.tolist()
    assert (graph.nodes.release * unit).tolist() == shop.arrays.operations.release[:-1].tolist()
    assert graph.lists.first_mode.tolist() == shop.arrays.operations.first_mode.tolist()


def test_shops_with_several_steps_before_and_after_are_among_those_tried():
    """Else the tests here would look at chains alone."""
    nodes = np.concatenate([graph_of(graph_shop(seed).arrays).nodes for seed in SEEDS])
    for name in ("step_before", "step_after"):
        assert {SEVERAL, NONE} < set(nodes[name].tolist())


def test_the_unit_is_the_greatest_that_divides_every_time():
    """Half-hour runs with a release at a quarter to seven are counted in quarters of an hour."""
    shop = compile_shop(tiny_factory(1, "release"), START)
    times = [*shop.arrays.modes.run.tolist(), *shop.arrays.modes.setup.tolist()]
    times += shop.arrays.operations.release[:-1].tolist()
    unit = unit_of(shop.arrays)
    assert all(time % unit == 0 for time in times)
    assert not any(all(time % (unit * factor) == 0 for time in times) for factor in (2, 3, 5, 7))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_without_idling_is_longer_than_the_longest_possible(seed: int):
    """Random plans all end before."""
    shop = graph_shop(seed)
    limit = longest_possible(shop.arrays)
    assert all(planned(shop, draw)[1] * unit_of(shop.arrays) <= limit for draw in range(20))


def test_a_node_fills_a_line_of_the_cache():
    """Sixty-four bytes, as its description says."""
    assert NODE.itemsize == 64
