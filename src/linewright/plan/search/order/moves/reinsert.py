"""A kernel that moves one operation to any near place of the order."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.edit import move
from linewright.plan.search.order.moves.unblock import MOST_ALONG
from linewright.shop.kernels import kernel


@kernel
def near_place(track: Any, operation: int) -> int:
    """A place whose distance is drawn so that each order of magnitude is equally likely."""
    size = track.position.size
    distance = int(np.exp(np.random.random() * np.log(max(size / 2, 2.0))))
    at = track.position[operation] + (distance if np.random.random() < 0.5 else -distance)
    return min(max(at, 0), size - 1)


@kernel
def reinsert(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Move one operation, and what must move along."""
    return move(shop, track, choice, operation, near_place(track, operation), MOST_ALONG)
