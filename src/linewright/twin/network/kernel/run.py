"""The event loop: the one compiled entry point of the network."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.distributions import EXPONENTIAL, sample
from linewright.shop.kernels import lean_kernel
from linewright.twin.network.arrays import BLOCKED, DOWN, IDLE, MAINTENANCE, RUN
from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel
from linewright.twin.network.kernel.flow import (
    create,
    depart,
    enter,
    join_queue,
    let_in,
    next_step,
    send,
    try_station,
    work,
)
from linewright.twin.network.kernel.heap import (
    ARRIVAL,
    CALENDAR_FAILURE,
    CODE_MASK,
    KIND_BITS,
    KIND_MASK,
    MOVED,
    PIPED,
    PLAN_DUE,
    PLAN_END,
    REPAIRED,
    SETUP_END,
    STARTED,
    TURN_OFF,
    WORK_END,
    close_hole,
    schedule,
)
from linewright.twin.network.kernel.leave import leave
from linewright.twin.network.kernel.luck import draw
from linewright.twin.network.kernel.machines import (
    become_idle,
    book,
    count_for_maintenance,
    fail,
    give_back,
    interrupt,
    maintenance_due,
    new_uptime,
    repaired,
    rest,
    settle,
    start_clock,
    switch_off,
)
from linewright.twin.network.kernel.stack import (
    CREATE,
    DEPART,
    ENTER,
    JOIN_QUEUE,
    LEAVE,
    NOTHING,
    TASK_BITS,
    TRY,
    WORK,
    push_task,
    push_try,
)
from linewright.twin.network.kernel.stale import needs_more_events

#: Why the kernel came back: the moment is reached; enough jobs are finished; there are too few places for jobs, for
#: events, for the log, for the trace; stations wait for each other.
REACHED, ENOUGH, NEEDS_JOBS, NEEDS_EVENTS, NEEDS_LOG, NEEDS_TRACE, DEADLOCK, GO_ON = range(8)
#: In the trace, after the kinds of events: a machine starts a job.
START_KIND = 16
#: Keeps the draws of a first uptime at an age apart.
AGE = np.uint64(0x8CB92BA72F3D8DD7)
MOST_DRAWS = 10_000
FOREVER = np.inf


@lean_kernel
def run_until(plant: Any, state: Any, until: float, most_finished: int) -> int:
    """Run a network up to a moment, or until so many jobs are finished; gives the reason to stop.

    It can be called again to go on. The sums in the state are complete up to the moment at which it stops.
    """
    clock = state.clock[0]
    if clock.begun == 0:
        begin(plant, state)
    status = REACHED
    while True:
        due = FOREVER
        if clock.stack > 0:
            clock.stack -= 1
            task = state.stack[clock.stack] & ((1 << TASK_BITS) - 1)
            who = state.stack[clock.stack] >> TASK_BITS
        else:
            close_hole(state.heap, state.marks)
            status = reason_to_stop(plant, state, until, most_finished)
            if status != GO_ON:
                break
            clock.time = state.heap[0].time
            clock.events += 1
            state.marks[0].hole = 1
            key = state.heap[0].key
            code = key & CODE_MASK
            kind = code & KIND_MASK
            who = code >> KIND_BITS
            task = NOTHING
            if kind == WORK_END:
                if state.machines[who].pending == key:
                    if state.machines[who].mode >= 0:
                        fail(plant, state, who, state.machines[who].mode)
                    else:
                        task = end_of_work(plant, state, who)
            elif kind == ARRIVAL:
                task = CREATE
                due = arrival(plant, state, who)
                who = plant.sources[who].job_type
            elif kind == REPAIRED:
                repaired(plant, state, who)
            elif kind == MOVED:
                task = JOIN_QUEUE
            else:
                task = seldom(plant, state, kind, who, key)
            if clock.tracing == 1:
                trace(state, kind, who)
        if task == DEPART:
            job = depart(plant, state, who)
            if job >= 0:
                who = job
                task = LEAVE
                if state.jobs[job].step >= 0:
                    task = JOIN_QUEUE if send(plant, state, job) else NOTHING
        if task == LEAVE:
            made = leave(plant, state, who)
            if made >= 0:
                task = CREATE
                who = made
        if task == CREATE:
            if due == FOREVER:
                due = clock.time + plant.job_types[who].lead_time
            who = create(plant, state, who, due)
            task = ENTER if who >= 0 else NOTHING
        if task == ENTER:
            task = JOIN_QUEUE if enter(plant, state, who) else NOTHING
        if task == JOIN_QUEUE:
            who = join_queue(plant, state, who)
            task = TRY
        if task == TRY:
            state.stacked[who] = 0
            if who < plant.options[0].stations:
                who = try_station(plant, state, who)
                task = WORK if who >= 0 else NOTHING
                if who >= 0 and clock.tracing == 1:
                    trace(state, START_KIND, who)
            else:
                let_in(plant, state, who)
        if task == WORK:
            work(plant, state, who)
    if status == REACHED and until < FOREVER:
        clock.time = until
    settle(plant, state, clock.time)
    return status


@inlined_kernel
def reason_to_stop(plant: Any, state: Any, until: float, most_finished: int) -> int:
    """Why no further event may be handled now; GO_ON when one may."""
    clock, reserve = state.clock[0], plant.options[0].reserve
    if clock.check == 1:
        clock.check = 0
        if plant.options[0].cyclic == 1 and deadlocked(plant, state):
            return DEADLOCK
    if clock.finished >= most_finished:
        return ENOUGH
    if clock.free_jobs < reserve:
        return NEEDS_JOBS
    if state.marks[0].count + plant.options[0].margin > state.heap.size and needs_more_events(plant, state):
        return NEEDS_EVENTS
    if clock.logging == 1 and clock.logged + reserve > state.log.size:
        return NEEDS_LOG
    if clock.tracing == 1 and clock.traced + 8 * reserve > state.trace.size:
        return NEEDS_TRACE
    if state.marks[0].count == 0 or state.heap[0].time > until:
        return REACHED
    return GO_ON


@inner_kernel
def begin(plant: Any, state: Any) -> None:
    """Schedule the first arrivals, failures and maintenance, and put in the jobs that are inside at the start."""
    clock = state.clock[0]
    clock.begun = 1
    for source in range(plant.sources.size - 1):
        record = plant.sources[source]
        first = record.first
        if record.law >= 0 and first < 0:
            first = interval(plant, state, source)
        if record.most > 0:
            schedule(state.heap, state.marks, first, ARRIVAL, source)
    for mode in range(plant.modes.size):
        new_uptime(plant, state, mode)
        if plant.modes[mode].age > 0:
            grow_old(plant, state, mode)
        if plant.modes[mode].calendar == 1:
            start_clock(plant, state, mode)
    for plan in range(plant.plans.size):
        state.plans[plan].count = plant.plans[plan].first
        if plant.plans[plan].by_jobs == 0:
            schedule(state.heap, state.marks, plant.plans[plan].first, PLAN_DUE, plan)
    for at in range(plant.starts.size):
        kind = plant.starts[at].job_type
        for _ in range(plant.starts[at].jobs):
            job = create(plant, state, kind, clock.time + plant.job_types[kind].lead_time)
            if job >= 0:
                state.jobs[job].step = plant.starts[at].step
                push_task(state, ENTER, job)
    for at in range(plant.machines.size - 1):
        rest(plant, state, at)


@inner_kernel
def grow_old(plant: Any, state: Any, mode: int) -> None:
    """Draw a first uptime that is longer than the age; for exponential ones the age does not matter."""
    clock, record = state.clock[0], plant.modes[mode]
    if plant.laws[record.uptime].kind == EXPONENTIAL:
        return
    for index in range(MOST_DRAWS):
        uptime = sample(
            plant.laws[record.uptime], plant.table, clock.seed, record.cause ^ AGE, clock.replication, index
        )
        if uptime > record.age:
            state.modes[mode].left = uptime - record.age
            return
    state.modes[mode].left = 0.0


@inner_kernel
def interval(plant: Any, state: Any, source: int) -> float:
    """The time to the next arrival."""
    clock, record = state.clock[0], plant.sources[source]
    return sample(
        plant.laws[record.law], plant.table, clock.seed, record.cause, clock.replication, state.sources[source].epoch
    )


@inlined_kernel
def arrival(plant: Any, state: Any, source: int) -> float:
    """Jobs come: schedule the next ones, put all but one on the stack; gives the due date, or FOREVER by lead time."""
    clock, record, count = state.clock[0], plant.sources[source], state.sources[source]
    due = FOREVER
    count.epoch += 1
    if record.law >= 0:
        if count.epoch < record.most:
            ahead = draw(
                plant.laws, plant.table, record.law, state.luck, plant.steps.size - 1 + source, clock.seed,
                record.cause, 0, clock.replication, count.epoch,
            )  # fmt: skip
            schedule(state.heap, state.marks, clock.time + ahead, ARRIVAL, source)
    elif record.first_release < plant.sources[source + 1].first_release:
        due = plant.releases[record.first_release + count.epoch - 1].due
        if count.epoch < record.most:
            schedule(state.heap, state.marks, plant.releases[record.first_release + count.epoch].time, ARRIVAL, source)
    for _ in range(record.jobs - 1):
        push_task(state, CREATE, record.job_type)
    return due


@inlined_kernel
def end_of_work(plant: Any, state: Any, at: int) -> int:
    """A job or batch is done: people go, the way on is decided; gives the next task."""
    machine = state.machines[at]
    machine.left = -1.0
    if machine.people > 0:
        people = machine.people
        machine.people = 0
        give_back(plant, state, plant.stations[plant.machines[at].station].pool, people)
    if plant.machines[at].first_plan < plant.machines[at + 1].first_plan:
        count_for_maintenance(plant, state, at, max(1, machine.jobs))
    if plant.options[0].before == 1:
        try_all_before(plant, state)
    job = machine.job
    if job < 0:
        book(plant, state, at)
        become_idle(plant, state, at)
        return NOTHING
    while job >= 0:
        state.jobs[job].step = next_step(plant, state, job)
        job = state.jobs[job].next
    return DEPART


@inner_kernel
def try_all_before(plant: Any, state: Any) -> None:
    """A job in work is done, so stations that wait for room behind them look again."""
    for station in range(plant.options[0].stations):
        if plant.stations[station].before == 1:
            push_try(state, station)


@inner_kernel
def seldom(plant: Any, state: Any, kind: int, who: int, key: int) -> int:
    """Handle the rarer events; what follows is put on the stack."""
    if kind == SETUP_END:
        end_of_setup(plant, state, who, key)
    elif kind == PIPED:
        state.jobs[who].step = next_step(plant, state, who)
        state.jobs[who].next = -1
        if state.jobs[who].step < 0:
            push_task(state, LEAVE, who)
        elif send(plant, state, who):
            push_task(state, JOIN_QUEUE, who)
    elif kind == CALENDAR_FAILURE:
        at = plant.modes[who].machine
        machine = state.machines[at]
        if state.modes[who].pending != key or machine.state == DOWN:
            return NOTHING
        if machine.state == MAINTENANCE:
            # It comes right after the maintenance, which stops the clock for the rest of its time.
            state.modes[who].due = machine.pending_time
            state.modes[who].pending = schedule(state.heap, state.marks, machine.pending_time, kind, who)
            return NOTHING
        if machine.left >= 0 and machine.state not in (IDLE, BLOCKED):
            interrupt(plant, state, at)
        fail(plant, state, at, who)
    elif kind == PLAN_DUE:
        maintenance_due(plant, state, who)
    elif kind == PLAN_END:
        if state.machines[who].pending == key:
            book(plant, state, who)
            rest(plant, state, who)
    elif kind == TURN_OFF:
        if state.machines[who].pending == key and state.machines[who].state == IDLE:
            switch_off(plant, state, who)
    elif kind == STARTED and state.machines[who].pending == key:
        book(plant, state, who)
        state.machines[who].left = -1.0
        state.queues[plant.machines[who].station].waking -= 1
        rest(plant, state, who)
    return NOTHING


@inner_kernel
def end_of_setup(plant: Any, state: Any, at: int, key: int) -> None:
    """A setup is done: the run begins."""
    machine = state.machines[at]
    if machine.pending != key:
        return
    book(plant, state, at)
    machine.state = RUN
    machine.left = -1.0
    station = plant.stations[plant.machines[at].station]
    if machine.people > 0 and station.setup_people == 1:
        people = machine.people
        machine.people = 0
        give_back(plant, state, station.pool, people)
    push_task(state, WORK, at)


@inner_kernel
def deadlocked(plant: Any, state: Any) -> bool:
    """Whether some stations wait for each other for ever: all machines of each are blocked by others of them.

    The greatest such set is what remains when stations with a way out are struck off again and again.
    """
    stations = plant.options[0].stations
    for station in range(stations):
        state.queues[station].stuck = 1
    left = stations
    while True:
        before = left
        for station in range(stations):
            if state.queues[station].stuck == 1 and has_way_out(plant, state, station):
                state.queues[station].stuck = 0
                left -= 1
        if left == before:
            return left > 0


@inner_kernel
def has_way_out(plant: Any, state: Any, station: int) -> bool:
    """Whether a machine of a station is at work, free, or waits for a station that is not stuck."""
    for at in range(plant.stations[station].first_machine, plant.stations[station + 1].first_machine):
        machine = state.machines[at]
        blocked = machine.state == BLOCKED or (machine.state == DOWN and machine.resume == BLOCKED)
        if not blocked or machine.target >= plant.options[0].stations or state.queues[machine.target].stuck == 0:
            return True
    return False


@inner_kernel
def trace(state: Any, kind: int, who: int) -> None:
    """Note what happens."""
    clock = state.clock[0]
    line = state.trace[clock.traced]
    clock.traced += 1
    line.time, line.kind, line.who = clock.time, kind, who
    line.job = state.machines[who].job if kind in (WORK_END, START_KIND) else -1
