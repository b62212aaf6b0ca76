"""Which operations a search may move: those of a stretch of time, with a margin behind in which times are exact."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.tardy.propagate import CARRIED, MOVABLE, OUTSIDE
from linewright.shop.kernels import lean_kernel


@lean_kernel
def open_window(
    shop: Any, nodes: Any, by_start: Any, first: int, size: int, margin: int, doors: Any
) -> tuple[int, int]:
    """Mark the operations from place `first` of `by_start` as movable, those after and before as carried along.

    Writes for each machine the last node in front of the window; returns the window's first and last place.
    """
    count = shop.steps.size - 1
    opens = nodes[by_start[first]].start
    closes = nodes[by_start[min(first + size, count) - 1]].start
    horizon = nodes[by_start[min(first + size + margin, count) - 1]].start
    begin, end = first, first
    for at in range(count):
        node = nodes[by_start[at]]
        node.base = node.start
        if node.start < opens or closes < node.start <= horizon:
            node.stage = CARRIED
        elif node.start > horizon:
            node.stage = OUTSIDE
        else:
            node.stage = MOVABLE
            begin, end = min(begin, at), at + 1
    for machine in range(doors.size):
        door = count + machine
        while nodes[door].after >= 0 and nodes[nodes[door].after].start < opens:
            door = nodes[door].after
        doors[machine] = door
    return begin, end


@lean_kernel
def late_place(nodes: Any, by_start: Any, pressure: Any, chance_share: float) -> int:
    """A place in `by_start`, likelier where being earlier by a step of the table would save more."""
    reach = pressure.shape[1] // 2
    total = 0.0
    for at in range(by_start.size):
        total += np.sqrt(max(-pressure[by_start[at], reach - 1], 0.0))
    wanted = total * chance_share
    for at in range(by_start.size):
        wanted -= np.sqrt(max(-pressure[by_start[at], reach - 1], 0.0))
        if wanted < 0:
            return at
    return int(chance_share * (by_start.size - 1))
