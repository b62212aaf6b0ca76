"""Kernels that hand resources on: turns, who has what, and whom to look at."""

from __future__ import annotations

from typing import Any

from linewright.shop.heap import push
from linewright.shop.kernels import lean_kernel
from linewright.twin.execute.records import (
    BY_MACHINE,
    BY_PERSON,
    BY_TOOL,
    DONE,
    IMPATIENT,
    IMPATIENTS,
    NOW,
    PLACE,
    QUEUE_FIRST,
    QUEUED,
    RUN_TASK,
    SEQUENCE,
    SKIP,
    SOMEBODY,
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
