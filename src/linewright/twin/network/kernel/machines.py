"""Machines: time and energy in each state, work and its interruptions."""

from __future__ import annotations

from typing import Any

from linewright.shop.distributions import sample
from linewright.twin.network.arrays import BLOCKED, DOWN, IDLE, MAINTENANCE, OFF, RUN, SETUP, START_UP
from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel
from linewright.twin.network.kernel.heap import CALENDAR_FAILURE, PLAN_DUE, PLAN_END, REPAIRED, TURN_OFF, schedule
from linewright.twin.network.kernel.stack import WORK, push_task, push_try


@inlined_kernel
def account(plant: Any, state: Any, at: int, time: float) -> None:
    """Book the time and energy since a machine's last change of state: energy on the job inside, if there is one."""
    machine = state.machines[at]
    spent = time - machine.since
    state.time_in[at, machine.state] += spent
    machine.since = time
    if plant.options[0].ledger == 1:
        energy = plant.kw[at, machine.state] * spent
        if machine.job < 0:
            machine.loose += energy
        elif machine.jobs == 1:
            state.jobs[machine.job].energy += energy
        else:
            share(state.jobs, machine.job, energy / machine.jobs)


@inner_kernel
def book(plant: Any, state: Any, at: int) -> None:
    """Book as :func:`account` does, where it is seldom and a copy of it would only take time to compile."""
    account(plant, state, at, state.clock[0].time)


@inner_kernel
def share(jobs: Any, job: int, energy: float) -> None:
    """Book energy on each job of a batch."""
    while job >= 0:
        jobs[job].energy += energy
        job = jobs[job].next


@inlined_kernel
def segment(plant: Any, state: Any, at: int, kind: int) -> None:
    """Let a machine work for the time that is left, or until its first running-clock failure comes before the end."""
    machine = state.machines[at]
    ahead, failing = machine.left, -1
    first, end = plant.machines[at].first_mode, plant.machines[at + 1].first_mode
    for mode in range(first, end):
        if plant.modes[mode].calendar == 0 and state.modes[mode].left < ahead:
            ahead, failing = state.modes[mode].left, mode
    for mode in range(first, end):
        if plant.modes[mode].calendar == 0:
            state.modes[mode].left -= ahead
    machine.left -= ahead
    machine.mode = failing
    machine.pending_time = state.clock[0].time + ahead
    machine.pending = schedule(state.heap, state.marks, machine.pending_time, kind, at)


@inner_kernel
def interrupt(plant: Any, state: Any, at: int) -> None:
    """Take back the part of the pending work that is not done yet; what is left of it stands in `left`."""
    machine = state.machines[at]
    undone = machine.pending_time - state.clock[0].time
    machine.left += undone
    if machine.state == RUN:
        for mode in range(plant.machines[at].first_mode, plant.machines[at + 1].first_mode):
            if plant.modes[mode].calendar == 0:
                state.modes[mode].left += undone
    machine.pending = -1
    machine.mode = -1


@inner_kernel
def fail(plant: Any, state: Any, at: int, mode: int) -> None:
    """A machine goes down; its calendar clocks stop, and the repair begins as soon as its crew is free."""
    machine, clock = state.machines[at], state.clock[0]
    book(plant, state, at)
    queue = state.queues[plant.machines[at].station]
    if machine.state == IDLE:
        queue.free -= 1
    elif machine.state == OFF:
        queue.asleep -= 1
    elif machine.state == START_UP:
        queue.waking -= 1
    machine.resume, machine.state, machine.mode, machine.pending = machine.state, DOWN, mode, -1
    for other in range(plant.machines[at].first_mode, plant.machines[at + 1].first_mode):
        if plant.modes[other].calendar == 1:
            # The clock of the mode that failed is set anew after the repair.
            state.modes[other].left = state.modes[other].due - clock.time
            state.modes[other].pending = -1
    crew = plant.modes[mode].crew
    if crew >= 0:
        pool = state.pools[crew]
        if pool.free == 0:
            machine.next_down = -1
            if pool.first < 0:
                pool.first = at
            else:
                state.machines[pool.last].next_down = at
            pool.last = at
            return
        take_people(pool, 1, clock.time)
    begin_repair(plant, state, at)


@inlined_kernel
def take_people(pool: Any, people: int, time: float) -> None:
    """Take people from a pool (or give them back), and measure how many are at work."""
    pool.area -= pool.free * (time - pool.since)
    pool.since = time
    pool.free -= people


@inner_kernel
def give_back(plant: Any, state: Any, at: int, people: int) -> None:
    """People of a pool are free again: they repair what waits for them, then stations that need them look for work."""
    pool, time = state.pools[at], state.clock[0].time
    take_people(pool, -people, time)
    while pool.first >= 0 and pool.free > 0:
        waiting = pool.first
        pool.first = state.machines[waiting].next_down
        if pool.first < 0:
            pool.last = -1
        take_people(pool, 1, time)
        begin_repair(plant, state, waiting)
    if pool.free == 0:
        return
    for user in range(plant.pools[at].first_user, plant.pools[at + 1].first_user):
        push_try(state, plant.users[user])


@inner_kernel
def begin_repair(plant: Any, state: Any, at: int) -> None:
    """Draw the repair time of the failure at hand."""
    clock, mode = state.clock[0], state.machines[at].mode
    record = plant.modes[mode]
    repair = sample(
        plant.laws[record.repair], plant.table, clock.seed, record.repair_cause, clock.replication,
        state.modes[mode].number,
    )  # fmt: skip
    schedule(state.heap, state.marks, clock.time + repair, REPAIRED, at)


@inner_kernel
def new_uptime(plant: Any, state: Any, mode: int) -> None:
    """Draw the time to the next failure of a mode."""
    clock, record = state.clock[0], plant.modes[mode]
    state.modes[mode].left = sample(
        plant.laws[record.uptime], plant.table, clock.seed, record.cause, clock.replication, state.modes[mode].number
    )


@inner_kernel
def repaired(plant: Any, state: Any, at: int) -> None:
    """A machine is up again and goes on with what it did; the crew goes to the next that waits for it."""
    machine = state.machines[at]
    book(plant, state, at)
    mode = machine.mode
    state.modes[mode].number += 1
    new_uptime(plant, state, mode)
    crew = plant.modes[mode].crew
    if crew >= 0:
        give_back(plant, state, crew, 1)
    for other in range(plant.machines[at].first_mode, plant.machines[at + 1].first_mode):
        if plant.modes[other].calendar == 1:
            start_clock(plant, state, other)
    machine.mode = -1
    machine.state = machine.resume
    if machine.state in (RUN, SETUP):
        push_task(state, WORK, at)
    elif machine.state == START_UP:
        state.queues[plant.machines[at].station].waking += 1
        push_task(state, WORK, at)
    elif machine.state != BLOCKED:
        rest(plant, state, at)


@inner_kernel
def start_clock(plant: Any, state: Any, mode: int) -> None:
    """Let a calendar clock run."""
    clock, record = state.clock[0], state.modes[mode]
    record.due = clock.time + record.left
    record.pending = schedule(state.heap, state.marks, record.due, CALENDAR_FAILURE, mode)


@inlined_kernel
def become_idle(plant: Any, state: Any, at: int) -> None:
    """A machine has nothing inside, whatever it does next; its time is booked already."""
    machine = state.machines[at]
    if machine.state == DOWN:
        machine.resume = IDLE
    elif machine.due_plans > 0 or plant.machines[at].off_after >= 0:
        rest(plant, state, at)
    else:
        machine.state = IDLE
        station = plant.machines[at].station
        state.queues[station].free += 1
        push_try(state, station)


@inner_kernel
def rest(plant: Any, state: Any, at: int) -> None:
    """An empty machine goes into maintenance if that is due, else it looks for work and may later be switched off."""
    machine, clock, station = state.machines[at], state.clock[0], plant.machines[at].station
    if machine.due_plans > 0:
        machine.state = MAINTENANCE
        machine.due_plans = 0
        duration = 0.0
        for plan in range(plant.machines[at].first_plan, plant.machines[at + 1].first_plan):
            if state.plans[plan].due == 1:
                state.plans[plan].due = 0
                duration += sample(
                    plant.laws[plant.plans[plan].law], plant.table, clock.seed, plant.plans[plan].cause,
                    clock.replication, state.plans[plan].number,
                )  # fmt: skip
                state.plans[plan].number += 1
        machine.pending_time = clock.time + duration
        machine.pending = schedule(state.heap, state.marks, machine.pending_time, PLAN_END, at)
        return
    machine.state = IDLE
    state.queues[station].free += 1
    push_try(state, station)
    if plant.machines[at].off_after >= 0:
        off = clock.time + plant.machines[at].off_after
        machine.pending = schedule(state.heap, state.marks, off, TURN_OFF, at)


@inner_kernel
def count_for_maintenance(plant: Any, state: Any, at: int, jobs: int) -> None:
    """Count jobs towards the maintenance that comes after so many."""
    for plan in range(plant.machines[at].first_plan, plant.machines[at + 1].first_plan):
        if plant.plans[plan].by_jobs == 1:
            state.plans[plan].count -= jobs
            if state.plans[plan].count <= 0:
                state.plans[plan].count += plant.plans[plan].every
                flag(state.machines, state.plans, at, plan)


@inlined_kernel
def flag(machines: Any, plans: Any, at: int, plan: int) -> None:
    """Note that maintenance is due."""
    if plans[plan].due == 0:
        plans[plan].due = 1
        machines[at].due_plans += 1


@inner_kernel
def maintenance_due(plant: Any, state: Any, plan: int) -> None:
    """Maintenance by time is due: at once if the machine is empty, else after its job; the next is due on time."""
    record = plant.plans[plan]
    at, clock = record.machine, state.clock[0]
    machine = state.machines[at]
    queue = state.queues[plant.machines[at].station]
    flag(state.machines, state.plans, at, plan)
    schedule(state.heap, state.marks, clock.time + record.every, PLAN_DUE, plan)
    if machine.state in (IDLE, OFF):
        book(plant, state, at)
        if machine.state == IDLE:
            queue.free -= 1
        else:
            queue.asleep -= 1
        rest(plant, state, at)


@inlined_kernel
def switch_off(plant: Any, state: Any, at: int) -> None:
    """A machine that was empty long enough goes off."""
    book(plant, state, at)
    state.machines[at].state = OFF
    queue = state.queues[plant.machines[at].station]
    queue.free -= 1
    queue.asleep += 1


@inner_kernel
def wake(plant: Any, state: Any, station: int) -> None:
    """Start up the first machine of a station that is off."""
    for at in range(plant.stations[station].first_machine, plant.stations[station + 1].first_machine):
        if state.machines[at].state == OFF:
            start_up(plant, state, at)
            return


@inner_kernel
def wake_own(plant: Any, state: Any, station: int) -> None:
    """Start up each machine that is off and to which a waiting job must return."""
    job = state.queues[station].first
    while job >= 0:
        same = plant.steps[state.jobs[job].step].same
        if same >= 0 and state.slots[job, same] >= 0:
            at = int(state.slots[job, same])
            if state.machines[at].state == OFF:
                start_up(plant, state, at)
        job = state.jobs[job].next


@inner_kernel
def start_up(plant: Any, state: Any, at: int) -> None:
    """Start up a machine that is off."""
    machine, clock, queue = state.machines[at], state.clock[0], state.queues[plant.machines[at].station]
    book(plant, state, at)
    machine.state = START_UP
    queue.asleep -= 1
    queue.waking += 1
    machine.left = sample(
        plant.laws[plant.machines[at].start_up], plant.table, clock.seed, plant.machines[at].cause,
        clock.replication, machine.start_ups,
    )  # fmt: skip
    machine.start_ups += 1
    push_task(state, WORK, at)


@inner_kernel
def settle(plant: Any, state: Any, time: float) -> None:
    """Bring all clocks up to a moment, so that sums over states and areas are complete."""
    for at in range(state.machines.size):
        book(plant, state, at)
    for at in range(state.queues.size):
        queue = state.queues[at]
        queue.area += queue.length * (time - queue.since)
        queue.since = time
    for at in range(state.job_types.size):
        record = state.job_types[at]
        record.area += record.inside * (time - record.since)
        record.since = time
    for at in range(state.pools.size):
        take_people(state.pools[at], 0, time)
