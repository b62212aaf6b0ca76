"""How jobs move: made, entering, joining a queue, taken by a machine, going on."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.distributions import sample
from linewright.twin.network.arrays import BLOCKED, EDD, IDLE, LEAVES, LIFO, RUN, SETUP, SPT
from linewright.twin.network.kernel.choose import PAIR_BITS, choose, people_needed, setup_law
from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel
from linewright.twin.network.kernel.heap import MOVED, PIPED, SETUP_END, STARTED, WORK_END, schedule
from linewright.twin.network.kernel.leave import turn_away
from linewright.twin.network.kernel.luck import LAP_BITS, draw, lap_uniform
from linewright.twin.network.kernel.machines import (
    account,
    become_idle,
    book,
    give_back,
    interrupt,
    segment,
    take_people,
    wake,
    wake_own,
)
from linewright.twin.network.kernel.queues import append_job, append_machine, insert, measure, remove
from linewright.twin.network.kernel.stack import CREATE, DEPART, ENTER, push_task, push_try

PER_JOB, PER_PIECE, PER_BATCH = range(3)
#: Keeps the draws of cascading apart from those of transport, which have the same cause.
CASCADE = np.uint64(0xD1B54A32D192ED03)


@inlined_kernel
def has_room(plant: Any, state: Any, queue: int) -> bool:
    """Whether one more job may come: on a place of the queue, or in a machine that has nothing inside."""
    record = state.queues[queue]
    stations = plant.options[0].stations
    if queue < stations:
        return record.taken < plant.stations[queue].places + record.free + record.asleep + record.waking
    store = plant.stores[queue - stations]
    # An idle machine holds the parts of its next job already.
    return record.taken < store.places + (store.quantity if state.queues[store.station].free > 0 else 0)


@inlined_kernel
def create(plant: Any, state: Any, job_type: int, due: float) -> int:
    """Make a job; gives -1 while it waits outside for a card."""
    clock, kind, count = state.clock[0], plant.job_types[job_type], state.job_types[job_type]
    job = clock.free_job
    record = state.jobs[job]
    clock.free_job = record.next
    clock.free_jobs -= 1
    record.job_type, record.number, record.step = job_type, count.number, kind.first_step
    count.number += 1
    record.laps, record.left, record.waited, record.energy = 0, -1.0, 0.0, 0.0
    record.arrived = clock.time
    record.due = due
    for slot in range(plant.options[0].slots):
        state.slots[job, slot] = -1.0
    if kind.loop >= 0:
        loop = state.loops[kind.loop]
        if loop.free == 0:
            loop.last = append_job(state.jobs, job, loop.last)
            if loop.first < 0:
                loop.first = job
            return -1
        loop.free -= 1
    return job


@inlined_kernel
def enter(plant: Any, state: Any, job: int) -> bool:
    """Let a job in; False when it waits outside a full queue, is lost, or is on its way to the queue."""
    clock, record = state.clock[0], state.jobs[job]
    queue = plant.steps[record.step].station
    if not has_room(plant, state, queue):
        turn_away(plant, state, job, queue)
        return False
    record.released = clock.time
    count = state.job_types[record.job_type]
    count.area += count.inside * (clock.time - count.since)
    count.since = clock.time
    count.inside += 1
    count.released += 1
    clock.inside += 1
    return send(plant, state, job)


@inlined_kernel
def send(plant: Any, state: Any, job: int) -> bool:
    """Take a place in the next queue; False when the job arrives there only after a transport."""
    clock, record = state.clock[0], state.jobs[job]
    step = plant.steps[record.step]
    state.queues[step.station].taken += 1
    if step.transport >= 0:
        delay = lap_sample(
            plant.laws[step.transport], plant.table, clock.seed, step.move_cause, record.laps, clock.replication,
            record.number,
        )  # fmt: skip
        schedule(state.heap, state.marks, clock.time + delay, MOVED, job)
        return False
    return True


@inner_kernel
def lap_sample(law: Any, table: Any, seed: Any, cause: Any, laps: int, replication: int, index: int) -> float:
    """One value of a distribution, in a job's lap."""
    return sample(law, table, seed, cause ^ (np.uint64(laps) << LAP_BITS), replication, index)


@inlined_kernel
def after_skips(plant: Any, state: Any, job: int, step: int) -> int:
    """The step itself, or the next one that the job does not skip."""
    while step >= 0 and plant.steps[step].done_share < 1.0:
        if toss(plant, state, job, plant.steps[step].skip_cause) < plant.steps[step].done_share:
            break
        state.jobs[job].laps += plant.steps[step].back
        step = plant.steps[step].then
    return step


@inner_kernel
def toss(plant: Any, state: Any, job: int, cause: Any) -> float:
    """The random number of a job for a decision."""
    clock, record = state.clock[0], state.jobs[job]
    return lap_uniform(clock.seed, cause, record.laps, clock.replication, record.number)


@inlined_kernel
def next_step(plant: Any, state: Any, job: int) -> int:
    """Where a job goes after its step: another step, LEAVES or SCRAPPED."""
    record = state.jobs[job]
    at = record.step
    step = plant.steps[at]
    target = step.then
    laps = step.back
    if step.first_branch < plant.steps[at + 1].first_branch:
        chance = toss(plant, state, job, step.route_cause)
        for branch in range(step.first_branch, plant.steps[at + 1].first_branch):
            if chance < plant.branches[branch].up_to:
                target = plant.branches[branch].to
                laps = 1
                break
    record.laps += laps
    if step.limit >= 0:
        state.slots[job, step.limit_slot] = state.clock[0].time + step.limit
    return after_skips(plant, state, job, target)


@inlined_kernel
def join_queue(plant: Any, state: Any, job: int) -> int:
    """Put a job into the queue of its step; gives the station."""
    record, clock = state.jobs[job], state.clock[0]
    step = plant.steps[record.step]
    station = plant.stations[step.station]
    record.rank = plant.job_types[record.job_type].priority if station.by_priority == 1 else 0
    record.key = 0.0
    if station.rule == SPT:
        know_time(plant, state, job)
        record.key = record.left
    elif station.rule == EDD:
        record.key = record.due
    elif station.rule == LIFO:
        record.key = -clock.time
    insert(state.queues, state.jobs, step.station, job, clock.time)
    if step.batch >= 0:
        state.families[step.batch] += 1
    if station.preemptive == 1 and state.queues[step.station].free == 0:
        preempt(plant, state, step.station, record.rank)
    return step.station


@inner_kernel
def know_time(plant: Any, state: Any, job: int) -> None:
    """Draw the time of a step already when the job joins the queue."""
    record = state.jobs[job]
    if record.left < 0:
        clock, step = state.clock[0], plant.steps[record.step]
        time = lap_sample(
            plant.laws[step.law], plant.table, clock.seed, step.cause, record.laps, clock.replication, record.number
        )
        if step.per == PER_PIECE:
            time *= plant.job_types[record.job_type].pieces
        record.left = time + step.fixed


@inner_kernel
def preempt(plant: Any, state: Any, station: int, rank: int) -> None:
    """Take the least urgent running job off its machine, if it is less urgent than the one that has come."""
    worst, clock = -1, state.clock[0]
    for at in range(plant.stations[station].first_machine, plant.stations[station + 1].first_machine):
        machine = state.machines[at]
        if machine.state == RUN and state.jobs[machine.job].rank > rank:
            worst, rank = at, state.jobs[machine.job].rank
    if worst < 0:
        return
    machine = state.machines[worst]
    job = machine.job
    book(plant, state, worst)
    interrupt(plant, state, worst)
    state.jobs[job].left = machine.left * plant.machines[worst].speed
    machine.left = -1.0
    machine.job = -1
    machine.jobs = 0
    if machine.people > 0:
        people = machine.people
        machine.people = 0
        give_back(plant, state, plant.stations[station].pool, people)
    # It goes back to the head of its class.
    state.jobs[job].key = -clock.time
    insert(state.queues, state.jobs, station, job, clock.time)
    state.queues[station].taken += 1
    become_idle(plant, state, worst)


@inlined_kernel
def working_time(plant: Any, state: Any, job: int) -> float:
    """Draw how long a step takes for a job on a machine of speed 1."""
    record, clock = state.jobs[job], state.clock[0]
    step = plant.steps[record.step]
    time = draw(
        plant.laws, plant.table, step.law, state.luck, record.step, clock.seed, step.cause, record.laps,
        clock.replication, record.number,
    )  # fmt: skip
    if step.per == PER_PIECE:
        time *= plant.job_types[record.job_type].pieces
    return time


@inlined_kernel
def try_station(plant: Any, state: Any, station: int) -> int:
    """Start one job if a machine can; gives the machine, or -1. What can go on thereafter is put on the stack."""
    queue, record = state.queues[station], plant.stations[station]
    started = -1
    if queue.asleep > 0 and record.plain == 0:
        wake_own(plant, state, station)
    if queue.free > 0:
        if queue.length > 0:
            job = queue.first
            if record.plain == 1:
                started = record.first_machine
                while state.machines[started].state != IDLE:
                    started += 1
            else:
                pair = choose(plant, state, station)
                if pair >= 0:
                    started = pair >> PAIR_BITS
                    job = pair & ((1 << PAIR_BITS) - 1)
            if started >= 0:
                start(plant, state, station, started, job)
                if queue.free > 0 and (queue.length > 0 or record.source >= 0):
                    push_try(state, station)
        elif record.source >= 0:
            push_task(state, CREATE, record.source)
        if record.plain == 0 and queue.free > 0:
            let_parts_in(plant, state, station)
    elif queue.asleep > 0:
        while queue.asleep > 0 and queue.waking < queue.length:
            wake(plant, state, station)
    let_in(plant, state, station)
    return started


@inlined_kernel
def let_in(plant: Any, state: Any, queue: int) -> None:
    """If there is room, let in a machine that is blocked, or a job from outside."""
    record = state.queues[queue]
    if record.first_blocked < 0 and record.first_outside < 0:
        return
    if has_room(plant, state, queue):
        push_try(state, queue)
        if record.first_blocked >= 0:
            machine = record.first_blocked
            record.first_blocked = state.machines[machine].next
            if record.first_blocked < 0:
                record.last_blocked = -1
            push_task(state, DEPART, machine)
        else:
            job = record.first_outside
            record.first_outside = state.jobs[job].next
            if record.first_outside < 0:
                record.last_outside = -1
            push_task(state, ENTER, job)


@inner_kernel
def let_parts_in(plant: Any, state: Any, station: int) -> None:
    """A free machine can hold the parts of its next job, so a part may come that had no place before."""
    stations = plant.options[0].stations
    for store in range(plant.stores.size):
        if plant.stores[store].station == station and state.queues[stations + store].first_blocked >= 0:
            push_try(state, stations + store)


@inlined_kernel
def start(plant: Any, state: Any, station: int, at: int, job: int) -> None:
    """A machine takes a job, or a batch; it begins with the setup, if one is needed."""
    machine, queue, clock = state.machines[at], state.queues[station], state.clock[0]
    step = plant.steps[state.jobs[job].step]
    account(plant, state, at, clock.time)
    queue.free -= 1
    machine.job, machine.jobs = job, 1
    machine.left = -1.0
    machine.pending = -1
    machine.state = RUN
    if plant.stations[station].plain == 1:
        remove(state.queues, state.jobs, station, job, clock.time)
    else:
        start_with_conditions(plant, state, station, at, job)
    if step.keep >= 0:
        state.slots[job, step.keep] = at
    check_limits(plant, state, job)


@inlined_kernel
def check_limits(plant: Any, state: Any, job: int) -> None:
    """Count a limit of waiting time that ends here and has passed."""
    record = state.jobs[job]
    for due in range(plant.steps[record.step].first_due, plant.steps[record.step + 1].first_due):
        slot = plant.dues[due].slot
        if state.slots[job, slot] >= 0 and state.clock[0].time > state.slots[job, slot]:
            state.job_types[record.job_type].missed += 1
        state.slots[job, slot] = -1.0


@inner_kernel
def start_with_conditions(plant: Any, state: Any, station: int, at: int, job: int) -> None:
    """Take people, parts and the rest of a batch; find out whether a setup is needed."""
    machine, queue, clock = state.machines[at], state.queues[station], state.clock[0]
    number = state.jobs[job].step
    step = plant.steps[number]
    pool = plant.stations[station].pool
    if pool >= 0:
        machine.people = people_needed(plant, state, station, at, job)
        take_people(state.pools[pool], machine.people, clock.time)
    if plant.stations[station].before == 1 and step.then >= 0:
        # The place behind is kept from now on.
        state.queues[plant.steps[step.then].station].taken += 1
    law = setup_law(plant, state, at, step.family)
    if law >= 0:
        machine.state = SETUP
        machine.left = sample(
            plant.laws[law], plant.table, clock.seed, plant.machines[at].setup_cause, clock.replication,
            machine.setups,
        )  # fmt: skip
        machine.setups += 1
    if step.family >= 0:
        if machine.family != step.family:
            machine.runs_left = plant.least_runs[plant.stations[station].matrix, step.family]
        machine.family = step.family
        machine.runs_left -= 1
    following = queue.first
    remove(state.queues, state.jobs, station, job, clock.time)
    if following == job:
        following = queue.first
    if step.batch >= 0:
        state.families[step.batch] -= 1
        last = job
        while following >= 0 and machine.jobs < step.most:
            other = following
            following = state.jobs[other].next
            if plant.steps[state.jobs[other].step].batch == step.batch and other != job:
                remove(state.queues, state.jobs, station, other, clock.time)
                state.families[step.batch] -= 1
                state.jobs[last].next = other
                last = other
                machine.jobs += 1
                check_limits(plant, state, other)
    for join in range(step.first_join, plant.steps[number + 1].first_join):
        take_parts(plant, state, job, plant.options[0].stations + plant.joins[join].store, plant.joins[join].quantity)


@inner_kernel
def take_parts(plant: Any, state: Any, job: int, at: int, quantity: int) -> None:
    """Take parts from a store into a job, with the energy that is in them."""
    store = state.queues[at]
    energy = store.energy * quantity / store.length
    measure(store, state.clock[0].time)
    store.length -= quantity
    store.taken -= quantity
    store.energy -= energy
    state.jobs[job].energy += energy
    push_try(state, at)


@inlined_kernel
def work(plant: Any, state: Any, at: int) -> None:
    """A machine begins or goes on with what it does."""
    machine, clock = state.machines[at], state.clock[0]
    if machine.state != RUN:
        machine.pending_time = clock.time + machine.left
        machine.left = 0.0
        kind = SETUP_END if machine.state == SETUP else STARTED
        machine.pending = schedule(state.heap, state.marks, machine.pending_time, kind, at)
        return
    if machine.left < 0:
        job = machine.job
        record = state.jobs[job]
        step = plant.steps[record.step]
        if record.left >= 0:
            time = record.left
            record.left = -1.0
        else:
            time = working_time(plant, state, job)
            if machine.jobs > 1 and step.per != PER_BATCH:
                time *= machine.jobs
            time += step.fixed
        if plant.machines[at].speed != 1.0:
            time /= plant.machines[at].speed
        if step.cascade >= 0:
            schedule(state.heap, state.marks, clock.time + time, PIPED, job)
            time = min(time, cascade_time(plant, state, job))
            # From here on the machine's energy belongs to no single one of the jobs inside.
            machine.job, machine.jobs = -1, 0
        machine.left = time
    segment(plant, state, at, WORK_END)


@inner_kernel
def cascade_time(plant: Any, state: Any, job: int) -> float:
    """After how long the machine may take the next job, while this one is still inside."""
    record, clock = state.jobs[job], state.clock[0]
    step = plant.steps[record.step]
    return lap_sample(
        plant.laws[step.cascade], plant.table, clock.seed, step.move_cause ^ CASCADE, record.laps, clock.replication,
        record.number,
    )  # fmt: skip


@inlined_kernel
def depart(plant: Any, state: Any, at: int) -> int:
    """The first job in a machine goes on, if there is room; gives the job, or -1 when the machine is blocked."""
    machine, clock = state.machines[at], state.clock[0]
    account(plant, state, at, clock.time)
    job = machine.job
    step = state.jobs[job].step
    queue = -1
    if step >= 0:
        queue = plant.steps[step].station
        if plant.stations[plant.machines[at].station].before == 1:
            state.queues[queue].taken -= 1
    elif step == LEAVES and plant.job_types[state.jobs[job].job_type].store >= 0:
        queue = plant.options[0].stations + plant.job_types[state.jobs[job].job_type].store
    if queue >= 0 and not has_room(plant, state, queue):
        waiting = state.queues[queue]
        if machine.state == RUN:
            machine.state = BLOCKED
        machine.target = queue
        clock.check = 1
        waiting.last_blocked = append_machine(state.machines, at, waiting.last_blocked)
        if waiting.first_blocked < 0:
            waiting.first_blocked = at
        return -1
    machine.job = state.jobs[job].next
    machine.jobs -= 1
    if machine.jobs > 0:
        push_task(state, DEPART, at)
    else:
        machine.job = -1
        become_idle(plant, state, at)
    if step < 0 and queue >= 0:
        state.queues[queue].taken += 1
    return job
