"""Kernels that give an operation another machine or person, and that exchange the machines of two operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.edit import mark, move, stay, widen
from linewright.plan.search.order.moves.pick import next_on_machine
from linewright.plan.search.order.moves.unblock import MOST_ALONG
from linewright.shop.kernels import kernel

#: How many ways are compared, and how far in the order a machine's neighbours are looked for.
WAYS, NEAR = 3, 400


@kernel
def may_change_mode(shop: Any, choice: Any, operation: int) -> bool:
    """Whether an operation has other ways, is in no load and not running."""
    row, after = shop.operations[operation], shop.operations[operation + 1]
    return bool(after.first_mode - row.first_mode > 1 and choice.load[operation] < 0 and not row.running)


@kernel
def likely_end(shop: Any, state: Any, choice: Any, at: int, mode: int) -> int:
    """About when the work would be done in a mode: after what its machine does before, calendars left out."""
    machine = shop.modes[mode].machine
    before = next_on_machine(shop, state, choice, machine, at, -1, NEAR)
    free = state.work[choice.order[before]].end if before >= 0 else 0
    operation = shop.modes[mode].operation
    ready = max(shop.operations[operation].release, shop.operations[operation].material_ready)
    for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
        ready = max(ready, state.work[shop.arcs[arc].operation].end)
    return int(max(free + shop.modes[mode].setup, ready) + shop.modes[mode].run)


@kernel
def reassign(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Do an operation another way: of a few drawn, mostly that which promises the earliest end."""
    if not may_change_mode(shop, choice, operation) or not track.movable[operation]:
        return False
    first, end = shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode
    chosen, least = -1, 0
    at = track.position[operation]
    for _ in range(WAYS if np.random.random() < 0.7 else 1):
        mode = first + np.random.randint(end - first)
        if mode == choice.mode[operation] or shop.machines[shop.modes[mode].machine].batch:
            continue
        likely = likely_end(shop, state, choice, at, mode)
        if chosen < 0 or likely < least:
            chosen, least = mode, likely
    if chosen < 0:
        return False
    mark(track, choice, operation)
    choice.mode[operation], choice.hold[operation] = chosen, 0
    if np.random.random() < 0.4:
        # Not behind what the new machine does there already, but before it.
        before = next_on_machine(shop, state, choice, shop.modes[chosen].machine, at, -1, NEAR)
        if before >= 0 and move(shop, track, choice, operation, before, MOST_ALONG):
            return True
    stay(track, choice, operation)
    return True


@kernel
def way_on(shop: Any, operation: int, machine: int) -> int:
    """The first mode of an operation on a machine; -1 when there is none."""
    for mode in range(shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode):
        if shop.modes[mode].machine == machine:
            return mode
    return -1


@kernel
def exchange(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Let two operations that stand near each other exchange their machines and their places."""
    if not may_change_mode(shop, choice, operation) or not track.movable[operation]:
        return False
    here = shop.modes[choice.mode[operation]].machine
    at = track.position[operation]
    low, high = max(at - NEAR, 0), min(at + NEAR, choice.order.size - 1)
    for _ in range(WAYS * 4):
        place = low + np.random.randint(high - low + 1)
        if place == at:
            continue
        other = choice.order[place]
        there = shop.modes[choice.mode[other]].machine
        if there == here or not may_change_mode(shop, choice, other) or not track.movable[other]:
            continue
        mode, mode_of_other = way_on(shop, operation, there), way_on(shop, other, here)
        if mode < 0 or mode_of_other < 0:
            continue
        mark(track, choice, operation)
        mark(track, choice, other)
        choice.mode[operation], choice.mode[other] = mode, mode_of_other
        swap_places(shop, track, choice, min(at, place), max(at, place))
        return True
    return False


@kernel
def swap_places(shop: Any, track: Any, choice: Any, first: int, last: int) -> None:
    """Let what stands at two places change over where nothing that waits for either is in between."""
    order = choice.order
    widen(track, choice, first, last)
    early, late = order[first], order[last]
    for arc in range(shop.operations[late].first_arc, shop.operations[late + 1].first_arc):
        if track.position[shop.arcs[arc].operation] >= first:
            return
    for arc in range(shop.operations[early].first_next, shop.operations[early + 1].first_next):
        if track.position[shop.next_operation[arc]] <= last:
            return
    order[first], order[last] = late, early
    track.position[late], track.position[early] = first, last
