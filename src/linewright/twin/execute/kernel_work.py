"""Kernels that begin, interrupt and take up work, and that take and give back what it needs."""

from __future__ import annotations

from typing import Any

from linewright.shop.heap import push
from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute.kernel_draws import run_seconds, setup_factor
from linewright.twin.execute.kernel_meters import book_work, show_state
from linewright.twin.execute.kernel_time import (
    finish_of,
    fitting_moment,
    list_calendars,
    next_open,
    whole,
    worked_between,
)
from linewright.twin.execute.records import (
    BLOCK_EVENT,
    BROKEN_WAITS,
    BY_MACHINE,
    BY_PERSON,
    BY_TOOL,
    CREW,
    DONE,
    FAILS,
    FIRST_PART,
    IMPATIENT,
    IMPATIENTS,
    NO_TIME,
    NOW,
    PLACE,
    QUEUE_FIRST,
    QUEUED,
    REASON,
    RUN_TASK,
    RUNNING,
    SEQUENCE,
    SETTING_UP,
    SETUP_TASK,
    SKIP,
    SOMEBODY,
    STATUS,
    USED,
    WAITING,
)

TIE = 1 << 40
EVENT = 1 << 40


@lean_kernel
def expect(now: Any, moment: int, kind: int, which: int) -> None:
    """Put an event into the heap; at one moment kinds come in their order, and then what was expected first."""
    now.counts[SEQUENCE] += 1
    push(now, moment, kind * TIE + now.counts[SEQUENCE], kind * EVENT + which)


@lean_kernel
def look_at(now: Any, block: int) -> None:
    """Remember to look whether a block can go on, once the present event is dealt with."""
    if now.blocks[block].queued or now.blocks[block].stage == DONE:
        return
    now.blocks[block].queued = True
    size = now.queue.size
    now.queue[(now.counts[QUEUE_FIRST] + now.counts[QUEUED]) % size] = block
    now.counts[QUEUED] += 1


@lean_kernel
def grant(problem: Any, now: Any, task: int) -> None:
    """It is a task's turn on its resource."""
    if now.tasks[task].granted:
        return
    now.tasks[task].granted = True
    block, phase = problem.tasks[task].block, problem.tasks[task].phase
    state, resource = now.blocks[block], now.tasks[task].resource
    kind = problem.resources[resource].kind
    cause = BY_MACHINE if kind == PLACE else BY_PERSON if kind == SOMEBODY else BY_TOOL
    if phase == RUN_TASK:
        state.awaits -= 1
    else:
        state.waits -= 1
    # Who had it before is known only where it was given back just now.
    culprit = now.resources[resource].last
    if phase == RUN_TASK or not sets_up(problem, block):
        state.cause, state.culprit = cause, culprit
    else:
        state.setup_cause, state.setup_culprit = cause, culprit
    look_at(now, block)


@lean_kernel
def revoke(problem: Any, now: Any, task: int) -> None:
    """Take a turn back, as somebody else goes first."""
    if not now.tasks[task].granted:
        return
    now.tasks[task].granted = False
    block = problem.tasks[task].block
    if problem.tasks[task].phase == RUN_TASK:
        now.blocks[block].awaits += 1
    else:
        now.blocks[block].waits += 1


@lean_kernel
def sets_up(problem: Any, block: int) -> bool:
    """Whether a block has a setup in the plan."""
    return problem.blocks[block].setup_start < problem.blocks[block].start


@lean_kernel
def unlink(now: Any, task: int) -> None:
    """Take a task out of the list of its resource."""
    before, after, resource = now.tasks[task].before, now.tasks[task].after, now.tasks[task].resource
    if before >= 0:
        now.tasks[before].after = after
    else:
        now.resources[resource].head = after
    if after >= 0:
        now.tasks[after].before = before


@lean_kernel
def take(problem: Any, now: Any, block: int, phase: int) -> None:
    """Take the resources of a block's setup, or those that its run still needs."""
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        if (problem.tasks[task].phase == RUN_TASK) != (phase == RUN_TASK):
            continue
        resource = now.tasks[task].resource
        # Somebody who stands in is taken already.
        if now.resources[resource].busy == block:
            continue
        unlink(now, task)
        now.resources[resource].busy = block
        if now.resources[resource].impatient:
            now.resources[resource].impatient = False
            now.counts[IMPATIENTS] -= 1


@lean_kernel
def give_back(problem: Any, now: Any, task: int) -> None:
    """Give a resource to whoever is next on its list."""
    resource, block = now.tasks[task].resource, problem.tasks[task].block
    if now.resources[resource].busy != block:
        return
    now.resources[resource].busy = -1
    now.resources[resource].last = block
    offer(problem, now, resource)


@lean_kernel
def offer(problem: Any, now: Any, resource: int) -> None:
    """Tell the first of a resource's list that it is free; where the floor may skip, it waits only so long."""
    head = now.resources[resource].head
    if head < 0:
        return
    grant(problem, now, head)
    if problem.options[0].mode == SKIP and problem.resources[resource].kind == PLACE:
        block = problem.tasks[head].block
        moment = max(now.counts[NOW], problem.blocks[block].setup_start) + problem.options[0].patience
        now.resources[resource].event = moment
        expect(now, moment, IMPATIENT, resource)


@lean_kernel
def stretch(problem: Any, now: Any, block: int) -> None:
    """Go on with the setup or run of a block for the seconds that are left of it, until its end or a failure."""
    what, state = problem.blocks[block], now.blocks[block]
    machine, moment = what.machine, now.counts[NOW]
    phase = SETUP_TASK if state.stage == SETTING_UP else RUN_TASK
    list_calendars(problem, now, block, phase)
    straight = phase == RUN_TASK and not what.may_pause
    state.paused, state.due = False, False
    begin = moment
    if straight:
        # A run that may not pause begins where it would fit; once begun, it goes on over any break.
        if not state.worked:
            begin = fitting_moment(problem, now, moment, what.run)
        end = begin + state.left if begin < NEVER else NEVER
    else:
        if state.left > 0 and (now.counts[USED] > 0 or now.counts[CREW] > 0):
            begin, _ = next_open(problem, now, moment)
        end = finish_of(problem, now, begin, state.left) if begin < NEVER else NEVER
    if end >= NEVER:
        now.counts[STATUS], now.counts[REASON] = NO_TIME, block
        return
    state.begun, state.event = begin, end
    if not state.worked:
        if phase == SETUP_TASK:
            state.setup_start = begin
        else:
            state.start = begin
            state.setup_start = state.setup_start if state.setup > 0 else begin
    if problem.machines[machine].single and has_failures(problem, machine):
        left = soonest(problem, now, machine)
        if left < state.left:
            moment = begin + left if straight else finish_of(problem, now, begin, left)
            state.event, now.machines[machine].event = -1, moment
            expect(now, moment, FAILS, machine)
            tell_followers(problem, now, block)
            return
    elif has_failures(problem, machine) and now.machines[machine].span < 0:
        begin_span(problem, now, machine)
    expect(now, end, BLOCK_EVENT, block)
    tell_followers(problem, now, block)


@lean_kernel
def has_failures(problem: Any, machine: int) -> bool:
    """Whether a machine can fail at all."""
    return (
        problem.options[0].failures
        and problem.machines[machine].first_failure < problem.machines[machine + 1].first_failure
    )


@lean_kernel
def soonest(problem: Any, now: Any, machine: int) -> int:
    """Seconds of work until the next failure of a machine by its running clock; NEVER when it has none."""
    left = NEVER
    for mode in range(problem.machines[machine].first_failure, problem.machines[machine + 1].first_failure):
        if not problem.failures[mode].calendar_clock and not now.failures[mode].down:
            left = min(left, now.failures[mode].left)
    return left


@lean_kernel
def age(problem: Any, now: Any, machine: int, seconds: int) -> None:
    """Let the running clocks of a machine go on."""
    for mode in range(problem.machines[machine].first_failure, problem.machines[machine + 1].first_failure):
        if not problem.failures[mode].calendar_clock and not now.failures[mode].down:
            now.failures[mode].left -= seconds


@lean_kernel
def tell_followers(problem: Any, now: Any, block: int) -> None:
    """Let followers that put off their setup look again, as it is now known when this block ends."""
    if now.blocks[block].stage == SETTING_UP:
        return
    for at in range(problem.blocks[block].first_member, problem.blocks[block + 1].first_member):
        step = problem.members[at]
        for follow in range(problem.steps[step].first_follow, problem.steps[step + 1].first_follow):
            other = problem.follows[follow].block
            if now.blocks[other].stage == WAITING and now.blocks[other].waits == 0 and sets_up(problem, other):
                look_at(now, other)


@lean_kernel
def settle(problem: Any, now: Any, block: int) -> None:
    """Count what a block has worked since its stretch began, and stop there."""
    state, machine = now.blocks[block], problem.blocks[block].machine
    phase = SETUP_TASK if state.stage == SETTING_UP else RUN_TASK
    straight = phase == RUN_TASK and not problem.blocks[block].may_pause
    moment = now.counts[NOW]
    if straight:
        worked = max(moment - state.begun, 0)
    else:
        list_calendars(problem, now, block, phase)
        worked = worked_between(problem, now, state.begun, moment)
    worked = min(worked, state.left)
    book_work(problem, now, machine, phase, worked, state.begun, straight)
    state.left -= worked
    state.worked = state.worked or worked > 0
    state.event = -1
    if problem.machines[machine].single:
        age(problem, now, machine, worked)


@lean_kernel
def changeover_seconds(problem: Any, now: Any, block: int) -> int:
    """The changeover before a block, from the family that its machine is set up for."""
    what = problem.blocks[block]
    family = now.machines[what.machine].family
    if not problem.machines[what.machine].single or what.running or what.family < 0 or family < 0:
        return 0
    return problem.switches[problem.machines[what.machine].matrix, family, what.family].seconds


@lean_kernel
def full_setup(problem: Any, now: Any, block: int) -> int:
    """Planned seconds of a block's setup as the machine is now: the longest of its operations', and the changeover."""
    longest = 0
    for at in range(problem.blocks[block].first_member, problem.blocks[block + 1].first_member):
        longest = max(longest, problem.steps[problem.members[at]].setup)
    return longest + changeover_seconds(problem, now, block)


@lean_kernel
def begin_setup(problem: Any, now: Any, block: int) -> None:
    """Take machine, tools and setters, and set up."""
    what, state = problem.blocks[block], now.blocks[block]
    machine = now.machines[what.machine]
    state.changeover = changeover_seconds(problem, now, block)
    lead = problem.members[what.first_member]
    state.setup = whole(full_setup(problem, now, block) * setup_factor(problem, now, lead))
    take(problem, now, block, SETUP_TASK)
    if state.jumps:
        # Out of turn nobody keeps the others of the crew free for it.
        take(problem, now, block, RUN_TASK)
    if problem.machines[what.machine].single and what.family >= 0:
        machine.family = what.family
    state.stage, state.left, state.worked = SETTING_UP, state.setup, False
    machine.holding += 1
    machine.working += 1
    machine.setting += 1
    show_state(problem, now, what.machine)
    state.due = True


@lean_kernel
def begin_run(problem: Any, now: Any, block: int) -> None:
    """Take what the run needs, and run; the first stretch ends with the first transfer batch where there is one."""
    what, state = problem.blocks[block], now.blocks[block]
    machine = now.machines[what.machine]
    if state.stage == WAITING:
        take(problem, now, block, SETUP_TASK)
        machine.holding += 1
        if problem.machines[what.machine].single and what.family >= 0:
            machine.family = what.family
    take(problem, now, block, RUN_TASK)
    seconds = 0
    for at in range(what.first_member, problem.blocks[block + 1].first_member):
        seconds = max(seconds, run_seconds(problem, now, problem.members[at], 0))
    state.first_run, state.run, state.left, state.rest, state.worked = seconds, seconds, seconds, 0, False
    state.stage = RUNNING
    if what.transfer < 1.0:
        first = min(whole_up(seconds * what.transfer), seconds)
        state.stage, state.left, state.rest = FIRST_PART, first, seconds - first
    machine.working += 1
    show_state(problem, now, what.machine)
    state.due, state.fresh = True, True


@lean_kernel
def watch_waits(problem: Any, now: Any, block: int) -> None:
    """Count goods that waited longer than they may when a run begins."""
    state = now.blocks[block]
    state.fresh = False
    for arc in range(problem.blocks[block].first_arc, problem.blocks[block + 1].first_arc):
        longest = problem.arcs[arc].longest
        if longest >= 0 and state.start > now.steps[problem.arcs[arc].step].end + longest:
            now.counts[BROKEN_WAITS] += 1


@lean_kernel
def whole_up(seconds: float) -> int:
    """Whole seconds, rounded up."""
    below = int(seconds)
    return below if below == seconds else below + 1


@lean_kernel
def begin_span(problem: Any, now: Any, machine: int) -> None:
    """Where several work side by side, the running clock of the machine goes on while any of them works."""
    state = now.machines[machine]
    state.span = now.counts[NOW]
    left = soonest(problem, now, machine)
    if left < NEVER:
        now.counts[USED], now.counts[CREW] = 0, 0
        if problem.machines[machine].calendar != 0:
            now.used[0, 0] = problem.machines[machine].calendar
            now.counts[USED] = 1
        state.event = finish_of(problem, now, state.span, left)
        if state.event < NEVER:
            expect(now, state.event, FAILS, machine)


@lean_kernel
def end_span(problem: Any, now: Any, machine: int) -> None:
    """Stop the running clock of a machine on which several worked side by side."""
    state = now.machines[machine]
    if state.span < 0:
        return
    now.counts[USED], now.counts[CREW] = 0, 0
    if problem.machines[machine].calendar != 0:
        now.used[0, 0] = problem.machines[machine].calendar
        now.counts[USED] = 1
    age(problem, now, machine, worked_between(problem, now, state.span, now.counts[NOW]))
    state.span, state.event = -1, -1
