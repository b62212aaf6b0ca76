"""The place on another machine, against a look at every place."""

from __future__ import annotations

from typing import Any

import pytest

from linewright.plan.search.graph.insertion import (
    MOST_PLACES,
    best_place,
    first_ending_after,
    first_with_less_tail,
)
from linewright.plan.search.graph.nodes import Graph
from linewright.plan.search.graph.swaps import may_go_ahead, may_go_behind
from tests.plan.search.graph.graph_shops import graph_shop, plain, planned, rows_of

FAR = 10**9


def estimates(graph: Graph, row: list[int], operation: int, run: int) -> list[int]:
    """The longest way through an operation at every place of a row; FAR where it may not stand."""
    nodes, links = graph.nodes, (graph.lists, graph.links)
    found = []
    for place in range(len(row) + 1):
        head, tail, allowed = int(nodes.ready[operation]), int(nodes.rest[operation]), True
        if place > 0:
            head = max(head, int(nodes.head[row[place - 1]] + nodes.run[row[place - 1]]))
            allowed = bool(may_go_behind(nodes, *links, operation, row[place - 1]))
        if place < len(row):
            tail = max(tail, int(nodes.tail[row[place]] + nodes.run[row[place]]))
            allowed = allowed and bool(may_go_ahead(nodes, *links, operation, row[place]))
        found.append(head + run + tail if allowed else FAR)
    return found


def asked(graph: Graph, operation: int, mode: int, limit: int, kernel: Any = best_place) -> tuple[int, int]:
    """What the kernel says about the machine of a mode."""
    machine = graph.ways.machine[mode]
    base, load = graph.first_place[machine], graph.loads[machine]
    place, estimate = kernel(
        graph.nodes, graph.lists, graph.links, graph.sequence, base, load, operation, graph.ways.run[mode], limit
    )
    return int(place), int(estimate)


def moves_elsewhere(graph: Graph) -> list[tuple[int, int, list[int]]]:
    """Every operation with every mode on another machine, and the row there."""
    first, rows = graph.lists.first_mode, rows_of(graph)
    return [
        (operation, mode, rows[graph.ways.machine[mode]])
        for operation in range(graph.order.size)
        for mode in range(first[operation], first[operation + 1])
        if graph.ways.machine[mode] != graph.nodes.machine[operation]
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_best_place_is_the_best_of_all(seed: int):
    """On machines with few operations no place is worth more than those that are looked at."""
    graph, _ = planned(graph_shop(seed, jobs=5, bill=False), seed)
    seen = 0
    for operation, mode, row in moves_elsewhere(graph):
        every = estimates(graph, row, operation, int(graph.ways.run[mode]))
        place, estimate = asked(graph, operation, mode, FAR)
        assert len(row) <= MOST_PLACES + 1
        assert estimate == min(every) == (every[place] if place >= 0 else FAR)
        seen += place >= 0
    assert seen > 5


@pytest.mark.parametrize("seed", range(4))
def test_on_a_long_row_only_the_first_places_of_the_window_are_looked_at(seed: int):
    """The window lies between what ends before the operation is ready and what has less to follow."""
    graph, _ = planned(graph_shop(seed, jobs=40, steps=3, machines=2), seed)
    shortened = 0
    for operation, mode, row in moves_elsewhere(graph):
        nodes, base = graph.nodes, graph.first_place[graph.ways.machine[mode]]
        ready, rest = int(nodes.ready[operation]), int(nodes.rest[operation])
        one = next((at for at, other in enumerate(row) if nodes.head[other] + nodes.run[other] > ready), len(row))
        two = next((at for at, other in enumerate(row) if nodes.tail[other] + nodes.run[other] <= rest), len(row))
        assert first_ending_after(nodes, graph.sequence, base, len(row), ready) == one
        assert first_with_less_tail(nodes, graph.sequence, base, len(row), rest) == two
        first, last = min(one, two), max(one, two)
        shortened += last - first > MOST_PLACES
        every = estimates(graph, row, operation, int(graph.ways.run[mode]))
        window = every[first : min(last, first + MOST_PLACES) + 1]
        place, estimate = asked(graph, operation, mode, FAR)
        assert estimate == min(window)
        assert place == (first + window.index(estimate) if estimate < FAR else -1)
    assert shortened > 0


def test_no_place_is_named_unless_it_is_below_the_limit():
    """At the best estimate itself the answer is none, one above it is found."""
    graph, _ = planned(graph_shop(1, jobs=6), 1)
    for operation, mode, _ in moves_elsewhere(graph):
        place, best = asked(graph, operation, mode, FAR)
        if place >= 0:
            assert asked(graph, operation, mode, best) == (-1, best)
            assert asked(graph, operation, mode, best + 1) == (place, best)


def test_the_compiled_look_is_the_plain_one():
    """With and without a limit."""
    graph, length = planned(graph_shop(2, jobs=6), 2)
    for operation, mode, _ in moves_elsewhere(graph):
        for limit in (FAR, length):
            by_body = asked(graph, operation, mode, limit, plain(best_place))
            assert asked(graph, operation, mode, limit) == by_body
