"""From a timetable back to the factory's words: the frames of a plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.model.results import CAUSES, JOB_COLUMNS, OPERATION_COLUMNS, ORDER_COLUMNS, Relaxed
from linewright.shop import arrays as a
from linewright.shop.routes import NO_PIN
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.shop.state import Choice, State

HOUR_SECONDS = 3600


def instants(shop: Shop, seconds: Any) -> pl.Series:
    """Seconds since the plan's start as instants; NEVER becomes null."""
    values = np.asarray(seconds, np.int64)
    start = np.datetime64(shop.start.astimezone(UTC).replace(tzinfo=None), "us")
    moments = np.where(values < NEVER, start + np.where(values < NEVER, values, 0) * 1_000_000, np.datetime64("NaT"))
    return pl.Series(moments.astype("datetime64[us]")).dt.replace_time_zone("UTC")


def named(names: list[str], at: Any) -> pl.Series:
    """The names at some positions; blank for -1."""
    positions = np.asarray(at, np.int64)
    return pl.Series([*names, ""], dtype=pl.String).gather(np.where(positions < 0, len(names), positions))


def operation_frame(shop: Shop, state: State, choice: Choice) -> pl.DataFrame:
    """One row for each operation, in the order of their starts."""
    work = state.work[:-1]
    operations = shop.arrays.operations[:-1]
    modes = shop.arrays.modes[work.mode] if shop.size else shop.arrays.modes[:0]
    routing = shop.factory.operations.frame.select("material", "step", "name")
    operations_rows = routing[shop.routing] if shop.size else routing.head(0)
    setup = modes.setup / 60
    if shop.size:
        # In a load every row states the load's minutes.
        setup = (work.setup - work.changeover) / 60
    people, setup_people = _people(shop, state)
    frame = pl.DataFrame(
        {
            "operation": pl.Series(shop.operation_names, dtype=pl.String),
            "job": named(shop.job_names, operations.job),
            "material": operations_rows["material"],
            "step": operations_rows["step"],
            "name": operations_rows["name"],
            "machine": named(shop.machine_names, modes.machine),
            "work_center": named(shop.factory.machines.frame["work_center"].to_list(), modes.machine),
            "quantity": operations.units,
            "setup_start": instants(shop, work.setup_start),
            "start": instants(shop, work.start),
            "end": instants(shop, work.end),
            "setup_minutes": setup,
            "changeover_minutes": work.changeover / 60,
            "run_minutes": work.run / 60,
            "people": people,
            "setup_people": setup_people,
            "load": named([f"load {number}" for number in range(1, int(choice.load.max(initial=-1)) + 2)], choice.load),
            "waits_for": named(list(CAUSES), work.cause),
            "waits_for_operation": named(shop.operation_names, work.cause_operation),
            "waits_for_name": _cause_names(shop, work),
            "kwh": _kwh(shop, work, modes, choice),
            "pinned": operations.pin >= 0,
        }
    ).cast({name: kind for name, kind in OPERATION_COLUMNS.items() if name != "load"})
    return frame.sort("start", "machine", "operation")


def _people(shop: Shop, state: State) -> tuple[pl.Series, pl.Series]:
    """Run people and setup people of each operation."""
    operations, seats, work = shop.arrays.operations, shop.arrays.seats, state.work[:-1]
    owner = np.repeat(np.arange(shop.size), np.diff(operations.first_seat))
    person = state.seats.person[: owner.size]
    bound = shop.arrays.modes.person[work.mode] if shop.size else work.mode
    is_bound = np.flatnonzero(bound >= 0)
    taken = person >= 0
    # The person that the mode names comes first, and once where they have a seat.
    in_run = taken & (seats.phase != a.SETUP) & (person != bound[owner])
    in_setup = taken & (seats.phase != a.RUN) & (work.setup[owner] > 0)
    run_owner, run_person = np.append(is_bound, owner[in_run]), np.append(bound[is_bound], person[in_run])
    order = np.argsort(run_owner, kind="stable")
    return (
        _lists(shop, run_owner[order], run_person[order]),
        _lists(shop, owner[in_setup], person[in_setup]),
    )


def _lists(shop: Shop, owner: Any, person: Any) -> pl.Series:
    """The people of each operation as a list; `owner` is sorted."""
    known = pl.DataFrame({"owner": owner, "person": named(shop.person_names, person)})
    lists = known.group_by("owner", maintain_order=True).agg("person")
    made = pl.DataFrame({"owner": np.arange(shop.size)}).join(lists, on="owner", how="left", maintain_order="left")
    return made["person"].cast(pl.List(pl.String)).fill_null(pl.Series([[]], dtype=pl.List(pl.String)))


def _cause_names(shop: Shop, work: Any) -> pl.Series:
    """The resource, material or rule behind each cause."""
    # Work is held back for two reasons only: the next step may not wait long, or it would be too early.
    policies = ["max_wait", "just_in_time"]
    groups = (policies, shop.machine_names, shop.person_names, shop.tool_names, shop.pegging["material"].to_list())
    begins = np.cumsum([0, *map(len, groups)])
    at = np.full(work.size, -1, np.int64)
    for group, causes in ((1, (a.MACHINE, a.CHANGEOVER)), (2, (a.PERSON,)), (3, (a.TOOL,)), (4, (a.MATERIAL,))):
        mine = np.isin(work.cause, causes) & (work.cause_index >= 0)
        at[mine] = begins[group] + work.cause_index[mine]
    waits_long = shop.arrays.operations.longest_wait[:-1] < 0
    at[work.cause == a.POLICY] = waits_long[work.cause == a.POLICY]
    return named([name for group in groups for name in group], at)


def _kwh(shop: Shop, work: Any, modes: Any, choice: Choice) -> Any:
    """Energy of each operation; what a load's machine draws is shared equally by its members."""
    machines = shop.arrays.machines[modes.machine]
    drawn = (machines.setup_kw * work.setup + machines.run_kw * work.run) / HOUR_SECONDS
    in_load = choice.load >= 0
    members = np.ones(shop.size)
    if in_load.any():
        members[in_load] = np.bincount(choice.load[in_load])[choice.load[in_load]]
    return drawn / members + shop.arrays.operations[:-1].kwh


def job_frame(shop: Shop, state: State) -> pl.DataFrame:
    """One row for each job, with its finish."""
    jobs = shop.explosion.jobs
    return pl.DataFrame(
        {
            "job": pl.Series(shop.job_names, dtype=pl.String),
            "work_order": named(shop.factory.work_orders.frame["work_order"].to_list(), jobs["work_order"]),
            "order": named(shop.demand_names, jobs["order"]),
            "material": named(shop.explosion.materials, jobs["material"]),
            "quantity": jobs["quantity"],
            "release": instants(shop, jobs["release"]),
            "due": instants(shop, jobs["due"]),
            "finish": instants(shop, shop.finish.jobs(state.work.end)),
        }
    ).cast(pl.Schema(JOB_COLUMNS))


def pegging_frame(shop: Shop, state: State) -> pl.DataFrame:
    """The pegs with the transport that follows from the machines chosen."""
    site = shop.arrays.machines.site[shop.arrays.modes.machine[state.work.mode[:-1]]] if shop.size else np.zeros(0, int)
    return shop.pegging.with_columns(transit_days=pl.Series(shop.finish.transit(site) / 86400, dtype=pl.Float64))


def order_frame(shop: Shop, state: State) -> pl.DataFrame:
    """One row for each thing with a date to keep."""
    demands, explosion = shop.arrays.demands[:-1], shop.explosion
    finish = demand_finishes(shop, state)
    late = np.where(demands.due < NEVER, np.maximum(finish - demands.due, 0), 0)
    is_order = explosion.demands["kind"] == 0
    return pl.DataFrame(
        {
            "order": pl.Series(shop.demand_names, dtype=pl.String),
            "kind": named(["order", "work_order"], ~is_order),
            "customer": named(
                shop.factory.orders.frame["customer"].to_list(), np.where(is_order, explosion.demands["row"], -1)
            ),
            "material": named(explosion.materials, explosion.demands["material"]),
            "quantity": explosion.demands["quantity"],
            "due": instants(shop, demands.due),
            "finish": instants(shop, finish),
            "late_days": late / 86400,
            "late_cost_per_day": demands.late_rate * 86400,
            "late_cost": late * demands.late_rate,
            "reason": pl.Series([""] * demands.size, dtype=pl.String),
        }
    ).cast(pl.Schema(ORDER_COLUMNS))


def demand_finishes(shop: Shop, state: State) -> Any:
    """When everything that each demand waits for is there: :func:`linewright.shop.evaluate.demand_finish` of all."""
    arrays = shop.arrays
    finish = np.maximum(arrays.demands.ready[:-1], 0)
    owner = np.repeat(np.arange(finish.size), np.diff(arrays.demands.first_feed))
    operation = arrays.feeds.operation
    site = arrays.machines.site[arrays.modes.machine[state.work.mode[operation]]]
    target = arrays.demands.site[owner]
    travel = np.where((site >= 0) & (target >= 0), arrays.transit[site, target], 0)
    np.maximum.at(finish, owner, state.work.end[operation] + arrays.feeds.lag + travel)
    return finish


def relaxed_pins(shop: Shop, state: State) -> tuple[Relaxed, ...]:
    """Pins that could not be held, with what stood in the way."""
    operations, work = shop.arrays.operations[:-1], state.work[:-1]
    machine = shop.arrays.modes[work.mode].machine if shop.size else work.mode
    wished = shop.pin_wish > NO_PIN
    elsewhere = (operations.earlier_machine != a.NEW) & (machine != operations.earlier_machine)
    moved = elsewhere & (operations.earlier_start == shop.pin_wish)
    slipped = np.flatnonzero(wished & ((work.start > shop.pin_wish) | moved))
    if not slipped.size:
        return ()
    causes = _cause_names(shop, work)
    said = []
    for at in slipped.tolist():
        wanted = (shop.start + timedelta(seconds=int(shop.pin_wish[at]))).astimezone(shop.factory.timezone)
        cause = CAUSES[work.cause[at]]
        other = work.cause_operation[at]
        behind = f" ({shop.operation_names[other]})" if other >= 0 else ""
        said.append(
            Relaxed(
                rule="pin",
                row=shop.operation_names[at],
                reason=_why_not(shop, at, wanted, moved[at], f"waits for {cause} {causes[at]}{behind}"),
            )
        )
    return tuple(said)


def small_loads(shop: Shop, state: State, choice: Choice) -> tuple[Relaxed, ...]:
    """Loads that started below their machine's least load although others of their family follow there."""
    operations, work, machines = shop.arrays.operations[:-1], state.work[:-1], shop.arrays.machines
    leaders = np.flatnonzero(work.leader & (choice.load >= 0))
    machine = shop.arrays.modes.machine[work.mode]
    places = np.bincount(choice.load[choice.load >= 0], operations.load[choice.load >= 0]) if leaders.size else leaders
    said = []
    for at in leaders.tolist():
        load = choice.load[at]
        members = choice.load == load
        held = (operations.running[members] | (operations.pin[members] >= 0)).any()
        family = (machine == machine[at]) & (operations.family == operations.family[at])
        follows = (family & (work.start > work.start[at])).any()
        if places[load] < machines[machine[at]].min_load and follows and not held:
            reason = f"{shop.machine_names[machine[at]]}: nothing else could come before it"
            said.append(Relaxed(rule="full_load", row=f"load {load + 1}", reason=reason))
    return tuple(said)


def _why_not(shop: Shop, operation: int, wanted: datetime, moved: bool, waits: str) -> str:
    """Why a pin could not be held."""
    if moved:
        return "the machine of the earlier plan can no longer do it"
    if shop.pin_wish[operation] < 0:
        return f"its time, {wanted:%Y-%m-%d %H:%M}, has passed"
    return f"cannot start at {wanted:%Y-%m-%d %H:%M}: {' '.join(waits.split())}"
