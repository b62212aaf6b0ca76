"""Kernels for work out of turn: where patience is used up, or an order is projected too late."""

from __future__ import annotations

import math
from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.twin.execute.kernel.turns import grant, look_at, revoke
from linewright.twin.execute.kernel.work import full_setup
from linewright.twin.execute.records import LOOSE, NOW, PLACE, WAITING


@lean_kernel
def dispatch(problem: Any, now: Any) -> int:
    """A block that an idle place may take out of turn, which has its turn now; -1 when there is none.

    With patience used up that is the next ready of the plan's sequence; once an order is projected too late, the one
    that a dispatch rule ranks first.
    """
    loose = now.counts[LOOSE] > 0
    for resource in range(problem.resources.size):
        if problem.resources[resource].kind != PLACE:
            break
        state = now.resources[resource]
        if state.busy >= 0 or not (loose or state.impatient):
            continue
        if now.machines[problem.resources[resource].owner].down > 0:
            continue
        best, best_rank = -1, math.inf
        task = state.head
        while task >= 0:
            block = problem.tasks[task].block
            if is_ready(problem, now, block):
                value = rank(problem, now, block) if loose else 0.0
                if best < 0 or value < best_rank:
                    best, best_rank = block, value
                if not loose:
                    break
            task = now.tasks[task].after
        if best >= 0:
            jump(problem, now, best)
            return best
    return -1


@lean_kernel
def is_ready(problem: Any, now: Any, block: int) -> bool:
    """Whether a block could begin at once: everything before has arrived, and everything that it needs is free."""
    state = now.blocks[block]
    if state.stage != WAITING or state.arcs > 0 or state.ready_floor > now.counts[NOW]:
        return False
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        if now.resources[now.tasks[task].resource].busy >= 0:
            return False
    return state.timer <= now.counts[NOW] or state.absent_since < 0


@lean_kernel
def jump(problem: Any, now: Any, block: int) -> None:
    """Give a ready block its turn everywhere, before those whose turn it is."""
    now.blocks[block].jumps = True
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        if not now.tasks[task].granted:
            head = now.resources[now.tasks[task].resource].head
            if head >= 0:
                revoke(problem, now, head)
            grant(problem, now, task)
    look_at(now, block)


@lean_kernel
def jump_back(problem: Any, now: Any, block: int) -> None:
    """Somebody is absent: the turns go back to those who had them."""
    now.blocks[block].jumps = False
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        resource = now.tasks[task].resource
        head = now.resources[resource].head
        if head != task and now.resources[resource].busy < 0:
            revoke(problem, now, task)
            if head >= 0:
                grant(problem, now, head)


@lean_kernel
def rank(problem: Any, now: Any, block: int) -> float:
    """The rank of a ready block, least first: its due date (EDD), or its apparent tardiness cost (ATC) reversed.

    ATC as in Vepsalainen and Morton (1987), Management Science 33(8): weight over work, discounted by the slack.
    """
    what = problem.blocks[block]
    if problem.options[0].rule == 0:
        return float(what.due)
    work = float(what.run + full_setup(problem, now, block)) + 1.0
    slack = max(float(what.due) - work - float(now.counts[NOW]), 0.0)
    mean_work = max(problem.options[0].mean_work, 1.0)
    return -(what.weight + 1e-9) / work * math.exp(-min(slack / (problem.options[0].look_ahead * mean_work), 700.0))
