"""A kernel that lets an operation that waited for a resource go before the one that had it."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.edit import move, stay
from linewright.plan.search.order.track import EDITS
from linewright.shop.arrays import MACHINE, POLICY
from linewright.shop.kernels import kernel

#: Operations that one change may drag along.
MOST_ALONG = 12


@kernel
def unblock(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Put an operation before what it waited for, or that behind it; what is held back without need is let go."""
    if state.work[operation].cause == POLICY:
        move(shop, track, choice, operation, track.position[operation], MOST_ALONG)
        choice.hold[operation] = 0
        stay(track, choice, operation)
        return True
    other = state.work[operation].cause_operation
    if other < 0 or track.position[other] >= track.position[operation]:
        return False
    if np.random.random() < 0.25:
        return move(shop, track, choice, other, track.position[operation], MOST_ALONG)
    # Sometimes further to the front, past what the other one waited for in turn.
    while np.random.random() < 0.3:
        before = state.work[other].cause_operation
        if state.work[other].cause != MACHINE or before < 0 or track.position[before] >= track.position[other]:
            break
        other = before
    done = move(shop, track, choice, operation, track.position[other], MOST_ALONG)
    if done:
        for at in range(track.numbers[EDITS]):
            choice.hold[track.edits[at]] = 0
    return done
