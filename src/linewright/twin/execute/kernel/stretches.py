"""Kernels for stretches of work between two interruptions: when one ends, and what was worked in it."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute.kernel.clock import finish_of, fitting_moment, list_calendars, next_open, worked_between
from linewright.twin.execute.kernel.meters import book_work
from linewright.twin.execute.kernel.turns import expect, look_at, sets_up
from linewright.twin.execute.records import (
    BLOCK_EVENT,
    CREW,
    FAILS,
    NO_TIME,
    NOW,
    REASON,
    RUN_TASK,
    SETTING_UP,
    SETUP_TASK,
    STATUS,
    USED,
    WAITING,
)


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
