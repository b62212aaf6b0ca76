"""A kernel that brings work of one family together, so that a machine changes over less often."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.edit import gather, mark_with_load
from linewright.plan.search.order.moves.pick import next_on_machine
from linewright.plan.search.order.moves.unblock import MOST_ALONG
from linewright.shop.kernels import kernel

#: How far in the order, and over how many operations of the machine, the family is looked for.
NEAR, MOST_BETWEEN = 2000, 12


@kernel
def mark_run(shop: Any, state: Any, track: Any, choice: Any, at: int, step: int, most: int) -> int:
    """Mark operations of one family that follow each other on a machine, from a place on; the last one's place."""
    family = shop.operations[choice.order[at]].family
    machine = shop.modes[choice.mode[choice.order[at]]].machine
    last = at
    for _ in range(most):
        mark_with_load(track, choice, choice.order[at])
        last = at
        at = next_on_machine(shop, state, choice, machine, at, step, NEAR)
        if at < 0 or shop.operations[choice.order[at]].family != family:
            break
    return last


@kernel
def join_family(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Move a run of one family, or part of it, next to another run of the family on the same machine."""
    family = shop.operations[operation].family
    if family < 0:
        return False
    machine, start = shop.modes[choice.mode[operation]].machine, track.position[operation]
    step = 1 if np.random.random() < 0.5 else -1
    at, between, other = start, 0, -1
    for _ in range(MOST_BETWEEN):
        at = next_on_machine(shop, state, choice, machine, at, step, NEAR)
        if at < 0:
            break
        if shop.operations[choice.order[at]].family != family:
            between += 1
        elif between or np.random.random() < 0.1:
            other = at
            break
    if other < 0 or between == 0:
        return False
    most = 1 + np.random.randint(MOST_ALONG // 2)
    if np.random.random() < 0.5:
        # The run here goes to the one found.
        last = mark_run(shop, state, track, choice, start, -step, most)
        if step > 0:
            return gather(shop, track, choice, last, other - 1, False, 2 * MOST_ALONG)
        return gather(shop, track, choice, other + 1, last, True, 2 * MOST_ALONG)
    last = mark_run(shop, state, track, choice, other, step, most)
    if step > 0:
        return gather(shop, track, choice, start + 1, last, True, 2 * MOST_ALONG)
    return gather(shop, track, choice, last, start - 1, False, 2 * MOST_ALONG)
