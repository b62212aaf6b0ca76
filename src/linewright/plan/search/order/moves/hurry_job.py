"""A kernel that moves all operations of a job forward or backward in the order by the same distance."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.edit import load_begin, load_end, mark, widen
from linewright.plan.search.order.track import TRIAL
from linewright.shop.kernels import kernel


@kernel
def wanted_places(shop: Any, track: Any, job: int, distance: int, wanted: Any) -> int:
    """Where each operation of a job would stand after a move by a distance; how many places the longest move is.

    No operation passes what it waits for (moving to the front) or what waits for it (moving back); an operation that
    may not move keeps its place.
    """
    first, end = track.first_in_job[job], track.first_in_job[job + 1]
    furthest = 0
    # Repeated until steps that are listed in any sequence agree.
    for _ in range(end - first):
        settled = True
        for at in range(first, end):
            operation = track.in_job[at]
            place = track.position[operation] + distance + (0.5 if distance > 0 else -0.5)
            if distance < 0:
                for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
                    place = max(place, wanted[shop.arcs[arc].operation] + 1e-3)
            else:
                for arc in range(shop.operations[operation].first_next, shop.operations[operation + 1].first_next):
                    place = min(place, wanted[shop.next_operation[arc]] - 1e-3)
            if wanted[operation] != place and track.edited[operation] == track.numbers[TRIAL]:
                wanted[operation] = place
                settled = False
        if settled:
            break
    for at in range(first, end):
        operation = track.in_job[at]
        furthest = max(furthest, int(abs(wanted[operation] - track.position[operation])))
    return furthest


@kernel
def hurry_job(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Move the whole job of an operation, mostly to the front; what is in a load stays."""
    job, size = shop.operations[operation].job, track.position.size
    distance = 1 + int(np.exp(np.random.random() * np.log(max(size / 3, 2.0))))
    if np.random.random() < 0.7:
        distance = -distance
    wanted = np.empty(size, np.float64)
    for at in range(size):
        # Nothing is put into the middle of a load: it stands where it ends or, for what goes back, where it begins.
        wanted[choice.order[at]] = load_end(choice, at) if distance < 0 else load_begin(choice, at)
    first, last = size, -1
    for at in range(track.first_in_job[job], track.first_in_job[job + 1]):
        one = track.in_job[at]
        if choice.load[one] < 0 and track.movable[one]:
            mark(track, choice, one)
            if distance < 0:
                choice.hold[one] = 0
            first, last = min(first, track.position[one]), max(last, track.position[one])
    if last < 0 or wanted_places(shop, track, job, distance, wanted) == 0:
        return False
    # Nothing goes before work that is running.
    first, last = max(first + min(distance, 0), 0), min(last + max(distance, 0), size - 1)
    first, last = load_begin(choice, first), load_end(choice, last)
    while first < last and shop.operations[choice.order[first]].running:
        first += 1
    merge(track, choice, wanted, first, last)
    return True


@kernel
def merge(track: Any, choice: Any, wanted: Any, first: int, last: int) -> None:
    """Put the edited operations of a part of the order where they are wanted; the others keep their sequence."""
    order, trial = choice.order, track.numbers[TRIAL]
    widen(track, choice, first, last)
    moved = 0
    queue = np.empty(last - first + 1, np.int64)
    for at in range(first, last + 1):
        if track.edited[order[at]] == trial:
            slot = moved
            while slot > 0 and wanted[queue[slot - 1]] > wanted[order[at]]:
                queue[slot] = queue[slot - 1]
                slot -= 1
            queue[slot] = order[at]
            moved += 1
    put, taken = first, 0
    for at in range(first, last + 1):
        operation = track.saved_order[at]
        if track.edited[operation] == trial:
            continue
        inside = at > first and choice.load[operation] >= 0
        inside = inside and choice.load[track.saved_order[at - 1]] == choice.load[operation]
        while taken < moved and wanted[queue[taken]] < wanted[operation] and not inside:
            order[put] = queue[taken]
            put, taken = put + 1, taken + 1
        order[put] = operation
        put += 1
    while taken < moved:
        order[put] = queue[taken]
        put, taken = put + 1, taken + 1
    for at in range(first, last + 1):
        track.position[order[at]] = at
