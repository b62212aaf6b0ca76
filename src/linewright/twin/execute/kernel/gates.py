"""Kernels that decide whether a block may go on: turns, dates, what comes before, who is there; and who may skip."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute.kernel.clock import common_window, day_at, is_absent, list_calendars, present_from
from linewright.twin.execute.kernel.turns import expect, grant, revoke, sets_up, unlink
from linewright.twin.execute.kernel.work import begin_run, begin_setup, full_setup
from linewright.twin.execute.records import (
    CREW,
    HELD,
    LOOSE,
    NOW,
    PREPARED,
    RUN_TASK,
    SETUP_TASK,
    SOMEBODY,
    TIMER,
    USED,
    WAITING,
    WHOLE_TASK,
)


@lean_kernel
def wake(now: Any, block: int, moment: int) -> None:
    """Look at a block again at a moment."""
    if now.blocks[block].timer != moment:
        now.blocks[block].timer = moment
        expect(now, moment, TIMER, block)


@lean_kernel
def proceed(problem: Any, now: Any, block: int) -> None:
    """Let a block go on as far as it may."""
    state = now.blocks[block]
    if state.stage != WAITING and state.stage != PREPARED:  # noqa: PLR1714 - numbers, not tuples, in kernels
        return
    if now.machines[problem.blocks[block].machine].down > 0:
        # It is looked at again when the machine is repaired.
        if state.waits == 0 and state.stuck_since < 0 and (state.awaits == 0 or sets_up(problem, block)):
            what = problem.blocks[block]
            planned = what.setup_start if state.stage == WAITING else what.start
            state.stuck_since = max(now.counts[NOW], planned)
        return
    if state.stage == WAITING:
        if state.waits > 0:
            return
        loose = now.counts[LOOSE] > 0
        if loose and state.arcs == 0 and not state.jumps:
            return
        if full_setup(problem, now, block) > 0:
            if may_set_up(problem, now, block):
                begin_setup(problem, now, block)
            return
    if state.awaits == 0 and may_run(problem, now, block):
        begin_run(problem, now, block)


@lean_kernel
def may_set_up(problem: Any, now: Any, block: int) -> bool:
    """Whether setup begins now: not before the plan, and later where what comes before is known to be late."""
    what, state, moment = problem.blocks[block], now.blocks[block], now.counts[NOW]
    if not state.jumps:
        begin = what.setup_start if sets_up(problem, block) else what.start
        begin = max(begin, setup_moment(problem, now, block))
        if begin >= NEVER:
            return False
        if moment < begin:
            wake(now, block, begin)
            return False
    if not all_present(problem, now, block, SETUP_TASK):
        return False
    waited(now, block)
    return True


@lean_kernel
def setup_moment(problem: Any, now: Any, block: int) -> int:
    """When to set up so that it is not done long before what comes before arrives; NEVER while that is unknown.

    An operation that should run by now and does not will tell when it begins. Only what the plan begins before this
    setup is waited for, so that nothing waits in a circle.
    """
    what, latest = problem.blocks[block], 0
    if not sets_up(problem, block):
        return 0
    for arc in range(what.first_arc, problem.blocks[block + 1].first_arc):
        if problem.arcs[arc].share < 1.0:
            continue
        before = problem.steps[problem.arcs[arc].step].block
        other = now.blocks[before]
        if other.stage >= HELD or problem.blocks[before].start >= what.setup_start:
            continue
        if other.stage <= PREPARED or other.event < 0:
            return NEVER
        arrival = other.event + other.rest + problem.arcs[arc].lag
        latest = max(latest, what.setup_start + arrival - what.start)
    return latest


@lean_kernel
def may_run(problem: Any, now: Any, block: int) -> bool:
    """Whether the run begins now."""
    state, moment = now.blocks[block], now.counts[NOW]
    begin = state.ready_floor
    if not state.jumps and now.counts[LOOSE] == 0:
        begin = max(begin, problem.blocks[block].start)
    if moment < begin:
        wake(now, block, begin)
        return False
    if not all_present(problem, now, block, RUN_TASK):
        return False
    waited(now, block)
    return True


@lean_kernel
def waited(now: Any, block: int) -> None:
    """Count how long a block waited for a repair, or for somebody absent, when all else was ready."""
    state, moment = now.blocks[block], now.counts[NOW]
    if state.stuck_since >= 0:
        state.wait_down += max(moment - state.stuck_since, 0)
        state.stuck_since = -1
    if state.absent_since >= 0:
        state.wait_absent += moment - state.absent_since
        state.absent_since = -1


@lean_kernel
def all_present(problem: Any, now: Any, block: int, phase: int) -> bool:
    """Whether everybody whom a phase needs is there on that day, or somebody free stands in; else look again later."""
    if not problem.options[0].absence:
        return True
    list_calendars(problem, now, block, phase)
    if now.counts[CREW] == 0:
        return True
    begin, _ = common_window(problem, now, now.counts[NOW])
    if begin >= NEVER:
        return True
    state, missing = now.blocks[block], -1
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        resource, other = now.tasks[task].resource, SETUP_TASK if phase == RUN_TASK else RUN_TASK
        if problem.resources[resource].kind != SOMEBODY or problem.tasks[task].phase == other:
            continue
        person = problem.resources[resource].owner
        if problem.people[person].absence <= 0.0 or now.resources[resource].busy == block:
            continue
        if not is_absent(problem, now, person, day_at(problem, person, begin)):
            continue
        substitute = stand_in(problem, now, task, begin)
        if substitute < 0:
            missing = person
            break
        now.tasks[task].stand_in = substitute
        now.resources[substitute].busy = block
    # Nobody is kept for a block that does not begin at once, or work would wait for each other in a circle.
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        substitute = now.tasks[task].stand_in
        now.tasks[task].stand_in = -1
        if substitute >= 0 and missing >= 0:
            now.resources[substitute].busy = -1
        elif substitute >= 0:
            swap(problem, now, task, substitute)
    if missing < 0:
        return True
    state.absent = missing
    if state.absent_since < 0:
        state.absent_since = now.counts[NOW]
    wake(now, block, max(present_from(problem, now, missing, begin), now.counts[NOW] + 1))
    return False


@lean_kernel
def stand_in(problem: Any, now: Any, task: int, begin: int) -> int:
    """Another qualified person who is free for an absent person's place and has none in the block; -1 without one.

    Whoever stands in from setup to end must not be needed elsewhere before: then everything before has arrived, and
    all that the run needs has its turn.
    """
    group, block = problem.tasks[task].group, problem.tasks[task].block
    if group < 0 or (problem.tasks[task].phase == WHOLE_TASK and now.blocks[block].awaits > 0):
        return -1
    site = problem.people[problem.resources[now.tasks[task].resource].owner].site
    for entry in range(problem.first_qualified[group], problem.first_qualified[group + 1]):
        person = problem.qualified[entry].person
        resource = problem.people[person].resource
        if now.resources[resource].busy >= 0 or problem.people[person].site != site:
            continue
        if has_seat(problem, now, block, resource):
            continue
        if problem.qualified[entry].since > begin or problem.qualified[entry].until <= begin:
            continue
        if problem.people[person].absence > 0.0 and is_absent(problem, now, person, day_at(problem, person, begin)):
            continue
        calendar = problem.people[person].calendar
        if calendar != 0:
            now.used[0, 0] = calendar
            now.counts[USED], now.counts[CREW] = 1, 0
            opens, _ = common_window(problem, now, begin)
            if opens > begin:
                continue
        return resource
    return -1


@lean_kernel
def has_seat(problem: Any, now: Any, block: int, resource: int) -> bool:
    """Whether a resource is one of those that a block needs."""
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        if now.tasks[task].resource == resource:
            return True
    return False


@lean_kernel
def swap(problem: Any, now: Any, task: int, resource: int) -> None:
    """Give a task that has its turn to another person, who begins at once."""
    absent, block = now.tasks[task].resource, problem.tasks[task].block
    unlink(now, task)
    head = now.resources[resource].head
    if head >= 0:
        revoke(problem, now, head)
    now.tasks[task].resource = resource
    now.tasks[task].before, now.tasks[task].after = -1, -1
    now.resources[resource].busy = block
    head = now.resources[absent].head
    if head >= 0 and now.resources[absent].busy < 0:
        grant(problem, now, head)
