"""A replication as a plan: what really happened in it, to be looked at like any other plan."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright import __version__
from linewright.model.results import CAUSES, OPERATION_COLUMNS, Bound, Origin, Plan
from linewright.shop import arrays as a
from linewright.shop.working_time import NEVER
from linewright.twin.execute import records as r
from linewright.twin.execute.frames import instants, names_at
from linewright.twin.execute.running import FOREVER, complain

if TYPE_CHECKING:
    from linewright.twin.execute.problem import Prepared

#: What gated a start, in the words of `linewright.model.results.CAUSES`.
WORDS = {
    r.BY_NOTHING: "nothing", r.BY_BEFORE: "predecessor", r.BY_MACHINE: "machine", r.BY_SETUP: "changeover",
    r.BY_PERSON: "person", r.BY_TOOL: "tool", r.BY_MATERIAL: "material", r.BY_RELEASE: "release", r.BY_PLAN: "policy",
}  # fmt: skip


def opened(prepared: Prepared, number: int, seed: int, mode: str) -> Plan:
    """Run one replication and write its times into the plan's tables; its value is computed anew."""
    from linewright.twin.execute.bundle import bundled
    from linewright.twin.execute.kernel.run import execute

    problem = prepared.with_options(seed=np.uint64(seed)).problem
    now, made = r.new_situation(problem), r.new_figures(problem, 1, 1)
    execute(bundled(problem), bundled(now), bundled(made), np.array([number], np.int64), False, FOREVER)
    complain(prepared, made)
    plan = prepared.plan
    costs, value = _costs(prepared, now)
    return replace(
        plan,
        value=value,
        costs=costs,
        bound=Bound(value=0.0, kind="none", meaning="This is a run of a plan: nothing was searched."),
        operations=_operations(prepared, now),
        jobs=plan.jobs.drop("finish").join(_job_finishes(prepared, now), on="job", how="left", maintain_order="left")
        .select(plan.jobs.columns),
        orders=_orders(prepared, made.finishes[0]),
        relaxed=(),
        assumptions=(*plan.assumptions, f"Simulated: replication {number} with seed {seed}, {mode}."),
        origin=Origin(
            made_by="twin.simulate", code_version=__version__, seed=seed,
            options={"replication": number, "mode": mode}, reads=dict(plan.origin.reads),
        ),
        verified=False,
    )  # fmt: skip


def _operations(prepared: Prepared, now: r.Situation) -> pl.DataFrame:
    shop, problem = prepared.shop, prepared.problem
    block = problem.steps.block[:-1]
    state = now.blocks[block]
    # A start that its setup gated waited for what gated the setup.
    by_setup = state.cause == r.BY_SETUP
    culprit = np.where(by_setup, state.setup_culprit, state.culprit)
    cause = np.where(by_setup & (state.setup_cause != r.BY_NOTHING), state.setup_cause, state.cause)
    lead = np.append(problem.members[problem.blocks.first_member[:-1]], -1)[culprit]
    known = np.isin(cause, (r.BY_BEFORE, r.BY_MACHINE, r.BY_PERSON, r.BY_TOOL))
    machine = names_at(shop.machine_names, np.where(cause == r.BY_MACHINE, problem.blocks.machine[block], -1))
    run, setup_people = _people(prepared, now)
    changed = pl.DataFrame(
        {
            "operation": pl.Series(shop.operation_names, dtype=pl.String),
            "setup_start": instants(shop, state.setup_start),
            "start": instants(shop, state.start),
            "end": instants(shop, state.end),
            "setup_minutes": np.maximum(state.setup - state.changeover, 0) / 60,
            "changeover_minutes": np.minimum(state.changeover, state.setup) / 60,
            "run_minutes": (state.first_run + state.again) / 60,
            "people": run,
            "setup_people": setup_people,
            "waits_for": pl.Series([WORDS[at] for at in cause.tolist()], dtype=pl.String),
            "waits_for_operation": names_at(shop.operation_names, np.where(known, lead, -1)),
            "waits_for_name": machine,
        }
    )
    kept = prepared.plan.operations.drop([name for name in changed.columns if name != "operation"])
    joined = kept.join(changed, on="operation", how="left").select(*OPERATION_COLUMNS)
    assert set(WORDS.values()) <= set(CAUSES)
    return joined.cast(pl.Schema(OPERATION_COLUMNS)).sort("start", "machine", "operation")


def _people(prepared: Prepared, now: r.Situation) -> tuple[pl.Series, pl.Series]:
    """Who really did it: the plan's people, or those who stood in."""
    problem, names = prepared.problem, prepared.shop.person_names
    swapped: dict[int, dict[str, str]] = {}
    for task in np.flatnonzero(now.tasks.resource != problem.tasks.resource).tolist():
        before, after = (int(problem.resources.owner[rows.resource[task]]) for rows in (problem.tasks, now.tasks))
        swapped.setdefault(int(problem.tasks.block[task]), {})[names[before]] = names[after]
    lists = []
    for people in (prepared.matched.people, prepared.matched.setup_people):
        lists.append(
            pl.Series(
                [
                    [swapped.get(int(block), {}).get(names[person], names[person]) for person in own]
                    for own, block in zip(people, problem.steps.block[:-1], strict=True)
                ],
                dtype=pl.List(pl.String),
            )
        )
    return lists[0], lists[1]


def _job_finishes(prepared: Prepared, now: r.Situation) -> pl.DataFrame:
    shop = prepared.shop
    return pl.DataFrame(
        {"job": pl.Series(shop.job_names, dtype=pl.String), "finish": instants(shop, shop.finish.jobs(now.steps.end))}
    )


def _orders(prepared: Prepared, finish: Any) -> pl.DataFrame:
    """The plan's orders with what really became of them."""
    shop, demands = prepared.shop, prepared.problem.demands[:-1]
    late = np.where(demands.due < NEVER, np.maximum(finish - demands.due, 0), 0)
    found = pl.DataFrame(
        {
            "order": pl.Series(shop.demand_names, dtype=pl.String),
            "kind": names_at(["order", "work_order"], shop.explosion.demands["kind"] != 0),
            "finish": instants(shop, finish),
            "late_days": late / 86400,
            "late_cost": late * demands.late_rate,
        }
    )
    orders = prepared.plan.orders
    kept = orders.drop("finish", "late_days", "late_cost")
    return kept.join(found, on=["order", "kind"], how="left", maintain_order="left").select(orders.columns)


def _costs(prepared: Prepared, now: r.Situation) -> tuple[dict[str, float], float]:
    """The parts of the total and the value that the plan's own evaluation gives these times."""
    from linewright.shop.evaluate import MAKESPAN, MONEY, TARDINESS, evaluate
    from linewright.shop.packing import packed

    shop, plan = prepared.shop, prepared.plan
    state = _timetable(prepared, now)
    parts = evaluate(packed(shop.arrays), packed(state), prepared.factory.settings.move_cost)
    names = [part.name for part in fields(plan.weights)]
    costs = {name: float(parts[at]) for at, name in enumerate(names[:MONEY])}
    if plan.objective == "makespan":
        return costs, float(parts[MAKESPAN]) / 3600
    if plan.objective == "tardiness":
        return costs, float(parts[TARDINESS]) / 3600
    return costs, sum(getattr(plan.weights, name) * amount for name, amount in costs.items())


def _timetable(prepared: Prepared, now: r.Situation) -> Any:
    """The run as a timetable of the shop, so that it can be evaluated like a plan."""
    from linewright.shop.state import new_state

    shop, problem, matched = prepared.shop, prepared.problem, prepared.matched
    state = new_state(shop.arrays)
    work = state.work[:-1]
    block = problem.steps.block[:-1]
    done = now.blocks[block]
    lead = problem.members[problem.blocks.first_member[:-1]]
    work.placed[:], work.mode[:] = True, matched.mode
    work.block[:], work.next_of_block[:] = lead[block], -1
    work.leader[:] = lead[block] == np.arange(shop.size)
    inside = block[problem.members[1:]] == block[problem.members[:-1]]
    work.next_of_block[problem.members[:-1][inside]] = problem.members[1:][inside]
    for name in ("setup_start", "start", "end", "setup", "changeover"):
        work[name][:] = done[name]
    work.run[:] = done.first_run + done.again
    _changeover_costs(prepared, now, work, lead)
    _sit(prepared, state)
    return state


def _changeover_costs(prepared: Prepared, now: r.Situation, work: Any, lead: Any) -> None:
    """What the changeovers cost in the sequence in which they came."""
    problem = prepared.problem
    for machine in np.flatnonzero(problem.machines.single[:-1]).tolist():
        blocks = np.flatnonzero(problem.blocks.machine[:-1] == machine)
        family = int(problem.machines[machine].family)
        for block in blocks[np.lexsort((now.blocks.end[blocks], now.blocks.start[blocks]))].tolist():
            own = int(problem.blocks[block].family)
            if own < 0:
                continue
            if family >= 0 and not problem.blocks[block].running:
                switch = problem.switches[int(problem.machines[machine].matrix), family, own]
                work.changeover_cost[lead[block]] = switch["cost"]
            family = own


def _sit(prepared: Prepared, state: Any) -> None:
    """Give the plan's people seats of their phase."""
    operations, seats = prepared.shop.arrays.operations, prepared.shop.arrays.seats
    state.seats.person[:], state.seats.counts[:] = -1, True
    modes = prepared.shop.arrays.modes
    for at in range(prepared.shop.size):
        named = int(modes[prepared.matched.mode[at]].person)
        run = [person for person in prepared.matched.people[at] if person != named]
        setup = list(prepared.matched.setup_people[at])
        for seat in range(int(operations[at].first_seat), int(operations[at + 1].first_seat)):
            pool = setup if seats[seat].phase == a.SETUP else run
            if pool:
                state.seats[seat].person = pool.pop(0)
