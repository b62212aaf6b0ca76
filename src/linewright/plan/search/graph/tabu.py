"""Tabu search: always the best move that is not forbidden, even when it makes the plan longer.

Glover (ORSA Journal on Computing 1 (1989) 190-206); for job shops Nowicki and Smutnicki (Management Science 42 (1996)
797-813) and Zhang, Li, Guan and Rao (Computers & Operations Research 34 (2007) 3229-3242); for flexible ones
Mastrolilli and Gambardella (2000).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linewright.plan.search.chance import below
from linewright.plan.search.graph.bars import MOST_PAIRED, bar, is_barred_ahead, is_barred_behind
from linewright.plan.search.graph.heads import makespan
from linewright.plan.search.graph.insertion import best_place
from linewright.plan.search.graph.nodes import NONE, Graph
from linewright.plan.search.graph.path import critical_path
from linewright.plan.search.graph.relocate import relocate
from linewright.plan.search.graph.swaps import ahead_estimate, behind_estimate, may_go_ahead, may_go_behind
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel, lean_kernel
from linewright.shop.working_time import NEVER

#: Positions in `Room.counts`.
ROUND, BEST, LAST_BETTER, CIRCLES = range(4)


class Room(NamedTuple):
    """Where a tabu search keeps its memory, and room for what each round works out.

    `until` is the round up to which an operation may not move on its machine, `barred` (by mode) the one up to which
    it may not come back to a machine. `best_order` and `best_mode` are the shortest plan found.
    """

    last_operations: Any
    until: Any
    pairs: Any
    barred: Any
    held: Any
    spare: Any
    heads: Any
    path: Any
    counts: Any
    chance: Any
    best_order: Any
    best_mode: Any


def new_room(graph: Graph, chance: Any) -> Room:
    """An empty memory."""
    size = graph.order.size
    return Room(
        np.flatnonzero(graph.nodes.step_after == NONE),
        np.zeros(size, np.int64),
        np.zeros((size, size) if size <= MOST_PAIRED else (1, 1), np.int32),
        np.zeros(graph.ways.size, np.int64),
        np.zeros(size + 1, np.int64),
        np.zeros(size, np.int32),
        np.zeros(size, np.int64),
        np.zeros(size, np.int32),
        np.zeros(4, np.int64),
        chance,
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
    )


@lean_kernel
def best_in_block(graph: Any, room: Any, first: int, last: int, move: Any) -> None:
    """Improve on `move` with the moves of one critical block, `path[first]` to `path[last]`, its last operation first.

    `move` holds the estimate, operation, mode, place and number of ties.
    """
    nodes, path, counts = graph.nodes, room.path, room.counts
    behind, ahead = path[first], path[last]
    for at in range(first, last + 1):
        operation = path[at]
        for side in range(2):
            target = behind if side == 0 else ahead
            if operation == target:
                continue
            if side == 0:
                if not may_go_behind(nodes, graph.lists, graph.links, operation, target):
                    continue
                estimate = behind_estimate(nodes, room.heads, operation, target)
                barred = estimate >= counts[BEST] and is_barred_behind(
                    nodes, room.pairs, room.until, counts[ROUND], operation, target
                )
            else:
                if not may_go_ahead(nodes, graph.lists, graph.links, operation, target):
                    continue
                estimate = ahead_estimate(nodes, room.heads, operation, target)
                barred = estimate >= counts[BEST] and is_barred_ahead(
                    nodes, room.pairs, room.until, counts[ROUND], operation, target
                )
            if barred or estimate > move[0]:
                continue
            if estimate == move[0]:
                move[4] += 1
                if below(room.chance, move[4]) > 0:
                    continue
            else:
                move[4] = 1
            move[0], move[1], move[2], move[3] = estimate, operation, nodes[operation].mode, nodes[target].place


@lean_kernel
def best_elsewhere(graph: Any, room: Any, operation: int, move: Any) -> None:
    """Improve on `move` by bringing a critical operation to another machine."""
    nodes, ways, lists = graph.nodes, graph.ways, graph.lists
    for mode in range(lists[operation].first_mode, lists[operation + 1].first_mode):
        machine = ways[mode].machine
        if machine == nodes[operation].machine:
            continue
        limit = move[0] + 1
        if room.barred[mode] > room.counts[ROUND]:
            limit = min(limit, room.counts[BEST])
        place, estimate = best_place(
            nodes, lists, graph.links, graph.sequence, graph.first_place[machine], graph.loads[machine], operation,
            ways[mode].run, limit,
        )  # fmt: skip
        if place < 0:
            continue
        if estimate == move[0]:
            move[4] += 1
            if below(room.chance, move[4]) > 0:
                continue
        else:
            move[4] = 1
        move[0], move[1], move[2], move[3] = estimate, operation, mode, place


@lean_kernel
def choose_move(graph: Any, room: Any, count: int, move: Any) -> None:
    """The best move of all critical operations into `move`; its operation is -1 when all are forbidden."""
    nodes, lists, path = graph.nodes, graph.lists, room.path
    move[0], move[1], move[4] = NEVER, -1, 0
    first = 0
    while first < count:
        last = first
        while last + 1 < count and nodes[path[last]].before == path[last + 1]:
            last += 1
        if last > first:
            best_in_block(graph, room, first, last, move)
        first = last + 1
    for at in range(count):
        if lists[path[at] + 1].first_mode - lists[path[at]].first_mode > 1:
            best_elsewhere(graph, room, path[at], move)


@lean_kernel
def forbid(graph: Any, room: Any, operation: int, mode: int, place: int, count: int) -> None:
    """Keep an operation where it was brought, for a time that chance and the length of the path decide."""
    tenure = 8 + below(room.chance, 12) + count // 8
    if graph.nodes[operation].mode == mode:
        bar(graph.nodes, room.pairs, room.until, operation, place, room.counts[ROUND] + tenure)
    else:
        room.until[operation] = room.counts[ROUND] + tenure
        room.barred[graph.nodes[operation].mode] = room.counts[ROUND] + tenure + 10


@kernel
def tabu(graph: Any, room: Any, rounds: int, patience: int, target: int) -> None:
    """Search for so many rounds, or until nothing better came for `patience` of them, or the target is reached."""
    counts, order = room.counts, graph.order
    move = np.zeros(5, np.int64)
    end = counts[ROUND] + rounds
    while counts[ROUND] < end and counts[BEST] > target and counts[ROUND] - counts[LAST_BETTER] < patience:
        counts[ROUND] += 1
        count = critical_path(graph, room.last_operations, room.chance, room.path)
        choose_move(graph, room, count, move)
        if move[1] < 0:
            room.until[:] = 0
            room.pairs[:] = 0
            room.barred[:] = 0
            continue
        forbid(graph, room, move[1], move[2], move[3], count)
        if not relocate(graph, room.held, room.spare, move[1], move[2], move[3]):
            counts[CIRCLES] += 1
            continue
        length = makespan(graph)
        if length < counts[BEST]:
            counts[BEST], counts[LAST_BETTER] = length, counts[ROUND]
            overwrite(room.best_order, order)
            for operation in range(order.size):
                room.best_mode[operation] = graph.nodes[operation].mode
