"""What a tabu search has forbidden: pairs of operations that may not stand in an order again that was just given up.

Taillard (ORSA Journal on Computing 6 (1994) 108-117) bars the arcs that a move has turned; a move is forbidden when it
would turn any of them back. Where there are too many operations for all pairs, an operation that has moved may not
move again for a time.
"""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel

#: Above so many operations pairs would take too much memory.
MOST_PAIRED = 2500


@lean_kernel
def is_barred_behind(nodes: Any, pairs: Any, until: Any, now: int, operation: int, target: int) -> bool:
    """Whether it is forbidden to bring an operation right behind a later one of its machine."""
    if pairs.shape[0] == 1:
        return until[operation] > now
    at = operation
    while at != target:
        at = nodes[at].after
        if pairs[at, operation] > now:
            return True
    return False


@lean_kernel
def is_barred_ahead(nodes: Any, pairs: Any, until: Any, now: int, operation: int, target: int) -> bool:
    """Whether it is forbidden to bring an operation right ahead of an earlier one of its machine."""
    if pairs.shape[0] == 1:
        return until[operation] > now
    at = operation
    while at != target:
        at = nodes[at].before
        if pairs[operation, at] > now:
            return True
    return False


@lean_kernel
def bar(nodes: Any, pairs: Any, until: Any, operation: int, place: int, end: int) -> None:
    """Forbid until a round to undo what bringing an operation to another place of its machine will turn."""
    until[operation] = end
    if pairs.shape[0] == 1:
        return
    at = operation
    while nodes[at].place < place:
        at = nodes[at].after
        pairs[operation, at] = end
    while nodes[at].place > place:
        at = nodes[at].before
        pairs[at, operation] = end
