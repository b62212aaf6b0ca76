"""A move: a run of operations of one family goes a few places forward or back on its machine, together."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.tardy.moves import fits_between
from linewright.plan.search.tardy.propagate import MOVABLE, relocate
from linewright.shop.kernels import lean_kernel

#: How many operations move together at most, and how many places.
MOST_TOGETHER, MOST_PLACES = 6, 8


@lean_kernel
def family_run(shop: Any, nodes: Any, scratch: Any, chance: Any, operation: int, earlier: bool) -> bool:
    """Move an operation with those of its family that stand beside it; False when they cannot go."""
    family = shop.steps[operation].family
    first, last, size = operation, operation, 1
    while size < MOST_TOGETHER:
        before = nodes[first].before
        if before >= shop.steps.size - 1 or nodes[before].stage != MOVABLE or shop.steps[before].family != family:
            break
        first, size = before, size + 1
    while size < MOST_TOGETHER:
        after = nodes[last].after
        if after < 0 or nodes[after].stage != MOVABLE or shop.steps[after].family != family:
            break
        last, size = after, size + 1
    if size == 1:
        return False
    places = 1 + below(chance, 1 + below(chance, MOST_PLACES))
    target, crossed = nodes[first].before if earlier else last, 0
    while crossed < places:
        following = target if earlier else nodes[target].after
        if following < 0 or nodes[following].stage != MOVABLE:
            break
        target = nodes[target].before if earlier else following
        crossed += 1
    if crossed == 0:
        return False
    member = first
    for _ in range(size):
        if not fits_between(shop, nodes, member, target, nodes[target].after):
            return False
        member = nodes[member].after
    member = first
    for _ in range(size):
        following = nodes[member].after
        relocate(shop, nodes, scratch, member, target, nodes[member].way)
        target, member = member, following
    return True
