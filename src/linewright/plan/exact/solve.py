"""Build the exact model of a shop, solve it, and read back an order of work and a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

import numpy as np

from linewright.model.results import Weights
from linewright.plan.exact.build import Task, build
from linewright.plan.exact.draft import Draft
from linewright.shop.arrays import Shop

#: With few workers, search without a linear relaxation closes job shops, one with it closes costs; the solver's own
#: choice for two workers leaves one of the two out.
FEW_WORKERS = ("no_lp", "default_lp")


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


def solve_exact(  # noqa: PLR0913 - everything that changes the answer is said
    shop: Shop,
    weights: Weights,
    objective: str,
    *,
    stop_seconds: float,
    workers: int = 2,
    seed: int = 0,
    hint: Hint | None = None,
    at_most: float | None = None,
    on_better: Callable[[ExactAnswer], bool | None] | None = None,
    on_start: Callable[[Callable[[], None]], None] | None = None,
    deterministic: bool = False,
) -> ExactAnswer | None:
    """Search the best plan of a small shop with constraint programming, and prove how good any plan can be.

    Rules that the model does not know in full are left out or loosened, never tightened, so the bound holds for every
    plan: loads of ovens (each operation takes its places alone), tariffs by the hour (the lowest price), overtime
    (free), pins (a run may start later), and the hours of those who set up.

    Parameters
    ----------
    hint
        A known plan to begin with.
    at_most
        The value of a known plan: only plans as good as that are looked for, which limits how far the model looks.
    on_better
        Called with every better answer, from the solver's thread; returning True stops the search.
    on_start
        Called once before the solver begins, with what stops it from another thread.
    deterministic
        The same seed gives the same answer; `stop_seconds` is then a budget of deterministic time.

    Returns
    -------
    ExactAnswer or None
        None when no plan was found in time, or there is none.
    """
    if not shop.size:
        return None
    task = build(shop, weights, objective, inf if at_most is None else at_most)
    if hint is not None:
        _add_hint(task.draft, hint)
    return _solve(task, stop_seconds, workers, seed, deterministic, on_better, on_start)


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
    task: Task,
    stop_seconds: float,
    workers: int,
    seed: int,
    deterministic: bool,
    on_better: Callable[[ExactAnswer], bool | None] | None,
    on_start: Callable[[Callable[[], None]], None] | None,
) -> ExactAnswer | None:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    parameters = solver.parameters
    # Ctrl-C belongs to the search; the solver's own handler would swallow it, or outlive it and end the program.
    parameters.catch_sigint_signal = False
    parameters.random_seed = seed
    parameters.num_workers = workers
    if workers == 1:
        parameters.linearization_level = 0
    elif workers <= len(FEW_WORKERS):
        parameters.subsolvers.extend(FEW_WORKERS)
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

    if on_start is not None:
        on_start(solver.stop_search)
    status = solver.solve(task.draft.model, Report())
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    answer = _answer(task, solver.value, solver.objective_value, solver.best_objective_bound)
    if status == cp_model.OPTIMAL:
        return ExactAnswer(**{**answer.__dict__, "bound": answer.value, "proven": True})
    return answer


def _answer(task: Task, value: Callable[[Any], int], objective: float, bound: float) -> ExactAnswer:
    """Read times and modes, and order operations by the start of their runs."""
    draft = task.draft
    start = np.array([value(one) for one in draft.start], np.int64)
    end = np.array([value(one) for one in draft.end], np.int64)
    mode = np.array([next(one for one, literal in own.items() if value(literal)) for own in draft.mode], np.int64)
    # Work that is running now comes first, whatever the rules that the model leaves out.
    waits = ~draft.shop.operations.running[:-1] | (np.diff(draft.shop.operations.first_arc) > 0)
    return ExactAnswer(
        order=np.lexsort((task.rank, end, start, waits)),
        mode=mode,
        start=np.asarray(draft.axis.starts(start)),
        end=np.asarray(draft.axis.ends(end)),
        value=task.value_of(objective),
        bound=task.value_of(np.ceil(bound - 1e-6)),
        proven=False,
    )
