"""Estimates of moves on one machine, and which of them are possible, against plain loops."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from linewright.plan.search.graph.nodes import Graph
from linewright.plan.search.graph.relocate import relocate
from linewright.plan.search.graph.swaps import ahead_estimate, behind_estimate, may_go_ahead, may_go_behind
from tests.plan.search.graph.graph_shops import (
    copied,
    graph_shop,
    plain,
    plain_times,
    planned,
    room_to_move,
    rows_of,
)

SEEDS = range(6)


def pairs_of(graph: Graph) -> list[tuple[int, int]]:
    """Every two operations of a machine, the earlier one first."""
    return [pair for row in rows_of(graph) for pair in combinations(row, 2)]


def moved_row(graph: Graph, one: int, other: int, *, behind: bool) -> tuple[list[int], list[int]]:
    """The row of a machine with `one` right behind `other`, or `other` right ahead of `one`; and what has moved."""
    row = rows_of(graph)[graph.nodes.machine[one]]
    first, last = row.index(one), row.index(other)
    part = [*row[first + 1 : last + 1], one] if behind else [other, *row[first:last]]
    return [*row[:first], *part, *row[last + 1 :]], part


def longest_through(graph: Graph, row: list[int], part: list[int]) -> int:
    """The longest way through a part of a row, when jobs are ready, and need as long after it, as they do now."""
    nodes = graph.nodes
    first, end = row.index(part[0]), row.index(part[-1]) + 1
    free = int(nodes.head[row[first - 1]] + nodes.run[row[first - 1]]) if first else 0
    heads = []
    for at in part:
        heads.append(max(free, int(nodes.ready[at])))
        free = heads[-1] + int(nodes.run[at])
    rest = int(nodes.run[row[end]] + nodes.tail[row[end]]) if end < len(row) else 0
    longest = 0
    for at, head in zip(reversed(part), reversed(heads), strict=True):
        rest = max(rest, int(nodes.rest[at])) + int(nodes.run[at])
        longest = max(longest, head + rest)
    return longest


def estimates_of(graph: Graph) -> list[tuple[int, int, bool, int]]:
    """For every two operations of a machine and both moves: the estimate."""
    room = np.zeros(graph.order.size, np.int64)
    found = []
    for one, other in pairs_of(graph):
        found.append((one, other, True, int(behind_estimate(graph.nodes, room, one, other))))
        found.append((one, other, False, int(ahead_estimate(graph.nodes, room, other, one))))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_an_estimate_is_the_longest_way_through_what_moves(seed: int):
    """Heads forwards and tails backwards along the new row, for every two operations of each machine."""
    graph, _ = planned(graph_shop(seed, jobs=5), seed)
    for one, other, behind, estimate in estimates_of(graph):
        assert estimate == longest_through(graph, *moved_row(graph, one, other, behind=behind))


def has_kept_its_jobs(was: Any, nodes: Any, part: list[int]) -> bool:
    """Whether jobs are ready, and need as long afterwards, as they did before."""
    return bool((was.ready[part] == nodes.ready[part]).all() and (was.rest[part] == nodes.rest[part]).all())


def test_an_estimate_is_exact_where_jobs_are_ready_as_before():
    """After the move the longest way through what has moved is what was foretold, in hundreds of moves."""
    exact = 0
    for seed in SEEDS:
        shop = graph_shop(seed, jobs=5)
        graph, _ = planned(shop, seed)
        for one, other, behind, estimate in estimates_of(graph):
            fresh = copied(graph)
            _, part = moved_row(graph, one, other, behind=behind)
            operation, target = (one, other) if behind else (other, one)
            place, mode = int(graph.nodes.place[target]), int(graph.nodes.mode[operation])
            if not relocate(fresh, *room_to_move(shop), operation, mode, place):
                continue
            if has_kept_its_jobs(graph.nodes, fresh.nodes, part):
                exact += 1
                nodes = fresh.nodes[part]
                assert estimate == (nodes.head + nodes.run + nodes.tail).max()
    assert exact > 200


@pytest.mark.parametrize("seed", SEEDS)
def test_a_move_that_is_allowed_closes_no_circle(seed: int):
    """Every way between two operations is seen, as it makes heads and tails at least as long."""
    shop = graph_shop(seed, jobs=5)
    graph, _ = planned(shop, seed)
    answers = []
    for one, other in pairs_of(graph):
        for behind in (True, False):
            rows = rows_of(graph)
            rows[graph.nodes.machine[one]], _ = moved_row(graph, one, other, behind=behind)
            possible = plain_times(shop, rows, graph.nodes.mode) is not None
            if behind:
                allowed = bool(may_go_behind(graph.nodes, graph.lists, graph.links, one, other))
            else:
                allowed = bool(may_go_ahead(graph.nodes, graph.lists, graph.links, other, one))
            assert possible or not allowed
            answers.append((allowed, possible))
    assert {(True, True), (False, False)} <= set(answers)


def test_the_compiled_estimates_are_the_plain_ones():
    """And so are the compiled conditions."""
    graph, _ = planned(graph_shop(3, jobs=5), 3)
    room = np.zeros(graph.order.size, np.int64)

    for one, other in pairs_of(graph):
        for kernel, operation, target in ((behind_estimate, one, other), (ahead_estimate, other, one)):
            estimate = kernel(graph.nodes, room, operation, target)
            assert plain(kernel)(graph.nodes, room, operation, target) == estimate
        for kernel, operation, target in ((may_go_behind, one, other), (may_go_ahead, other, one)):
            allowed = kernel(graph.nodes, graph.lists, graph.links, operation, target)
            assert plain(kernel)(graph.nodes, graph.lists, graph.links, operation, target) == allowed
