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
def compare(shop: Any, state: Any, track: Any, checkpoint: int) -> bool:
    """Mark exactly what differs from a checkpoint; whether anything does."""
    machines, people, tools = shop.machines.size - 1, shop.people.size, shop.tools.size
    differs = False
    for machine in range(machines):
        other = state.machine_family[machine] != track.families[checkpoint, machine]
        for place in range(shop.machines[machine].first_place, shop.machines[machine + 1].first_place):
            kept = track.places[checkpoint, place]
            other = other or state.places[place].free != kept.free or state.places[place].last != kept.last
        track.soiled[machine] = SOILED if other else CLEAN
        differs = differs or other
    track.numbers[SOILED_PEOPLE] = 0
    for person in range(people):
        kept = track.people[checkpoint, person]
        other = state.people[person].free != kept.free or state.people[person].last != kept.last
        track.soiled[machines + person] = SOILED if other else CLEAN
        track.numbers[SOILED_PEOPLE] += int(other)
        differs = differs or other
    for tool in range(tools):
        other = False
        for unit in range(state.first_unit[tool], state.first_unit[tool + 1]):
            kept = track.units[checkpoint, unit]
            other = other or state.units[unit].free != kept.free or state.units[unit].last != kept.last
        track.soiled[machines + people + tool] = SOILED if other else CLEAN
        differs = differs or other
    return differs
