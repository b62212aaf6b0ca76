"""How jobs leave: finished, scrapped, or turned away at the door; their cards and parts go on."""

from __future__ import annotations

from typing import Any

from linewright.twin.network.arrays import SCRAPPED
from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel
from linewright.twin.network.kernel.queues import append_job, measure
from linewright.twin.network.kernel.stack import ENTER, push_task, push_try


@inner_kernel
def give_card(state: Any, at: int) -> bool:
    """A card returns to its loop, and the first job that waits outside for one enters; whether there was such a job."""
    loop = state.loops[at]
    loop.free += 1
    if loop.first < 0:
        return False
    waiting = loop.first
    loop.first = state.jobs[waiting].next
    if loop.first < 0:
        loop.last = -1
    loop.free -= 1
    push_task(state, ENTER, waiting)
    return True


@inner_kernel
def turn_away(plant: Any, state: Any, job: int, queue: int) -> None:
    """A job finds the first queue full: it is lost, or waits outside."""
    record, waiting, clock = state.jobs[job], state.queues[queue], state.clock[0]
    kind = plant.job_types[record.job_type]
    if kind.lost_when_full == 1:
        state.job_types[record.job_type].lost += 1
        if kind.loop >= 0:
            give_card(state, kind.loop)
        record.next = clock.free_job
        clock.free_job = job
        clock.free_jobs += 1
        return
    waiting.last_outside = append_job(state.jobs, job, waiting.last_outside)
    if waiting.first_outside < 0:
        waiting.first_outside = job


@inlined_kernel
def leave(plant: Any, state: Any, job: int) -> int:
    """A job leaves: it is counted, its card returns, and as a part it goes into a store. Gives a type to be made."""
    clock, record = state.clock[0], state.jobs[job]
    at = record.job_type
    kind, count = plant.job_types[at], state.job_types[at]
    count.area += count.inside * (clock.time - count.since)
    count.since = clock.time
    count.inside -= 1
    clock.inside -= 1
    if record.step == SCRAPPED:
        count.scrapped += 1
        count.scrap_time += clock.time - record.released
        count.energy += record.energy
    else:
        cycle = clock.time - record.released
        count.finished += 1
        count.cycle += cycle
        count.cycle_square += cycle * cycle
        count.wait += record.waited
        count.wait_square += record.waited * record.waited
        if clock.time > record.due:
            count.late += 1
            count.tardiness += clock.time - record.due
        clock.finished += 1
        if clock.logging == 1:
            write_log(state, job)
        if kind.store >= 0:
            into_store(plant, state, plant.options[0].stations + kind.store, record.energy)
        else:
            count.energy += record.energy
    made = -1
    if kind.loop >= 0 and not give_card(state, kind.loop) and kind.saturated == 1:
        made = at
    record.next = clock.free_job
    clock.free_job = job
    clock.free_jobs += 1
    return made


@inner_kernel
def into_store(plant: Any, state: Any, at: int, energy: float) -> None:
    """A part comes into the store where it will be taken in."""
    store = state.queues[at]
    measure(store, state.clock[0].time)
    store.length += 1
    store.energy += energy
    push_try(state, plant.stores[at - plant.options[0].stations].station)


@inner_kernel
def write_log(state: Any, job: int) -> None:
    """Note a finished job."""
    clock, record = state.clock[0], state.jobs[job]
    line = state.log[clock.logged]
    clock.logged += 1
    line.job_type, line.number = record.job_type, record.number
    line.arrived, line.released, line.finished = record.arrived, record.released, clock.time
    line.waited, line.due, line.energy = record.waited, record.due, record.energy
