from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from linewright.plan.search.reinsert.board import Board, new_board, packed_board
from linewright.plan.search.reinsert.passes import FAR, set_ends, set_rests, time_all, time_around, time_without
from linewright.plan.search.reinsert.queues import put_back, put_in, queue_all, take_out
from linewright.shop.arrays import Shop
from tests.plan.search.reinsert.people_shops import ends_by_timetable, people_shop, random_solution


def board_of(shop: Shop, seed: int) -> tuple[Board, Any]:
    """A board with a random solution, timed; and the same as kernels take it."""
    board = new_board(shop.arrays, seed)
    packed = packed_board(board)
    order, mode = random_solution(shop, seed)
    board.order[:], board.way[:] = order, np.argsort(board.ways.mode)[mode]
    queue_all(packed)
    board.control.span = time_all(packed)
    return board, packed


def longest_through(board: Board, operation: int) -> int:
    """The longest path through an operation, from both its times."""
    times = board.times[operation]
    return int(times.end - times.run + times.rest)


@pytest.mark.parametrize("seed", range(12))
def test_the_times_of_a_board_are_those_of_the_timetable(seed: int):
    """Setups, waits, releases and bills among them; and the longest path is as long from either end."""
    shop = people_shop(seed)
    board, _ = board_of(shop, seed)
    span = board.control.span[0]
    ends = ends_by_timetable(shop, board.order, board.ways.mode[board.way])
    assert_array_equal(board.times.end[: shop.size], ends)
    assert span == ends.max() == max(longest_through(board, operation) for operation in range(shop.size))


@pytest.mark.parametrize("seed", range(6))
def test_an_operation_that_is_taken_out_and_put_back_leaves_no_trace(seed: int):
    """Queues, links and times are what they were."""
    board, packed = board_of(people_shop(seed), seed)
    arrays = (board.order, board.times, board.links[:-1], board.queue_size)
    before = [array.copy() for array in arrays]
    for operation in range(board.order.size):
        take_out(packed, operation)
        put_back(packed, operation)
    time_all(packed)
    for was, array in zip(before, arrays, strict=True):
        assert_array_equal(was, array)


@pytest.mark.parametrize("seed", range(12))
def test_an_operation_can_go_behind_all_that_end_until_any_moment(seed: int):
    """The order is repaired so that it agrees with all queues, and the timetable confirms the times."""
    shop = people_shop(seed)
    board, packed = board_of(shop, seed)
    for step in range(40):
        operation = (7 * step + seed) % shop.size
        take_out(packed, operation)
        time_without(packed, operation)
        ready = max([0, *board.lean.end[_before(board, operation)]])
        later = [int(end) for end in board.lean.end[: shop.size] if ready <= end < FAR]
        first, last = board.nodes.first_way[operation], board.nodes.first_way[operation + 1]
        bound = later[(3 * step) % len(later)] if later else ready
        time_around(packed, operation, put_in(packed, operation, int(first + step % (last - first)), bound))
        around = board.times.copy()
        time_all(packed)
        assert_array_equal(around, board.times)
        assert sorted(board.order) == list(range(shop.size))
        ends = ends_by_timetable(shop, board.order, board.ways.mode[board.way])
        assert_array_equal(board.times.end[: shop.size], ends)


def _before(board: Board, operation: int) -> list[int]:
    first, end = board.nodes.first_arc[operation], board.nodes.first_arc[operation + 1]
    return [int(at) for at in board.arcs.operation[first:end]]


def test_the_compiled_passes_are_the_plain_ones():
    """Both directions, from the middle of the order on and back."""
    board, _ = board_of(people_shop(3), 3)
    plain = board.times.copy()
    set_ends(board.nodes, board.arcs, board.links, board.times, board.order, 5)
    set_rests(board.nodes, board.nexts, board.links, board.times, board.order, 5)
    getattr(set_ends, "py_func", set_ends)(board.nodes, board.arcs, board.links, plain, board.order, 5)
    getattr(set_rests, "py_func", set_rests)(board.nodes, board.nexts, board.links, plain, board.order, 5)
    assert_array_equal(plain, board.times)
