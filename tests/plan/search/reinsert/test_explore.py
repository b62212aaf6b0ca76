from itertools import product
from typing import Any

import pytest

from linewright.plan.search.reinsert.board import Board
from linewright.plan.search.reinsert.explore import explore
from linewright.plan.search.reinsert.passes import FAR, time_around, time_without
from linewright.plan.search.reinsert.queues import choose_way, put_at, put_back, put_in, take_out
from tests.plan.search.reinsert.people_shops import people_shop
from tests.plan.search.reinsert.test_passes import board_of


def best_of_all_gaps(board: Board, packed: Any, operation: int) -> int:
    """The least makespan over all ways and all pairs of gaps of an operation that is out; where it was is left out."""
    least, old_way = FAR, int(board.way[operation])
    old_gaps = board.links.before[operation].tolist()
    for way in range(board.nodes.first_way[operation], board.nodes.first_way[operation + 1]):
        resources = board.uses.resource[way]
        gaps = [range(board.queue_size[resource] + 1 if resource >= 0 else 1) for resource in resources]
        for at in product(*gaps):
            choose_way(packed, operation, way)
            for slot, resource in enumerate(resources):
                if resource >= 0:
                    put_at(packed, operation, slot, at[slot])
            if way != old_way or board.links.before[operation].tolist() != old_gaps:
                least = min(least, span_of_queues(board))
            take_out(packed, operation)
    return least


def span_of_queues(board: Board) -> int:
    """The makespan by repeated relaxation, without an order; FAR when the queues make a circle."""
    size, runs = board.order.size, board.times.run.tolist()
    arcs, links = board.arcs.tolist(), board.links[:-1].tolist()
    first, release = board.nodes.first_arc.tolist(), board.nodes.release.tolist()
    ends = [0] * (size + 1)
    for _ in range(size + 1):
        before = list(ends)
        for operation in range(size):
            moments = [ends[other] + wait for other, wait in arcs[first[operation] : first[operation + 1]]]
            moments += [ends[neighbour] + lag for _, lag, neighbour, _ in links[operation]]
            ends[operation] = max([release[operation], *moments]) + runs[operation]
        if ends == before:
            return int(max(ends))
    return FAR


@pytest.mark.parametrize("seed", range(4))
def test_the_best_place_found_is_the_best_of_all_gaps(seed: int):
    """Every operation in every way and every pair of gaps on machine and person, circles left out.

    Only where staying would be best may a move be missed: the other gaps then are worse than where it was.
    """
    shop = people_shop(seed, most=8, setups=False)
    for operation in range(shop.size):
        board, packed = board_of(shop, seed)
        span = int(board.control.span[0])
        take_out(packed, operation)
        floor = time_without(packed, operation)
        board.pick[0] = (-1, -1, -1, FAR, FAR, 0)
        explore(packed, operation, floor, 0, 0)
        pick = board.pick[0].copy()
        least = best_of_all_gaps(board, packed, operation)
        assert min(int(pick.span), span) == min(least, span)
        if pick.operation >= 0:
            place = put_in(packed, operation, int(pick.way), int(pick.bound))
            assert time_around(packed, operation, place) == pick.span


def test_a_place_that_is_tabu_counts_only_when_it_is_better_than_the_best():
    """All resources are forbidden: nothing is found until the aspired span is above what can be reached."""
    board, packed = board_of(people_shop(5), 5)
    board.tabu[:] = 100
    found = []
    for aspired in (0, 2 * int(board.control.span[0])):
        board.pick[0] = (-1, -1, -1, FAR, FAR, 0)
        for operation in range(board.order.size):
            take_out(packed, operation)
            explore(packed, operation, time_without(packed, operation), 50, aspired)
            put_back(packed, operation)
        found.append(int(board.pick.operation[0]) >= 0)
    assert found == [False, True]
