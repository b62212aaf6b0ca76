"""A move: an operation goes to another machine that may do it, near the moment from which it could run there."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below, share
from linewright.plan.search.tardy.moves import fits_between, ready_by_job
from linewright.plan.search.tardy.propagate import MOVABLE, relocate
from linewright.shop.kernels import lean_kernel


@lean_kernel
def reassign(shop: Any, nodes: Any, scratch: Any, chance: Any, doors: Any, operation: int) -> bool:
    """Move an operation to another way; `doors` holds the last node in front of the window on each machine."""
    first, end = shop.steps[operation].first_way, shop.steps[operation + 1].first_way
    way = first + below(chance, end - first)
    ready = ready_by_job(shop, nodes, operation)
    wanted = ready + int(share(chance) * max(nodes[operation].start - ready, 1))
    before = doors[shop.ways[way].machine]
    after = nodes[before].after
    while after >= 0 and nodes[after].stage == MOVABLE and nodes[after].start < wanted:
        before, after = after, nodes[after].after
    if before == operation:
        return False
    if after == operation or not fits_between(shop, nodes, operation, before, after):
        return False
    relocate(shop, nodes, scratch, operation, before, way)
    return True
