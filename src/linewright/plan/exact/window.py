"""A window of a plan ordered anew with constraint programming: a proposal that the timetable has to confirm.

The model is lean. Moments are working time of the calendar that most of the window's machines follow; an operation
takes as long in it as it does in the current plan, so that no calendar has to be modelled and the current plan is a
solution. What other work takes of people and tools stays where it is. Setups, changeovers, waits, transfer batches,
crews (by the number of people who qualify), tools and the dates of what follows are in the model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Any

import numpy as np

from linewright.plan.exact.goal import whole_numbers
from linewright.plan.exact.machines import switching_machines
from linewright.shop.arrays import SETUP, Arrays
from linewright.shop.working_time import NEVER

#: How far past its present end a window may reach, as a share of its length.
ROOM = 1.0


@dataclass(frozen=True, eq=False)
class Window:
    """Operations that may change, and what the rest of a plan leaves to them (seconds since the plan's start).

    `release` is when all that comes before each operation from outside is done. `due` and `rate`: what a second after
    `due` costs at the end of each operation, by its own demands and by what waits for it outside; with `machine_due`
    and `machine_rate` by what follows on each machine. `free` and `family` are the state of each machine before the
    window; `work` is the whole current plan. With `together` not the sum of what is late
    counts but the most. `mode_cost` is what each mode costs, `changeover_weight` how much changeovers count.
    """

    operations: Any
    release: Any
    due: Any
    rate: Any
    free: Any
    family: Any
    machine_due: Any
    machine_rate: Any
    work: Any
    mode_cost: Any
    changeover_weight: float
    together: bool = False


@dataclass
class Model:
    """A window's model in the making: variables by operation of the window, and the terms of the sum to minimise."""

    shop: Arrays
    window: Window
    model: Any
    clock: WorkingClock
    horizon: int
    start: list[Any] = field(default_factory=list)
    begin: list[Any] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    modes: list[dict[int, Any]] = field(default_factory=list)
    switch: list[Any] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)
    terms: list[Any] = field(default_factory=list)
    most: list[int] = field(default_factory=list)

    def charge(self, amount: float, term: Any, most: int) -> None:
        """Add a term to the sum."""
        if amount > 0 and most > 0:
            self.amounts.append(float(amount))
            self.terms.append(term)
            self.most.append(most)

    def variable(self, low: int, high: int, hint: int) -> Any:
        """A whole number with the value that it has in the current plan."""
        made = self.model.new_int_var(low, max(high, low), "")
        self.model.add_hint(made, min(max(hint, low), max(high, low)))
        return made

    def named(self, sum_of: Any, hint: int) -> Any:
        """A sum as a variable of its own."""
        made = self.variable(-self.horizon, 2 * self.horizon, hint)
        self.model.add(made == sum_of)
        return made

    def yes(self, hint: bool) -> Any:
        """A yes or no with the value that it has in the current plan."""
        made = self.model.new_bool_var("")
        self.model.add_hint(made, hint)
        return made


class WorkingClock:
    """Working seconds of one calendar until any moment."""

    def __init__(self, shop: Arrays, calendar: int) -> None:
        first, end = shop.calendars.index.first_window[calendar : calendar + 2].tolist()
        windows = shop.calendars.windows[first:end]
        self.start, self.worked = windows.start, np.append(0, np.cumsum(windows.end - windows.start))
        self.length, self.always = windows.end - windows.start, calendar == 0

    def at(self, moment: Any) -> Any:
        """Working seconds until a moment, or until each of several."""
        if self.always:
            return np.asarray(moment, np.int64)
        at = np.searchsorted(self.start, moment, side="right") - 1
        inside = np.minimum(np.asarray(moment) - self.start[np.maximum(at, 0)], self.length[np.maximum(at, 0)])
        return np.where(at < 0, 0, self.worked[np.maximum(at, 0)] + inside).astype(np.int64)


def solve_window(shop: Arrays, window: Window, *, effort: float, seed: int) -> tuple[Any, Any] | None:
    """A key by which to order the operations of a window, and their modes; None when nothing better was found.

    `effort` is deterministic time, so that the same call gives the same answer.
    """
    from ortools.sat.python import cp_model

    task = _build(shop, window, cp_model.CpModel())
    if not task.terms:
        return None
    whole, _, _ = whole_numbers(task.amounts, task.most)
    task.model.minimize(sum(amount * term for amount, term in zip(whole, task.terms, strict=True)))
    solver = cp_model.CpSolver()
    # Ctrl-C belongs to the search; the solver's own handler would swallow it, or outlive it and end the program.
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    if solver.solve(task.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    start = np.array([solver.value(one) for one in task.start], np.int64)
    chosen = [next(mode for mode, literal in own.items() if solver.value(literal)) for own in task.modes]
    return start, np.array(chosen, np.int64)


def _build(shop: Arrays, window: Window, model: Any) -> Model:
    work, own = window.work, window.operations
    calendars = shop.machines.calendar[shop.modes.machine[work.mode[own]]]
    clock = WorkingClock(shop, int(np.bincount(calendars).argmax()))
    first, last = clock.at(work.setup_start[own].min()), clock.at(work.end[own].max())
    task = Model(shop, window, model, clock, int(last + ROOM * (last - first)) + 1)
    switching = switching_machines(shop)
    for at in range(own.size):
        _add_operation(task, at, switching)
    _add_arcs(task)
    _add_machines(task, switching)
    _add_pools(task)
    _add_dates(task)
    return task


def _add_operation(task: Model, at: int, switching: set[int]) -> None:
    """Start, end, modes and setup of one operation."""
    shop, work, clock = task.shop, task.window.work, task.clock
    operation = int(task.window.operations[at])
    row, now = shop.operations[operation], work[operation]
    known_modes = range(row.first_mode, shop.operations[operation + 1].first_mode)
    modes = [mode for mode in known_modes if mode == now.mode or not shop.machines.batch[shop.modes.machine[mode]]]
    start, end = int(clock.at(now.start)), int(clock.at(now.end))
    release = min(int(clock.at(task.window.release[at])), start)
    task.start.append(task.variable(release, task.horizon, start))
    literals = {mode: task.yes(mode == now.mode) if len(modes) > 1 else 1 for mode in modes}
    if len(modes) > 1:
        task.model.add_exactly_one(literals.values())
    # Another way takes longer or shorter in proportion to its run.
    scale = (end - start) / max(int(shop.modes.run[now.mode]), 1)
    length = {mode: round(scale * int(shop.modes.run[mode])) for mode in modes}
    setup = {mode: int(shop.modes.setup[mode]) for mode in modes}
    # Setup counts only as far as it fell into working time.
    setup[now.mode] = min(setup[now.mode], start - int(clock.at(now.setup_start)))
    task.end.append(task.named(task.start[at] + sum(length[mode] * literals[mode] for mode in modes), end))
    task.modes.append(literals)
    can_switch = row.family >= 0 and any(int(shop.modes.machine[mode]) in switching for mode in modes)
    known = max(start - int(clock.at(now.setup_start)) - setup[now.mode], 0)
    task.switch.append(task.variable(0, int(shop.switches.seconds.max()), known) if can_switch else 0)
    begin = task.start[at] - task.switch[at] - sum(setup[mode] * literals[mode] for mode in modes)
    task.begin.append(task.named(begin, start - known - setup[now.mode]))
    least = min(float(task.window.mode_cost[mode]) for mode in modes)
    for mode in modes:
        task.charge(float(task.window.mode_cost[mode]) - least, literals[mode], 1)


def _add_arcs(task: Model) -> None:
    """Steps and materials between operations of the window; a wait counts as far as it fell into working time."""
    shop, work, clock = task.shop, task.window.work, task.clock
    inside = {int(operation): at for at, operation in enumerate(task.window.operations)}
    for operation, at in inside.items():
        for arc in range(*shop.operations.first_arc[operation : operation + 2].tolist()):
            row = shop.arcs[arc]
            before = inside.get(int(row.operation), -1)
            if before < 0:
                continue
            now, then = work[operation], work[int(row.operation)]
            if row.transfer >= 1:
                gap = int(clock.at(now.start) - clock.at(then.end))
                task.model.add(task.start[at] >= task.end[before] + min(int(row.wait), gap))
            else:
                gap = int(clock.at(now.start) - clock.at(then.start))
                part = min(ceil(int(then.run) * float(row.transfer)) + int(row.wait), gap)
                task.model.add(task.start[at] >= task.start[before] + part)
                gap = int(clock.at(now.end) - clock.at(then.end))
                task.model.add(task.end[at] >= task.end[before] + min(int(row.wait), gap))


def _add_machines(task: Model, switching: set[int]) -> None:
    """One block at a time on a machine of one place, after what comes before the window; changeovers by a tour."""
    shop, model, clock = task.shop, task.model, task.clock
    users: dict[int, list[tuple[int, Any]]] = {}
    for at, own in enumerate(task.modes):
        for mode, literal in own.items():
            users.setdefault(int(shop.modes.machine[mode]), []).append((at, literal))
    for machine, pairs in users.items():
        blocks = [_block(task, task.begin[at], task.end[at], literal) for at, literal in pairs]
        capacity = int(shop.machines.capacity[machine])
        if capacity == 1:
            model.add_no_overlap(blocks)
            free = int(clock.at(task.window.free[machine]))
            for at, literal in pairs:
                here = model.add(task.begin[at] >= free)
                if not isinstance(literal, int):
                    here.only_enforce_if(literal)
        else:
            loads = [int(shop.operations.load[task.window.operations[at]]) for at, _ in pairs]
            model.add_cumulative(blocks, loads, max(capacity, 1))
        if machine in switching and capacity == 1:
            _add_tour(task, machine, pairs)


def _block(task: Model, begin: Any, end: Any, literal: Any) -> Any:
    """An interval that is there when a literal holds."""
    size = task.model.new_int_var(0, 2 * task.horizon, "")
    if isinstance(literal, int):
        return task.model.new_interval_var(begin, size, end, "")
    return task.model.new_optional_interval_var(begin, size, end, literal, "")


def _add_tour(task: Model, machine: int, pairs: list[tuple[int, Any]]) -> None:
    """Neighbours on a machine as the arcs of a tour; each arc has its changeover and the cost of that."""
    shop, window = task.shop, task.window
    family = {at: int(shop.operations.family[window.operations[at]]) for at, _ in pairs}
    nodes = [(at, literal) for at, literal in pairs if family[at] >= 0]
    if not nodes:
        return
    matrix, record = shop.switches[shop.machines.matrix[machine]], shop.machines[machine]
    now = [at for at, _ in nodes if shop.modes.machine[window.work.mode[window.operations[at]]] == machine]
    now.sort(key=lambda at: int(window.work.start[window.operations[at]]))
    follows = dict(zip([-1, *now], now, strict=False))
    arcs: list[tuple[int, int, Any]] = [(0, 0, task.yes(not now))]
    for one, (after, literal) in enumerate(nodes, start=1):
        if not isinstance(literal, int):
            arcs.append((one, one, literal.negated()))
        arcs.append((one, 0, task.yes(bool(now) and now[-1] == after)))
        for other, before in enumerate([-1, *(at for at, _ in nodes)]):
            if before == after:
                continue
            chosen = task.yes(follows.get(before) == after)
            arcs.append((other, one, chosen))
            if before >= 0:
                task.model.add(task.begin[after] >= task.end[before]).only_enforce_if(chosen)
            source = int(window.family[machine]) if before < 0 else family[before]
            if source < 0 or isinstance(task.switch[after], int):
                continue
            switch = matrix[source, family[after]]
            if switch["seconds"]:
                task.model.add(task.switch[after] >= int(switch["seconds"])).only_enforce_if(chosen)
            price = float(switch["cost"]) + int(switch["seconds"]) * float(record.cost_per_second)
            task.charge(price * window.changeover_weight, chosen, 1)
    task.model.add_circuit(arcs)


def _add_pools(task: Model) -> None:
    """No more people of a skill, and no more pieces of a tool, than there are, beside what other work takes of them."""
    shop, work, window = task.shop, task.window.work, task.window
    inside = {int(operation): at for at, operation in enumerate(window.operations)}
    first, last = work.setup_start[window.operations].min(), work.end[window.operations].max()
    near = np.flatnonzero((work.end > first) & (work.setup_start < last)).tolist()
    busy: dict[tuple[str, int], list[tuple[Any, Any, int, int, int]]] = {}
    for operation in near:
        at, now = inside.get(operation, -1), work[operation]
        times = [int(task.clock.at(moment)) for moment in (now.setup_start, now.start, now.end)]
        begin, start, end = (task.begin[at], task.start[at], task.end[at]) if at >= 0 else times
        for seat in range(*shop.operations.first_seat[operation : operation + 2].tolist()):
            group = busy.setdefault(("group", int(shop.seats.group[seat])), [])
            if shop.seats.phase[seat] == SETUP:
                group.append((begin, start, times[0], times[1], 1))
            else:
                group.append((start, end, times[1], times[2], 1))
        for hold in range(*shop.operations.first_hold[operation : operation + 2].tolist()):
            amount = int(shop.holds.quantity[hold])
            busy.setdefault(("tool", int(shop.holds.tool[hold])), []).append((begin, end, times[0], times[2], amount))
    for (kind, which), spans in busy.items():
        limit = int(shop.tools[which]) if kind == "tool" else int(np.diff(shop.first_qualified)[which])
        # The current plan fits in any case: where it needs more at a time in this clock, so much is allowed.
        needed = max(sum(span[4] for span in spans if span[2] <= moment < span[3]) for _, _, moment, _, _ in spans)
        blocks = [_block(task, begin, end, 1) for begin, end, _, _, _ in spans]
        task.model.add_cumulative(blocks, [span[4] for span in spans], max(limit, needed))


def _add_dates(task: Model) -> None:
    """What missing each operation's own date costs, and handing a machine over late to what follows on it."""
    window, shop, model = task.window, task.shop, task.model
    ends = list(zip(task.end, window.due.tolist(), window.rate.tolist(), strict=True))
    for machine in np.unique(shop.modes.machine[window.work.mode[window.operations]]).tolist():
        over = model.new_int_var(0, task.horizon, "")
        for at, own in enumerate(task.modes):
            for mode, literal in own.items():
                if shop.modes.machine[mode] == machine:
                    here = model.add(over >= task.end[at])
                    if not isinstance(literal, int):
                        here.only_enforce_if(literal)
        ends.append((over, int(window.machine_due[machine]), float(window.machine_rate[machine])))
    common = model.new_int_var(-task.horizon, task.horizon, "") if window.together else None
    for moment, due, rate in ends:
        if rate <= 0 or due >= NEVER:
            continue
        limit = int(task.clock.at(max(due, 0)))
        if common is not None:
            model.add(common >= moment - limit)
        elif limit < task.horizon:
            late = model.new_int_var(0, task.horizon - limit, "")
            model.add(late >= moment - limit)
            task.charge(rate, late, task.horizon - limit)
    if common is not None:
        task.charge(1.0, common + task.horizon, 2 * task.horizon)
