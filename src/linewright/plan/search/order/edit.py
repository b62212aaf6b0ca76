"""Kernels that change a choice in such a way that each operation still comes after all that it waits for."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.order.track import EDITS, FIRST, LAST, TRIAL
from linewright.shop.kernels import kernel


@kernel
def mark(track: Any, choice: Any, operation: int) -> bool:
    """List an operation among those that this trial edits, with its mode and hold; False when it is there already."""
    numbers = track.numbers
    if track.edited[operation] == numbers[TRIAL]:
        return False
    track.edited[operation] = numbers[TRIAL]
    at = numbers[EDITS]
    track.edits[at] = operation
    track.saved_mode[at], track.saved_hold[at] = choice.mode[operation], choice.hold[operation]
    numbers[EDITS] += 1
    return True


@kernel
def mark_with_load(track: Any, choice: Any, operation: int) -> None:
    """List an operation with all of its load, whose members stand side by side in the order."""
    mark(track, choice, operation)
    load = choice.load[operation]
    if load < 0:
        return
    for step in range(-1, 2, 2):
        at = track.position[operation] + step
        while 0 <= at < choice.order.size and choice.load[choice.order[at]] == load:
            mark(track, choice, choice.order[at])
            at += step


@kernel
def load_begin(choice: Any, at: int) -> int:
    """The first place of the load that stands at this place."""
    load = choice.load[choice.order[at]]
    while load >= 0 and at > 0 and choice.load[choice.order[at - 1]] == load:
        at -= 1
    return at


@kernel
def load_end(choice: Any, at: int) -> int:
    """The last place of the load that stands at this place."""
    load = choice.load[choice.order[at]]
    while load >= 0 and at + 1 < choice.order.size and choice.load[choice.order[at + 1]] == load:
        at += 1
    return at


@kernel
def widen(track: Any, choice: Any, first: int, last: int) -> None:
    """Widen the part of the order that a trial changes, and save what stands in the new part."""
    numbers = track.numbers
    if numbers[LAST] < 0:
        numbers[FIRST], numbers[LAST] = first, first - 1
    for at in range(first, numbers[FIRST]):
        track.saved_order[at] = choice.order[at]
    for at in range(numbers[LAST] + 1, last + 1):
        track.saved_order[at] = choice.order[at]
    numbers[FIRST], numbers[LAST] = min(numbers[FIRST], first), max(numbers[LAST], last)


@kernel
def drag_along(shop: Any, track: Any, choice: Any, first: int, last: int, forward: bool, most: int) -> bool:
    """Add to the edited operations what must move with them: their predecessors or followers between two places.

    False when that is more than `most`, or something that may not move.
    """
    numbers = track.numbers
    at = 0
    while at < numbers[EDITS]:
        operation = track.edits[at]
        at += 1
        if not track.movable[operation] or numbers[EDITS] > most:
            return False
        if forward:
            for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
                before = shop.arcs[arc].operation
                if track.position[before] >= first:
                    mark_with_load(track, choice, before)
        else:
            for arc in range(shop.operations[operation].first_next, shop.operations[operation + 1].first_next):
                after = shop.next_operation[arc]
                if track.position[after] <= last:
                    mark_with_load(track, choice, after)
    return True


@kernel
def gather(shop: Any, track: Any, choice: Any, first: int, last: int, forward: bool, most: int) -> bool:
    """Move the edited operations to the beginning (or the end) of a part of the order, with what must move along.

    All of them must stand in that part. Both groups keep the order that they had. False when nothing may move so.
    """
    first, last = load_begin(choice, first), load_end(choice, last)
    if first >= last or shop.operations[choice.order[first]].running:
        return False
    if not drag_along(shop, track, choice, first, last, forward, most):
        return False
    trial, order = track.numbers[TRIAL], choice.order
    widen(track, choice, first, last)
    put = first
    for turn in range(2):
        moves = (turn == 0) == forward
        for at in range(first, last + 1):
            operation = track.saved_order[at]
            if (track.edited[operation] == trial) == moves:
                order[put] = operation
                track.position[operation] = put
                put += 1
    return True


@kernel
def stay(track: Any, choice: Any, operation: int) -> None:
    """An edited operation that keeps its place: the order is timed again from there."""
    at = track.position[operation]
    widen(track, choice, at, at)


@kernel
def move(shop: Any, track: Any, choice: Any, operation: int, target: int, most: int) -> bool:
    """Move one operation (with its load) before or behind what stands at a place of the order."""
    mark_with_load(track, choice, operation)
    at = track.position[operation]
    if target < at:
        return gather(shop, track, choice, target, at, True, most)
    return gather(shop, track, choice, at, target, False, most)
