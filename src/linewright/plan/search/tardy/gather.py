"""A move: an operation goes next to another one of its family, so that a changeover less is needed."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.tardy.moves import fits_between, ready_by_job
from linewright.plan.search.tardy.propagate import MOVABLE, relocate
from linewright.shop.kernels import lean_kernel


@lean_kernel
def gather(shop: Any, nodes: Any, scratch: Any, chance: Any, doors: Any, operation: int) -> bool:
    """Move an operation behind or in front of one of its family on a machine that may do it."""
    family = shop.steps[operation].family
    if family < 0:
        return False
    first, end = shop.steps[operation].first_way, shop.steps[operation + 1].first_way
    way = first + below(chance, end - first)
    ready = ready_by_job(shop, nodes, operation)
    before = doors[shop.ways[way].machine]
    chosen, seen = -1, 0
    while before >= 0:
        after = nodes[before].after
        beside = nodes[before].family_after == family or (after >= 0 and shop.steps[after].family == family)
        near = before != operation and (after < 0 or nodes[after].end > ready)
        if beside and near and after != operation:
            seen += 1
            # Each such gap is equally likely.
            if below(chance, seen) == 0:
                chosen = before
        before = after if after >= 0 and nodes[after].stage == MOVABLE else -1
    if chosen < 0 or not fits_between(shop, nodes, operation, chosen, nodes[chosen].after):
        return False
    relocate(shop, nodes, scratch, operation, chosen, way)
    return True
