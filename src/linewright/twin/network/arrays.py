"""A network and its state as arrays: what the event kernel reads and what it changes.

Each kind of thing is one record array, one record for each thing. A ragged list "x of each y" is the column `first_x`
of y: ``first_x[y]:first_x[y + 1]`` are the positions of y's entries, so such arrays end with one record too many, a
sentinel. -1 means none. A queue is a station's (its position) or a store of parts (after the stations).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

#: States of a machine, in the order of their columns. A machine waits for people in IDLE_WAITING.
OFF, START_UP, IDLE, SETUP, RUN, BLOCKED, DOWN, MAINTENANCE = range(8)
STATES = ("off", "start_up", "idle", "setup", "run", "blocked", "down", "maintenance")
FIFO, LIFO, SPT, EDD, CR, ATC = range(6)
#: Where a job goes that does not go to another step.
LEAVES, SCRAPPED = -1, -2
#: More places than jobs: no limit.
NO_LIMIT = 1 << 40


def _record(**columns: type) -> np.dtype[Any]:
    return np.dtype(list(columns.items()), align=True)


_I, _F, _U = np.int64, np.float64, np.uint64

#: `plain`: the first in the queue is always the next, on any free machine. `source` is the saturated job type.
STATION = _record(
    first_machine=_I, places=_I, rule=_I, plain=_I, source=_I, by_priority=_I, same_setup=_I, preemptive=_I, batch=_I,
    matrix=_I, pool=_I, setup_people=_I, before=_I, expected=_F,
)  # fmt: skip
MACHINE = _record(
    station=_I, speed=_F, first_mode=_I, first_plan=_I, off_after=_F, start_up=_I, cause=_U, setup_cause=_U,
)  # fmt: skip
#: `back` is 1 where `then` leads back, so that another lap begins.
#: `keep` is where the job notes the machine, `same` where it reads it; `limit` and `limit_slot` start a time limit,
#: `first_due` to the next are slots of limits that end here; `expected` and `rest` are mean times of it and of
#: the route from it on.
STEP = _record(
    station=_I, job_type=_I, law=_I, per=_I, family=_I, batch=_I, least=_I, most=_I, fixed=_F, transport=_I,
    first_branch=_I, then=_I, back=_I, done_share=_F, limit=_F, limit_slot=_I, first_due=_I, keep=_I, same=_I,
    cascade=_I, people=_I, first_join=_I, expected=_F, rest=_F, cause=_U, route_cause=_U, skip_cause=_U, move_cause=_U,
)  # fmt: skip
BRANCH = _record(up_to=_F, to=_I)
DUE = _record(slot=_I)
JOIN = _record(store=_I, quantity=_I)
#: `station` is where the parts are taken in.
STORE = _record(station=_I, places=_I, quantity=_I)
JOB_TYPE = _record(
    first_step=_I, priority=_I, pieces=_F, weight=_F, lead_time=_F, loop=_I, store=_I, lost_when_full=_I, saturated=_I,
)  # fmt: skip
SOURCE = _record(job_type=_I, law=_I, jobs=_I, most=_I, first=_F, first_release=_I, cause=_U)
RELEASE = _record(time=_F, due=_F)
START = _record(job_type=_I, step=_I, jobs=_I)
MODE = _record(machine=_I, calendar=_I, uptime=_I, repair=_I, crew=_I, age=_F, cause=_U, repair_cause=_U)
PLAN = _record(machine=_I, by_jobs=_I, every=_F, first=_F, law=_I, cause=_U)
POOL = _record(people=_I, first_user=_I)
#: `reserve` free jobs and `margin` free places in the heap are enough for any event.
#: `slots` are time limits and kept machines of a job.
OPTIONS = _record(ledger=_I, cyclic=_I, before=_I, reserve=_I, margin=_I, stations=_I, slots=_I)


class Plant(NamedTuple):
    """What does not change in a run.

    `kw` is [machine, state]; `switches` [matrix, family before (0: none), family after] is the position of the law
    (-1: no setup) and `least_runs` [matrix, family after]; `users` are the stations of each pool.
    """

    options: Any
    stations: Any
    machines: Any
    steps: Any
    branches: Any
    dues: Any
    joins: Any
    stores: Any
    job_types: Any
    sources: Any
    releases: Any
    starts: Any
    modes: Any
    plans: Any
    pools: Any
    users: Any
    loops: Any
    laws: Any
    table: Any
    kw: Any
    switches: Any
    least_runs: Any


#: One record: the moment and the counters. `stack` counts stations that are to be tried.
CLOCK = _record(
    time=_F, seed=_U, replication=_I, events=_I, finished=_I, free_job=_I, free_jobs=_I, stack=_I, logging=_I,
    logged=_I, tracing=_I, traced=_I, inside=_I, check=_I, begun=_I,
)  # fmt: skip
#: `key` is the moment's tie, then the event; of HEAP_MARKS, `hole` says that the first event is being handled.
HEAP_EVENT = _record(time=_F, key=_I)
HEAP_MARKS = _record(count=_I, hole=_I, sequence=_I)
#: `left` is work that is left (in the time of a machine of speed 1), -1 when it is not drawn yet.
JOB = _record(
    job_type=_I, number=_I, step=_I, next=_I, before=_I, laps=_I, rank=_I, arrived=_F, released=_F, ready=_F, due=_F,
    key=_F, left=_F, waited=_F, energy=_F,
)  # fmt: skip
#: `left` is the time of the work after the pending event; `resume` the state under a failure; `target` the queue that
#: a blocked machine waits for; `next` the next machine that is blocked by the same queue,
#: `next_down` the next that waits for the same crew.
MACHINE_STATE = _record(
    state=_I, resume=_I, job=_I, jobs=_I, since=_F, pending=_I, pending_time=_F, left=_F, mode=_I, family=_I,
    runs_left=_I, target=_I, next=_I, next_down=_I, people=_I, due_plans=_I, setups=_I, start_ups=_I, loose=_F,
)  # fmt: skip
MODE_STATE = _record(left=_F, number=_I, pending=_I, due=_F)
PLAN_STATE = _record(count=_F, number=_I, due=_I)
#: `taken` counts places that are taken or promised; `free` machines are idle, `asleep` off, `waking` starting up.
QUEUE = _record(
    first=_I, last=_I, length=_I, taken=_I, first_blocked=_I, last_blocked=_I, first_outside=_I, last_outside=_I,
    free=_I, asleep=_I, waking=_I, area=_F, since=_F, most=_I, started=_I, waited=_I, wait=_F, wait_square=_F,
    energy=_F, stuck=_I,
)  # fmt: skip
TYPE_STATE = _record(
    number=_I, released=_I, finished=_I, scrapped=_I, lost=_I, late=_I, missed=_I, inside=_I, area=_F, since=_F,
    cycle=_F, cycle_square=_F, wait=_F, wait_square=_F, tardiness=_F, energy=_F, offset=_F, scrap_time=_F,
)  # fmt: skip
SOURCE_STATE = _record(number=_I, epoch=_I)
POOL_STATE = _record(free=_I, first=_I, last=_I, area=_F, since=_F)
LOOP_STATE = _record(free=_I, first=_I, last=_I)
LUCK = _record(block=_I, first=_F, second=_F)
#: A job that has left; `released` is when it got in, `arrived` when it wanted to.
FINISHED = _record(
    job_type=_I, number=_I, arrived=_F, released=_F, finished=_F, waited=_F, due=_F, energy=_F,
)  # fmt: skip
TRACE = _record(time=_F, kind=_I, who=_I, job=_I)


class State(NamedTuple):
    """What a run changes: a copy of these arrays is a snapshot.

    `time_in` is [machine, state]; `slots` [job, slot] are time limits and kept machines; `families` counts the waiting
    jobs of each batch family; `luck` keeps the last pair of random numbers of each step and each source; `log` has the
    finished jobs, `trace` the events, where they are asked for.
    """

    clock: Any
    heap: Any
    marks: Any
    jobs: Any
    slots: Any
    machines: Any
    time_in: Any
    modes: Any
    plans: Any
    queues: Any
    families: Any
    job_types: Any
    sources: Any
    pools: Any
    loops: Any
    luck: Any
    stack: Any
    stacked: Any
    log: Any
    trace: Any


def zeros(kind: np.dtype[Any], size: int) -> Any:
    """A record array of zeros."""
    return np.zeros(size, kind).view(np.recarray)
