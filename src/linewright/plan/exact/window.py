"""A window of a plan ordered anew with constraint programming: a proposal that the timetable has to confirm."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.model.results import Weights
from linewright.plan.exact.arcs import add_arcs
from linewright.plan.exact.axis import axis_of
from linewright.plan.exact.crews import add_people, add_tools
from linewright.plan.exact.cut import Window, cut
from linewright.plan.exact.draft import Draft, add_operations
from linewright.plan.exact.goal import Goal, add_money
from linewright.plan.exact.machines import add_machines, switching_machines
from linewright.shop.arrays import Arrays
from linewright.shop.working_time import NEVER

#: How far past its present end a window may reach, as a share of its length.
ROOM = 0.3


def solve_window(
    shop: Arrays, window: Window, weights: Weights, move_cost: float, *, effort: float, seed: int
) -> tuple[Any, Any] | None:
    """Run starts (seconds) and modes for the operations of a window; None when nothing better was found in time.

    `effort` is deterministic time, so that the same call gives the same answer. What other work takes of people and
    tools inside the window is left out, and what the delay of later work costs is estimated: the answer is a
    proposal.
    """
    from ortools.sat.python import cp_model

    part, mode_of = cut(shop, window)
    switching = switching_machines(part)
    axis = axis_of(part, bool(switching), [])
    first, last = int(window.start.min()), int(window.end.max())
    horizon = int(axis.at(np.array(last + int(ROOM * (last - first)))))
    draft = Draft(part, axis, horizon, cp_model.CpModel(), np.minimum(axis.at(window.release), horizon))
    add_operations(draft, np.full(draft.size, horizon), switching)
    add_arcs(draft)
    priced = add_machines(draft, switching)
    add_tools(draft)
    add_people(draft)
    _wait_for_machines(draft, window)
    goal = Goal()
    add_money(draft, goal, weights, priced, move_cost)
    _add_dates(draft, goal, window, _common(draft, goal, window))
    _add_hint(draft, window, mode_of)
    goal.minimise(draft, goal.always, np.inf)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    if solver.solve(draft.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    start = np.array([solver.value(one) for one in draft.start], np.int64)
    chosen = [next(one for one, literal in own.items() if solver.value(literal)) for own in draft.mode]
    return np.asarray(axis.starts(start)), mode_of[chosen]


def _wait_for_machines(draft: Draft, window: Window) -> None:
    """No block begins before its machine is free of what comes before the window."""
    free = draft.axis.at(np.maximum(window.free, 0))
    for at in range(draft.size):
        for mode, literal in draft.mode[at].items():
            moment = int(free[draft.machine_of(mode)])
            if moment > 0:
                draft.model.add(draft.begin[at] >= moment).only_enforce_if(literal)


def _common(draft: Draft, goal: Goal, window: Window) -> Any:
    """The one lateness that counts when the last end of all is the aim; None when lateness is summed."""
    if not window.together:
        return None
    most = max(draft.horizon, 1)
    late = draft.model.new_int_var(-most, most, "late")
    goal.add(1.0, late + most, 2 * most)
    return late


def _add_dates(draft: Draft, goal: Goal, window: Window, common: Any) -> None:
    """What missing each operation's own date costs, and handing a machine over late to what follows on it."""
    ends = [(draft.end[at], window.due[at], window.rate[at]) for at in range(draft.size)]
    for machine in np.unique(draft.shop.modes.machine).tolist():
        if window.machine_rate[machine] <= 0 or window.machine_due[machine] >= NEVER:
            continue
        over = draft.model.new_int_var(0, draft.horizon, f"over{machine}")
        for at in range(draft.size):
            for mode, literal in draft.mode[at].items():
                if draft.machine_of(mode) == machine:
                    draft.model.add(over >= draft.end[at]).only_enforce_if(literal)
        ends.append((over, window.machine_due[machine], window.machine_rate[machine]))
    for moment, due, rate in ends:
        if rate > 0 and due < NEVER and common is not None:
            draft.model.add(common >= moment - int(draft.axis.at(np.array(int(due)))))
        elif rate > 0 and due < NEVER:
            _late(draft, goal, moment, int(due), float(rate))


def _late(draft: Draft, goal: Goal, moment: Any, due: int, rate: float) -> None:
    """Charge for the time after a date."""
    limit = int(draft.axis.at(np.array(max(due, 0))))
    if limit >= draft.horizon:
        return
    late = draft.model.new_int_var(0, draft.horizon - limit, "late")
    draft.model.add(late >= moment - limit)
    goal.add(rate * draft.axis.unit, late, draft.horizon - limit)


def _add_hint(draft: Draft, window: Window, mode_of: Any) -> None:
    """Tell the solver the current plan."""
    start, end = draft.axis.at(window.start), draft.axis.at(window.end)
    for at in range(draft.size):
        draft.model.add_hint(draft.start[at], int(start[at]))
        draft.model.add_hint(draft.end[at], int(end[at]))
        if len(draft.mode[at]) > 1:
            for mode, literal in draft.mode[at].items():
                draft.model.add_hint(literal, mode_of[mode] == window.mode[at])
