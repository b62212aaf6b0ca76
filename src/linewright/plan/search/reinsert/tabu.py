"""The tabu search itself: the best reinsertion of any operation of a critical path, again and again."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.reinsert.chance import below
from linewright.plan.search.reinsert.critical import critical_path
from linewright.plan.search.reinsert.explore import explore
from linewright.plan.search.reinsert.passes import FAR, time_all, time_without
from linewright.plan.search.reinsert.queues import put_back, put_in, take_out
from linewright.shop.kernels import kernel


@kernel
def look_around(board: Any, path: Any, length: int, tabu: Any, now: int, aspired: int) -> None:
    """Fill `pick` with the best move of all operations on a path; its operation is -1 when all moves are tabu."""
    pick = board.pick[0]
    pick.operation, pick.span, pick.via, pick.ties = -1, FAR, FAR, 0
    for at in range(length):
        operation = path[at]
        take_out(board, operation)
        floor = time_without(board, operation)
        explore(board, operation, floor, tabu, now, aspired)
        put_back(board, operation)


@kernel
def remember(board: Any, tabu: Any, operation: int, way: int, until: int) -> None:
    """Forbid an operation to return to what it leaves; where it leaves nothing, to be moved on the same machine."""
    left = False
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
    put_in(board, operation, way, bound)
    return time_all(board)


@kernel
def walk(board: Any, span: int, best: int, tabu: Any, path: Any, now: int, tenure: int) -> int:
    """One step of the search; returns the new makespan.

    After the move the operation is kept from what it left for about as many steps as the path is long.
    """
    length = critical_path(board, span, path)
    look_around(board, path, length, tabu, now, best)
    pick = board.pick[0]
    if pick.operation < 0:
        # All is tabu: a random operation of the path goes to its best place, whatever was there before.
        look_around(board, path[below(board.chance, length) :], 1, tabu, FAR, best)
        if pick.operation < 0:
            return span
    until = now + tenure + length // 2 + below(board.chance, tenure + length)
    remember(board, tabu, pick.operation, pick.way, until)
    return move(board, pick.operation, pick.way, pick.bound)
