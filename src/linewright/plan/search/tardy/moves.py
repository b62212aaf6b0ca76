"""Where an operation may go: the checks that all moves share."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel


@lean_kernel
def fits_between(shop: Any, nodes: Any, operation: int, before: int, after: int) -> bool:
    """Whether an operation can stand behind one and in front of another without waiting for itself.

    Nothing that follows the operation may lead to the one before, and nothing that leads to it may follow the one
    after; times tell enough, as in Dell'Amico and Trubian, Annals of Operations Research 41 (1993) 231-252. The test
    is sufficient, not necessary. `before` may be a machine's beginning, `after` may be -1.
    """
    count = shop.steps.size - 1
    step, behind = shop.steps[operation], shop.steps[operation + 1]
    if before < count:
        for link in range(step.first_after, behind.first_after):
            follower = shop.afters[link].operation
            if before == follower or nodes[before].start >= nodes[follower].end:
                return False
    if after >= 0:
        for link in range(step.first_before, behind.first_before):
            leader = shop.befores[link].operation
            if after == leader or nodes[leader].start >= nodes[after].end:
                return False
    return True


@lean_kernel
def ready_by_job(shop: Any, nodes: Any, operation: int) -> int:
    """From when an operation might run if machines were free."""
    moment = shop.steps[operation].ready
    for link in range(shop.steps[operation].first_before, shop.steps[operation + 1].first_before):
        moment = max(moment, nodes[shop.befores[link].operation].end + shop.befores[link].wait)
    return moment
