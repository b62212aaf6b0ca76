"""The one entry point of plan execution: replications of a plan, event by event.

Each machine place, tool and person works through the plan's sequence; a block goes on when its turn has come
everywhere, what comes before has arrived and its planned start has come. Events wait in a binary heap; a block counts
what it still waits for, so that an event touches only whom it concerns. States are copied with their arrays
(`records.copied`), and a run that stopped goes on where it was.
"""

from __future__ import annotations

from typing import Any

from linewright.shop.heap import pop
from linewright.shop.kernels import lean_kernel
from linewright.twin.execute import records as r
from linewright.twin.execute.kernel_draws import supply_delay
from linewright.twin.execute.kernel_events import arrive, fails, renew, repaired, stretch_ends
from linewright.twin.execute.kernel_figures import sum_up
from linewright.twin.execute.kernel_gates import dispatch, jump_back, proceed, wake
from linewright.twin.execute.kernel_work import EVENT, look_at, offer, sets_up, stretch, watch_waits


@lean_kernel
def execute(problem: Any, now: Any, figures: Any, numbers: Any, resume: bool, until: int) -> int:
    """Run the replications with these numbers and write their figures, one row for each.

    Parameters
    ----------
    problem, now, figures
        See :mod:`linewright.twin.execute.records`.
    numbers
        int64; the same number has the same luck in every plan.
    resume
        Whether the (one) replication goes on where it stopped.
    until
        No event after this moment is dealt with.

    Returns
    -------
    How the last replication ended: FINISHED, STOPPED (at `until`, or where an order is projected too late and the
    floor asks for a new plan), STUCK, or NO_TIME where the calendars end.
    """
    status = r.FINISHED
    for row in range(numbers.size):
        if not resume:
            start_over(problem, now, numbers[row])
        status = r.STOPPED if until < 0 else go_on(problem, now, until)
        figures.status[row, 0], figures.status[row, 1] = status, now.counts[r.REASON]
        # Where a new plan is asked for, what was done up to now counts.
        if status == r.FINISHED or (status == r.STOPPED and problem.options[0].mode == r.REPLAN and until >= 0):
            sum_up(problem, now, figures, row)
    return status


@lean_kernel
def go_on(problem: Any, now: Any, until: int) -> int:
    """Deal with events until all is done, or nothing more happens, or it is time to stop.

    Everything is called from here and nearly nothing from elsewhere: a kernel is compiled into each of its callers.
    """
    mode, size = problem.options[0].mode, now.queue.size
    jumped = -1
    while True:
        while now.counts[r.QUEUED] > 0:
            block = now.queue[now.counts[r.QUEUE_FIRST]]
            now.counts[r.QUEUE_FIRST] = (now.counts[r.QUEUE_FIRST] + 1) % size
            now.counts[r.QUEUED] -= 1
            now.blocks[block].queued = False
            proceed(problem, now, block)
            if now.blocks[block].due:
                stretch(problem, now, block)
                if now.blocks[block].fresh:
                    watch_waits(problem, now, block)
        if jumped >= 0 and now.blocks[jumped].stage == r.WAITING:
            jump_back(problem, now, jumped)
        jumped = -1
        if mode != r.STRICT:
            if now.counts[r.LOOSE_AT] == now.counts[r.NOW] and now.counts[r.LOOSE] == 0:
                if mode == r.REPLAN and now.counts[r.LEFT] > 0:
                    return r.STOPPED
                if mode == r.REPAIR:
                    loosen(problem, now)
                    continue
            # Who skips does so when everything else of the moment is done.
            settled = now.count[0] == 0 or now.time[0] > now.counts[r.NOW]
            if settled and (now.counts[r.LOOSE] > 0 or now.counts[r.IMPATIENTS] > 0):
                jumped = dispatch(problem, now)
                if jumped >= 0:
                    continue
        if now.counts[r.STATUS] == r.NO_TIME:
            return r.NO_TIME
        if now.counts[r.LEFT] == 0:
            return r.FINISHED
        if now.count[0] == 0:
            now.counts[r.REASON] = first_unfinished(now)
            return r.STUCK
        if now.time[0] > until:
            return r.STOPPED
        now.counts[r.NOW] = now.time[0]
        kind, which = now.event[0] // EVENT, now.event[0] % EVENT
        pop(now)
        if kind == r.BLOCK_EVENT:
            stretch_ends(problem, now, which)
        elif kind == r.ARRIVAL:
            arrive(problem, now, which)
        elif kind == r.TIMER:
            if now.blocks[which].timer == now.counts[r.NOW]:
                note_date(problem, now, which)
                look_at(now, which)
        elif kind == r.FAILS or kind == r.AGED:  # noqa: PLR1714 - numbers, not tuples, in kernels
            fails(problem, now, which, which if kind == r.AGED else -1)
        elif kind == r.REPAIRED:
            repaired(problem, now, which)
        else:
            lose_patience(now, which)


@lean_kernel
def lose_patience(now: Any, resource: int) -> None:
    """A place has waited long enough for the next of its sequence."""
    place = now.resources[resource]
    if place.event == now.counts[r.NOW] and place.busy < 0 and not place.impatient and place.head >= 0:
        place.impatient = True
        now.counts[r.IMPATIENTS] += 1


@lean_kernel
def note_date(problem: Any, now: Any, block: int) -> None:
    """A date was the last thing that a block waited for: its supply or release, or the plan."""
    state, what = now.blocks[block], problem.blocks[block]
    if state.absent_since >= 0:
        return
    if state.stage == r.WAITING and sets_up(problem, block):
        state.setup_cause = r.BY_PLAN
    elif state.awaits == 0:
        late = state.ready_floor >= now.counts[r.NOW] and state.ready_floor > what.start
        state.cause = r.BY_MATERIAL if late else r.BY_PLAN


@lean_kernel
def loosen(problem: Any, now: Any) -> None:
    """From now on machines choose by a dispatch rule."""
    now.counts[r.LOOSE] = 1
    for block in range(now.blocks.size):
        state = now.blocks[block]
        if state.stage == r.PREPARED:
            look_at(now, block)
        elif state.stage == r.WAITING and state.arcs == 0 and state.ready_floor > now.counts[r.NOW]:
            wake(now, block, state.ready_floor)


@lean_kernel
def first_unfinished(now: Any) -> int:
    """The first block that is not done."""
    for block in range(now.blocks.size):
        if now.blocks[block].stage != r.DONE:
            return block
    return -1


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
