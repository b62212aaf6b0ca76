"""The verb: a plan run a thousand times."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright import __version__
from linewright.errors import ModelError, StaleResult
from linewright.model.results import Origin, Plan
from linewright.model.run_results import Run

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.ports import Planner
    from linewright.twin.execute.problem import Prepared
    from linewright.twin.statistics.replications import Watch

MODES = ("strict", "skip", "repair", "replan")
RULES = ("EDD", "ATC")
#: Tables that a run reads beside those of its plan.
READS = ("failure_modes", "repair_crews", "suppliers")
#: So many of the costliest replications are named.
WORST = 5
#: Nobody waits longer than a century.
MOST_MINUTES = 60 * 24 * 36_500


def simulate(
    factory: Factory,
    plan: Plan,
    *,
    replications: int | None = None,
    half_width: float = 0.03,
    seed: int = 0,
    mode: str = "strict",
    patience_minutes: float = 30.0,
    threshold_hours: float = 8.0,
    rule: str = "ATC",
    planner: Planner | None = None,
    most_replans: int = 3,
    without: tuple[str, ...] = (),
    accept_stale: bool = False,
    executor: Executor | None = None,
    watch: Watch | None = None,
    block: int | None = None,
) -> Run:
    """Run a plan again and again against chance: failures, slow runs, absences, rework, late material.

    Parameters
    ----------
    factory, plan
        What the plan was made of, and the plan; neither is changed.
    replications
        How many runs; by default as many as it takes until the odds of every order are known to `half_width`.
    half_width
        Half of the 95 % interval of the least sure order's odds, as a share.
    seed
        The same seed gives the same luck: to a failure its failure, in every plan and on any executor.
    mode
        How the floor follows the plan. ``strict``: each machine keeps its sequence, and nothing starts before its
        planned start. ``skip``: a machine whose next operation is not ready within `patience_minutes` takes the next
        ready one. ``repair``: once an order is projected to be later than due (or than planned) by `threshold_hours`,
        machines choose among what is ready by a dispatch `rule`. ``replan``: then the `planner` makes a new plan of
        what is left, at most `most_replans` times in a run; without `replications` there are 20 runs.
    rule
        ``EDD`` (earliest due date) or ``ATC`` (apparent tardiness cost).
    without
        Chances that are switched off: failures, variation, errors, absence, rework, yields, supply.
    accept_stale
        Run the plan's sequence although tables have changed since, as long as its operations are the same.
    executor
        Where blocks of replications run (see :func:`linewright.twin.statistics.replications.replicate`).
    watch
        Is told of each block that is done.

    Raises
    ------
    StaleResult
        The plan was made from tables that have changed since; it names them.
    ModelError
        A failure mode lacks its repair, a distribution a number, or an argument is none that can be used.
    NoAnswer
        A run finds no end before the calendars do.
    """
    from linewright.twin.execute.problem import prepare
    from linewright.twin.execute.running import OddsHalfWidth, PlanTask, complain, joined, late_hours
    from linewright.twin.statistics.replications import Replications, replicate

    _complain(mode, rule, replications, half_width, planner, patience_minutes, threshold_hours)
    _refuse_stale(factory, plan, accept_stale)
    prepared = prepare(factory, plan, threshold_hours=threshold_hours)
    prepared = _with_choices(prepared, mode, rule, patience_minutes, without)
    if mode == "replan":
        from linewright.twin.execute.replan import replan_figures

        assert planner is not None
        made, stopped = replan_figures(prepared, planner, replications or 20, seed, most_replans), ""
    else:

        def read(figures: Any) -> Any:
            complain(prepared, figures)
            return late_hours(figures)

        enough: Any = (
            Replications(replications)
            if replications is not None
            else OddsHalfWidth(
                due=np.asarray(prepared.problem.demands.due[:-1]),
                odds=half_width,
                pairs=int(prepared.problem.options.pairs[0]),
            )
        )
        samples = replicate(
            PlanTask(prepared.problem), stop=enough, seed=seed, block=block, executor=executor, watch=watch, read=read
        )
        made, stopped = joined(samples.parts), samples.stopped
    return _run_of(prepared, made, seed, mode, stopped, {"half_width": half_width, "rule": rule, "without": without})


def open_run(
    factory: Factory, plan: Plan, number: int, *, seed: int = 0, mode: str = "strict", patience_minutes: float = 30.0,
    threshold_hours: float = 8.0, rule: str = "ATC", without: tuple[str, ...] = (), accept_stale: bool = False,
) -> Plan:  # fmt: skip
    """One replication as a plan, with the times that things really took; it is not verified, and says so.

    Parameters
    ----------
    number
        Which replication, such as one of `Run.worst`.

    Raises
    ------
    ModelError
        A run that plans anew is more than one plan.
    """
    from linewright.twin.execute.opened import opened
    from linewright.twin.execute.problem import prepare

    if mode == "replan":
        raise ModelError(["a run that plans anew is more than one plan — open it with mode strict, skip or repair"])
    _complain(mode, rule, 1, 0.03, None, patience_minutes, threshold_hours)
    _refuse_stale(factory, plan, accept_stale)
    prepared = prepare(factory, plan, threshold_hours=threshold_hours)
    return opened(_with_choices(prepared, mode, rule, patience_minutes, without), number, seed, mode)


def _complain(
    mode: str, rule: str, replications: int | None, half_width: float, planner: Planner | None,
    patience_minutes: float, threshold_hours: float,
) -> None:  # fmt: skip
    problems = []
    if mode not in MODES:
        problems.append(f"unknown mode {mode} — use one of {', '.join(MODES)}")
    if rule not in RULES:
        problems.append(f"unknown rule {rule} — use one of {', '.join(RULES)}")
    if replications is not None and replications < 1:
        problems.append(f"{replications} replications — use 1 or more")
    if not 0 < half_width < 0.5:
        problems.append(f"half_width {half_width} — use a share between 0 and 0.5, such as 0.03")
    if mode == "replan" and planner is None:
        problems.append("mode replan asks somebody for new plans — give a planner")
    if not 0 <= patience_minutes <= MOST_MINUTES:
        problems.append(f"patience_minutes {patience_minutes} — use minutes from 0 to {MOST_MINUTES:,}, such as 30")
    if not 0 <= threshold_hours <= MOST_MINUTES / 60:
        problems.append(f"threshold_hours {threshold_hours} — use hours from 0 to {MOST_MINUTES // 60:,}, such as 8")
    if problems:
        raise ModelError(problems)


def _refuse_stale(factory: Factory, plan: Plan, accept_stale: bool) -> None:
    changed = plan.stale_because(factory)
    if changed and not accept_stale:
        raise StaleResult(f"The plan was made from tables that have changed since: {', '.join(changed)} — plan again.")


def _with_choices(
    prepared: Prepared, mode: str, rule: str, patience_minutes: float, without: tuple[str, ...]
) -> Prepared:
    """The plan with the options of the kernel."""
    known = ("failures", "variation", "errors", "absence", "rework", "yields", "supply")
    unknown = [name for name in without if name not in known]
    if unknown:
        raise ModelError([f"no chance is called {unknown[0]} — use one of {', '.join(known)}"])
    unsure = "errors" not in without and bool((prepared.problem.steps.error_spread > 0).any())
    return prepared.with_options(
        mode=MODES.index(mode), rule=RULES.index(rule), patience=round(60 * patience_minutes), pairs=2 if unsure else 1,
        **dict.fromkeys(without, False),
    )  # fmt: skip


def _run_of(prepared: Prepared, made: Any, seed: int, mode: str, stopped: str, options: dict[str, Any]) -> Run:
    """The tables of a run."""
    from linewright.twin.execute import records as r
    from linewright.twin.execute.frames import (
        cause_frame,
        job_energy,
        machine_frame,
        operation_frame,
        order_frame,
        total_frame,
    )

    factory, plan = prepared.factory, prepared.plan
    totals = made.totals
    worst = np.lexsort((-totals[:, r.MAKESPAN], -totals[:, r.LATE_HOURS], -totals[:, r.LATE_COST]))[:WORST]
    return Run(
        factory_name=factory.name,
        currency=factory.settings.currency,
        timezone=factory.settings.timezone,
        start=plan.start,
        mode=mode,
        replications=totals.shape[0],
        orders=order_frame(prepared, made, seed),
        operations=operation_frame(prepared, made, seed),
        machines=machine_frame(prepared, made, seed),
        totals=total_frame(prepared, made, seed),
        causes=cause_frame(prepared, made, seed),
        worst=tuple(worst.tolist()),
        assumptions=(*plan.assumptions, *prepared.assumptions),
        origin=Origin(
            made_by="twin.simulate", code_version=__version__, seed=seed, options={**options, "mode": mode},
            reads={**plan.origin.reads, **factory.hashes(READS)},
        ),
        stopped=stopped,
        notes={"energy": job_energy(prepared, made)},
    )  # fmt: skip
