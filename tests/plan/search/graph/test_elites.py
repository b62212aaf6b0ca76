"""Plans between plans, and the few good ones that a search keeps."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from linewright.plan.search.graph.elites import MOST_IN_VAIN, SAME, Elites
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import Graph, graph_of, unit_of
from linewright.plan.search.graph.relink import Elite, between, distance, places
from linewright.plan.search.graph.start import remaining
from linewright.shop.arrays import Shop
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.working_time import NEVER
from tests.plan.search.graph.graph_shops import assert_true_to_itself, graph_shop, rows_of
from tests.plan.search.reinsert.people_shops import random_solution

SEEDS = range(5)


def elites_of(shop: Shop, **options: Any) -> Elites:
    """A search that has not begun."""
    graph = graph_of(shop.arrays, unit_of(shop.arrays))
    return Elites(graph, remaining(graph, topological(packed(shop.arrays))), **{"seed": 1, "patience": 300, **options})


def random_elite(elites: Elites, shop: Shop, seed: int) -> Elite:
    """A random plan with its makespan."""
    order, mode = (part.astype(np.int32) for part in random_solution(shop, seed))
    return elites.elite(int(load(elites.graph, order, mode)), order, mode)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_between_two_is_a_plan(seed: int):
    """Steps keep their order in every mix, and each mode comes from one of the two."""
    shop = graph_shop(seed, jobs=6)
    elites, random = elites_of(shop), np.random.default_rng(seed)
    one, other = (random_elite(elites, shop, at) for at in (seed, seed + 1))
    for share in (0.0, 0.3, 0.5, 0.8, 1.0):
        mixed = random.random(shop.size) < share
        order, mode = between(one, other, share, mixed)
        assert mode.tolist() == [int((other if mix else one).mode[at]) for at, mix in enumerate(mixed)]
        load(elites.graph, order, mode)
        assert_true_to_itself(shop, elites.graph)


def test_the_ends_of_the_way_between_two_plans_are_the_plans():
    """With a share of nothing the one comes out, with all of it the other."""
    shop = graph_shop(1, jobs=6)
    elites = elites_of(shop)
    one, other = (random_elite(elites, shop, at) for at in (3, 4))
    for share, plan in ((0.0, one), (1.0, other)):
        order, mode = between(one, other, share, np.full(shop.size, share > 0))
        assert order.tolist() == plan.order.tolist()
        assert mode.tolist() == plan.mode.tolist()


def rows_from(order: Any, machine: Any) -> list[list[int]]:
    """The rows of machines in an order of work."""
    return [[int(at) for at in order if machine[at] == row] for row in range(int(machine.max()) + 1)]


@pytest.mark.parametrize("seed", SEEDS)
def test_places_are_those_on_the_machines(seed: int):
    """The same as in the rows of a loaded graph."""
    shop = graph_shop(seed, jobs=6)
    graph: Graph = graph_of(shop.arrays, unit_of(shop.arrays))
    order, mode = (part.astype(np.int32) for part in random_solution(shop, seed))
    load(graph, order, mode)
    machine = graph.ways.machine[mode]
    assert places(order, machine).tolist() == graph.nodes.place.tolist()
    assert rows_from(order, machine) == rows_of(graph)[: int(machine.max()) + 1]


def test_distance_is_none_to_itself_and_the_same_both_ways():
    """It grows with the places by which operations differ, and another mode is never nothing."""
    shop = graph_shop(2, jobs=6)
    elites = elites_of(shop)
    plans = [random_elite(elites, shop, at) for at in range(5)]
    for one, other in combinations(plans, 2):
        assert distance(one, one) == 0
        assert distance(one, other) == distance(other, one) > 0
        moved = [
            max(abs(int(a) - int(b)), int(c != d))
            for a, b, c, d in zip(one.place, other.place, one.mode, other.mode, strict=True)
        ]
        assert distance(one, other) == pytest.approx(sum(moved) / shop.size)


@pytest.mark.parametrize("seed", SEEDS)
def test_elites_are_few_good_and_different(seed: int):
    """After many searches they stand by their makespan, no two are nearly the same, and each is what it says."""
    shop = graph_shop(seed, jobs=6)
    elites = elites_of(shop, size=4, patience=60)
    for _ in range(15):
        elites.search(100, 0)
        lengths = [elite.length for elite in elites.kept]
        assert lengths == sorted(lengths)
        assert len(lengths) <= 4
        assert all(distance(one, other) >= SAME for one, other in combinations(elites.kept, 2))
    assert elites.kept
    assert elites.best is not None
    copy = graph_of(shop.arrays, unit_of(shop.arrays))
    for elite in (elites.best, *elites.kept):
        assert load(copy, elite.order, elite.mode) == elite.length >= elites.best.length


def test_the_same_plan_is_kept_once_and_a_better_one_of_its_kind_takes_its_place():
    """The longer of two that are nearly the same is turned away, whichever came first."""
    shop = graph_shop(3, jobs=6)
    elites = elites_of(shop)
    plan = random_elite(elites, shop, 0)
    for length, kept in ((50, 50), (50, 50), (60, 50), (40, 40)):
        elites.admit(plan._replace(length=length))
        assert [elite.length for elite in elites.kept] == [kept]


def test_a_full_house_takes_in_only_what_is_better_than_the_last():
    """The longest plan goes when a shorter one comes."""
    shop = graph_shop(4, jobs=6)
    elites = elites_of(shop, size=3)
    plans = [random_elite(elites, shop, at) for at in range(6)]
    assert all(distance(one, other) >= SAME for one, other in combinations(plans, 2))
    for plan, length in zip(plans, (30, 10, 20, 30, 40, 15), strict=True):
        elites.admit(plan._replace(length=length))
    assert [elite.length for elite in elites.kept] == [10, 15, 20]


def test_searches_in_vain_give_way_to_fresh_starts():
    """When nothing new has come so often, only the best is kept."""
    shop = graph_shop(4, jobs=6)
    elites = elites_of(shop, size=2)
    plans = [random_elite(elites, shop, at)._replace(length=10 + at) for at in range(2)]
    for plan in plans:
        elites.admit(plan)
    for _ in range(MOST_IN_VAIN - 1):
        elites.admit(plans[1])
        assert len(elites.kept) == 2
    elites.admit(plans[1])
    assert [elite.length for elite in elites.kept] == [10]


def test_a_single_trajectory_goes_on_from_a_plan_only_when_it_is_shorter():
    """Without generations the best plan known is the new beginning."""
    shop = graph_shop(5, jobs=6)
    elites = elites_of(shop, patience=NEVER)
    elites.search(1, 0)
    worse, better = random_elite(elites, shop, 0), elites.best
    assert better is not None
    assert worse.length > better.length
    later = elites_of(shop, patience=NEVER)
    later.start_from(worse.order, worse.mode)
    later.admit(better)
    assert later.best is not None
    assert later.best.length == better.length
    later.admit(worse)
    assert later.room.best_order.tolist() == better.order.tolist()
