"""What a tabu search forbids after a move, and what it does not."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from linewright.plan.search.chance import new_chance
from linewright.plan.search.graph import tabu
from linewright.plan.search.graph.bars import bar, is_barred_ahead, is_barred_behind
from linewright.plan.search.graph.relocate import relocate
from linewright.plan.search.graph.tabu import new_room
from tests.plan.search.graph.graph_shops import graph_shop, plain, planned, room_to_move, rows_of

NOW, END = 4, 5
MOVES = [(1, 4), (4, 1), (0, 5), (5, 0), (2, 3), (3, 2)]


def barred_pairs(nodes: Any, row: list[int], pairs: Any, until: Any, now: int) -> list[tuple[bool, bool]]:
    """For every two of a row: whether the one may not go behind the other, and the other not ahead of the one."""
    return [
        (
            bool(is_barred_behind(nodes, pairs, until, now, one, other)),
            bool(is_barred_ahead(nodes, pairs, until, now, other, one)),
        )
        for one, other in combinations(row, 2)
    ]


def would_turn(row: list[int], turned: set[frozenset[int]]) -> list[tuple[bool, bool]]:
    """The same by what each move would turn back."""
    expected = []
    for first, last in combinations(range(len(row)), 2):
        behind = {frozenset((row[first], at)) for at in row[first + 1 : last + 1]}
        ahead = {frozenset((row[last], at)) for at in row[first:last]}
        expected.append((bool(behind & turned), bool(ahead & turned)))
    return expected


@pytest.mark.parametrize(("origin", "place"), MOVES)
def test_what_was_turned_may_not_be_turned_back(origin: int, place: int):
    """After the move exactly those moves are barred that would turn one of its pairs, and only until its round."""
    shop = graph_shop(0, jobs=6, steps=1, machines=1, alternatives=False, bill=False)
    graph, _ = planned(shop, 1)
    row, size = rows_of(graph)[0], shop.size
    pairs, until = np.zeros((size, size), np.int32), np.zeros(size, np.int64)
    operation = row[origin]
    passed = row[origin + 1 : place + 1] if place > origin else row[place:origin]
    bar(graph.nodes, pairs, until, operation, place, END)
    assert until.tolist() == [END if at == operation else 0 for at in range(size)]
    assert relocate(graph, *room_to_move(shop), operation, int(graph.nodes.mode[operation]), place)

    after = rows_of(graph)[0]
    turned = {frozenset((operation, at)) for at in passed}
    assert barred_pairs(graph.nodes, after, pairs, until, NOW) == would_turn(after, turned)
    assert not np.any(barred_pairs(graph.nodes, after, pairs, until, END))


@pytest.mark.parametrize(("origin", "place"), MOVES)
def test_a_large_shop_bars_the_operation_that_moved(origin: int, place: int):
    """It may not move for a time, whatever it would turn; all others may."""
    graph, _ = planned(graph_shop(0, jobs=6, steps=1, machines=1, alternatives=False, bill=False), 1)
    row = rows_of(graph)[0]
    pairs, until = np.zeros((1, 1), np.int32), np.zeros(len(row), np.int64)
    bar(graph.nodes, pairs, until, row[origin], place, END)
    expected = [(one == row[origin], other == row[origin]) for one, other in combinations(row, 2)]
    assert barred_pairs(graph.nodes, row, pairs, until, NOW) == expected
    assert not pairs.any()


def test_pairs_are_kept_only_where_there_is_room(monkeypatch: pytest.MonkeyPatch):
    """Above the limit one cell stands for all of them."""
    graph, _ = planned(graph_shop(0))
    size = graph.order.size
    for most, shape in ((size, (size, size)), (size - 1, (1, 1))):
        monkeypatch.setattr(tabu, "MOST_PAIRED", most)
        assert new_room(graph, new_chance(0)).pairs.shape == shape


def test_the_compiled_bars_are_the_plain_ones():
    """Barring, and both questions."""
    graph, _ = planned(graph_shop(0, jobs=6, steps=1, machines=1, alternatives=False, bill=False), 1)
    row = rows_of(graph)[0]

    for origin, place in MOVES:
        memories = [(np.zeros((6, 6), np.int32), np.zeros(6, np.int64)) for _ in range(2)]
        for body, (pairs, until) in zip((bar, plain(bar)), memories, strict=True):
            body(graph.nodes, pairs, until, row[origin], place, END)
        assert all(np.array_equal(one, other) for one, other in zip(*memories, strict=True))
        for kernel, pair in ((is_barred_behind, (row[0], row[5])), (is_barred_ahead, (row[5], row[0]))):
            known = (graph.nodes, *memories[0], NOW, *pair)
            assert kernel(*known) == plain(kernel)(*known)
