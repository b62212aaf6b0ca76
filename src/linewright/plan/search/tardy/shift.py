"""A move: an operation goes a few places forward or back on its machine."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.tardy.moves import fits_between
from linewright.plan.search.tardy.propagate import MOVABLE, relocate
from linewright.shop.kernels import lean_kernel

#: How many places at most.
MOST_PLACES = 8


@lean_kernel
def shift(shop: Any, nodes: Any, scratch: Any, chance: Any, operation: int, earlier: bool) -> bool:
    """Move an operation some places earlier or later; False when it cannot go."""
    places = 1 + below(chance, 1 + below(chance, MOST_PLACES))
    target, crossed = nodes[operation].before if earlier else operation, 0
    while crossed < places:
        following = target if earlier else nodes[target].after
        if following < 0 or nodes[following].stage != MOVABLE:
            break
        target = nodes[target].before if earlier else following
        crossed += 1
    if crossed == 0 or not fits_between(shop, nodes, operation, target, nodes[target].after):
        return False
    relocate(shop, nodes, scratch, operation, target, nodes[operation].way)
    return True
