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
from linewright.twin.execute.kernel.events import arrive, stretch_ends
from linewright.twin.execute.kernel.figures import sum_up
from linewright.twin.execute.kernel.gates import proceed, wake
from linewright.twin.execute.kernel.repairs import fails, repaired
from linewright.twin.execute.kernel.reset import start_over
from linewright.twin.execute.kernel.skip import dispatch, jump_back
from linewright.twin.execute.kernel.stretches import stretch
from linewright.twin.execute.kernel.turns import EVENT, look_at, sets_up
from linewright.twin.execute.kernel.work import watch_waits


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
        # Whoever reacts to lateness does so before anything else begins at that moment.
        if now.counts[r.LOOSE_AT] == now.counts[r.NOW] and now.counts[r.LOOSE] == 0 and now.counts[r.LEFT] > 0:
            if mode == r.REPLAN:
                return r.STOPPED
            if mode == r.REPAIR:
                loosen(problem, now)
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
