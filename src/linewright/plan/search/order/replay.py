"""Kernels that bring back the state of all resources at any place of an order whose times are known."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.order.track import STRIDE
from linewright.shop.arrays import SETUP
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel
from linewright.shop.timetable import take


@kernel
def take_again(shop: Any, state: Any, operation: int) -> None:
    """Take tools, people and places for an operation whose times, people and mode stand in the timetable."""
    work, row, after = state.work[operation], shop.operations[operation], shop.operations[operation + 1]
    begin, end = work.setup_start, work.end
    for hold in range(row.first_hold, after.first_hold):
        tool = shop.holds[hold].tool
        first, last = state.first_unit[tool], state.first_unit[tool + 1]
        take(state.units, first, last, shop.holds[hold].quantity, begin, end, operation)
    person = shop.modes[work.mode].person
    if person >= 0:
        state.people[person].free, state.people[person].last = end, operation
    for seat in range(row.first_seat, after.first_seat):
        person = state.seats[seat].person
        if person >= 0:
            until = work.start if shop.seats[seat].phase == SETUP else end
            if until >= state.people[person].free:
                state.people[person].free, state.people[person].last = until, operation
    machine = shop.modes[work.mode].machine
    first = shop.machines[machine].first_place
    if shop.machines[machine].batch or shop.machines[machine].capacity == 1:
        if work.leader:
            state.places[first].free, state.places[first].last = end, operation
            if row.family >= 0:
                state.machine_family[machine] = row.family
    else:
        take(state.places, first, shop.machines[machine + 1].first_place, row.load, begin, end, operation)


@kernel
def is_closing(choice: Any, at: int) -> bool:
    """Whether the operation at this place is timed here: it is alone, or the last of its load."""
    load = choice.load[choice.order[at]]
    return load < 0 or at + 1 == choice.order.size or choice.load[choice.order[at + 1]] != load


@kernel
def redo(shop: Any, state: Any, choice: Any, at: int) -> None:
    """Take the resources of what is timed at this place of the order."""
    operation = choice.order[at]
    if choice.load[operation] < 0:
        take_again(shop, state, operation)
    elif is_closing(choice, at):
        member = state.work[operation].block
        while member >= 0:
            take_again(shop, state, member)
            member = state.work[member].next_of_block


@kernel
def is_plain(operations: Any, modes: Any, machines: Any, operation: int, mode: int) -> bool:
    """Whether an operation needs nothing but one machine of one place."""
    row, after, way = operations[operation], operations[operation + 1], modes[mode]
    machine = machines[way.machine]
    return bool(
        machine.capacity == 1 and not machine.batch and way.person < 0
        and row.first_seat == after.first_seat and row.first_hold == after.first_hold
    )  # fmt: skip


@kernel
def save_checkpoint(state: Any, track: Any, checkpoint: int) -> None:
    """Remember the state of all resources."""
    track.places[checkpoint] = state.places
    track.families[checkpoint] = state.machine_family
    track.people[checkpoint] = state.people
    track.units[checkpoint] = state.units


@kernel
def replay(shop: Any, state: Any, track: Any, choice: Any, first: int, end: int, save: bool) -> None:
    """Take the resources of everything between two places of the order, and renew the checkpoints on the way if told.

    Arrays are looked up once: each look-up in a packed shop costs as much as the work on a plain operation.
    """
    order, load, stride = choice.order, choice.load, track.numbers[STRIDE]
    work, places, family = state.work, state.places, state.machine_family
    operations, modes, machines = shop.operations, shop.modes, shop.machines
    for at in range(first, end):
        if save and at % stride == 0:
            save_checkpoint(state, track, at // stride)
        operation = order[at]
        mode = work[operation].mode
        if load[operation] < 0 and is_plain(operations, modes, machines, operation, mode):
            machine = modes[mode].machine
            place = machines[machine].first_place
            places[place].free, places[place].last = work[operation].end, operation
            if operations[operation].family >= 0:
                family[machine] = operations[operation].family
        else:
            redo(shop, state, choice, at)


@kernel
def rewind(shop: Any, state: Any, track: Any, choice: Any, checkpoint: int, until: int) -> None:
    """Bring the resources into the state in which they were before the operation at the place `until` was timed."""
    overwrite(state.places, track.places[checkpoint])
    overwrite(state.machine_family, track.families[checkpoint])
    overwrite(state.people, track.people[checkpoint])
    overwrite(state.units, track.units[checkpoint])
    replay(shop, state, track, choice, checkpoint * track.numbers[STRIDE], until, False)
