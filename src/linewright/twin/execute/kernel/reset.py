"""Kernels that set a run back to the plan's start."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.twin.execute import records as r
from linewright.twin.execute.kernel.draws import supply_delay
from linewright.twin.execute.kernel.gates import wake
from linewright.twin.execute.kernel.repairs import renew
from linewright.twin.execute.kernel.turns import offer


@lean_kernel
def start_over(problem: Any, now: Any, number: int) -> None:
    """Set everything back to the plan's start, for one replication."""
    for at in range(now.counts.size):
        now.counts[at] = 0
    now.counts[r.REPLICATION] = number
    now.counts[r.LEFT] = problem.blocks.size - 1
    now.counts[r.LOOSE_AT] = -1
    now.count[0] = 0
    for supply in range(problem.supplies.size):
        now.supplies[supply] = supply_delay(problem, now, supply)
    for at in range(now.kwh.size):
        now.kwh[at] = 0.0
    for at in range(now.bins.shape[1]):
        now.bins[0, at], now.bins[1, at] = 0.0, 0.0
    for task in range(problem.tasks.size):
        state, what = now.tasks[task], problem.tasks[task]
        state.before, state.after, state.resource, state.granted = what.before, what.after, what.resource, False
        state.stand_in = -1
    for block in range(problem.blocks.size - 1):
        clear_block(problem, now, block)
    for step in range(problem.steps.size - 1):
        now.steps[step].start, now.steps[step].end, now.steps[step].good = -1, -1, 0.0
    for machine in range(problem.machines.size - 1):
        clear_machine(problem, now, machine)
    for crew in range(problem.crews.size):
        now.crews[crew].free, now.crews[crew].first, now.crews[crew].last = problem.crews[crew], -1, -1
    for mode in range(problem.failures.size):
        state = now.failures[mode]
        state.count, state.left, state.event, state.down, state.next = 0, 0, -1, False, -1
        if problem.options[0].failures:
            renew(problem, now, mode)
    for resource in range(problem.resources.size):
        state = now.resources[resource]
        state.head, state.busy, state.last = problem.resources[resource].first_task, -1, -1
        state.impatient, state.event = False, -1
    for resource in range(problem.resources.size):
        offer(problem, now, resource)


@lean_kernel
def clear_block(problem: Any, now: Any, block: int) -> None:
    """Nothing of a block has happened yet."""
    what, state = problem.blocks[block], now.blocks[block]
    state.stage, state.paused, state.queued, state.jumps, state.worked = r.WAITING, False, False, False, False
    state.due, state.fresh = False, False
    state.event, state.timer, state.begun, state.left, state.rest = -1, -1, 0, 0, 0
    state.setup_start, state.start, state.end, state.setup, state.changeover = -1, -1, -1, 0, 0
    state.run, state.first_run, state.again, state.repeats = 0, 0, 0, 0
    state.setup_down, state.run_down, state.wait_down, state.wait_absent = 0, 0, 0, 0
    state.absent, state.absent_since, state.stuck_since, state.stop_since = -1, -1, -1, 0
    state.cause, state.culprit, state.setup_cause, state.setup_culprit = r.BY_NOTHING, -1, r.BY_NOTHING, -1
    state.arcs = problem.blocks[block + 1].first_arc - what.first_arc
    state.waits, state.awaits = 0, state.arcs
    for task in range(what.first_task, problem.blocks[block + 1].first_task):
        if problem.tasks[task].phase == r.RUN_TASK:
            state.awaits += 1
        else:
            state.waits += 1
    floor = what.floor
    for need in range(what.first_need, problem.blocks[block + 1].first_need):
        floor = max(floor, problem.needs[need].moment + now.supplies[problem.needs[need].supply])
    state.ready_floor = floor
    if problem.options[0].mode == r.SKIP and state.arcs == 0 and floor > 0:
        wake(now, block, floor)


@lean_kernel
def clear_machine(problem: Any, now: Any, machine: int) -> None:
    """Nothing of a machine has happened yet."""
    state = now.machines[machine]
    state.family = problem.machines[machine].family
    state.working, state.holding, state.setting, state.down, state.state, state.since = 0, 0, 0, 0, r.IDLE, 0
    state.span, state.event, state.repairs = -1, -1, 0
    state.run, state.setup, state.outside, state.outside_before = 0, 0, 0, 0
    state.standby, state.off, state.start_up = 0, 0, 0
    state.made, state.good, state.nominal, state.kwh, state.cost, state.carbon = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(r.STATES):
        now.seconds[machine, at, 0], now.seconds[machine, at, 1] = 0, 0
