"""Kernels that mark the resources which a change has brought, or may have brought, into another state.

A resource is clean at a place of the order when its state there is the same as in the current plan. What uses only
clean resources and follows only unchanged operations is not timed again: the result would be the same.
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.order.track import SOILED_PEOPLE
from linewright.shop.kernels import kernel

CLEAN, SOILED, APART = 0, 1, 2


@kernel
def soil_person(shop: Any, track: Any, person: int, level: int) -> None:
    """Mark a person."""
    at = shop.machines.size - 1 + person
    if track.soiled[at] == CLEAN:
        track.numbers[SOILED_PEOPLE] += 1
    track.soiled[at] = max(track.soiled[at], level)


@kernel
def soil_mode(shop: Any, track: Any, operation: int, mode: int, level: int) -> None:
    """Mark the machine and the person of a mode, and the tools of its operation."""
    track.soiled[shop.modes[mode].machine] = max(track.soiled[shop.modes[mode].machine], level)
    if shop.modes[mode].person >= 0:
        soil_person(shop, track, shop.modes[mode].person, level)
    for hold in range(shop.operations[operation].first_hold, shop.operations[operation + 1].first_hold):
        at = shop.machines.size - 1 + shop.people.size + shop.holds[hold].tool
        track.soiled[at] = max(track.soiled[at], level)


@kernel
def soil_seats(shop: Any, state: Any, track: Any, operation: int, level: int) -> None:
    """Mark the people who sit at an operation."""
    for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
        if state.seats[seat].person >= 0:
            soil_person(shop, track, state.seats[seat].person, level)


@kernel
def clean_person(shop: Any, track: Any, person: int) -> None:
    """Take a person's mark away, unless the orders still differ here."""
    at = shop.machines.size - 1 + person
    if track.soiled[at] == SOILED:
        track.soiled[at] = CLEAN
        track.numbers[SOILED_PEOPLE] -= 1


@kernel
def clean_after(shop: Any, state: Any, track: Any, operation: int) -> None:
    """An operation has the same times, machine and people as in the current plan: they are in the same state after it.

    Where a machine has several places or a tool several pieces it may still be another one that is taken.
    """
    mode = state.work[operation].mode
    machine = shop.modes[mode].machine
    single = shop.machines[machine].batch or shop.machines[machine].capacity == 1
    # What has no family leaves the one before, which may differ.
    if single and shop.operations[operation].family >= 0 and track.soiled[machine] == SOILED:
        track.soiled[machine] = CLEAN
    if shop.modes[mode].person >= 0:
        clean_person(shop, track, shop.modes[mode].person)
    for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
        if state.seats[seat].person >= 0:
            clean_person(shop, track, state.seats[seat].person)


@kernel
def orders_agree_again(track: Any) -> None:
    """From here on both orders have placed the same operations: marks may be taken away."""
    for at in range(track.soiled.size):
        track.soiled[at] = min(track.soiled[at], SOILED)


@kernel
def differ(now: Any, kept: Any, first: int, end: int) -> bool:
    """Whether any of some places, people or pieces is free at another moment, or was last used by another."""
    other = False
    for at in range(first, end):
        other = other or now[at].free != kept[at].free or now[at].last != kept[at].last
    return bool(other)


@kernel
def compare(shop: Any, state: Any, track: Any, checkpoint: int) -> bool:
    """Mark exactly what differs from a checkpoint; whether anything does."""
    machines, soiled, first_unit = shop.machines, track.soiled, state.first_unit
    people, tools, count = shop.people.size, shop.tools.size, machines.size - 1
    now, kept, family, kept_family = state.places, track.places[checkpoint], state.machine_family, track.families
    differs, soiled_people = False, 0
    for at in range(count):
        other = family[at] != kept_family[checkpoint, at]
        other = other or differ(now, kept, machines[at].first_place, machines[at + 1].first_place)
        soiled[at] = SOILED if other else CLEAN
        differs = differs or other
    now, kept = state.people, track.people[checkpoint]
    for at in range(people):
        other = differ(now, kept, at, at + 1)
        soiled[count + at] = SOILED if other else CLEAN
        soiled_people += int(other)
    now, kept = state.units, track.units[checkpoint]
    for at in range(tools):
        other = differ(now, kept, first_unit[at], first_unit[at + 1])
        soiled[count + people + at] = SOILED if other else CLEAN
        differs = differs or other
    track.numbers[SOILED_PEOPLE] = soiled_people
    return differs or soiled_people > 0
