"""The state of a run: made, copied, grown, and its sums set back."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.twin.network import arrays
from linewright.twin.network.arrays import State, zeros
from linewright.twin.network.build import Compiled

#: Jobs that fit at first; the arrays grow where more are inside.
FIRST_JOBS = 64
FIRST_LINES = 1024


def new_state(
    compiled: Compiled, *, seed: int = 0, replication: int = 0, log: bool = False, trace: bool = False
) -> State:
    """The state at time 0, before the first event.

    Parameters
    ----------
    seed
        At least 0 and below 2^64.
    replication
        At least 0 and below 2^32.
    log
        Whether finished jobs are noted one by one.
    trace
        Whether events are noted one by one.
    """
    plant = compiled.plant
    machines, queues = plant.machines.size - 1, plant.stations.size - 1 + plant.stores.size
    reserve = int(plant.options.reserve[0])
    jobs = FIRST_JOBS + 2 * reserve + int(plant.starts.jobs.sum())
    state = State(
        clock=zeros(arrays.CLOCK, 1),
        heap=zeros(arrays.HEAP_EVENT, _events(compiled, jobs)),
        marks=zeros(arrays.HEAP_MARKS, 1),
        jobs=zeros(arrays.JOB, jobs),
        slots=np.zeros((jobs, max(1, compiled.slots))),
        machines=zeros(arrays.MACHINE_STATE, machines),
        time_in=np.zeros((machines, len(arrays.STATES))),
        modes=zeros(arrays.MODE_STATE, plant.modes.size),
        plans=zeros(arrays.PLAN_STATE, plant.plans.size),
        queues=zeros(arrays.QUEUE, queues),
        families=np.zeros(max(1, compiled.families), np.int64),
        job_types=zeros(arrays.TYPE_STATE, plant.job_types.size),
        sources=zeros(arrays.SOURCE_STATE, plant.sources.size),
        pools=zeros(arrays.POOL_STATE, plant.pools.size),
        loops=zeros(arrays.LOOP_STATE, plant.loops.size),
        luck=zeros(arrays.LUCK, plant.steps.size + plant.sources.size),
        stack=np.zeros(_tasks(compiled, jobs), np.int64),
        stacked=np.zeros(queues, np.int64),
        log=zeros(arrays.FINISHED, FIRST_LINES + reserve if log else 0),
        trace=zeros(arrays.TRACE, 8 * (FIRST_LINES + reserve) if trace else 0),
    )
    state.clock.seed[0], state.clock.replication[0] = seed, replication
    state.clock.logging[0], state.clock.tracing[0] = log, trace
    state.clock.free_jobs[0] = jobs
    state.jobs.next = np.arange(1, jobs + 1)
    state.jobs.next[-1] = -1
    for column in ("job", "pending", "mode", "family", "target", "next", "next_down"):
        state.machines[column] = -1
    state.machines.family = [_setup_at_start(compiled, name) for name in compiled.names.machines]
    state.machines.left = -1.0
    for column in ("first", "last", "first_blocked", "last_blocked", "first_outside", "last_outside"):
        state.queues[column] = -1
    state.pools.free, state.pools.first, state.pools.last = plant.pools.people, -1, -1
    state.loops.free, state.loops.first, state.loops.last = plant.loops.cards, -1, -1
    state.luck.block = -1
    return state


def _events(compiled: Compiled, jobs: int) -> int:
    return int(jobs + 2 * compiled.plant.options.margin[0])


def _tasks(compiled: Compiled, jobs: int) -> int:
    plant = compiled.plant
    return int(2 * jobs + 4 * plant.machines.size + plant.stations.size + plant.stores.size + 64)


def _setup_at_start(compiled: Compiled, name: str) -> int:
    machine = next(m for station in compiled.network.stations for m in station.all_machines if m.name == name)
    return compiled.setup_families.get(machine.setup, -1)


def snapshot(state: State) -> State:
    """A copy, from which a run can go on."""
    return State(*(_copied(part) for part in state))


def _copied(part: Any) -> Any:
    """A copy as bytes: NumPy copies records field by field, which takes four times as long."""
    if part.dtype.names is None:
        return part.copy()
    return part.view(np.ndarray).view(np.uint8).copy().view(part.dtype).view(np.recarray)


def fork(state: State, replication: int, seed: int | None = None) -> State:
    """A copy whose future is that of another replication: what is drawn from now on differs, what is drawn stays."""
    copy = snapshot(state)
    copy.clock.replication[0] = replication
    if seed is not None:
        copy.clock.seed[0] = seed
    copy.luck.block = -1
    return copy


def forget(state: State) -> None:
    """Set all sums back to zero at this moment: what was before is warm-up."""
    now = state.clock.time[0]
    state.time_in[:] = 0.0
    state.machines.loose = 0.0
    state.jobs.energy = 0.0
    for column in ("area", "started", "waited", "wait", "wait_square", "energy"):
        state.queues[column] = 0
    state.queues.most = state.queues.length
    for column in (
        "released", "finished", "scrapped", "lost", "late", "missed", "area", "cycle", "cycle_square", "wait",
        "wait_square", "tardiness", "energy", "scrap_time",
    ):  # fmt: skip
        state.job_types[column] = 0
    state.pools.area = 0.0
    state.clock.finished[0], state.clock.logged[0], state.clock.events[0] = 0, 0, 0
    state.job_types.offset = 0.0
    inside = inside_jobs(state)
    np.add.at(state.job_types.offset, state.jobs.job_type[inside], now - state.jobs.released[inside])


def inside_jobs(state: State) -> Any:
    """Positions of the jobs that are in the network, or outside and waiting to come in."""
    free = np.zeros(state.jobs.size, bool)
    at = int(state.clock.free_job[0])
    while at >= 0:
        free[at] = True
        at = int(state.jobs.next[at])
    outside = np.zeros(state.jobs.size, bool)
    for first in (*state.queues.first_outside, *state.loops.first):
        at = int(first)
        while at >= 0:
            outside[at] = True
            at = int(state.jobs.next[at])
    return np.flatnonzero(~free & ~outside)


def with_more_jobs(compiled: Compiled, state: State) -> State:
    """The same state with twice the places for jobs."""
    old = state.jobs.size
    jobs = _longer(state.jobs, 2 * old)
    jobs.next[old:] = np.arange(old + 1, 2 * old + 1)
    jobs.next[-1] = state.clock.free_job[0]
    state.clock.free_job[0] = old
    state.clock.free_jobs[0] += old
    slots = np.zeros((2 * old, state.slots.shape[1]))
    slots[:old] = state.slots
    heap = _longer(state.heap, max(state.heap.size, _events(compiled, 2 * old)))
    stack = np.zeros(_tasks(compiled, 2 * old), np.int64)
    stack[: state.stack.size] = state.stack
    return state._replace(jobs=jobs, slots=slots, heap=heap, stack=stack)


def with_more_events(state: State) -> State:
    """The same state with twice the places for events."""
    return state._replace(heap=_longer(state.heap, 2 * state.heap.size))


def with_longer_log(state: State) -> State:
    """The same state with twice the lines for finished jobs."""
    return state._replace(log=_longer(state.log, 2 * state.log.size))


def with_longer_trace(state: State) -> State:
    """The same state with twice the lines for events."""
    return state._replace(trace=_longer(state.trace, 2 * state.trace.size))


def _longer(old: Any, size: int) -> Any:
    made = zeros(old.dtype, size)
    made[: old.size] = old
    return made
