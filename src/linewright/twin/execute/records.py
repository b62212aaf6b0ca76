"""What the execution kernel reads and writes: one record array for each kind of thing.

The unit of work is a *block*: one operation, or the operations of one load of an oven. Each place of a machine, piece
of a tool and person is a *resource* with a list of *tasks* in the order of the plan. Times are int64 seconds since the
plan's start; -1 means none; ragged lists are offsets as in :mod:`linewright.shop.arrays`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linewright.shop.heap import new_heap

STRICT, SKIP, REPAIR, REPLAN = range(4)
MODES = ("strict", "skip", "repair", "replan")
#: When a task holds its resource: in the run, in the setup, or from setup to end.
RUN_TASK, SETUP_TASK, WHOLE_TASK = range(3)
PLACE, TOOL_PIECE, SOMEBODY = range(3)
#: How far a block is. In `PREPARED` it is set up and waits; in `HELD` it waits for the last transfer batch.
WAITING, SETTING_UP, PREPARED, FIRST_PART, RUNNING, HELD, DONE = range(7)
#: What a machine is doing.
IDLE, SETUP_STATE, RUN_STATE, HELD_STATE, DOWN_STATE = range(5)
STATES = 5
#: Kinds of events; in this order at one moment.
BLOCK_EVENT, REPAIRED, ARRIVAL, TIMER, FAILS, AGED, IMPATIENT = range(7)
#: How a run can end.
FINISHED, STOPPED, STUCK, NO_TIME = range(4)
#: What started a block last: see `linewright.model.results.CAUSES`.
BY_NOTHING, BY_BEFORE, BY_MACHINE, BY_SETUP, BY_PERSON, BY_TOOL, BY_MATERIAL, BY_RELEASE, BY_PLAN = range(9)
#: Causes of delay that belong to a machine; those of people and of supplies follow.
FAILURE, SLOW_RUN, SLOW_SETUP, REWORK = range(4)
MACHINE_CAUSES = 4
NO_LAW = -1


def _record(**columns: Any) -> np.dtype[Any]:
    return np.dtype(list(columns.items()), align=True)


_I, _F, _B, _U = np.int64, np.float64, np.bool_, np.uint64

#: How the floor follows the plan, and which chances count (each can be switched off). `pairs` is 2 where two
#: neighbouring replications share their errors of mean times, which tells such errors from chance.
OPTIONS = _record(
    mode=_I, patience=_I, rule=_I, look_ahead=_F, mean_work=_F, seed=_U, pairs=_I,
    failures=_B, variation=_B, errors=_B, absence=_B, rework=_B, yields=_B, supply=_B,
)  # fmt: skip
#: `run` and `setup` are planned seconds (a changeover comes on top); spreads are sigmas of log-normal factors.
STEP = _record(
    job=_I, block=_I, run=_I, setup=_I, units=_F, kwh=_F, good_share=_F, rework=_F,
    run_spread=_F, setup_spread=_F, error_spread=_F, run_cause=_U, setup_cause=_U, error_cause=_U,
    yield_cause=_U, rework_cause=_U, first_follow=_I,
)  # fmt: skip
#: `floor` is the earliest run by release and pin; `latest_end` the end after which an order is projected too late.
BLOCK = _record(
    machine=_I, setup_start=_I, start=_I, end=_I, setup=_I, run=_I, family=_I, running=_B, may_pause=_B, floor=_I,
    latest_end=_I, due=_I, weight=_F, place_task=_I, transfer=_F,
    first_member=_I, first_task=_I, first_arc=_I, first_need=_I,
)  # fmt: skip
#: A block's claim on a resource; `group` is the skill group that may stand in for an absent person.
TASK = _record(block=_I, resource=_I, phase=_I, group=_I, before=_I, after=_I)
#: What a block waits for: the end of an operation, or the share of its run after which a transfer batch arrives.
ARC_IN = _record(step=_I, lag=_I, share=_F, longest=_I, material=_B)
FOLLOW = _record(step=_I, block=_I, lag=_I, share=_F)
#: Dated supply of a block or a demand: which supply, and when it is planned to be there.
NEED = _record(supply=_I, moment=_I)
#: A supply that may come late: a log-normal lead time (`kind` 1), or late in a share of the cases (`kind` 2).
SUPPLY = _record(kind=_I, lead=_F, spread=_F, late_share=_F, late_mean=_F, cause=_U)
RESOURCE = _record(kind=_I, owner=_I, first_task=_I)
MACHINE = _record(
    calendar=_I, matrix=_I, family=_I, single=_B, first_resource=_I, resources=_I, first_failure=_I,
    off_kw=_F, idle_kw=_F, setup_kw=_F, run_kw=_F, blocked_kw=_F, down_kw=_F, start_up_kw=_F,
    switch_off=_I, start_up=_I, first_point=_I, price=_F, first_carbon=_I, carbon=_F,
)  # fmt: skip
PERSON = _record(calendar=_I, site=_I, absence=_F, cause=_U, first_midnight=_I, first_day=_I, resource=_I)
FAILURE_MODE = _record(
    machine=_I, calendar_clock=_B, up=_I, repair=_I, crew=_I, survived=_F, age=_I, up_cause=_U, repair_cause=_U,
)  # fmt: skip
DEMAND_IN = _record(due=_I, planned=_I, late_rate=_F, ready=_I, first_feed=_I, first_need=_I)
FEED_IN = _record(step=_I, lag=_I)


class Problem(NamedTuple):
    """A plan on its compiled shop: what never changes while it is run."""

    options: Any
    index: Any
    windows: Any
    steps: Any
    blocks: Any
    members: Any
    tasks: Any
    arcs: Any
    follows: Any
    needs: Any
    supplies: Any
    resources: Any
    machines: Any
    people: Any
    midnights: Any
    first_qualified: Any
    qualified: Any
    failures: Any
    laws: Any
    values: Any
    crews: Any
    switches: Any
    demands: Any
    feeds: Any
    demand_needs: Any
    prices: Any
    carbons: Any


#: `waits` counts what gates the setup, `awaits` what gates the run: arcs and people; `arcs` the arcs alone.
#: `begun` and `left` describe the stretch of work now going on, `event` when it ends; `first_run` is the first pass
#: of the run, `again` what was repeated. `cause` and `culprit` tell what gated the run last, `setup_cause` the setup.
#: A block that is `due` begins a stretch of work as soon as it is looked at; `fresh` marks the first of its run.
BLOCK_STATE = _record(
    stage=_I, waits=_I, awaits=_I, arcs=_I, paused=_B, event=_I, timer=_I, begun=_I, left=_I, rest=_I,
    setup_start=_I, start=_I, end=_I, setup=_I, changeover=_I, run=_I, first_run=_I, again=_I, repeats=_I,
    ready_floor=_I, worked=_B,
    setup_down=_I, run_down=_I, wait_down=_I, wait_absent=_I, absent=_I, stuck_since=_I, held=_I,
    cause=_I, culprit=_I, setup_cause=_I, setup_culprit=_I, stop_since=_I, absent_since=_I,
    queued=_B, jumps=_B, due=_B, fresh=_B,
)  # fmt: skip
#: `stand_in` is who would take an absent person's place, while the rest of the crew is looked for.
TASK_STATE = _record(before=_I, after=_I, granted=_B, resource=_I, stand_in=_I)
RESOURCE_STATE = _record(head=_I, busy=_I, last=_I, impatient=_B, event=_I)
#: `open` seconds are those inside the machine's calendar; `worked` seconds those really worked.
MACHINE_STATE = _record(
    family=_I, working=_I, holding=_I, setting=_I, down=_I, state=_I, since=_I, span=_I, event=_I, repairs=_I,
    run=_I, setup=_I, outside=_I, standby=_I, off=_I, start_up=_I, made=_F, good=_F, nominal=_F,
    kwh=_F, cost=_F, carbon=_F, outside_before=_I,
)  # fmt: skip
FAILURE_STATE = _record(count=_I, left=_I, event=_I, down=_B, next=_I)
CREW_STATE = _record(free=_I, first=_I, last=_I)
STEP_STATE = _record(start=_I, end=_I, good=_F)


class Situation(NamedTuple):
    """Where a run stands: a copy of these arrays is a copy of the run. The last four are its heap of events."""

    blocks: Any
    tasks: Any
    resources: Any
    machines: Any
    failures: Any
    crews: Any
    steps: Any
    supplies: Any
    hints: Any
    used: Any
    seconds: Any
    queue: Any
    counts: Any
    bins: Any
    kwh: Any
    spans: Any
    time: Any
    tie: Any
    event: Any
    count: Any


#: Positions in `Situation.counts`.
(
    NOW, REPLICATION, LEFT, SEQUENCE, LOOSE, IMPATIENTS, STATUS, BROKEN_WAITS, USED, CREW, REASON, LOOSE_AT,
    QUEUE_FIRST, QUEUED,
) = range(14)  # fmt: skip
COUNTS = 16
#: Positions in a replication's totals.
(
    ON_TIME, LATE_COST, LATE_HOURS, MAKESPAN, JOBS_DONE, LEAD_HOURS, WIP, KWH, ENERGY_COST, CARBON, ORDER_KWH,
    SHORT, TOO_LONG_WAITS, REPAIRS, LOOSENED, THROUGHPUT,
) = range(16)  # fmt: skip
TOTALS = 16
#: Positions in a machine's figures.
(
    M_OPEN, M_RUN, M_SETUP, M_DOWN, M_BLOCKED, M_WAITING, M_STANDBY, M_OFF, M_START_UP, M_KWH, M_NOMINAL, M_GOOD,
    M_MADE, M_DOWN_ALL, M_REPAIRS, M_LENGTH, M_WORKED,
) = range(17)  # fmt: skip
MACHINE_FIGURES = 17


class Figures(NamedTuple):
    """What each replication leaves behind: one row for each."""

    starts: Any
    ends: Any
    finishes: Any
    totals: Any
    machines: Any
    bins: Any
    kwh: Any
    status: Any


def blank(kind: np.dtype[Any], size: int) -> Any:
    """A record array of zeros."""
    return np.zeros(size, kind).view(np.recarray)


def new_situation(problem: Problem) -> Situation:
    """The arrays of one run; the kernel sets them up for each replication."""
    blocks = problem.blocks.size - 1
    machines, people = problem.machines.size - 1, problem.people.size
    heap = 4 * blocks + 2 * problem.failures.size + problem.resources.size + problem.follows.size + 64
    return Situation(
        blocks=blank(BLOCK_STATE, blocks),
        tasks=blank(TASK_STATE, problem.tasks.size),
        resources=blank(RESOURCE_STATE, problem.resources.size),
        machines=blank(MACHINE_STATE, machines),
        failures=blank(FAILURE_STATE, problem.failures.size),
        crews=blank(CREW_STATE, problem.crews.size),
        steps=blank(STEP_STATE, problem.steps.size - 1),
        supplies=np.zeros(problem.supplies.size, np.int64),
        hints=np.zeros(problem.index.size, np.int64),
        used=np.zeros((2, problem.index.size + people + 1), np.int64),
        seconds=np.zeros((machines, STATES, 2), np.int64),
        queue=np.zeros(blocks + 1, np.int64),
        counts=np.zeros(COUNTS, np.int64),
        bins=np.zeros((2, bins_of(machines, people, problem.supplies.size))),
        kwh=np.zeros(jobs_of(problem)),
        spans=np.zeros((jobs_of(problem), 2), np.int64),
        **new_heap(heap, np.int64)._asdict(),
    )


def bins_of(machines: int, people: int, supplies: int) -> int:
    """The number of causes of delay: those of machines, people, supplies, and what shifts and nights add."""
    return MACHINE_CAUSES * machines + people + supplies + 1


def jobs_of(problem: Problem) -> int:
    """The number of jobs that have operations, counted by the highest."""
    return int(problem.steps.job[:-1].max(initial=-1)) + 1


def new_figures(problem: Problem, replications: int, steps: int) -> Figures:
    """Room for the figures of some replications; `steps` says of how many the operations' times are kept."""
    machines, people = problem.machines.size - 1, problem.people.size
    return Figures(
        starts=np.zeros((steps, problem.steps.size - 1), np.int32),
        ends=np.zeros((steps, problem.steps.size - 1), np.int32),
        finishes=np.zeros((replications, problem.demands.size - 1), np.int64),
        totals=np.zeros((replications, TOTALS)),
        machines=np.zeros((replications, machines, MACHINE_FIGURES)),
        bins=np.zeros((replications, 2, bins_of(machines, people, problem.supplies.size))),
        kwh=np.zeros((replications, jobs_of(problem))),
        status=np.zeros((replications, 2), np.int64),
    )


def copied(situation: Situation) -> Situation:
    """A fork of a run: it goes on by itself."""
    return Situation(*(part.copy() for part in situation))
