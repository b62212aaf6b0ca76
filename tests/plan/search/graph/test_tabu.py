"""Tabu search finds the best plan of tiny shops, and stops when told."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from linewright.plan.search.chance import new_chance
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import Graph, graph_of, unit_of
from linewright.plan.search.graph.tabu import BEST, CIRCLES, LAST_BETTER, ROUND, Room, new_room, tabu
from linewright.shop.arrays import Shop
from linewright.shop.working_time import NEVER
from tests.plan.search.graph.graph_shops import assert_true_to_itself, copied, graph_shop, plain, planned
from tests.plan.search.graph.test_elites import elites_of
from tests.plan.search.reinsert.people_shops import best_of_all_orders

#: Jobs, steps and machines of shops small enough that every plan can be tried.
TINY = [(2, 3, 2), (3, 2, 2), (2, 2, 3), (5, 1, 3)]


def begun(shop: Shop, seed: int) -> tuple[Graph, Room]:
    """A graph with a random plan, which is the best so far."""
    graph, length = planned(shop, seed)
    room = new_room(graph, new_chance(seed))
    room.counts[BEST] = length
    room.best_order[:], room.best_mode[:] = graph.order, graph.nodes.mode
    return graph, room


@pytest.mark.parametrize(("jobs", "steps", "machines"), TINY)
def test_the_best_of_all_plans_is_found(jobs: int, steps: int, machines: int):
    """All orders and all modes are tried beside it, with the timetable."""
    for seed in range(3):
        shop = graph_shop(seed, jobs=jobs, steps=steps, machines=machines, bill=False)
        elites = elites_of(shop, patience=50)
        elites.search(3000, 0)
        assert elites.best is not None
        assert elites.best.length * unit_of(shop.arrays) == best_of_all_orders(shop)


@pytest.mark.parametrize("seed", range(4))
def test_the_graph_and_the_best_plan_are_true_after_any_round(seed: int):
    """Times, order and rows agree; the best plan is as long as it says; no round is lost."""
    shop = graph_shop(seed, jobs=6)
    graph, room = begun(shop, seed)
    for rounds in (1, 1, 1, 50, 200):
        before, best = int(room.counts[ROUND]), int(room.counts[BEST])
        tabu(graph, room, rounds, NEVER, 0)
        assert room.counts[ROUND] == before + rounds
        assert room.counts[BEST] <= best
        assert_true_to_itself(shop, graph)
    fresh = graph_of(shop.arrays, unit_of(shop.arrays))
    assert load(fresh, room.best_order, room.best_mode) == room.counts[BEST]
    assert room.counts[CIRCLES] < room.counts[ROUND]


def test_the_search_stops_at_its_target_and_when_patience_ends():
    """At the target no further round is done; without a better plan as many as patience allows."""
    shop = graph_shop(1, jobs=6)
    graph, room = begun(shop, 1)
    target = int(room.counts[BEST]) - 5
    tabu(graph, room, 10_000, NEVER, target)
    assert room.counts[BEST] <= target
    done = int(room.counts[ROUND])
    assert done == room.counts[LAST_BETTER]
    tabu(graph, room, 100, NEVER, target)
    assert room.counts[ROUND] == done
    tabu(graph, room, 100_000, 70, 0)
    assert room.counts[ROUND] == room.counts[LAST_BETTER] + 70


def test_a_search_by_generations_stops_at_its_target():
    """Rounds that are left over are not used."""
    shop = graph_shop(2, jobs=3, steps=2, bill=False)
    elites = elites_of(shop, patience=50)
    target = best_of_all_orders(shop) // unit_of(shop.arrays)
    elites.search(1_000_000, target)
    assert elites.best is not None
    assert elites.best.length == target
    done = int(elites.room.counts[ROUND])
    elites.search(100, target)
    assert elites.room.counts[ROUND] == done < 10_000


def test_rounds_may_be_cut_into_turns_of_any_length():
    """Over several generations the same plans come out, kept and best; another seed goes another way."""
    shop = graph_shop(3, jobs=12, machines=4)
    whole, cut, other = (elites_of(shop, seed=seed, patience=150, size=3) for seed in (7, 7, 8))
    whole.search(3000, 0)
    other.search(3000, 0)
    for rounds in (1, 7, 92, 400, 1000, 1500):
        cut.search(rounds, 0)
    assert whole.room.counts.tolist() == cut.room.counts.tolist()
    for one, same in zip(whole.kept, cut.kept, strict=True):
        assert one.order.tolist() == same.order.tolist()
    for name in whole.room._fields:
        if name not in {"heads", "spare", "path"}:
            assert_array_equal(getattr(whole.room, name), getattr(cut.room, name))
    assert whole.room.best_order.tolist() != other.room.best_order.tolist()


def test_large_shops_are_searched_without_pairs():
    """The memory of operations alone also leads to better plans."""
    shop = graph_shop(4, jobs=12, machines=4)
    graph, room = begun(shop, 4)
    first = int(room.counts[BEST])
    room = room._replace(pairs=np.zeros((1, 1), np.int32))
    tabu(graph, room, 500, NEVER, 0)
    assert room.counts[BEST] < first
    assert_true_to_itself(shop, graph)


def test_the_compiled_search_is_the_plain_one():
    """Round by round the same moves."""
    shop = graph_shop(5, jobs=5)
    graph, room = begun(shop, 5)
    other, other_room = copied(graph), Room(*(part.copy() for part in room))
    tabu(graph, room, 30, NEVER, 0)
    plain(tabu)(other, other_room, 30, NEVER, 0)
    assert_array_equal(graph.nodes, other.nodes)
    for one, same in zip(room, other_room, strict=True):
        assert_array_equal(one, same)
