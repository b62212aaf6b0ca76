from itertools import product

import numpy as np
import pytest

from linewright.plan.search.reinsert.board import Board
from linewright.plan.search.reinsert.explore import explore
from linewright.plan.search.reinsert.passes import FAR, time_all, time_without
from linewright.plan.search.reinsert.queues import choose_way, put_at, put_back, put_in, take_out
from tests.plan.search.reinsert.people_shops import people_shop
from tests.plan.search.reinsert.test_passes import board_of


def best_of_all_gaps(board: Board, operation: int) -> int:
    """The least makespan over all ways and all pairs of gaps, by times worked out in any order; it is out."""
    least = FAR
    for way in range(board.nodes.first_way[operation], board.nodes.first_way[operation + 1]):
        resources = board.uses.resource[way]
        gaps = [range(board.queue_size[resource] + 1 if resource >= 0 else 1) for resource in resources]
        for at in product(*gaps):
            choose_way(board, operation, way)
            for slot, resource in enumerate(resources):
                if resource >= 0:
                    put_at(board, operation, slot, at[slot])
            least = min(least, span_of_queues(board))
            take_out(board, operation)
    return least


def span_of_queues(board: Board) -> int:
    """The makespan by repeated relaxation, without an order; FAR when the queues make a circle."""
    size = board.order.size
    ends = np.zeros(size, np.int64)
    for _ in range(size + 1):
        before = ends.copy()
        for operation in range(size):
            joined = range(board.nodes.first_arc[operation], board.nodes.first_arc[operation + 1])
            moments = [board.nodes.release[operation]]
            moments += [ends[board.arcs.operation[at]] + board.arcs.wait[at] for at in joined]
            for link in board.links[operation]:
                moments.append((ends[link.before] if link.before < size else 0) + link.lag)
            ends[operation] = max(moments) + board.times.run[operation]
        if (ends == before).all():
            return int(ends.max())
    return FAR


@pytest.mark.parametrize("seed", range(8))
def test_the_best_place_found_is_the_best_of_all_gaps(seed: int):
    """Every operation in every way and every pair of gaps on machine and person, circles left out."""
    board, _ = board_of(people_shop(seed, most=9, setups=False), seed)
    nothing = np.zeros((board.order.size, board.queue_size.size), np.int64)
    pick = board.pick
    for operation in range(board.order.size):
        way, ends = int(board.way[operation]), board.times.end.copy()
        take_out(board, operation)
        floor = time_without(board, operation)
        pick.operation[0], pick.span[0], pick.via[0], pick.ties[0] = -1, FAR, FAR, 0
        explore(board, operation, floor, nothing, 0, 0)
        least, chosen = best_of_all_gaps(board, operation), pick[0].copy()
        choose_way(board, operation, way)
        if chosen.operation >= 0:
            put_in(board, operation, int(chosen.way), int(chosen.bound))
            # Where it was is no move, so staying may be better.
            assert time_all(board) == chosen.span >= least
            take_out(board, operation)
        assert min(int(chosen.span), int(ends.max())) == least
        break


def test_a_place_that_is_tabu_counts_only_when_it_is_better_than_the_best():
    """All resources are forbidden: nothing is found until the aspired span is above what can be reached."""
    board, span = board_of(people_shop(5), 5)
    forbidden = np.full((board.order.size, board.queue_size.size), 100, np.int64)
    found = []
    for aspired in (0, 2 * span):
        board.pick.operation[0], board.pick.span[0], board.pick.via[0], board.pick.ties[0] = -1, FAR, FAR, 0
        for operation in range(board.order.size):
            take_out(board, operation)
            explore(board, operation, time_without(board, operation), forbidden, 50, aspired)
            put_back(board, operation)
        found.append(int(board.pick.operation[0]) >= 0)
    assert found == [False, True]
