"""Kernels for failures: machines stop, crews repair them one after the other, work is taken up again."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute.kernel.draws import repair_seconds, up_seconds
from linewright.twin.execute.kernel.meters import show_state
from linewright.twin.execute.kernel.stretches import end_span, settle
from linewright.twin.execute.kernel.turns import expect, look_at
from linewright.twin.execute.records import AGED, NOW, PREPARED, REPAIRED, RUNNING, SETTING_UP


@lean_kernel
def fails(problem: Any, now: Any, machine: int, mode: int) -> None:
    """The running clock of a machine has come to a failure, or (`mode` given) a calendar clock has."""
    if mode >= 0:
        if now.failures[mode].event != now.counts[NOW] or now.failures[mode].down:
            return
        machine = problem.failures[mode].machine
    elif now.machines[machine].event != now.counts[NOW]:
        return
    stop(problem, now, machine)
    if mode >= 0:
        break_down(problem, now, mode)
    else:
        for own in range(problem.machines[machine].first_failure, problem.machines[machine + 1].first_failure):
            state = now.failures[own]
            if not problem.failures[own].calendar_clock and not state.down and state.left <= 0:
                break_down(problem, now, own)
    show_state(problem, now, machine)


@lean_kernel
def stop(problem: Any, now: Any, machine: int) -> None:
    """Stop the work of a machine where it is."""
    if now.machines[machine].down > 0:
        return
    first = problem.machines[machine].first_resource
    for resource in range(first, first + problem.machines[machine].resources):
        block = now.resources[resource].busy
        if block < 0 or now.blocks[block].paused:
            continue
        stage = now.blocks[block].stage
        if SETTING_UP <= stage <= RUNNING and stage != PREPARED:
            settle(problem, now, block)
            now.blocks[block].paused = True
            now.blocks[block].stop_since = now.counts[NOW]
    if now.machines[machine].working > 0:
        end_span(problem, now, machine)
    now.machines[machine].event = -1


@lean_kernel
def break_down(problem: Any, now: Any, mode: int) -> None:
    """A machine is down until it is repaired; whoever repairs it comes in the order of the calls."""
    state, crew = now.failures[mode], problem.failures[mode].crew
    machine = now.machines[problem.failures[mode].machine]
    machine.down += 1
    machine.repairs += 1
    state.down, state.event, state.next = True, -1, -1
    if crew < 0:
        begin_repair(problem, now, mode)
    elif now.crews[crew].free > 0:
        now.crews[crew].free -= 1
        begin_repair(problem, now, mode)
    else:
        if now.crews[crew].last >= 0:
            now.failures[now.crews[crew].last].next = mode
        else:
            now.crews[crew].first = mode
        now.crews[crew].last = mode


@lean_kernel
def begin_repair(problem: Any, now: Any, mode: int) -> None:
    """The repair begins."""
    moment = now.counts[NOW] + repair_seconds(problem, now, mode)
    now.failures[mode].event = moment
    expect(now, moment, REPAIRED, mode)


@lean_kernel
def repaired(problem: Any, now: Any, mode: int) -> None:
    """A repair is done: the crew goes to the next call, and work is taken up where it stopped."""
    state, crew = now.failures[mode], problem.failures[mode].crew
    machine = problem.failures[mode].machine
    state.down = False
    state.count += 1
    renew(problem, now, mode)
    if crew >= 0:
        other = now.crews[crew].first
        if other >= 0:
            now.crews[crew].first = now.failures[other].next
            if now.crews[crew].first < 0:
                now.crews[crew].last = -1
            begin_repair(problem, now, other)
        else:
            now.crews[crew].free += 1
    now.machines[machine].down -= 1
    if now.machines[machine].down == 0:
        take_up(problem, now, machine)
    show_state(problem, now, machine)


@lean_kernel
def renew(problem: Any, now: Any, mode: int) -> None:
    """Draw when a failure mode strikes next."""
    seconds = up_seconds(problem, now, mode)
    now.failures[mode].left = seconds
    if problem.failures[mode].calendar_clock and seconds < NEVER:
        now.failures[mode].event = now.counts[NOW] + seconds
        expect(now, now.failures[mode].event, AGED, mode)


@lean_kernel
def take_up(problem: Any, now: Any, machine: int) -> None:
    """Go on with all that stopped on a machine, and look at what waited for it."""
    first = problem.machines[machine].first_resource
    for resource in range(first, first + problem.machines[machine].resources):
        block = now.resources[resource].busy
        if block >= 0 and now.blocks[block].paused:
            state = now.blocks[block]
            if state.stage == SETTING_UP:
                state.setup_down += now.counts[NOW] - state.stop_since
            else:
                state.run_down += now.counts[NOW] - state.stop_since
            state.paused, state.due = False, True
            look_at(now, block)
        elif block >= 0:
            look_at(now, block)
        elif now.resources[resource].head >= 0:
            look_at(now, problem.tasks[now.resources[resource].head].block)
