"""The timetable pass: times a given order of work under every rule, and notes what each operation waited for."""

from __future__ import annotations

from typing import Any

from linewright.shop.arrays import BOTH, SETUP
from linewright.shop.block import arc_lag, fit, run_calendars
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel
from linewright.shop.state import (
    CAUSE,
    CAUSE_INDEX,
    CAUSE_OPERATION,
    CHANGEOVER_SECONDS,
    END,
    FAMILY,
    OTHER_USED,
    RUN_SECONDS,
    SETUP_SECONDS,
    SETUP_START,
    START,
)
from linewright.shop.working_time import NEVER, backward, forward

#: How a pass can end: all placed; a calendar or crew ran out; a longest wait could not be kept.
PLACED, NO_ROOM, TOO_LONG_A_WAIT = 0, 1, 2
MOST_PASSES = 60


@kernel
def reset(shop: Any, state: Any) -> None:
    """Make the timetable empty: everything is free when the plan starts."""
    state.places.free[:] = 0
    state.places.last[:] = -1
    overwrite(state.machine_family, shop.machines.family)
    state.people.free[:] = 0
    state.people.last[:] = -1
    state.units.free[:] = 0
    state.units.last[:] = -1
    state.work.load_first[:] = -1
    state.work.load_count[:] = 0
    state.work.placed[:] = False
    state.seats.person[:] = -1


@kernel
def take(pool: Any, first: int, end: int, wanted: int, begin: int, until: int, operation: int) -> None:
    """Take units that are free at `begin`, those that became free last, so that the others stay free longest."""
    for _ in range(wanted):
        chosen = -1
        for unit in range(first, end):
            if pool[unit].free <= begin and (chosen < 0 or pool[unit].free > pool[chosen].free):
                chosen = unit
        if chosen >= 0:
            pool[chosen].free = until
            pool[chosen].last = operation


@kernel
def serves_before(shop: Any, state: Any, at: int, person: int, phase: int) -> bool:
    """Whether a person already serves one of the first `at` operations of the block in the same phase."""
    for other in range(at):
        member = state.members[0, other]
        if phase != SETUP and shop.modes[state.members[1, other]].person == person:
            return True
        for seat in range(shop.operations[member].first_seat, shop.operations[member + 1].first_seat):
            meets = phase == BOTH or shop.seats[seat].phase == BOTH or shop.seats[seat].phase == phase
            if meets and state.seats[seat].trial == person:
                return True
    return False


@kernel
def commit(shop: Any, state: Any, count: int) -> None:
    """Write the block that was just fitted into the timetable."""
    trial, operations = state.trial, shop.operations
    members, modes = state.members[0], state.members[1]
    machine = shop.modes[modes[0]].machine
    begin, start, end = trial[SETUP_START], trial[START], trial[END]
    first, last = shop.machines[machine].first_place, shop.machines[machine + 1].first_place
    single = shop.machines[machine].batch or shop.machines[machine].capacity == 1
    for at in range(count):
        operation, mode = members[at], modes[at]
        work = state.work[operation]
        work.placed, work.mode, work.leader = True, mode, at == 0
        work.block, work.next_of_block = members[0], members[at + 1] if at + 1 < count else -1
        work.setup_start, work.start, work.end = begin, start, end
        work.setup, work.run = trial[SETUP_SECONDS], trial[RUN_SECONDS]
        work.cause, work.cause_operation, work.cause_index = trial[CAUSE], trial[CAUSE_OPERATION], trial[CAUSE_INDEX]
        work.changeover, work.changeover_cost = trial[CHANGEOVER_SECONDS], 0.0
        if (
            single
            and at == 0
            and trial[FAMILY] >= 0
            and state.machine_family[machine] >= 0
            and not operations[operation].running
        ):
            matrix = shop.machines[machine].matrix
            work.changeover_cost = shop.switches[matrix, state.machine_family[machine], trial[FAMILY]].cost
        for hold in range(operations[operation].first_hold, operations[operation + 1].first_hold):
            tool = shop.holds[hold].tool
            units = state.first_unit[tool], state.first_unit[tool + 1]
            take(state.units, units[0], units[1], shop.holds[hold].quantity, begin, end, operation)
        named = shop.modes[mode].person
        if named >= 0:
            state.people[named].free, state.people[named].last = end, operation
        for seat in range(operations[operation].first_seat, operations[operation + 1].first_seat):
            person = state.seats[seat].trial
            state.seats[seat].person = person
            # Whom the mode names counts with the mode, also in a seat.
            phase = shop.seats[seat].phase
            counts_already = (person == named and phase != SETUP) or serves_before(shop, state, at, person, phase)
            state.seats[seat].counts = not counts_already
            if person >= 0:
                until = start if shop.seats[seat].phase == SETUP else end
                if until >= state.people[person].free:
                    state.people[person].free, state.people[person].last = until, operation
        if not single:
            take(state.places, first, last, operations[operation].load, begin, end, operation)
    if single:
        state.places[first].free, state.places[first].last = end, members[0]
        if trial[FAMILY] >= 0:
            state.machine_family[machine] = trial[FAMILY]


@kernel
def choose_mode(shop: Any, state: Any, operation: int, hold: Any) -> int:
    """The mode with which the operation ends first; -1 when none is possible."""
    best, best_end, best_cost = -1, NEVER, 0.0
    state.members[0, 0] = operation
    for mode in range(shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode):
        state.members[1, 0] = mode
        if fit(shop, state, 1, hold):
            end, cost = state.trial[END], shop.modes[mode].cost
            if end < best_end or (end == best_end and cost < best_cost):
                best, best_end, best_cost = mode, end, cost
    return best


@kernel
def is_ready(shop: Any, state: Any, operation: int) -> bool:
    """Whether everything that an operation waits for is placed."""
    for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
        if not state.work[shop.arcs[arc].operation].placed:
            return False
    return True


@kernel
def place(shop: Any, state: Any, operation: int, mode: int, hold: Any) -> bool:
    """Place one operation at its earliest; with mode -1 on the machine where it ends first."""
    if mode < 0:
        mode = choose_mode(shop, state, operation, hold)
        if mode < 0:
            return False
    state.members[0, 0], state.members[1, 0] = operation, mode
    if not fit(shop, state, 1, hold):
        return False
    commit(shop, state, 1)
    return True


@kernel
def disturbs(shop: Any, state: Any, operation: int, mode: int, pinned: int, pinned_mode: int) -> bool:
    """Whether the block just fitted would push a pinned operation of the same machine past its time."""
    machine = shop.modes[mode].machine
    if shop.modes[pinned_mode].machine != machine or shop.machines[machine].capacity > 1:
        return False
    setup = shop.modes[pinned_mode].setup
    family, target = shop.operations[operation].family, shop.operations[pinned].family
    source = family if family >= 0 else state.machine_family[machine]
    if source >= 0 and target >= 0:
        setup += shop.switches[shop.machines[machine].matrix, source, target].seconds
    state.used[OTHER_USED][0] = shop.machines[machine].calendar
    return forward(shop.calendars, state.used[OTHER_USED], 1, state.trial[END], setup) > shop.operations[pinned].pin


@kernel
def settle(shop: Any, state: Any, choice: Any, operation: int) -> bool:
    """Place the pinned operations that an operation still waits for; whether everything before it is then placed."""
    while not is_ready(shop, state, operation):
        target, deeper = operation, True
        while deeper:
            deeper = False
            for arc in range(shop.operations[target].first_arc, shop.operations[target + 1].first_arc):
                before = shop.arcs[arc].operation
                if not state.work[before].placed:
                    target, deeper = before, True
                    break
        if shop.operations[target].pin < 0 or choice.load[target] >= 0:
            return False
        if not place(shop, state, target, choice.mode[target], choice.hold):
            return False
    return True


@kernel
def place_around_pins(shop: Any, state: Any, operation: int, choice: Any, pin_count: int) -> bool:
    """Place an operation; pinned ones that it would push, or that it waits for, are placed before it."""
    if not settle(shop, state, choice, operation):
        return False
    mode = choice.mode[operation]
    at = 0
    while at < pin_count:
        pinned = state.work[at].pin_queue
        at += 1
        if state.work[pinned].placed or pinned == operation or not is_ready(shop, state, pinned):
            continue
        if mode < 0:
            mode = choose_mode(shop, state, operation, choice.hold)
        state.members[0, 0], state.members[1, 0] = operation, mode
        if mode < 0 or not fit(shop, state, 1, choice.hold):
            return False
        pinned_mode = choice.mode[pinned] if choice.mode[pinned] >= 0 else shop.operations[pinned].first_mode
        if disturbs(shop, state, operation, mode, pinned, pinned_mode):
            if not place(shop, state, pinned, choice.mode[pinned], choice.hold):
                return False
            mode = choice.mode[operation]
            at = 0
    return place(shop, state, operation, mode, choice.hold)


@kernel
def join_load(shop: Any, state: Any, operation: int, choice: Any) -> bool:
    """Add an operation to its load; the last member starts it."""
    load = choice.load[operation]
    state.work[operation].load_next = state.work[load].load_first
    state.work[load].load_first = operation
    state.work[load].load_count += 1
    if state.work[load].load_count < state.work[load].load_size:
        return True
    # Placing what a member waits for uses the members of the state too, so all of that comes first.
    member = state.work[load].load_first
    while member >= 0:
        if not settle(shop, state, choice, member):
            return False
        member = state.work[member].load_next
    count = 0
    member = state.work[load].load_first
    while member >= 0:
        state.members[0, count], state.members[1, count] = member, choice.mode[member]
        count += 1
        member = state.work[member].load_next
    if not fit(shop, state, count, choice.hold):
        return False
    commit(shop, state, count)
    return True


@kernel
def longer_holds(shop: Any, state: Any, hold: Any) -> bool:
    """Raise the hold of every operation after which the next would wait too long; whether any was raised."""
    raised = False
    for operation in range(shop.operations.size - 1):
        for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
            longest = shop.arcs[arc].longest
            if longest < 0:
                continue
            before = shop.arcs[arc].operation
            travel = arc_lag(shop, state, arc, state.work[operation].mode) - shop.arcs[arc].wait
            needed = state.work[operation].start - longest - travel
            if state.work[before].end < needed:
                run = shop.modes[state.work[before].mode].run
                count = run_calendars(shop, state, before, state.used[OTHER_USED])
                begin = backward(shop.calendars, state.used[OTHER_USED], count, needed, run)
                if forward(shop.calendars, state.used[OTHER_USED], count, begin, run) < needed:
                    begin += 1
                hold[before] = max(hold[before] + 1, begin, state.work[before].start + 1)
                raised = True
    return raised


@kernel
def one_pass(shop: Any, state: Any, choice: Any) -> bool:
    """Place every operation in the chosen order; False when one finds no room."""
    reset(shop, state)
    waiting = 0
    for at in range(choice.order.size):
        operation = choice.order[at]
        if state.work[operation].placed:
            continue
        if choice.load[operation] >= 0:
            if not join_load(shop, state, operation, choice):
                return False
        elif shop.operations[operation].pin >= 0:
            # A pinned operation waits until something would get in its way; those with earlier pins stand in front.
            slot = waiting
            while slot > 0 and shop.operations[state.work[slot - 1].pin_queue].pin > shop.operations[operation].pin:
                state.work[slot].pin_queue = state.work[slot - 1].pin_queue
                slot -= 1
            state.work[slot].pin_queue = operation
            waiting += 1
        elif waiting == 0:
            if not is_ready(shop, state, operation) or not place(
                shop, state, operation, choice.mode[operation], choice.hold
            ):
                return False
        elif not place_around_pins(shop, state, operation, choice, waiting):
            return False
    for at in range(waiting):
        pinned = state.work[at].pin_queue
        if not state.work[pinned].placed and not place_around_pins(shop, state, pinned, choice, at):
            return False
    return True


@kernel
def timetable(shop: Any, state: Any, choice: Any) -> int:
    """Time the chosen order of work; returns PLACED, NO_ROOM or TOO_LONG_A_WAIT.

    Where a step would wait longer than allowed, the step before is held back and the whole order is timed again.
    """
    state.work.load_size[:] = 0
    limited = False
    for operation in range(choice.order.size):
        if choice.load[operation] >= 0:
            state.work[choice.load[operation]].load_size += 1
        limited = limited or shop.operations[operation].longest_wait >= 0
    for _ in range(MOST_PASSES):
        if not one_pass(shop, state, choice):
            return NO_ROOM
        if not limited or not longer_holds(shop, state, choice.hold):
            return PLACED
    return TOO_LONG_A_WAIT
