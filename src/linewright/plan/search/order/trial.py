"""Kernels that time a changed order from the first changed place on, keep the result or undo it."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.cost import charge, charge_all, hopeless, last_end, sum_gains
from linewright.plan.search.order.replay import is_closing, is_plain, redo, replay, rewind, save_checkpoint
from linewright.plan.search.order.soil import (
    APART,
    SOILED,
    clean_after,
    compare,
    orders_agree_again,
    soil_mode,
    soil_seats,
)
from linewright.plan.search.order.track import (
    DELTA,
    EDITS,
    ENDED,
    FIRST,
    FURTHEST,
    KEPT,
    LAST,
    LAST_END,
    LOGGED,
    LOGGED_DEMANDS,
    LOOSE,
    SOILED_PEOPLE,
    STRIDE,
    TRIAL,
    VALUE,
)
from linewright.shop.block import fit
from linewright.shop.evaluate import MAKESPAN
from linewright.shop.kernels import kernel
from linewright.shop.timetable import commit, reset

#: After how many plans kept the possible gains are summed anew.
GAINS_EVERY = 20


@kernel
def needs_timing(shop: Any, track: Any, operation: int, mode: int) -> bool:
    """Whether anything that the times of an operation depend on may differ from the current plan."""
    trial, soiled, changed = track.numbers[TRIAL], track.soiled, track.changed
    operations, arcs, machines = shop.operations, shop.arcs, shop.machines.size - 1
    row, after, way = operations[operation], operations[operation + 1], shop.modes[mode]
    if track.edited[operation] == trial or soiled[way.machine]:
        return True
    for arc in range(row.first_arc, after.first_arc):
        if changed[arcs[arc].operation] == trial:
            return True
    if track.numbers[SOILED_PEOPLE]:
        if way.person >= 0 and soiled[machines + way.person]:
            return True
        seats, first, qualified = shop.seats, shop.first_qualified, shop.qualified
        for seat in range(row.first_seat, after.first_seat):
            group = seats[seat].group
            for entry in range(first[group], first[group + 1]):
                if soiled[machines + qualified[entry].person]:
                    return True
    for hold in range(row.first_hold, after.first_hold):
        if soiled[machines + shop.people.size + shop.holds[hold].tool]:
            return True
    return False


@kernel
def skip_unchanged(shop: Any, state: Any, track: Any, choice: Any, at: int, end: int) -> int:
    """Take again what plain operations took as long as nothing has changed for them; the place where that ends."""
    order, load, modes_chosen = choice.order, choice.load, choice.mode
    work, places, family = state.work, state.places, state.machine_family
    operations, modes, machines, arcs = shop.operations, shop.modes, shop.machines, shop.arcs
    soiled, changed, edited, trial = track.soiled, track.changed, track.edited, track.numbers[TRIAL]
    while at < end:
        operation = order[at]
        mode = modes_chosen[operation]
        machine = modes[mode].machine
        if load[operation] >= 0 or soiled[machine] or edited[operation] == trial:
            break
        if not is_plain(operations, modes, machines, operation, mode):
            break
        untouched = True
        for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
            untouched = untouched and changed[arcs[arc].operation] != trial
        if not untouched:
            break
        place = machines[machine].first_place
        places[place].free, places[place].last = work[operation].end, operation
        if operations[operation].family >= 0:
            family[machine] = operations[operation].family
        at += 1
    return at


@kernel
def note(shop: Any, state: Any, track: Any, operation: int) -> None:
    """Put an operation as it is into the log."""
    slot = track.numbers[LOGGED]
    track.log_operation[slot] = operation
    track.log_work[slot] = state.work[operation]
    track.log_cost[slot] = track.operation_cost[operation]
    for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
        track.log_seats[seat, 0] = state.seats[seat].person
        track.log_seats[seat, 1] = int(state.seats[seat].counts)
    track.numbers[LOGGED] += 1


@kernel
def is_as_before(shop: Any, state: Any, track: Any, slot: int) -> bool:
    """Whether an operation has come out with the times, the mode and the people of the log."""
    operation = track.log_operation[slot]
    now, before = state.work[operation], track.log_work[slot]
    same = now.setup_start == before.setup_start and now.start == before.start and now.end == before.end
    same = same and now.mode == before.mode and now.block == before.block and now.changeover == before.changeover
    same = same and now.changeover_cost == before.changeover_cost and now.next_of_block == before.next_of_block
    for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
        same = same and track.log_seats[seat, 0] == state.seats[seat].person
        same = same and track.log_seats[seat, 1] == int(state.seats[seat].counts)
    return bool(same)


@kernel
def members_at(choice: Any, state: Any, at: int) -> int:
    """List what is timed at this place, one operation or a load in the order of the timetable pass; how many."""
    load = choice.load[choice.order[at]]
    count = 0
    while at >= 0 and (count == 0 or (load >= 0 and choice.load[choice.order[at]] == load)):
        operation = choice.order[at]
        state.members[0, count], state.members[1, count] = operation, choice.mode[operation]
        count += 1
        at -= 1
    return count


@kernel
def time_again(
    shop: Any, state: Any, track: Any, choice: Any, at: int, weights: Any, move_cost: float
) -> bool:  # fmt: skip
    """Time what stands at this place of the order, and charge what came out different; False when it has no room."""
    numbers = track.numbers
    count = members_at(choice, state, at)
    needed = False
    for member in range(count):
        operation = state.members[0, member]
        needed = needed or needs_timing(shop, track, operation, choice.mode[operation])
    if not needed:
        redo(shop, state, choice, at)
        return True
    first = numbers[LOGGED]
    for member in range(count):
        note(shop, state, track, state.members[0, member])
    if not fit(shop, state, count, choice.hold):
        return False
    commit(shop, state, count)
    for slot in range(first, first + count):
        operation = track.log_operation[slot]
        if is_as_before(shop, state, track, slot):
            clean_after(shop, state, track, operation)
            continue
        track.changed[operation] = numbers[TRIAL]
        soil_mode(shop, track, operation, track.log_work[slot].mode, SOILED)
        soil_mode(shop, track, operation, state.work[operation].mode, SOILED)
        soil_seats(shop, state, track, operation, SOILED)
        for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
            if track.log_seats[seat, 0] >= 0:
                at_person = shop.machines.size - 1 + track.log_seats[seat, 0]
                if track.soiled[at_person] == 0:
                    track.soiled[at_person] = SOILED
                    numbers[SOILED_PEOPLE] += 1
        charge(shop, state, track, operation, weights, move_cost)
        for arc in range(shop.operations[operation].first_next, shop.operations[operation + 1].first_next):
            numbers[FURTHEST] = max(numbers[FURTHEST], track.position[shop.next_operation[arc]])
    return True


@kernel
def begin_trial(track: Any) -> None:
    """Open an empty log."""
    numbers = track.numbers
    numbers[TRIAL] += 1
    numbers[LOGGED], numbers[LOGGED_DEMANDS], numbers[EDITS] = 0, 0, 0
    numbers[FIRST], numbers[LAST] = track.position.size, -1


@kernel
def mark_edits(shop: Any, state: Any, track: Any, choice: Any) -> None:
    """Mark the resources of what was moved or changed, before and after; they stay marked while the orders differ."""
    track.soiled[:] = 0
    track.numbers[SOILED_PEOPLE] = 0
    for at in range(track.numbers[EDITS]):
        operation = track.edits[at]
        soil_mode(shop, track, operation, state.work[operation].mode, APART)
        soil_mode(shop, track, operation, choice.mode[operation], APART)
        soil_seats(shop, state, track, operation, APART)


@kernel
def time_trial(
    shop: Any, state: Any, track: Any, choice: Any, weights: Any, move_cost: float, limit: float
) -> float:  # fmt: skip
    """The value of the changed choice, timed from the first changed place; infinite when above the limit or no room.

    The changed part of the order lies between `FIRST` and `LAST`. The result is that of a full pass: everything
    before is as it was, and everything after whose resources and predecessors are in the same state.
    """
    numbers, amounts = track.numbers, track.amounts
    first, last, stride, size = numbers[FIRST], numbers[LAST], numbers[STRIDE], choice.order.size
    amounts[DELTA], amounts[LOOSE] = 0.0, 0.0
    numbers[FURTHEST], numbers[ENDED] = last, size
    mark_edits(shop, state, track, choice)
    # What was there before the change is replayed; the order up to `first` is the same.
    rewind(shop, state, track, choice, first // stride, first)
    at, stop = first, last + 1
    while at < size:
        at = skip_unchanged(shop, state, track, choice, at, stop)
        if at == stop:
            if stop == last + 1:
                orders_agree_again(track)
            # Between two checkpoints, and inside a load, nothing is compared.
            if at % stride == 0 and at < size and is_closing(choice, at - 1):
                if weights[MAKESPAN] == 0 and hopeless(track, at // stride, limit):
                    return np.inf
                if not compare(shop, state, track, at // stride) and numbers[FURTHEST] < at:
                    numbers[ENDED] = at
                    break
            stop = min((at // stride + 1) * stride, size)
        elif is_closing(choice, at) and not time_again(shop, state, track, choice, at, weights, move_cost):
            return np.inf
        else:
            at += 1
    value = amounts[VALUE] + amounts[DELTA]
    if weights[MAKESPAN] != 0:
        value += last_end(shop, state, weights) - amounts[LAST_END]
    return float(value)


@kernel
def undo_times(shop: Any, state: Any, track: Any) -> None:
    """Bring back the times and costs of the current plan."""
    numbers = track.numbers
    for slot in range(numbers[LOGGED] - 1, -1, -1):
        operation = track.log_operation[slot]
        state.work[operation] = track.log_work[slot]
        track.operation_cost[operation] = track.log_cost[slot]
        for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
            state.seats[seat].person = track.log_seats[seat, 0]
            state.seats[seat].counts = track.log_seats[seat, 1] != 0
        # In a repeated trial it counts as unchanged again.
        track.changed[operation] = 0
    for slot in range(numbers[LOGGED_DEMANDS] - 1, -1, -1):
        track.demand_cost[track.log_demand[slot]] = track.log_demand_cost[slot]
    numbers[LOGGED], numbers[LOGGED_DEMANDS] = 0, 0


@kernel
def undo(track: Any, choice: Any) -> None:
    """Bring back the order, the modes and the holds of the current plan."""
    numbers = track.numbers
    for at in range(numbers[FIRST], numbers[LAST] + 1):
        choice.order[at] = track.saved_order[at]
        track.position[choice.order[at]] = at
    for at in range(numbers[EDITS] - 1, -1, -1):
        operation = track.edits[at]
        choice.mode[operation], choice.hold[operation] = track.saved_mode[at], track.saved_hold[at]


@kernel
def keep(shop: Any, state: Any, track: Any, choice: Any, weights: Any) -> None:
    """Make the trial the current plan: renew the checkpoints after its first changed place."""
    numbers, stride = track.numbers, track.numbers[STRIDE]
    track.amounts[VALUE] += track.amounts[DELTA]
    if weights[MAKESPAN] != 0:
        last = last_end(shop, state, weights)
        track.amounts[VALUE] += last - track.amounts[LAST_END]
        track.amounts[LAST_END] = last
    checkpoint = numbers[FIRST] // stride
    rewind(shop, state, track, choice, checkpoint, checkpoint * stride)
    replay(shop, state, track, choice, checkpoint * stride, numbers[ENDED], True)
    numbers[KEPT] += 1
    if numbers[KEPT] % GAINS_EVERY == 0:
        sum_gains(shop, track, choice.order)


@kernel
def start_track(shop: Any, state: Any, track: Any, choice: Any, weights: Any, move_cost: float) -> float:
    """Time a whole order as it stands and fill the track; its value, infinite when something has no room."""
    reset(shop, state)
    stride = track.numbers[STRIDE]
    for at in range(choice.order.size):
        track.position[choice.order[at]] = at
        if at % stride == 0:
            save_checkpoint(state, track, at // stride)
        if is_closing(choice, at):
            count = members_at(choice, state, at)
            if not fit(shop, state, count, choice.hold):
                return np.inf
            commit(shop, state, count)
    value = charge_all(shop, state, track, weights, move_cost)
    track.amounts[LAST_END] = last_end(shop, state, weights)
    sum_gains(shop, track, choice.order)
    return value
