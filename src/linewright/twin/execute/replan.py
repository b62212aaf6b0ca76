"""Runs that plan anew: when an order is projected too late, a planner gets the state and the floor its new plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.working_time import NEVER
from linewright.twin.execute import records as r
from linewright.twin.execute.bundle import bundled
from linewright.twin.execute.problem import Prepared, prepare
from linewright.twin.execute.progress import in_progress
from linewright.twin.execute.running import FOREVER, complain

if TYPE_CHECKING:
    from linewright.model.ports import Planner


@dataclass(frozen=True, eq=False)
class Leg:
    """One plan of a run: from `offset` seconds after the first plan's start to the next plan, or to the end."""

    prepared: Prepared
    now: r.Situation
    made: r.Figures
    offset: int


def replan_figures(prepared: Prepared, planner: Planner, replications: int, seed: int, most: int) -> r.Figures:
    """The figures of so many replications, each with at most `most` new plans.

    Luck stays with its causes: an operation keeps its luck under any plan, and a machine its age.
    """
    made = r.new_figures(prepared.problem, replications, replications)
    for number in range(replications):
        _write(made, number, _legs(prepared, planner, number, seed, most))
    return made


def _legs(prepared: Prepared, planner: Planner, number: int, seed: int, most: int) -> list[Leg]:
    """The plans of one replication, one after the other."""
    seeded = prepared.with_options(seed=np.uint64(seed))
    legs = [_run(seeded, None, 0, number)]
    finished: set[str] = set()
    while legs[-1].made.status[0, 0] == r.STOPPED:
        last = legs[-1]
        finished |= _delivered(last)
        factory = in_progress(last.prepared, last.now, finished)
        plan = planner(factory, seed=seed, now=factory.settings.start)
        # What may come late has been drawn: purchases stand in the new factory as they will come.
        options = {name: last.prepared.problem.options[name][0] for name in last.prepared.problem.options.dtype.names}
        mode = r.REPLAN if len(legs) < most else r.STRICT
        following = prepare(factory, plan, threshold_hours=prepared.threshold_hours)
        following = following.with_options(**options | {"mode": mode, "supply": False})
        legs.append(_run(following, last, last.offset + int(last.now.counts[r.NOW]), number))
    complain(legs[-1].prepared, legs[-1].made)
    return legs


def _run(prepared: Prepared, before: Leg | None, offset: int, number: int) -> Leg:
    """Run one plan until an order is projected too late, or to its end."""
    from linewright.twin.execute.kernel.run import execute

    problem, numbers = prepared.problem, np.array([number], np.int64)
    now, made = r.new_situation(problem), r.new_figures(problem, 1, 1)
    execute(bundled(problem), bundled(now), bundled(made), numbers, False, -1)
    if before is not None:
        _hand_over(before.now, now, int(before.now.counts[r.NOW]))
    execute(bundled(problem), bundled(now), bundled(made), numbers, True, FOREVER)
    return Leg(prepared, now, made, offset)


def _hand_over(before: r.Situation, now: r.Situation, moment: int) -> None:
    """Failures, repairs and repair crews go on where they are."""
    now.failures[:], now.crews[:] = before.failures, before.crews
    ahead = before.failures.event >= 0
    now.failures.event[ahead] -= moment
    now.machines.down[:] = before.machines.down
    now.machines.state[before.machines.down > 0] = r.DOWN_STATE
    # The events drawn at the start are replaced; a sorted list is a heap.
    from linewright.twin.execute.kernel.turns import EVENT, TIE

    events = []
    for mode in np.flatnonzero(ahead).tolist():
        kind = r.REPAIRED if now.failures[mode].down else r.AGED
        events.append((int(now.failures[mode].event), kind * TIE + mode, kind * EVENT + mode))
    for at, (time, tie, event) in enumerate(sorted(events)):
        now.time[at], now.tie[at], now.event[at] = time, tie, event
    now.count[0] = len(events)
    now.counts[r.SEQUENCE] = now.failures.size


def _delivered(leg: Leg) -> set[str]:
    """Orders whose supplies had all come when the floor asked for a new plan."""
    return {name for name, finish in _finishes(leg).items() if finish - leg.offset <= int(leg.now.counts[r.NOW])}


def _finishes(leg: Leg) -> dict[str, int]:
    """Finishes of the orders of which nothing is left to do, in seconds since the first plan's start."""
    demands, feeds, ends = leg.prepared.problem.demands, leg.prepared.problem.feeds, leg.now.steps.end
    found = {}
    for at, name in enumerate(leg.prepared.shop.demand_names):
        rows = range(int(demands[at].first_feed), int(demands[at + 1].first_feed))
        if all(ends[int(feeds[row].step)] >= 0 for row in rows):
            found[name] = int(leg.made.finishes[0, at]) + leg.offset
    return found


def _write(made: r.Figures, row: int, legs: list[Leg]) -> None:
    """Put the legs of a replication together."""
    first = legs[0].prepared
    finish: dict[str, int] = {}
    begun: dict[str, int] = {}
    ended: dict[str, int] = {}
    for leg in legs:
        last_leg = leg is legs[-1]
        for name, moment in _finishes(leg).items():
            if last_leg or moment - leg.offset <= int(leg.now.counts[r.NOW]):
                finish.setdefault(name, moment)
        for at, name in enumerate(leg.prepared.shop.operation_names):
            state = leg.now.blocks[int(leg.prepared.problem.steps.block[at])]
            if state.start >= 0:
                begun.setdefault(name, int(state.start) + leg.offset)
            if leg.now.steps[at].end >= 0:
                ended.setdefault(name, int(leg.now.steps[at].end) + leg.offset)
        for name in ("bins", "kwh"):
            own, part = getattr(made, name)[row], getattr(leg.made, name)[0]
            if own.shape == part.shape:
                own += part
        made.machines[row] += leg.made.machines[0]
        for total in (r.KWH, r.ENERGY_COST, r.CARBON, r.ORDER_KWH, r.SHORT, r.TOO_LONG_WAITS, r.REPAIRS):
            made.totals[row, total] += leg.made.totals[0, total]
    _write_times(made, row, first, finish, begun, ended)
    made.totals[row, r.LOOSENED] = float(len(legs) > 1)


def _write_times(
    made: r.Figures, row: int, first: Prepared, finish: dict[str, int], begun: dict[str, int], ended: dict[str, int]
) -> None:
    """Times and what follows from them; what another plan makes in other lots keeps its planned times."""
    matched, demands = first.matched, first.problem.demands[:-1]
    names = first.shop.operation_names
    made.starts[row] = [begun.get(name, int(matched.start[at])) for at, name in enumerate(names)]
    made.ends[row] = [ended.get(name, int(matched.end[at])) for at, name in enumerate(names)]
    made.finishes[row] = [finish.get(name, int(demands.planned[at])) for at, name in enumerate(first.shop.demand_names)]
    late = np.where(demands.due < NEVER, np.maximum(made.finishes[row] - demands.due, 0), 0)
    dated = demands.due < NEVER
    last = max(ended.values(), default=0)
    totals: dict[int, Any] = {
        r.ON_TIME: (late[dated] == 0).mean() if dated.any() else 1.0,
        r.LATE_COST: (late * demands.late_rate).sum(), r.LATE_HOURS: late.sum() / 3600, r.MAKESPAN: last / 3600,
    }  # fmt: skip
    jobs = np.asarray(first.problem.steps.job[:-1])
    lead = np.array([
        made.ends[row][jobs == job].max() - made.starts[row][jobs == job].min() for job in np.unique(jobs)
    ]) / 3600  # fmt: skip
    if lead.size and last:
        totals |= {r.JOBS_DONE: lead.size, r.LEAD_HOURS: lead.mean(), r.WIP: lead.sum() / (last / 3600),
                   r.THROUGHPUT: lead.size / (last / 86400)}  # fmt: skip
    for at, value in totals.items():
        made.totals[row, at] = value


__all__ = ["Leg", "replan_figures"]
