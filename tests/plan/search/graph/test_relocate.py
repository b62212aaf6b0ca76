"""Moves keep the graph true to itself, or leave no trace."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import Graph, graph_of, unit_of
from linewright.plan.search.graph.relocate import order_ahead, order_behind, put_in, relocate, take_out
from linewright.shop.arrays import Shop
from tests.plan.search.graph.graph_shops import (
    assert_true_to_itself,
    copied,
    graph_shop,
    plain,
    plain_times,
    planned,
    room_to_move,
    rows_of,
)


def any_move(graph: Graph, draw: Random) -> tuple[int, int, int]:
    """An operation, one of its modes and a place on that machine, counted without the operation."""
    operation = draw.randrange(graph.order.size)
    mode = draw.randrange(graph.lists.first_mode[operation], graph.lists.first_mode[operation + 1])
    machine = graph.ways.machine[mode]
    return operation, mode, draw.randint(0, int(graph.loads[machine] - (graph.nodes.machine[operation] == machine)))


def rows_after(graph: Graph, operation: int, mode: int, place: int) -> tuple[list[list[int]], list[int]]:
    """The rows of machines and the modes as they would be after a move."""
    rows, modes = [[at for at in row if at != operation] for row in rows_of(graph)], graph.nodes.mode.tolist()
    rows[graph.ways.machine[mode]].insert(place, operation)
    modes[operation] = mode
    return rows, modes


def everything(graph: Graph) -> list[Any]:
    """A copy of all that a move may change."""
    return [graph.nodes.copy(), graph.order.copy(), graph.loads.copy(), graph.ends.copy(), rows_of(graph)]


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_moves_keeps_the_graph_true(seed: int):
    """A move is refused exactly when it closes a circle, and then nothing has changed."""
    shop, draw = graph_shop(seed, jobs=5), Random(seed)
    graph, _ = planned(shop, seed)
    room, made = room_to_move(shop), []
    for _ in range(40):
        move = any_move(graph, draw)
        before, (rows, modes) = everything(graph), rows_after(graph, *move)
        made.append(relocate(graph, *room, *move))
        assert made[-1] == (plain_times(shop, rows, modes) is not None)
        if made[-1]:
            assert rows_of(graph) == rows
            assert graph.nodes.mode.tolist() == modes
            assert_true_to_itself(shop, graph)
        else:
            for was, now in zip(before, everything(graph), strict=True):
                assert np.array_equal(was, now) if isinstance(was, np.ndarray) else was == now
    assert {True, False} == set(made)


@pytest.mark.parametrize("seed", range(4))
def test_after_many_moves_the_times_are_those_of_a_fresh_graph(seed: int):
    """Nothing is carried along wrongly over three hundred moves of a larger shop."""
    shop, draw = graph_shop(seed, jobs=20, machines=4), Random(seed)
    graph, _ = planned(shop, seed)
    room = room_to_move(shop)
    for _ in range(300):
        relocate(graph, *room, *any_move(graph, draw))
    fresh = graph_of(shop.arrays, unit_of(shop.arrays))
    load(fresh, graph.order, graph.nodes.mode)
    for name in ("nodes", "order", "loads", "ends"):
        assert_array_equal(getattr(graph, name), getattr(fresh, name))
    assert rows_of(graph) == rows_of(fresh)


def plainly_moved(shop: Shop, graph: Graph, operation: int, mode: int, place: int) -> list[Any]:
    """The order that a move leads to, by the Python bodies of the kernels, on a copy of the graph."""
    copy = copied(graph)
    plain(take_out)(copy, operation)
    plain(put_in)(copy, operation, mode, place)
    node, nodes = copy.nodes[operation], copy.nodes
    if node.before >= 0 and nodes[node.before].rank > node.rank:
        assert plain(order_behind)(copy, *room_to_move(shop), operation)
    elif node.after >= 0 and nodes[node.after].rank < node.rank:
        assert plain(order_ahead)(copy, *room_to_move(shop), operation)
    return [copy.order.tolist(), copy.nodes.rank.tolist(), rows_of(copy)]


def test_the_compiled_moves_are_the_plain_ones():
    """The same order, ranks and rows after each of many moves."""
    shop, draw = graph_shop(7, jobs=6), Random(7)
    graph, _ = planned(shop, 7)
    for _ in range(60):
        move = any_move(graph, draw)
        if plain_times(shop, *rows_after(graph, *move)) is None:
            continue
        expected = plainly_moved(shop, graph, *move)
        assert relocate(graph, *room_to_move(shop), *move)
        assert [graph.order.tolist(), graph.nodes.rank.tolist(), rows_of(graph)] == expected
