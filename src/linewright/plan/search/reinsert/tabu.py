"""The tabu search itself: the best reinsertion of any operation of a critical path, again and again."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.reinsert.board import BEST
from linewright.plan.search.reinsert.critical import critical_path
from linewright.plan.search.reinsert.explore import explore
from linewright.plan.search.reinsert.passes import FAR, time_around, time_without
from linewright.plan.search.reinsert.queues import put_back, put_in, take_out
from linewright.shop.kernels import kernel


@kernel
def look_around(board: Any, count: int, now: int) -> None:
    """Fill `pick` with the best move of the first `count` on the path; its operation is -1 when all moves are tabu."""
    pick, path, aspired = board.pick[0], board.path, board.kept_span[BEST]
    pick.operation, pick.span, pick.via, pick.ties = -1, FAR, FAR, 0
    for at in range(count):
        operation = path[at]
        take_out(board, operation)
        floor = time_without(board, operation)
        explore(board, operation, floor, now, aspired)
        put_back(board, operation)


@kernel
def remember(board: Any, operation: int, way: int, until: int) -> None:
    """Forbid an operation to return to what it leaves; where it leaves nothing, to be moved on the same machine."""
    tabu, left = board.tabu, False
    for slot in range(board.links.shape[1]):
        resource = board.links[operation, slot].resource
        if resource >= 0 and resource != board.uses[way, slot].resource:
            tabu[operation, resource] = until
            left = True
    if not left:
        tabu[operation, board.links[operation, 0].resource] = until


@kernel
def move(board: Any, operation: int, way: int, bound: int) -> int:
    """Take an operation out, put it elsewhere, and time everything; returns the makespan."""
    take_out(board, operation)
    time_without(board, operation)
    return time_around(board, operation, put_in(board, operation, way, bound))


@kernel
def shuffle(path: Any, length: int, count: int, chance: Any) -> None:
    """Bring `count` of the first `length` entries, drawn at random, to the front."""
    for at in range(count):
        other = at + below(chance, length - at)
        path[at], path[other] = path[other], path[at]


@kernel
def walk(board: Any) -> None:
    """One step of the search.

    Only a few operations of the path are looked at, drawn anew each time: it makes steps fast, and the search hard to
    trap. The one that moves is kept from what it left for some steps, the more the longer the path.
    """
    pick, control = board.pick[0], board.control[0]
    control.now += 1
    length = critical_path(board)
    count = min(length, control.sample)
    shuffle(board.path, length, count, board.chance)
    look_around(board, count, control.now)
    if pick.operation < 0:
        # All is tabu: one of them goes to its best place, whatever was there before.
        look_around(board, 1, FAR)
    if pick.operation >= 0:
        tenure = control.tenure * length // 8
        until = control.now + 2 + tenure + below(board.chance, 2 + 2 * tenure)
        remember(board, pick.operation, pick.way, until)
        control.span = move(board, pick.operation, pick.way, pick.bound)
