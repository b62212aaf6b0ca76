"""The last word on a choice: the timetable under every rule, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.copying import overwrite
from linewright.shop.evaluate import evaluate
from linewright.shop.kernels import kernel
from linewright.shop.timetable import PLACED, timetable


@kernel
def value_of(shop: Any, state: Any, choice: Any, weights: Any, move_cost: float) -> float:
    """Time a choice and return its weighted value; infinite when it cannot be timed."""
    if timetable(shop, state, choice) != PLACED:
        return np.inf
    return float((evaluate(shop, state, move_cost) * weights).sum())


@kernel
def copy_choice(source: Any, target: Any) -> None:
    """Copy one choice over another."""
    overwrite(target.order, source.order)
    overwrite(target.mode, source.mode)
    overwrite(target.load, source.load)
    overwrite(target.hold, source.hold)
