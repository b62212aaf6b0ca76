"""Kernels that begin, interrupt and take up work, and that take and give back what it needs."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.twin.execute.kernel.clock import whole
from linewright.twin.execute.kernel.draws import run_seconds, setup_factor
from linewright.twin.execute.kernel.meters import show_state
from linewright.twin.execute.kernel.turns import take
from linewright.twin.execute.records import BROKEN_WAITS, FIRST_PART, RUN_TASK, RUNNING, SETTING_UP, SETUP_TASK, WAITING


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
