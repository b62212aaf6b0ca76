"""From a factory and its plan to what the execution kernel reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.chance import identity
from linewright.shop.explosion import PLANNED_PURCHASE, PURCHASE, SUPPLY_KINDS
from linewright.shop.working_time import NEVER
from linewright.twin.execute import records as r
from linewright.twin.execute.chances import Laws, Supplies, failure_arrays, people_arrays, spread, unrepaired
from linewright.twin.execute.lateness import latest_ends, planned_finishes
from linewright.twin.execute.matching import Matched, matched, shop_of
from linewright.twin.execute.power import machine_records
from linewright.twin.execute.sequences import Sequences

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.shop.arrays import Shop


@dataclass(frozen=True, eq=False)
class Prepared:
    """A plan that can be run: the kernel's arrays, and what leads back to the factory's rows."""

    factory: Factory
    plan: Plan
    shop: Shop
    matched: Matched
    problem: r.Problem
    failure_names: list[str]
    supply_keys: tuple[tuple[str, str, str], ...]
    threshold_hours: float
    assumptions: tuple[str, ...]

    def with_options(self, **changed: Any) -> Prepared:
        """The same plan under other options (see `records.OPTIONS`)."""
        from dataclasses import replace

        options = self.problem.options.copy()
        for name, value in changed.items():
            options[name][0] = value
        return replace(self, problem=self.problem._replace(options=options))


def prepare(factory: Factory, plan: Plan, *, threshold_hours: float = 8.0) -> Prepared:
    """Compile a plan for execution.

    Parameters
    ----------
    threshold_hours
        How much later than due (or than planned, if that is later) an order may be projected before the floor reacts.

    Raises
    ------
    StaleResult
        The factory has other operations or machines than the plan.
    ModelError
        A failure mode lacks its repair, or a distribution a number.
    """
    shop = shop_of(factory, plan)
    choice = matched(shop, plan)
    sequences = Sequences(shop, choice)
    tasks, first_task, resources = sequences.arrays()
    book = Laws()
    failures, failure_names, crews = failure_arrays(factory, book)
    supplies = Supplies(factory)
    block_needs, demand_needs, static_ready, demand_ready = _needs(shop, sequences, supplies)
    people, midnights = people_arrays(factory, shop.arrays.people, shop.start, _days(shop))
    people.resource[:] = sequences.first_person + np.arange(people.size)
    machines, carbons = machine_records(factory, shop, failures)
    steps = _steps(shop, choice, sequences)
    arcs, first_arc, follows = _arcs(shop, choice, sequences)
    steps.first_follow[:] = follows[1]
    demands, feeds = _demands(shop, choice)
    demands.ready[:-1] = demand_ready
    demands.first_need[:] = demand_needs[0]
    demands.planned[:-1] = planned_finishes(demands, feeds, choice.end, demand_needs)
    blocks = _blocks(shop, choice, sequences, static_ready)
    blocks.first_member[:], blocks.first_task[:] = sequences.first_member, first_task
    blocks.first_arc[:], blocks.first_need[:] = first_arc, block_needs[0]
    blocks.place_task[:-1] = first_task[:-1]
    blocks.latest_end[:-1] = latest_ends(blocks, steps, arcs, sequences, demands, feeds, threshold_hours * 3600)
    laws, values = book.arrays()
    problem = r.Problem(
        options=_options(float(blocks.run[:-1].mean()) if blocks.size > 1 else 1.0),
        index=shop.arrays.calendars.index, windows=shop.arrays.calendars.windows,
        steps=steps, blocks=blocks, members=sequences.members, tasks=tasks, arcs=arcs, follows=follows[0],
        needs=block_needs[1], supplies=supplies.arrays(), resources=resources, machines=machines,
        people=people, midnights=midnights,
        first_qualified=shop.arrays.first_qualified, qualified=shop.arrays.qualified,
        failures=failures, laws=laws, values=values, crews=crews, switches=shop.arrays.switches,
        demands=demands, feeds=feeds, demand_needs=demand_needs[1], prices=shop.arrays.prices, carbons=carbons,
    )  # fmt: skip
    return Prepared(
        factory,
        plan,
        shop,
        choice,
        problem,
        failure_names,
        supplies.keys,
        threshold_hours,
        _assumptions(problem, supplies, unrepaired(factory)),
    )


def _options(mean_work: float) -> Any:
    options = r.blank(r.OPTIONS, 1)
    options[0] = (r.STRICT, 0, 0, 2.0, max(mean_work, 1.0), np.uint64(0), 1, True, True, True, True, True, True, True)
    return options


def _days(shop: Shop) -> int:
    """Days to the end of the calendars, which all have the same horizon; at least a year."""
    windows = shop.arrays.calendars.windows
    last = windows.end[np.abs(windows.end) < 1 << 40].max(initial=0)
    return max(370, int(last) // 86400)


def _steps(shop: Shop, choice: Matched, sequences: Sequences) -> Any:
    """The operations, with the chances that their rows of the routing name."""
    steps = r.blank(r.STEP, shop.size + 1)
    if not shop.size:
        return steps
    operations, modes = shop.arrays.operations[:-1], shop.arrays.modes[choice.mode]
    frame = shop.factory.operations.frame
    rows = shop.routing
    columns = {
        "job": operations.job, "block": sequences.block_of, "run": modes.run,
        "setup": np.where(operations.running, 0, modes.setup), "units": operations.units,
        "kwh": operations.kwh, "good_share": frame["yield_share"].to_numpy()[rows],
        "rework": frame["rework_share"].to_numpy()[rows],
        "run_spread": spread(frame["run_variation"].to_numpy())[rows],
        "setup_spread": spread(frame["setup_variation"].to_numpy())[rows],
        "error_spread": spread(frame["time_error"].to_numpy())[rows],
    }  # fmt: skip
    for name, values in columns.items():
        steps[name][:-1] = values
    for cause in ("run", "setup", "yield", "rework"):
        steps[f"{cause}_cause"][:-1] = np.array([identity(cause, name) for name in shop.operation_names], np.uint64)
    pairs = frame.select("material", "step").rows()
    error = np.array([identity("time_error", material, str(step)) for material, step in pairs], np.uint64)
    steps.error_cause[:-1] = error[rows]
    return steps


def _blocks(shop: Shop, choice: Matched, sequences: Sequences, ready: Any) -> Any:
    blocks = r.blank(r.BLOCK, sequences.blocks + 1)
    if not sequences.blocks:
        return blocks
    operations, lead = shop.arrays.operations[:-1], sequences.lead
    members, owner = sequences.members, sequences.block_of[sequences.members]
    begins = sequences.first_member[:-1]
    run = shop.arrays.modes.run[choice.mode][members]
    setup = np.where(operations.running, 0, shop.arrays.modes.setup[choice.mode])
    # What is pinned may not come before its pin, however the floor goes on.
    floor = np.maximum.reduceat(np.maximum.reduce([operations.release, operations.pin, ready])[members], begins)
    columns = {
        "machine": sequences.machine, "setup_start": choice.setup_start[lead], "start": choice.start[lead],
        "end": choice.end[lead],
        "setup": np.maximum.reduceat(setup[members], begins) + choice.changeover[lead],
        "run": np.maximum.reduceat(run, begins), "family": operations.family[lead],
        "running": np.logical_or.reduceat(operations.running[members], begins),
        "may_pause": np.logical_and.reduceat(operations.may_pause[members], begins),
        "floor": floor, "due": np.minimum.reduceat(operations.due[members], begins),
        "weight": np.maximum.reduceat(operations.weight[members], begins),
    }  # fmt: skip
    for name, values in columns.items():
        blocks[name][:-1] = values
    blocks.transfer[:] = 1.0
    transfer = _transfers(shop, choice)
    np.minimum.at(blocks.transfer, owner, transfer[members])
    return blocks


def _transfers(shop: Shop, choice: Matched) -> Any:
    """The share of each operation after which some follower may start; 1 where that is all of it."""
    arcs, operations = shop.arrays.arcs, shop.arrays.operations
    share = np.ones(shop.size)
    waiting = np.repeat(np.arange(shop.size), np.diff(operations.first_arc))
    np.minimum.at(share, arcs.operation, _shares(shop, choice, arcs, waiting))
    return share


def _shares(shop: Shop, choice: Matched, arcs: Any, waiting: Any) -> Any:
    """The transfer share of each arc; loads of an oven do not overlap."""
    batch, machine = shop.arrays.machines.batch, shop.arrays.modes.machine[choice.mode]
    apart = batch[machine[arcs.operation]] | batch[machine[waiting]]
    return np.where(apart, 1.0, arcs.transfer)


def _arcs(shop: Shop, choice: Matched, sequences: Sequences) -> tuple[Any, Any, tuple[Any, Any]]:
    """What each block waits for, where each block's arcs begin, and the same from the other end."""
    arcs, operations = shop.arrays.arcs, shop.arrays.operations
    waiting = np.repeat(np.arange(shop.size), np.diff(operations.first_arc))
    block = sequences.block_of[waiting]
    site = shop.arrays.machines.site[shop.arrays.modes.machine[choice.mode]] if shop.size else waiting
    before, here = site[arcs.operation], site[waiting]
    travel = np.where((before >= 0) & (here >= 0), shop.arrays.transit[before, here], 0)
    share = _shares(shop, choice, arcs, waiting) if shop.size else np.ones(0)
    order = np.argsort(block, kind="stable")
    made = r.blank(r.ARC_IN, arcs.size)
    made.step[:], made.lag[:], made.share[:] = arcs.operation[order], (arcs.wait + travel)[order], share[order]
    made.longest[:] = np.where(arcs.longest < 0, -1, arcs.longest + travel)[order]
    made.material[:] = arcs.kind[order] == 1
    by_source = np.argsort(arcs.operation, kind="stable")
    follows = r.blank(r.FOLLOW, arcs.size)
    follows.step[:] = arcs.operation[by_source]
    follows.block[:], follows.lag[:] = block[by_source], (arcs.wait + travel)[by_source]
    follows.share[:] = share[by_source]
    first_follow = np.searchsorted(arcs.operation[by_source], np.arange(shop.size + 1))
    return made, np.searchsorted(block[order], np.arange(sequences.blocks + 1)), (follows, first_follow)


def _needs(shop: Shop, sequences: Sequences, supplies: Supplies) -> tuple[Any, Any, Any, Any]:
    """Supplies that may be late by block and by demand; and when dated supply that keeps its date is there."""
    feeds, pegs = shop.finish.feeds, shop.finish.pegs
    bought = np.isin(pegs["supply_kind"], (PURCHASE, PLANNED_PURCHASE)) if feeds.made.size else np.zeros(0, np.bool_)
    dated = ~feeds.made & (pegs["available"] > 0) & (pegs["available"] < NEVER) if feeds.made.size else bought
    names, materials = shop.pegging["supply"].to_list(), shop.pegging["material"].to_list()
    ready, demand_ready = np.zeros(shop.size, np.int64), shop.arrays.demands.ready[:-1].copy()
    of_block: list[tuple[int, int, int]] = []
    of_demand: list[tuple[int, int, int]] = []
    running = shop.arrays.operations.running
    for peg in np.flatnonzero(dated).tolist():
        moment = int(pegs["available"][peg]) + int(feeds.peg_transit[peg])
        kind = SUPPLY_KINDS[int(pegs["supply_kind"][peg])]
        supply = supplies.position(kind, names[peg], materials[peg]) if bought[peg] else -1
        target = int(feeds.target[peg])
        if target >= 0 and not running[target]:
            if supply >= 0:
                of_block.append((int(sequences.block_of[target]), supply, moment))
            else:
                ready[target] = max(ready[target], moment)
        elif feeds.to_order[peg] and supply >= 0:
            of_demand.append((int(pegs["consumer"][peg]), supply, moment))
    # Made supplies of jobs without steps carry their own dates, which are taken as they are.
    passed = feeds.made & (feeds.target >= 0) if feeds.made.size else bought
    for peg in np.flatnonzero(passed).tolist():
        job, target = int(pegs["supply"][peg]), int(feeds.target[peg])
        if feeds.stepless[job] and feeds.ready[job] > 0 and not running[target]:
            ready[target] = max(ready[target], int(feeds.ready[job]) + int(feeds.peg_transit[peg]))
    return _ragged(of_block, sequences.blocks), _ragged(of_demand, demand_ready.size), ready, demand_ready


def _ragged(rows: list[tuple[int, int, int]], owners: int) -> tuple[Any, Any]:
    rows = sorted(rows)
    made = r.blank(r.NEED, len(rows))
    made.supply[:], made.moment[:] = [row[1] for row in rows], [row[2] for row in rows]
    return np.searchsorted([row[0] for row in rows], np.arange(owners + 1)).astype(np.int64), made


def _demands(shop: Shop, choice: Matched) -> tuple[Any, Any]:
    """Dates to keep, and the operations that each waits for with the seconds that follow."""
    demands = shop.arrays.demands
    made = r.blank(r.DEMAND_IN, demands.size)
    made.due[:], made.late_rate[:], made.first_feed[:] = demands.due, demands.late_rate, demands.first_feed
    feeds = r.blank(r.FEED_IN, shop.arrays.feeds.size)
    owner = np.repeat(np.arange(demands.size - 1), np.diff(demands.first_feed))
    operation = shop.arrays.feeds.operation
    if operation.size:
        site, target = shop.arrays.machines.site[shop.arrays.modes.machine[choice.mode[operation]]], demands.site[owner]
        travel = np.where((site >= 0) & (target >= 0), shop.arrays.transit[site, target], 0)
        feeds.step[:], feeds.lag[:] = operation, shop.arrays.feeds.lag + travel
    return made, feeds


def _assumptions(problem: r.Problem, supplies: Supplies, without_repair: list[str]) -> tuple[str, ...]:
    """What was taken for granted about chance."""
    said = []
    steps, people = problem.steps[:-1], problem.people
    uncertain = (
        problem.failures.size or problem.supplies.size or (people.absence > 0).any()
        or any((steps[name] > 0).any() for name in ("run_spread", "setup_spread", "error_spread", "rework"))
        or (steps.good_share < 1).any()
    )  # fmt: skip
    if not uncertain:
        said.append(
            "Nothing can go wrong in this model: give run_variation or failure_modes, "
            "or learn them with `linewright times`."
        )
    if without_repair:
        said.append(f"Failures left out, as no mttr_hours says how long a repair takes: {', '.join(without_repair)}.")
    if supplies.guessed:
        said.append(
            "Suppliers with a reliability but no lead_days_sd: what comes late is late by a quarter of the lead time "
            "on average, at least by a day."
        )
    if problem.failures.size:
        said.append("Repairs go on round the clock; work is taken up where it stopped.")
    if (steps.rework > 0).any():
        said.append("Rework repeats the whole run on the same machine, with a new run time.")
    if (steps.good_share < 1).any():
        said.append("A short yield delays nothing: what is missing is counted as short.")
    return tuple(said)
