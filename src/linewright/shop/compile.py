"""The only place that knows both worlds: from a factory's tables to the arrays of a shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.shop import arrays as a
from linewright.shop.explosion import ORDER, WORK_ORDER, Explosion, explode
from linewright.shop.feeds import Feeds, Finish
from linewright.shop.money import add_prices, demand_arrays
from linewright.shop.pegs import job_names, pegging_frame
from linewright.shop.resources import (
    CalendarBook,
    changeover_arrays,
    group_arrays,
    integers,
    machine_arrays,
    offsets,
    people_arrays,
    site_positions,
    whole_seconds,
)
from linewright.shop.routes import NO_PIN, last_operations, mode_frame, operation_frame, step_arcs
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan

#: Calendars are not expanded further than this for a due date alone.
MOST_HORIZON_DAYS = 3660
#: Tables that a plan reads.
READS = (
    "settings", "sites", "shifts", "calendar_exceptions", "work_centers", "machines", "tools", "people", "skills",
    "materials", "components", "stock", "operations", "operation_machines", "operation_crews", "operation_tools",
    "changeovers", "customers", "orders", "work_orders", "lanes", "sources", "purchases", "tariffs",
)  # fmt: skip


def compile_shop(
    factory: Factory, start: datetime, *, previous: Plan | None = None, horizon_days: int = 370,
    splits: Mapping[tuple[str, str], int] | None = None,
) -> a.Shop:  # fmt: skip
    """Compile a factory as it is at `start` (timezone-aware, whole seconds).

    `previous` is an earlier plan: what it starts inside the frozen zone is pinned, and moving the rest has a price.
    Calendars are expanded for `horizon_days` (at least to the latest due date). `splits` says into how many lots what
    is newly made of a material for an order is split.

    Raises
    ------
    ModelError
        An operation has no machine, or steps wait for each other in a circle.
    """
    explosion = explode(factory, start, splits)
    operations = operation_frame(factory, explosion, start)
    modes = mode_frame(factory, operations)
    _complain_without_machine(factory, operations, modes)
    horizon_days = max(horizon_days, min(_latest_day(explosion) + 120, MOST_HORIZON_DAYS))
    book = CalendarBook(factory, start, horizon_days)
    families = _families(factory)
    switches, matrices = changeover_arrays(factory, families)
    machines = machine_arrays(factory, book, families, matrices, int(operations["load"].sum()))
    transit = _transit(factory)
    steps = step_arcs(operations)
    names = job_names(factory, explosion)
    first_mode = np.searchsorted(modes["at"].to_numpy(), np.arange(operations.height + 1))
    mode_sites = machines.site[modes["machine_at"].to_numpy()]
    feeds = Feeds(explosion, operations, last_operations(operations, steps), transit, first_mode, mode_sites)
    first_arc, arcs, first_next, next_operation = _arcs(operations, steps, feeds)
    first_seat, seats, groups_wanted = _seats(factory, operations)
    first_hold, holds, tool_names, tool_quantities = _holds(factory, operations)
    operation_names = _operation_names(operations, names)
    earlier_machine, earlier_start = _earlier(factory, previous, operation_names, start)
    pin, modes = _pins(factory, operations, modes, earlier_machine, earlier_start)
    job = operations.get_column("job").to_numpy()
    compiled = a.records(
        a.OPERATION,
        operations.height + 1,
        job=job,
        # What is running has been released and has its material.
        release=np.where(operations["running"].to_numpy(), 0, explosion.jobs["release"][job]),
        material_ready=np.where(operations["running"].to_numpy(), 0, feeds.material_ready),
        material_peg=feeds.material_peg,
        pin=np.where(pin == NO_PIN, -1, np.maximum(pin, 0)),
        running=operations.get_column("running"),
        may_pause=operations.get_column("may_pause"),
        family=_family_of(operations, families),
        load=operations.get_column("load"),
        units=operations.get_column("units"),
        longest_wait=_longest_wait(operations),
        kwh=operations.get_column("kwh_per_unit") * operations.get_column("units"),
        earlier_machine=earlier_machine,
        earlier_start=earlier_start,
        first_mode=np.searchsorted(modes["at"].to_numpy(), np.arange(operations.height + 1)),
        first_arc=first_arc,
        first_next=first_next,
        first_seat=first_seat,
        first_hold=first_hold,
    )
    people = people_arrays(factory, book)
    demands, demand_feeds = demand_arrays(factory, explosion, feeds)
    first_qualified, qualified = group_arrays(factory, start, groups_wanted)
    prices = add_prices(factory, machines, book, start)
    calendars, overtime = book.arrays()
    shop = a.Shop(
        factory=factory,
        start=start,
        explosion=explosion,
        arrays=a.Arrays(
            calendars=calendars,
            overtime=overtime,
            operations=compiled,
            modes=a.records(
                a.MODE,
                modes.height,
                operation=modes["at"],
                machine=modes["machine_at"],
                person=modes["person_at"],
                setup=modes["setup"],
                run=modes["run"],
                cost=modes["cost"],
            ),
            arcs=arcs,
            next_operation=next_operation,
            seats=seats,
            first_qualified=first_qualified,
            qualified=qualified,
            holds=holds,
            machines=machines,
            people=people,
            tools=tool_quantities,
            switches=switches,
            transit=transit,
            demands=demands,
            feeds=demand_feeds,
            prices=prices,
        ),
        job_names=names,
        operation_names=operation_names,
        pin_wish=pin,
        routing=operations.get_column("routing").to_numpy(),
        steps=operations.get_column("step").to_numpy(),
        machine_names=factory.machines.frame.get_column("machine").to_list(),
        person_names=factory.people.frame.get_column("person").to_list(),
        tool_names=tool_names,
        demand_names=_demand_names(factory, explosion),
        finish=Finish(feeds, explosion, demands.site),
        pegging=pegging_frame(factory, explosion, names, feeds.peg_transit, start),
        assumptions=tuple(_assumptions(factory, explosion)),
    )
    return _steered(shop)


def _steered(shop: a.Shop) -> a.Shop:
    """Fill in each operation's own due date and weight, and refuse circles."""
    from linewright.shop.precedence import steer, topological

    order = topological(shop.arrays)
    if order.size < shop.size:
        stuck = sorted(set(range(shop.size)) - set(order.tolist()))[:5]
        raise ModelError(
            [f"{shop.operation_names[at]}: waits for itself in a circle — check the after column" for at in stuck]
        )
    steer(shop.arrays, order)
    return shop


def _family_of(operations: pl.DataFrame, families: dict[str, int]) -> Any:
    """The position of each operation's family; -1 where it is blank."""
    named = operations.get_column("setup_family")
    if not families:
        return np.full(named.len(), -1, np.int64)
    return named.replace_strict(families, default=-1, return_dtype=pl.Int64).to_numpy()


def _operation_names(operations: pl.DataFrame, jobs: list[str]) -> list[str]:
    """Each operation as ``job/step``."""
    job = pl.Series("name", jobs, dtype=pl.String).gather(operations["job"])
    return operations.select(pl.format("{}/{}", job, "step")).to_series().to_list()


def _complain_without_machine(factory: Factory, operations: pl.DataFrame, modes: pl.DataFrame) -> None:
    lacking = operations.join(modes.select("at").unique(), on="at", how="anti")
    if lacking.height:
        rows = (
            lacking.unique("routing", maintain_order=True)
            .select("routing", "material", "step", "bound_machine")
            .head(20)
        )
        raise ModelError(
            [
                f"{factory.operations.place(routing)}: no machine can do step {step} of {material}"
                + (f" on {machine}" if machine else "")
                + " — name a machine or a work center that has machines"
                for routing, material, step, machine in rows.iter_rows()
            ]
        )


def _latest_day(explosion: Explosion) -> int:
    due = explosion.demands["due"]
    dated = due[due < NEVER]
    return int(dated.max() // 86400) + 1 if dated.size else 0


def _families(factory: Factory) -> dict[str, int]:
    columns = [
        factory.operations.frame["setup_family"].rename("family"),
        factory.machines.frame["setup_family"].rename("family"),
        factory.changeovers.frame["from_family"].rename("family"),
        factory.changeovers.frame["to_family"].rename("family"),
    ]
    names = pl.concat(columns).unique(maintain_order=True).to_list()
    return {name: at for at, name in enumerate(name for name in names if name)}


def _transit(factory: Factory) -> Any:
    """Seconds of the fastest lane between two sites; 0 where none joins them."""
    sites = site_positions(factory)
    never = np.iinfo(np.int64).max
    transit = np.full((max(len(sites), 1),) * 2, never, np.int64)
    for lane in factory.lanes:
        if lane.from_site in sites and lane.to_site in sites:
            at = sites[lane.from_site], sites[lane.to_site]
            transit[at] = min(transit[at], int(whole_seconds(lane.days * 1440)))
    transit[transit == never] = 0
    np.fill_diagonal(transit, 0)
    return transit


def _arcs(operations: pl.DataFrame, steps: pl.DataFrame, feeds: Feeds) -> tuple[Any, Any, Any, Any]:
    """Step and material arcs, sorted by the operation that waits; and the same from the other end."""
    at = np.concatenate([steps["at"].to_numpy(), feeds.arc_at]).astype(np.int64)
    before = np.concatenate([steps["before"].to_numpy(), feeds.arc_before]).astype(np.int64)
    kind = np.repeat([a.STEP_ARC, a.MATERIAL_ARC], [steps.height, feeds.arc_at.size])
    is_step = kind == a.STEP_ARC
    wait_after = whole_seconds(operations["min_wait_minutes"].to_numpy())
    wait = np.concatenate([wait_after[steps["before"].to_numpy()], feeds.arc_wait]).astype(np.int64)
    order = np.lexsort((before, kind, at))
    backwards = np.lexsort((at, before))
    arcs = a.records(
        a.ARC,
        at.size,
        operation=before[order],
        kind=kind[order],
        wait=wait[order],
        longest=np.where(is_step, _longest_wait(operations)[before] if before.size else -1, -1)[order],
        transfer=np.where(is_step, _transfer(operations)[before] if before.size else 1.0, 1.0)[order],
    )
    edges = np.arange(operations.height + 1)
    first_next = np.searchsorted(before[backwards], edges)
    return np.searchsorted(at[order], edges), arcs, first_next, at[backwards]


def _longest_wait(operations: pl.DataFrame) -> Any:
    longest = operations["max_wait_minutes"]
    return np.where(longest.is_null().to_numpy(), -1, whole_seconds(longest.fill_null(0.0).to_numpy()))


def _transfer(operations: pl.DataFrame) -> Any:
    """The share of an operation after which the next may start."""
    share = operations["overlap_quantity"].to_numpy() / np.maximum(operations["units"].to_numpy(), 1e-12)
    return np.where(np.isnan(share) | (share >= 1), 1.0, share)


def _seats(factory: Factory, operations: pl.DataFrame) -> tuple[Any, Any, list[tuple[str, int]]]:
    """The people that each operation needs; none when no people are known."""
    if not len(factory.people):
        return np.zeros(operations.height + 1, np.int64), a.records(a.SEAT, 0), []
    groups: dict[tuple[str, int], int] = {}
    own: dict[int, list[tuple[int, int]]] = {}
    asking = (pl.col("crew") > 0) | (pl.col("setup_crew") > 0)
    wanted = operations.unique("routing", maintain_order=True)
    own.update((routing, []) for routing in wanted["routing"].to_list())
    for row in wanted.filter(asking).iter_rows(named=True):
        seats = own.setdefault(row["routing"], [])
        run, setup = (row["skill"], row["skill_level"]), (row["setup_skill"], row["setup_skill_level"])
        if row["crew"]:
            seats += [(groups.setdefault(run, len(groups)), a.RUN)] * row["crew"]
        if row["setup_crew"]:
            seats += [(groups.setdefault(setup, len(groups)), a.SETUP)] * row["setup_crew"]
    routing = {key: at for at, key in enumerate(factory.operations.frame.select("material", "step").iter_rows())}
    phases = {"run": a.RUN, "setup": a.SETUP, "both": a.BOTH}
    for crew in factory.operation_crews:
        at = routing[crew.material, crew.step]
        if at in own:
            group = groups.setdefault((crew.skill, crew.skill_level), len(groups))
            own[at] += [(group, phases[crew.phase])] * crew.people
    # The rarest skill chooses first, so that nobody who has it sits on a seat that anyone could take; and of one skill
    # the seats that last through both phases, which only those can take who are free in both.
    rarity = {at: _people_with(factory, *wanted) for wanted, at in groups.items()}
    for seats in own.values():
        seats.sort(key=lambda seat: (rarity[seat[0]], seat[1] != a.BOTH))
    first, seats = _by_operation(operations, own)
    return first, a.records(a.SEAT, len(seats), group=seats[:, 0], phase=seats[:, 1]), list(groups)


def _by_operation(operations: pl.DataFrame, own: dict[int, list[tuple[int, int]]]) -> tuple[Any, Any]:
    """What each row of the routing asks for, repeated for every operation of that row: offsets, and pairs."""
    routing = operations["routing"].to_numpy()
    size = np.zeros(int(routing.max(initial=-1)) + 2, np.int64)
    rows = sorted(row for row in own if row < size.size - 1)
    size[rows] = [len(own[row]) for row in rows]
    begin = np.cumsum(size) - size
    pairs = np.array([pair for row in rows for pair in own[row]], np.int64).reshape(-1, 2)
    first = offsets(size[routing])
    owner = np.repeat(np.arange(routing.size), size[routing])
    return first, pairs[begin[routing][owner] + np.arange(owner.size) - first[owner]]


def _people_with(factory: Factory, skill: str, level: int) -> int:
    """How many people have a skill at a level; a blank skill is everybody's."""
    if not skill:
        return len(factory.people)
    return factory.skills.frame.filter((pl.col("skill") == skill) & (pl.col("level") >= level)).height


def _holds(factory: Factory, operations: pl.DataFrame) -> tuple[Any, Any, list[str], Any]:
    """The tools that each operation holds; a tool without a row of its own is one piece."""
    tools: dict[str, int] = {tool.tool: at for at, tool in enumerate(factory.tools)}
    quantities = [tool.quantity for tool in factory.tools]
    own: dict[int, dict[int, int]] = {}
    named = factory.operations.frame["tool"]
    for routing in np.flatnonzero((named != "").to_numpy()).tolist():
        own[routing] = {tools.setdefault(named[routing], len(tools)): 1}
    for row in factory.operation_tools:
        held = own.setdefault(factory.operations.row_of((row.material, row.step)), {})
        at = tools.setdefault(row.tool, len(tools))
        held[at] = held.get(at, 0) + row.quantity
    quantities += [1] * (len(tools) - len(quantities))
    first, pairs = _by_operation(operations, {routing: list(held.items()) for routing, held in own.items()})
    holds = a.records(a.HOLD, len(pairs), tool=pairs[:, 0], quantity=pairs[:, 1])
    return first, holds, list(tools), integers(quantities)


def _earlier(factory: Factory, previous: Plan | None, names: list[str], start: datetime) -> tuple[Any, Any]:
    """The machine and run start that an earlier plan gave each operation; machine NEW or GONE where there is none."""
    machine = np.full(len(names), a.NEW, np.int64)
    begin = np.zeros(len(names), np.int64)
    if previous is not None:
        machines = {name: at for at, name in enumerate(factory.machines.frame["machine"].to_list())}
        rows = previous.operations.select("operation", "machine", "start").iter_rows()
        known = {operation: (machines.get(name, a.GONE), begun) for operation, name, begun in rows}
        for at, name in enumerate(names):
            if name in known:
                machine[at] = known[name][0]
                begin[at] = int((known[name][1] - start).total_seconds())
    return machine, begin


def _pins(
    factory: Factory, operations: pl.DataFrame, modes: pl.DataFrame, earlier_machine: Any, earlier_start: Any
) -> tuple[Any, pl.DataFrame]:
    """Pins of work orders, and what an earlier plan starts inside the frozen zone, on the machine it had.

    Where that machine is gone the operation keeps its time and goes to another.
    """
    pin = operations["pin"].to_numpy().copy()
    frozen_seconds = int(factory.settings.frozen_hours * 3600)
    frozen = (earlier_machine != a.NEW) & (earlier_start >= 0) & (earlier_start < frozen_seconds)
    frozen &= (pin == NO_PIN) & ~operations["running"].to_numpy()
    if not frozen.any():
        return pin, modes
    pin[frozen] = earlier_start[frozen]
    at = modes["at"].to_numpy()
    stays = modes["machine_at"].to_numpy() == earlier_machine[at]
    can_stay = np.zeros(frozen.size, np.bool_)
    can_stay[at[stays]] = True
    bound = frozen & can_stay
    return pin, modes.filter(pl.Series(~bound[at] | stays))


def _demand_names(factory: Factory, explosion: Explosion) -> list[str]:
    orders = factory.orders.frame["order"].to_list()
    work_orders = factory.work_orders.frame["work_order"].to_list()
    pairs = zip(explosion.demands["kind"].tolist(), explosion.demands["row"].tolist(), strict=True)
    return [orders[row] if kind == 0 else work_orders[row] for kind, row in pairs]


def _assumptions(factory: Factory, explosion: Explosion) -> list[str]:
    """What was taken for granted because a table or a row is silent."""
    said = []
    settings = factory.settings
    if not factory.machines.frame["calendar"].is_in(factory.shifts.frame["calendar"].to_list()).any():
        said.append("No machine has a calendar: all machines run round the clock.")
    needs_crew = (factory.operations.frame["crew"] > 0).any() or (factory.operations.frame["setup_crew"] > 0).any()
    if not len(factory.people) and (needs_crew or len(factory.operation_crews)):
        said.append("No people are listed: operations run without waiting for a crew.")
    open_orders = factory.orders.frame.filter(pl.col("status") == "open")
    silent = open_orders["late_cost_per_day"].null_count() + _undated_costs(factory)
    if silent and (explosion.demands["due"] < NEVER).any():
        said.append(
            f"{silent:,} {'order does' if silent == 1 else 'orders do'} not say what a late day costs: "
            f"{settings.late_cost_per_day:g} {settings.currency} is assumed."
        )
    if explosion.planned_purchases:
        said.append(
            f"{explosion.planned_purchases:,} needs are covered by purchases not yet placed: "
            "they arrive after the shortest lead time."
        )
    if explosion.assumed:
        worst = sorted(explosion.assumed, key=lambda name: -explosion.assumed[name])[:3]
        said.append(
            f"{len(explosion.assumed):,} materials have neither enough stock nor a source and are assumed to be there: "
            + ", ".join(worst) + (", ..." if len(explosion.assumed) > 3 else "") + "."
        )  # fmt: skip
    return said + list(factory.assumptions)


def _undated_costs(factory: Factory) -> int:
    rows = factory.work_orders.frame.filter((pl.col("status") == "open") & pl.col("due").is_not_null())
    return rows["late_cost_per_day"].null_count()


__all__ = ["ORDER", "READS", "WORK_ORDER", "compile_shop"]
