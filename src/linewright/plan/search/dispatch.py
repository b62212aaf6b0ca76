"""A kernel that builds a plan forward in time: whenever a machine is free, the most urgent waiting operation gets it.

Urgency is the Apparent Tardiness Cost with Setups (ATCS) of Lee, Bhaskaran and Pinedo, IIE Transactions 29
(1997) 45-52; operations that no due date presses are ranked by the longest way to the end. Machines are chosen late:
an operation waits at all machines that may do it, and the first one free takes it.
"""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from linewright.shop.block import arc_ready, fit, tool_floor
from linewright.shop.kernels import kernel
from linewright.shop.state import OTHER_USED, SETUP_START
from linewright.shop.timetable import choose_mode, commit, disturbs, place, reset
from linewright.shop.working_time import NEVER, open_moment

#: How many waiting operations are tried in full before a machine waits for people or tools.
MOST_TRIALS = 6
#: Columns of a machine's queue: what each waiting mode is, and what its urgency is made of.
MODE, OPERATION, LATEST, FAMILY = range(4)
FIXED, STEADY, RATE, BIAS = range(4)


@kernel
def push(heap: Any, size: int, moment: int, event: int) -> int:
    """Add an event to a binary heap of (moment, event); return the new size."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if heap[parent, 0] <= moment:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at, 0], heap[at, 1] = moment, event
    return size + 1


@kernel
def pop(heap: Any, size: int) -> int:
    """Remove the earliest event (read ``heap[0]`` before); return the new size."""
    size -= 1
    moment, event = heap[size, 0], heap[size, 1]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1, 0] < heap[child, 0]:
            child += 1
        if heap[child, 0] >= moment:
            break
        heap[at] = heap[child]
        at = child
    heap[at, 0], heap[at, 1] = moment, event
    return size


@kernel
def ready_moment(shop: Any, state: Any, operation: int) -> int:
    """When an operation whose predecessors are all placed may run."""
    row = shop.operations[operation]
    moment = max(row.release, row.material_ready)
    for arc in range(row.first_arc, shop.operations[operation + 1].first_arc):
        moment = max(moment, arc_ready(shop, state, arc, row.first_mode))
    # Setup may begin before the material is there.
    return max(max(moment, row.pin) - shop.modes[row.first_mode].setup, 0)


@kernel
def join_queue(
    shop: Any, mode: int, rule: Any, tail: Any, bias: Any, numbers: Any, figures: Any, at: int
) -> None:  # fmt: skip
    """Write what the urgency of a waiting mode depends on beside the moment and the machine's family."""
    operation = shop.modes[mode].operation
    row = shop.operations[operation]
    run = max(shop.modes[mode].run, 1)
    weight = row.weight if row.weight > 0 else 1e-9
    numbers[at, MODE], numbers[at, OPERATION], numbers[at, FAMILY] = mode, operation, row.family
    numbers[at, LATEST] = row.due - run if row.due < NEVER else NEVER
    figures[at, FIXED] = 1e300 if row.running else 1e200 if row.pin >= 0 else 0.0
    figures[at, STEADY] = 1e-12 * (1.0 + tail[operation] / rule[2])
    figures[at, RATE], figures[at, BIAS] = weight * 86400 / run, bias[row.job]


@kernel
def changeover_factor(shop: Any, state: Any, machine: int, family: int, rule: Any) -> float:
    """What the changeover to a family takes from the ATCS index."""
    before = state.machine_family[machine]
    if before < 0 or family < 0:
        return 1.0
    seconds = shop.switches[shop.machines[machine].matrix, before, family].seconds
    return exp(-seconds / (rule[1] * rule[3]))


@kernel
def urgencies(
    shop: Any, state: Any, machine: int, numbers: Any, figures: Any, count: int, moment: int, rule: Any
) -> Any:  # fmt: skip
    """ATCS index of starting each waiting mode of a machine now; `rule` holds k1, k2, mean run, mean changeover."""
    values = np.empty(count, np.float64)
    families = shop.switches.shape[1]
    few = families < count
    # Blank families are the last entry, -1.
    factors = np.ones(families + 1 if few else 1, np.float64)
    for family in range(families if few else 0):
        factors[family] = changeover_factor(shop, state, machine, family, rule)
    for at in range(count):
        if figures[at, FIXED] > 0:
            values[at] = figures[at, FIXED]
            continue
        index = figures[at, STEADY]
        if numbers[at, LATEST] < NEVER:
            slack = numbers[at, LATEST] - moment
            index += figures[at, RATE] * (exp(-slack / (rule[0] * rule[2])) if slack > 0 else 1.0)
        family = numbers[at, FAMILY]
        factor = factors[family] if few else changeover_factor(shop, state, machine, family, rule)
        values[at] = index * factor * figures[at, BIAS]
    return values


@kernel
def tails(shop: Any, order: Any) -> Any:
    """Longest way in run seconds from each operation's start to the end of everything that follows."""
    tail = np.zeros(order.size, np.float64)
    for at in range(order.size - 1, -1, -1):
        operation = order[at]
        row = shop.operations[operation]
        shortest = NEVER
        for mode in range(row.first_mode, shop.operations[operation + 1].first_mode):
            shortest = min(shortest, shop.modes[mode].run)
        longest = 0.0
        for arc in range(row.first_next, shop.operations[operation + 1].first_next):
            longest = max(longest, tail[shop.next_operation[arc]])
        tail[operation] = shortest + longest
    return tail


@kernel
def is_kept_for_a_pin(shop: Any, state: Any, operation: int, mode: int, pinned: Any) -> bool:
    """Whether the block just fitted would push a pinned operation that is still to come."""
    for at in range(pinned.size):
        other = pinned[at]
        # Of two pins the earlier goes first, and of two at one moment the one listed first.
        own, theirs = shop.operations[operation].pin, shop.operations[other].pin
        first = own >= 0 and (own < theirs or (own == theirs and operation < other))
        if other != operation and not first and not state.work[other].placed:
            for pinned_mode in range(shop.operations[other].first_mode, shop.operations[other + 1].first_mode):
                if disturbs(shop, state, operation, mode, other, pinned_mode):
                    return True
    return False


@kernel
def best_start(
    shop: Any, state: Any, machine: int, numbers: Any, figures: Any, count: int, moment: int, rule: Any, choice: Any,
    pinned: Any, force: bool,
) -> tuple[int, int]:  # fmt: skip
    """The waiting mode to start now, or (-1, the next moment worth another look)."""
    again = NEVER
    values = urgencies(shop, state, machine, numbers, figures, count, moment, rule)
    for _ in range(min(MOST_TRIALS, count)):
        best = int(np.argmax(values))
        if values[best] < 0:
            break
        chosen, operation = numbers[best, MODE], numbers[best, OPERATION]
        values[best] = -1.0
        state.members[0, 0], state.members[1, 0] = operation, chosen
        if not fit(shop, state, 1, choice.hold):
            continue
        if pinned.size and not force and is_kept_for_a_pin(shop, state, operation, chosen, pinned):
            continue
        if state.trial[SETUP_START] <= moment or shop.operations[operation].running:
            return chosen, moment
        again = min(again, state.trial[SETUP_START])
    return -1, again


@kernel
def gather_load(
    shop: Any, state: Any, machine: int, numbers: Any, figures: Any, count: int, moment: int, rule: Any, expected: Any,
    force: bool,
) -> int:  # fmt: skip
    """Fill `state.members` with the next load of a batch machine; returns its size, 0 to wait for more.

    A load that would stay below the machine's least load waits while other operations of its family may still come.
    """
    skipped = np.zeros(count, np.bool_)
    values = urgencies(shop, state, machine, numbers, figures, count, moment, rule)
    for _ in range(count):
        lead, index = -1, -1.0
        for at in range(count):
            if not skipped[at] and values[at] > index:
                lead, index = at, values[at]
        if lead < 0:
            return 0
        first = numbers[lead, OPERATION]
        family = shop.operations[first].family
        size, load, left = 0, 0, shop.machines[machine].capacity
        taken = np.zeros(count, np.bool_)
        ready = 0
        while True:
            best, index = -1, -1.0
            for at in range(count):
                operation = numbers[at, OPERATION]
                if taken[at] or skipped[at] or shop.operations[operation].family != family:
                    continue
                if shop.operations[operation].load <= left and values[at] > index:
                    best, index = at, values[at]
            if best < 0:
                break
            operation = numbers[best, OPERATION]
            # Rows that name people give an operation several modes here, of which one is enough.
            taken |= numbers[:count, OPERATION] == operation
            state.members[0, size], state.members[1, size] = operation, numbers[best, MODE]
            size += 1
            if tool_floor(shop, state, size)[0] >= NEVER:
                # There are not enough tools for one more.
                size -= 1
                continue
            load += shop.operations[operation].load
            left -= shop.operations[operation].load
        for at in range(count):
            operation = numbers[at, OPERATION]
            if shop.operations[operation].family == family:
                ready += shop.operations[operation].load
        urgent = shop.operations[first].running or shop.operations[first].pin >= 0
        if load >= shop.machines[machine].min_load or urgent or force or ready >= expected[family + 1]:
            return size
        for at in range(count):
            if shop.operations[numbers[at, OPERATION]].family == family:
                skipped[at] = True
    return 0


@kernel
def expected_loads(shop: Any, state: Any, machine: int, families: int) -> Any:
    """Places that operations not yet placed may still ask of a batch machine, by family (one entry ahead for none)."""
    expected = np.zeros(families + 2, np.int64)
    for mode in range(shop.modes.size):
        operation = shop.modes[mode].operation
        if shop.modes[mode].machine == machine and not state.work[operation].placed:
            expected[shop.operations[operation].family + 1] += shop.operations[operation].load
    return expected


@kernel
def start_running(shop: Any, state: Any, choice: Any) -> tuple[int, int]:
    """Place what is running when the plan starts, before everything else; what shares an oven is one load.

    Returns the number of operations placed and of loads, or (-1, 0) when one finds no room.
    """
    done, loads = 0, 0
    for operation in range(shop.operations.size - 1):
        if not shop.operations[operation].running or state.work[operation].placed:
            continue
        mode = choose_mode(shop, state, operation, choice.hold)
        if mode < 0:
            return -1, 0
        machine = shop.modes[mode].machine
        size = 1
        state.members[0, 0], state.members[1, 0] = operation, mode
        if shop.machines[machine].batch:
            for other in range(operation + 1, shop.operations.size - 1):
                if shop.operations[other].running and not state.work[other].placed:
                    for way in range(shop.operations[other].first_mode, shop.operations[other + 1].first_mode):
                        if shop.modes[way].machine == machine:
                            state.members[0, size], state.members[1, size] = other, way
                            size += 1
                            break
        if not fit(shop, state, size, choice.hold):
            return -1, 0
        commit(shop, state, size)
        for at in range(size):
            choice.order[done] = state.members[0, at]
            choice.load[state.members[0, at]] = loads if shop.machines[machine].batch else -1
            done += 1
        loads += int(shop.machines[machine].batch)
    return done, loads


@kernel
def release_followers(
    shop: Any, state: Any, choice: Any, operation: int, open_arcs: Any, heap: Any, events: int, done: int, moment: int,
    loads: int,
) -> tuple[int, int, int]:  # fmt: skip
    """After an operation is placed: its machine is free at its end, and followers with nothing else open may come.

    Returns the number of events, of placed operations and of loads; the second is -1 when a follower finds no room.
    """
    operations, count = shop.operations, shop.operations.size - 1
    choice.mode[operation] = state.work[operation].mode
    machine = shop.modes[state.work[operation].mode].machine
    events = push(heap, events, state.work[operation].end, count + machine)
    for arc in range(operations[operation].first_next, operations[operation + 1].first_next):
        follower = shop.next_operation[arc]
        open_arcs[follower] -= 1
        if open_arcs[follower] > 0 or state.work[follower].placed:
            continue
        # What may not wait long follows at once, before others take its machine. In an oven it is a load of its own:
        # a load that waits for others would wait longer the longer the step before is held back for it.
        if operations[operation].longest_wait >= 0 and operations[follower].pin < 0:
            mode = choose_mode(shop, state, follower, choice.hold)
            if mode < 0 or not place(shop, state, follower, mode, choice.hold):
                return events, -1, loads
            choice.order[done] = follower
            done += 1
            if shop.machines[shop.modes[mode].machine].batch:
                choice.load[follower] = loads
                loads += 1
        else:
            events = push(heap, events, max(ready_moment(shop, state, follower), moment), follower)
    return events, done, loads


@kernel
def free_from(shop: Any, state: Any, machine: int) -> int:
    """The moment from which a place of a machine is free."""
    first = shop.machines[machine].first_place
    free = state.places[first].free
    for at in range(first + 1, shop.machines[machine + 1].first_place):
        free = min(free, state.places[at].free)
    return free


@kernel
def queue_places(shop: Any, machines: int) -> Any:
    """Where each machine's queue begins: it has room for every mode on the machine."""
    first = np.zeros(machines + 1, np.int64)
    for mode in range(shop.modes.size):
        first[shop.modes[mode].machine + 1] += 1
    return np.cumsum(first)


@kernel
def still_waiting(state: Any, numbers: Any, figures: Any, count: int) -> int:
    """Take what has been placed elsewhere out of a machine's queue; returns its new length."""
    kept = 0
    for at in range(count):
        if not state.work[numbers[at, OPERATION]].placed:
            if kept < at:
                numbers[kept], figures[kept] = numbers[at], figures[at]
            kept += 1
    return kept


@kernel
def dispatch(shop: Any, state: Any, choice: Any, rule: Any, tail: Any, bias: Any, pinned: Any) -> bool:
    """Build a whole plan; writes order, modes and loads into `choice`. False when something finds no room."""
    operations, count, machines = shop.operations, shop.operations.size - 1, shop.machines.size - 1
    reset(shop, state)
    choice.hold[:], choice.load[:], choice.mode[:] = 0, -1, -1
    first_waiting = queue_places(shop, machines)
    # Machine by machine what waits there; beside each mode lies all that its urgency depends on.
    numbers, figures = np.zeros((shop.modes.size, 4), np.int64), np.zeros((shop.modes.size, 4), np.float64)
    waiting_count = np.zeros(machines, np.int64)
    look_again = np.full(machines, -1, np.int64)
    open_arcs = np.zeros(count, np.int64)
    heap = np.zeros((6 * count + 64 * machines + 64, 2), np.int64)
    room = heap.shape[0] - 3 * count - machines
    events = 0
    done, loads = start_running(shop, state, choice)
    if done < 0:
        return False
    for operation in range(count):
        open_arcs[operation] = operations[operation + 1].first_arc - operations[operation].first_arc
        if open_arcs[operation] == 0 and not state.work[operation].placed:
            events = push(heap, events, ready_moment(shop, state, operation), operation)
    at = 0
    while at < done:
        events, done, loads = release_followers(
            shop, state, choice, choice.order[at], open_arcs, heap, events, done, 0, loads
        )
        if done < 0:
            return False
        at += 1
    stuck = False
    while done < count:
        done_before = done
        if events == 0:
            if stuck:
                return False
            # Only loads that wait for a full one are left: let them go as they are.
            stuck = True
            moment = state.places.free.max()
        else:
            moment = heap[0, 0]
        while events > 0 and heap[0, 0] <= moment:
            event = heap[0, 1]
            events = pop(heap, events)
            if event < count and not state.work[event].placed:
                for mode in range(operations[event].first_mode, operations[event + 1].first_mode):
                    machine = shop.modes[mode].machine
                    place_in_queue = first_waiting[machine] + waiting_count[machine]
                    join_queue(shop, mode, rule, tail, bias, numbers, figures, place_in_queue)
                    waiting_count[machine] += 1
        for machine in range(machines):
            while waiting_count[machine] > 0 and free_from(shop, state, machine) <= moment:
                begin, end = first_waiting[machine], first_waiting[machine + 1]
                queue, indices = numbers[begin:end], figures[begin:end]
                kept = still_waiting(state, queue, indices, waiting_count[machine])
                waiting_count[machine] = kept
                if kept == 0:
                    break
                state.used[OTHER_USED, 0] = shop.machines[machine].calendar
                opens = open_moment(shop.calendars, state.used[OTHER_USED], 1, moment, 1, True)
                if opens > moment and opens < NEVER:
                    if look_again[machine] != opens and events < room:
                        events = push(heap, events, opens, count + machine)
                        look_again[machine] = opens
                    break
                before = done
                if shop.machines[machine].batch:
                    expected = expected_loads(shop, state, machine, shop.switches.shape[1])
                    size = gather_load(shop, state, machine, queue, indices, kept, moment, rule, expected, stuck)
                    if size == 0 or not fit(shop, state, size, choice.hold):
                        break
                    commit(shop, state, size)
                    for at in range(size):
                        choice.order[done] = state.members[0, at]
                        choice.load[state.members[0, at]] = loads
                        done += 1
                    loads += 1
                else:
                    mode, again = best_start(
                        shop, state, machine, queue, indices, kept, moment, rule, choice, pinned, stuck
                    )
                    if mode < 0:
                        if moment < again < NEVER and look_again[machine] != again and events < room:
                            events = push(heap, events, again, count + machine)
                            look_again[machine] = again
                        break
                    if not place(shop, state, shop.modes[mode].operation, mode, choice.hold):
                        return False
                    choice.order[done] = shop.modes[mode].operation
                    done += 1
                at = before
                while at < done:
                    events, done, loads = release_followers(
                        shop, state, choice, choice.order[at], open_arcs, heap, events, done, moment, loads
                    )
                    if done < 0:
                        return False
                    at += 1
        if done > done_before:
            stuck = False
    return True
