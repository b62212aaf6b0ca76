"""Kernels that place one block of work: the earliest setup, start and end that everything it needs allows.

A block is one operation, or the operations of one load of a batch machine. The rules are those of
``docs/design/0002-what-a-plan-must-obey.md``; resources only ever append, so each keeps just the moment
from which it is free.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from linewright.shop.arrays import (
    BOTH,
    CALENDAR,
    CHANGEOVER,
    MACHINE,
    MATERIAL,
    MATERIAL_ARC,
    NOTHING,
    PERSON,
    PIN,
    POLICY,
    PREDECESSOR,
    RELEASE,
    RUN,
    SETUP,
    TOOL,
)
from linewright.shop.kernels import kernel
from linewright.shop.state import (
    CAUSE,
    CAUSE_INDEX,
    CAUSE_OPERATION,
    CHANGEOVER_SECONDS,
    EARLIEST_RUN,
    EARLIEST_SETUP,
    END,
    FAMILY,
    OTHER_USED,
    RUN_COUNT,
    RUN_SECONDS,
    RUN_USED,
    SETUP_COUNT,
    SETUP_SECONDS,
    SETUP_START,
    SETUP_USED,
    START,
)
from linewright.shop.working_time import NEVER, backward, forward, open_moment


@kernel
def include(used: Any, count: int, calendar: int) -> int:
    """Add a calendar to a list unless it is there or round the clock; return the new count."""
    if calendar == 0:
        return count
    for at in range(count):
        if used[at] == calendar:
            return count
    used[count] = calendar
    return count + 1


@kernel
def phase_calendars(shop: Any, state: Any, operation: int, phase: int, used: Any) -> int:
    """List the calendars in which a placed operation ran or was set up, with its whole load; return how many."""
    work = state.work[operation]
    count = include(used, 0, shop.machines[shop.modes[work.mode].machine].calendar)
    member = work.block
    while member >= 0:
        person = shop.modes[state.work[member].mode].person
        if person >= 0 and phase == RUN:
            count = include(used, count, shop.people[person].calendar)
        for seat in range(shop.operations[member].first_seat, shop.operations[member + 1].first_seat):
            sits = shop.seats[seat].phase == phase or shop.seats[seat].phase == BOTH
            if sits and state.seats[seat].person >= 0:
                count = include(used, count, shop.people[state.seats[seat].person].calendar)
        member = state.work[member].next_of_block
    return count


@kernel
def run_calendars(shop: Any, state: Any, operation: int, used: Any) -> int:
    """List the calendars in which a placed operation ran; return how many."""
    return phase_calendars(shop, state, operation, RUN, used)


@kernel
def overlaps(shop: Any, state: Any, arc: int, mode: int) -> bool:
    """Whether an arc lets the next operation start on a transfer batch; loads of a batch machine do not."""
    if shop.arcs[arc].transfer >= 1.0:
        return False
    before = shop.modes[state.work[shop.arcs[arc].operation].mode].machine
    return not (shop.machines[before].batch or shop.machines[shop.modes[mode].machine].batch)


@kernel
def arc_lag(shop: Any, state: Any, arc: int, mode: int) -> int:
    """Wait and transport between the end of the operation before and the start of the next."""
    before = shop.machines[shop.modes[state.work[shop.arcs[arc].operation].mode].machine].site
    here = shop.machines[shop.modes[mode].machine].site
    travel = shop.transit[before, here] if before >= 0 and here >= 0 else 0
    return shop.arcs[arc].wait + travel


@kernel
def arc_ready(shop: Any, state: Any, arc: int, mode: int) -> int:
    """When an arc lets the next operation start."""
    before = shop.arcs[arc].operation
    lag = arc_lag(shop, state, arc, mode)
    if not overlaps(shop, state, arc, mode):
        return state.work[before].end + lag
    count = run_calendars(shop, state, before, state.used[OTHER_USED])
    first_part = ceil(shop.modes[state.work[before].mode].run * shop.arcs[arc].transfer)
    return forward(shop.calendars, state.used[OTHER_USED], count, state.work[before].start, first_part) + lag


@kernel
def place_floor(shop: Any, state: Any, machine: int, load: int) -> tuple[int, int]:
    """When the places that a block needs are free, and the operation that frees the last of them."""
    first = shop.machines[machine].first_place
    count = shop.machines[machine + 1].first_place - first
    if count == 1:
        return state.places[first].free, state.places[first].last
    if load == 1:
        best = first
        for place in range(first + 1, first + count):
            if state.places[place].free < state.places[best].free:
                best = place
        return state.places[best].free, state.places[best].last
    # The moment at which `load` places are free is the load-th smallest of their moments.
    free = state.places.free[first : first + count].copy()
    free.sort()
    moment = free[min(load, count) - 1]
    for place in range(first, first + count):
        if state.places[place].free == moment:
            return moment, state.places[place].last
    return moment, -1


@kernel
def tool_floor(shop: Any, state: Any, count: int) -> tuple[int, int, int]:
    """When all tools are free, the operation that frees the last one, and which tool it is."""
    floor, last, which = 0, -1, -1
    members = state.members[0]
    for at in range(count):
        operation = members[at]
        for hold in range(shop.operations[operation].first_hold, shop.operations[operation + 1].first_hold):
            tool = shop.holds[hold].tool
            wanted = shop.holds[hold].quantity
            for other in range(count):
                if other != at:
                    sibling = members[other]
                    for beside in range(shop.operations[sibling].first_hold, shop.operations[sibling + 1].first_hold):
                        if shop.holds[beside].tool == tool:
                            wanted += shop.holds[beside].quantity
            first, end = state.first_unit[tool], state.first_unit[tool + 1]
            if wanted > end - first:
                return NEVER, -1, tool
            free = state.units.free[first:end].copy()
            free.sort()
            if free[wanted - 1] > floor:
                floor, which = free[wanted - 1], tool
                for unit in range(first, end):
                    if state.units[unit].free == floor:
                        last = state.units[unit].last
    return floor, last, which


@kernel
def run_floor(shop: Any, state: Any, operation: int, mode: int, hold: int) -> tuple[int, int, int, int]:
    """The latest of release, material, pin, hold and the operations before: moment, cause, operation, index."""
    operations = shop.operations
    floor, cause, other, index = 0, NOTHING, -1, -1
    for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
        ready = arc_ready(shop, state, arc, mode)
        if ready > floor:
            floor, other, index = ready, shop.arcs[arc].operation, -1
            cause = MATERIAL if shop.arcs[arc].kind == MATERIAL_ARC else PREDECESSOR
    if operations[operation].material_ready > floor:
        floor, cause, other = operations[operation].material_ready, MATERIAL, -1
        index = operations[operation].material_peg
    if operations[operation].release > floor:
        floor, cause, other, index = operations[operation].release, RELEASE, -1, -1
    if operations[operation].pin > floor:
        floor, cause, other, index = operations[operation].pin, PIN, -1, -1
    if hold > floor:
        floor, cause, other, index = hold, POLICY, -1, -1
    return floor, cause, other, index


@kernel
def block_times(
    shop: Any, state: Any, run_count: int, setup_count: int, earliest_setup: int, earliest_run: int,
    setup: int, run: int, may_pause: bool, operation: int, mode: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Setup start, run start and end of a block under the calendars listed in `state`; NEVER when there is no room."""
    calendars = shop.calendars
    ready = forward(calendars, state.used[SETUP_USED], setup_count, earliest_setup, setup)
    start = open_moment(calendars, state.used[RUN_USED], run_count, max(ready, earliest_run), run, may_pause)
    if start >= NEVER:
        return NEVER, NEVER, NEVER
    for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
        if overlaps(shop, state, arc, mode):
            # The last transfer batch must still be worked after the operation before has ended.
            arrival = state.work[shop.arcs[arc].operation].end + arc_lag(shop, state, arc, mode)
            last_part = ceil(run * shop.arcs[arc].transfer)
            finish = forward(calendars, state.used[RUN_USED], run_count, arrival, last_part)
            latest = backward(calendars, state.used[RUN_USED], run_count, finish, run)
            if latest > start:
                start = open_moment(calendars, state.used[RUN_USED], run_count, latest, run, may_pause)
    if start >= NEVER:
        return NEVER, NEVER, NEVER
    end = forward(calendars, state.used[RUN_USED], run_count, start, run)
    return backward(calendars, state.used[SETUP_USED], setup_count, start, setup), start, end


@kernel
def is_taken(shop: Any, state: Any, operation: int, seat: int, person: int) -> bool:
    """Whether a person already sits in the same phase of this operation."""
    phase = shop.seats[seat].phase
    for other in range(shop.operations[operation].first_seat, seat):
        clash = phase == BOTH or shop.seats[other].phase == BOTH or shop.seats[other].phase == phase
        if clash and state.seats[other].trial == person:
            return True
    return False


@kernel
def times_with(
    shop: Any, state: Any, person: int, phase: int, free: int, setup: int, run: int, may_pause: bool,
    operation: int, mode: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Setup start, run start and end of the block with one more person, who is free from some moment on."""
    runs, sets = state.limits[RUN_COUNT], state.limits[SETUP_COUNT]
    earliest_setup, earliest_run = state.limits[EARLIEST_SETUP], state.limits[EARLIEST_RUN]
    if phase != SETUP:
        runs = include(state.used[RUN_USED], runs, shop.people[person].calendar)
        earliest_run = max(earliest_run, free)
    if phase != RUN and setup > 0:
        sets = include(state.used[SETUP_USED], sets, shop.people[person].calendar)
        earliest_setup = max(earliest_setup, free)
    return block_times(shop, state, runs, sets, earliest_setup, earliest_run, setup, run, may_pause, operation, mode)


@kernel
def sit(shop: Any, state: Any, seat: int, person: int, free: int, setup: int) -> int:
    """Give a seat to a person, and narrow calendars and floors to match; the phase that has to wait, -1 when none."""
    phase, calendar, waits = shop.seats[seat].phase, shop.people[person].calendar, -1
    state.seats[seat].trial = person
    if phase != SETUP:
        state.limits[RUN_COUNT] = include(state.used[RUN_USED], state.limits[RUN_COUNT], calendar)
        if free > state.limits[EARLIEST_RUN]:
            state.limits[EARLIEST_RUN], waits = free, RUN
    if phase != RUN and setup > 0:
        state.limits[SETUP_COUNT] = include(state.used[SETUP_USED], state.limits[SETUP_COUNT], calendar)
        if free > state.limits[EARLIEST_SETUP]:
            state.limits[EARLIEST_SETUP], waits = free, SETUP
    return waits


@kernel
def seat_named(
    shop: Any, state: Any, at: int, setup: int, run: int, may_pause: bool
) -> tuple[int, int]:  # fmt: skip
    """Give the person whom a member's mode names the first seat of its run that they may take.

    Returns the seat, -1 when there is none, so that they come beside the crew; and the phase that has to wait.
    """
    operation, person = state.members[0, at], shop.modes[state.members[1, at]].person
    for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
        phase, group = shop.seats[seat].phase, shop.seats[seat].group
        if phase == SETUP:
            continue
        best_free, best_end = NEVER, NEVER
        for entry in range(shop.first_qualified[group], shop.first_qualified[group + 1]):
            if shop.qualified[entry].person != person:
                continue
            free = max(state.people[person].free, shop.qualified[entry].since)
            _, _, end = times_with(
                shop, state, person, phase, free, setup, run, may_pause, state.members[0, 0], state.members[1, 0]
            )
            if end < best_end and end <= shop.qualified[entry].until:
                best_free, best_end = free, end
        if best_end < NEVER:
            return seat, sit(shop, state, seat, person, best_free, setup)
    return -1, -1


@kernel
def seat_people(shop: Any, state: Any, count: int, setup: int, run: int, may_pause: bool) -> tuple[int, int]:
    """Give each seat the person with whom the block ends first, and narrow calendars and floors to match.

    Whom a mode names sits before all others. Returns the person who set the last floor and the phase, -1 when nobody
    did; (-2, phase) when a seat stays empty.
    """
    binding, binding_phase = -1, -1
    members, modes = state.members[0], state.members[1]
    lead, lead_mode = members[0], modes[0]
    machine_site = shop.machines[shop.modes[lead_mode].machine].site
    for at in range(count):
        named, own, own_phase = shop.modes[modes[at]].person, -1, -1
        if named >= 0:
            site = shop.people[named].site
            if site >= 0 and machine_site >= 0 and site != machine_site:
                return -2, RUN
            own, waits = seat_named(shop, state, at, setup, run, may_pause)
            if own >= 0:
                own_phase = shop.seats[own].phase
            if waits >= 0:
                binding, binding_phase = named, waits
        for seat in range(shop.operations[members[at]].first_seat, shop.operations[members[at] + 1].first_seat):
            if seat == own:
                continue
            phase, group = shop.seats[seat].phase, shop.seats[seat].group
            state.seats[seat].trial = -1
            if phase == SETUP and setup == 0:
                continue
            best, best_end, best_start, best_cost, best_since = -1, NEVER, -NEVER, 0.0, 0
            for entry in range(shop.first_qualified[group], shop.first_qualified[group + 1]):
                person = shop.qualified[entry].person
                site = shop.people[person].site
                if is_taken(shop, state, members[at], seat, person):
                    continue
                if person == named and (phase != SETUP or own_phase == BOTH):
                    continue
                if site >= 0 and machine_site >= 0 and site != machine_site:
                    continue
                free = max(state.people[person].free, shop.qualified[entry].since)
                begin, start, end = times_with(shop, state, person, phase, free, setup, run, may_pause, lead, lead_mode)
                if end >= NEVER or (end if phase != SETUP else start) > shop.qualified[entry].until:
                    continue
                cost = shop.people[person].cost_per_hour
                better = end < best_end or (
                    end == best_end and (begin > best_start or (begin == best_start and cost < best_cost))
                )
                if better:
                    best, best_end, best_start, best_cost, best_since = person, end, begin, cost, free
            if best < 0:
                return -2, phase
            waits = sit(shop, state, seat, best, best_since, setup)
            if waits >= 0:
                binding, binding_phase = best, waits
    return binding, binding_phase


@kernel
def fit(shop: Any, state: Any, count: int, hold: Any) -> bool:
    """Find the earliest times of the block in `state.members`, and what kept it from starting earlier.

    They are written into `state.trial`. False when it cannot run at all: calendars end, or nobody may do it.
    """
    operations, machines = shop.operations, shop.machines
    members, modes = state.members[0], state.members[1]
    machine = shop.modes[modes[0]].machine
    single = machines[machine].batch or machines[machine].capacity == 1
    family, changeover, load = operations[members[0]].family, 0, 0
    setup, run, may_pause, running = 0, 0, True, False
    state.limits[EARLIEST_RUN] = 0
    cause, other, index = NOTHING, -1, -1
    state.limits[RUN_COUNT] = include(state.used[RUN_USED], 0, machines[machine].calendar)
    state.limits[SETUP_COUNT] = include(state.used[SETUP_USED], 0, machines[machine].calendar)
    for at in range(count):
        operation, mode = members[at], modes[at]
        load += operations[operation].load
        setup, run = max(setup, shop.modes[mode].setup), max(run, shop.modes[mode].run)
        may_pause = may_pause and operations[operation].may_pause
        running = running or operations[operation].running
        moment, why, who, what = run_floor(shop, state, operation, mode, hold[operation])
        if moment > state.limits[EARLIEST_RUN]:
            state.limits[EARLIEST_RUN], cause, other, index = moment, why, who, what
        person = shop.modes[mode].person
        if person >= 0:
            state.limits[RUN_COUNT] = include(
                state.used[RUN_USED], state.limits[RUN_COUNT], shop.people[person].calendar
            )
            if state.people[person].free > state.limits[EARLIEST_RUN]:
                state.limits[EARLIEST_RUN], cause, other, index = (
                    state.people[person].free,
                    PERSON,
                    state.people[person].last,
                    person,
                )
    if single and family >= 0 and state.machine_family[machine] >= 0 and not running:
        changeover = shop.switches[machines[machine].matrix, state.machine_family[machine], family].seconds
        setup += changeover
    state.limits[EARLIEST_SETUP], setup_other = place_floor(shop, state, machine, load)
    setup_cause, setup_index = MACHINE, machine
    tools_free, tool_last, tool = tool_floor(shop, state, count)
    if tools_free >= NEVER:
        return False
    if tools_free > state.limits[EARLIEST_SETUP]:
        state.limits[EARLIEST_SETUP], setup_cause, setup_other, setup_index = tools_free, TOOL, tool_last, tool
    person, phase = seat_people(shop, state, count, setup, run, may_pause)
    if person == -2:
        return False
    if person >= 0 and phase == RUN:
        cause, other, index = PERSON, state.people[person].last, person
    elif person >= 0:
        setup_cause, setup_other, setup_index = PERSON, state.people[person].last, person
    begin, start, end = block_times(
        shop,
        state,
        state.limits[RUN_COUNT],
        state.limits[SETUP_COUNT],
        state.limits[EARLIEST_SETUP],
        state.limits[EARLIEST_RUN],
        setup,
        run,
        may_pause,
        members[0],
        modes[0],
    )
    if end >= NEVER:
        return False
    set_up = forward(
        shop.calendars, state.used[SETUP_USED], state.limits[SETUP_COUNT], state.limits[EARLIEST_SETUP], setup
    )
    if set_up > state.limits[EARLIEST_RUN]:
        cause, other, index = setup_cause, setup_other, setup_index
        if cause == MACHINE and (changeover > 0 or (state.limits[EARLIEST_SETUP] == 0 and setup > 0)):
            cause = CHANGEOVER
    latest = max(set_up, state.limits[EARLIEST_RUN])
    if (start > latest and cause != PREDECESSOR) or (
        start > latest
        and open_moment(shop.calendars, state.used[RUN_USED], state.limits[RUN_COUNT], latest, run, may_pause) > latest
    ):
        cause = CALENDAR
    trial = state.trial
    trial[SETUP_START], trial[START], trial[END] = begin, start, end
    trial[CHANGEOVER_SECONDS], trial[FAMILY] = changeover, family
    trial[SETUP_SECONDS], trial[RUN_SECONDS] = setup, run
    trial[CAUSE], trial[CAUSE_OPERATION], trial[CAUSE_INDEX] = cause, other, index
    return True
