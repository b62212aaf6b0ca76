"""Kernels for what happens: work ends, goods arrive, machines fail and are repaired."""

from __future__ import annotations

from math import ceil
from typing import Any

from linewright.shop.chance import uniform
from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute.kernel.clock import finish_of, list_calendars
from linewright.twin.execute.kernel.draws import good_units, run_seconds
from linewright.twin.execute.kernel.gates import wake
from linewright.twin.execute.kernel.meters import draw, show_state
from linewright.twin.execute.kernel.stretches import end_span, settle
from linewright.twin.execute.kernel.turns import expect, give_back, look_at
from linewright.twin.execute.records import (
    ARRIVAL,
    BLOCK_EVENT,
    BY_BEFORE,
    BY_SETUP,
    DONE,
    FIRST_PART,
    HELD,
    LEFT,
    LOOSE_AT,
    NOW,
    PREPARED,
    REPLICATION,
    RUN_TASK,
    RUNNING,
    SETTING_UP,
    SETUP_TASK,
    STRICT,
)

#: A run is not repeated more often than this.
MOST_REPEATS = 1000


@lean_kernel
def stretch_ends(problem: Any, now: Any, block: int) -> None:
    """The setup, the first transfer batch or the run of a block is done, or its last transfer batch was worked."""
    state, machine = now.blocks[block], problem.blocks[block].machine
    if state.event != now.counts[NOW]:
        return
    if state.stage == HELD:
        complete(problem, now, block)
        return
    settle(problem, now, block)
    if state.stage == FIRST_PART:
        hand_over(problem, now, block)
        state.stage, state.left, state.rest, state.due = RUNNING, state.rest, 0, True
        look_at(now, block)
        return
    if state.stage == RUNNING and again(problem, now, block):
        state.due = True
        look_at(now, block)
        return
    if now.machines[machine].working == 1:
        end_span(problem, now, machine)
    now.machines[machine].working -= 1
    if state.stage == SETTING_UP:
        now.machines[machine].setting -= 1
        state.stage = PREPARED
        if state.awaits == 0:
            state.cause, state.culprit = BY_SETUP, block
        for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
            if problem.tasks[task].phase == SETUP_TASK:
                give_back(problem, now, task)
        look_at(now, block)
    else:
        hold_or_complete(problem, now, block)
    show_state(problem, now, machine)


@lean_kernel
def again(problem: Any, now: Any, block: int) -> bool:
    """Whether the run of one of a block's operations must be repeated in whole."""
    state = now.blocks[block]
    if not problem.options[0].rework or state.repeats >= MOST_REPEATS:
        return False
    repeated = False
    seconds = 0
    for at in range(problem.blocks[block].first_member, problem.blocks[block + 1].first_member):
        step = problem.members[at]
        share, cause = problem.steps[step].rework, problem.steps[step].rework_cause
        if share > 0.0 and uniform(problem.options[0].seed, cause, now.counts[REPLICATION], state.repeats) < share:
            repeated = True
        seconds = max(seconds, run_seconds(problem, now, step, state.repeats + 1))
    if repeated:
        state.repeats += 1
        state.again += seconds
        state.left = seconds
    return repeated


@lean_kernel
def hand_over(problem: Any, now: Any, block: int) -> None:
    """The first transfer batch goes to those who wait for it."""
    step = problem.members[problem.blocks[block].first_member]
    for follow in range(problem.steps[step].first_follow, problem.steps[step + 1].first_follow):
        if problem.follows[follow].share < 1.0:
            send(problem, now, follow, step)


@lean_kernel
def send(problem: Any, now: Any, follow: int, step: int) -> None:
    """Goods leave for the next block, and arrive after wait and transport."""
    lag = problem.follows[follow].lag
    if lag > 0:
        expect(now, now.counts[NOW] + lag, ARRIVAL, follow)
    else:
        arrive(problem, now, follow)


@lean_kernel
def arrive(problem: Any, now: Any, follow: int) -> None:
    """Something that a block waited for is there."""
    block = problem.follows[follow].block
    state = now.blocks[block]
    state.arcs -= 1
    state.awaits -= 1
    state.cause, state.culprit = BY_BEFORE, problem.steps[problem.follows[follow].step].block
    if state.arcs == 0 and problem.options[0].mode != STRICT and state.ready_floor > now.counts[NOW]:
        wake(now, block, state.ready_floor)
    look_at(now, block)


@lean_kernel
def hold_or_complete(problem: Any, now: Any, block: int) -> None:
    """A run that overlaps with the one before ends only after the last transfer batch has been worked, too."""
    what, state, finish = problem.blocks[block], now.blocks[block], now.counts[NOW]
    state.stage = HELD
    for arc in range(what.first_arc, problem.blocks[block + 1].first_arc):
        if problem.arcs[arc].share >= 1.0:
            continue
        end = now.steps[problem.arcs[arc].step].end
        if end < 0:
            # It is looked at again when that operation ends.
            state.event = -1
            return
        list_calendars(problem, now, block, RUN_TASK)
        last_part = ceil(state.run * problem.arcs[arc].share)
        finish = max(finish, finish_of(problem, now, end + problem.arcs[arc].lag, last_part))
    state.event = finish
    if finish == now.counts[NOW]:
        complete(problem, now, block)
    elif finish < NEVER:
        expect(now, finish, BLOCK_EVENT, block)


@lean_kernel
def complete(problem: Any, now: Any, block: int) -> None:
    """A block is done: its goods go on, and everything that it held goes to whoever is next."""
    what, state, moment = problem.blocks[block], now.blocks[block], now.counts[NOW]
    machine = now.machines[what.machine]
    state.stage, state.end, state.event = DONE, moment, -1
    machine.holding -= 1
    machine.nominal += what.run * (1 + state.repeats)
    now.counts[LEFT] -= 1
    members = problem.blocks[block + 1].first_member - what.first_member
    for at in range(what.first_member, problem.blocks[block + 1].first_member):
        step = problem.members[at]
        now.steps[step].start, now.steps[step].end = state.start, moment
        now.steps[step].good = good_units(problem, now, step)
        count_energy(problem, now, block, step, members)
        for follow in range(problem.steps[step].first_follow, problem.steps[step + 1].first_follow):
            if problem.follows[follow].share >= 1.0:
                send(problem, now, follow, step)
            else:
                other = problem.follows[follow].block
                if now.blocks[other].stage == HELD and now.blocks[other].event < 0:
                    hold_or_complete_other(problem, now, other)
    show_state(problem, now, what.machine)
    for task in range(what.first_task, problem.blocks[block + 1].first_task):
        give_back(problem, now, task)
    if moment > what.latest_end and now.counts[LOOSE_AT] < 0:
        now.counts[LOOSE_AT] = moment


@lean_kernel
def hold_or_complete_other(problem: Any, now: Any, block: int) -> None:
    """A block that is held looks again, at the same moment but after what happens now."""
    now.blocks[block].event = now.counts[NOW]
    expect(now, now.counts[NOW], BLOCK_EVENT, block)


@lean_kernel
def count_energy(problem: Any, now: Any, block: int, step: int, members: int) -> None:
    """Give an operation's energy to its job, and the process's own energy to the machine's meter, too."""
    what, state, machine = problem.steps[step], now.blocks[block], problem.blocks[block].machine
    meter = now.machines[machine]
    own = what.kwh * (1 + state.repeats)
    worked = state.first_run + state.again
    drawn = problem.machines[machine].setup_kw * state.setup + problem.machines[machine].run_kw * worked
    now.kwh[what.job] += drawn / 3600.0 / members + own
    if own > 0.0:
        draw(problem, now, machine, own, state.start, state.end)
    good = now.steps[step].good / what.units if what.units > 0.0 else 1.0
    meter.made += what.run / members * (1 + state.repeats)
    meter.good += what.run / members * good
