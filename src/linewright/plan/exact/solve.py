"""Build the exact model of a shop, solve it, and read back an order of work and a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from linewright.model.results import Weights
from linewright.plan.bounds import Limits, limits, lower_bound
from linewright.plan.exact.axis import axis_of
from linewright.plan.exact.crews import add_people, add_tools
from linewright.plan.exact.draft import Draft, add_arcs, add_operations
from linewright.plan.exact.goal import Goal, add_dates, add_money
from linewright.plan.exact.horizon import horizon
from linewright.plan.exact.machines import add_machines, switching_machines
from linewright.shop.arrays import Shop
from linewright.shop.working_time import NEVER


class Hint(Protocol):
    """A known plan to begin with: run starts and ends in seconds, and positions in modes, by operation."""

    @property
    def start(self) -> Any:
        """Run starts."""

    @property
    def end(self) -> Any:
        """Run ends."""

    @property
    def mode(self) -> Any:
        """Modes."""


@dataclass(frozen=True, eq=False)
class ExactAnswer:
    """The best order of work found, to be timed by the timetable kernel, and what is proven about every plan.

    `start` and `end` are the model's own times in seconds; where being early costs money, `start` is also the hold
    with which the kernel reaches them. `value` is what the model promises for this order, `bound` what no plan can
    be below; `proven` says that the model has nothing better. Values are in the unit of the objective.
    """

    order: Any
    mode: Any
    start: Any
    end: Any
    value: float
    bound: float
    proven: bool


@dataclass(frozen=True)
class _Task:
    """A built model with what is needed to read its solutions."""

    draft: Draft
    rank: Any
    value_of: Callable[[float], float]


def solve_exact(  # noqa: PLR0913 - everything that changes the answer is said
    shop: Shop,
    weights: Weights,
    objective: str,
    *,
    stop_seconds: float,
    workers: int = 2,
    seed: int = 0,
    hint: Hint | None = None,
    on_better: Callable[[ExactAnswer], bool | None] | None = None,
    deterministic: bool = False,
) -> ExactAnswer | None:
    """Search the best plan of a small shop with constraint programming, and prove how good any plan can be.

    Rules that the model does not know in full are left out or loosened, never tightened, so the bound holds for every
    plan: loads of ovens (each operation takes its places alone), tariffs by the hour (the lowest price), overtime
    (free), pins (a run may start later), and the hours of those who set up.

    Parameters
    ----------
    hint
        A known plan; for the makespan it also limits how far the model looks.
    on_better
        Called with every better answer, from the solver's thread; returning True stops the search.
    deterministic
        The same seed gives the same answer; `stop_seconds` is then a budget of deterministic time.

    Returns
    -------
    ExactAnswer or None
        None when no plan was found in time, or there is none.
    """
    if not shop.size:
        return None
    task = _build(shop, weights, objective, hint)
    if hint is not None:
        _add_hint(task.draft, hint)
    return _solve(task, stop_seconds, workers, seed, deterministic, on_better)


def _build(shop: Shop, weights: Weights, objective: str, hint: Hint | None) -> _Task:
    """The whole model."""
    from ortools.sat.python import cp_model

    arrays, known = shop.arrays, limits(shop)
    dates = _dates_that_hold_back(shop, weights) if objective == "cost" else []
    switching = switching_machines(arrays)
    axis = axis_of(arrays, bool(switching), dates)
    ends = [horizon(arrays, axis, dates)]
    if hint is not None and objective == "makespan":
        ends.append(int(axis.at(np.max(hint.end))))
    draft = Draft(arrays, axis, max(min(ends), 1), cp_model.CpModel())
    add_operations(draft, axis.at(known.start), known.tail // axis.unit, switching)
    add_arcs(draft)
    priced = add_machines(draft, switching)
    add_tools(draft)
    add_people(draft)
    least = lower_bound(shop, weights, objective).value
    if objective == "makespan":
        value_of = _makespan(draft, least)
    else:
        value_of = _sum(draft, shop, weights if objective == "cost" else None, known, priced, least)
    rank = np.empty(shop.size, np.int64)
    rank[known.order] = np.arange(shop.size)
    return _Task(draft, rank, value_of)


def _dates_that_hold_back(shop: Shop, weights: Weights) -> list[int]:
    """Moments up to which it may pay to hold work back: due dates where early stock costs, and an earlier plan."""
    demands = shop.arrays.demands[:-1]
    costly = (demands.early_rate * weights.early_stock > 0) & (demands.due > 0) & (demands.due < NEVER)
    dates: list[int] = demands.due[costly].tolist()
    if shop.factory.settings.move_cost * weights.instability > 0:
        dates += np.maximum(shop.arrays.operations.earlier_start[:-1], 0).tolist()
    return dates


def _makespan(draft: Draft, least: float) -> Callable[[float], float]:
    """Make the last end the objective; returns its value in hours."""
    low = min(int(draft.axis.at(np.array(round(least * 3600)))), draft.horizon)
    last = draft.model.new_int_var(low, draft.horizon, "makespan")
    draft.model.add_max_equality(last, draft.end)
    draft.model.minimize(last)
    return lambda units: float(draft.axis.ends(np.array(round(units)))) / 3600


def _sum(
    draft: Draft, shop: Shop, weights: Weights | None, known: Limits, priced: list[tuple[Any, Any, int]], least: float
) -> Callable[[float], float]:
    """Make cost the objective, or late hours when there are no weights; returns its value."""
    demands, goal, hours = shop.arrays.demands[:-1], Goal(), 1.0
    if weights is None:
        hours = 3600.0
        add_dates(draft, goal, np.ones(demands.size), np.zeros(demands.size), known.finish)
    else:
        late, early = demands.late_rate * weights.lateness, demands.early_rate * weights.early_stock
        add_dates(draft, goal, late, early, known.finish)
        add_money(draft, goal, weights, priced, shop.factory.settings.move_cost)
    value_of = goal.minimise(draft, least * hours)
    return lambda value: value_of(value) / hours


def _add_hint(draft: Draft, hint: Hint) -> None:
    """Tell the solver a known plan."""
    start, mode = np.asarray(hint.start), np.asarray(hint.mode)
    units = draft.axis.at(start)
    for at in range(draft.size):
        draft.model.add_hint(draft.start[at], int(units[at]))
        for one, literal in draft.mode[at].items():
            if len(draft.mode[at]) > 1:
                draft.model.add_hint(literal, one == mode[at])


def _solve(
    task: _Task,
    stop_seconds: float,
    workers: int,
    seed: int,
    deterministic: bool,
    on_better: Callable[[ExactAnswer], bool | None] | None,
) -> ExactAnswer | None:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = seed
    parameters.num_workers = workers
    if deterministic:
        parameters.interleave_search = True
        parameters.max_deterministic_time = stop_seconds
    else:
        parameters.max_time_in_seconds = stop_seconds

    class Report(cp_model.CpSolverSolutionCallback):
        """Hands on every better answer."""

        def on_solution_callback(self) -> None:
            """Read the solution and ask whether to go on."""
            if on_better is not None:
                answer = _answer(task, self.value, self.objective_value, self.best_objective_bound)
                if on_better(answer):
                    self.stop_search()

    status = solver.solve(task.draft.model, Report())
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    answer = _answer(task, solver.value, solver.objective_value, solver.best_objective_bound)
    if status == cp_model.OPTIMAL:
        return ExactAnswer(**{**answer.__dict__, "bound": answer.value, "proven": True})
    return answer


def _answer(task: _Task, value: Callable[[Any], int], objective: float, bound: float) -> ExactAnswer:
    """Read times and modes, and order operations by the start of their runs."""
    draft = task.draft
    start = np.array([value(one) for one in draft.start], np.int64)
    end = np.array([value(one) for one in draft.end], np.int64)
    mode = np.array([next(one for one, literal in own.items() if value(literal)) for own in draft.mode], np.int64)
    return ExactAnswer(
        order=np.lexsort((task.rank, end, start)),
        mode=mode,
        start=np.asarray(draft.axis.starts(start)),
        end=np.asarray(draft.axis.ends(end)),
        value=task.value_of(objective),
        bound=task.value_of(np.ceil(bound - 1e-6)),
        proven=False,
    )
