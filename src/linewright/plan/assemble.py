"""From a timetable back to the factory's words: the frames of a plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.model.results import CAUSES, JOB_COLUMNS, OPERATION_COLUMNS, ORDER_COLUMNS, Relaxed
from linewright.shop import arrays as a
from linewright.shop.evaluate import demand_finish
from linewright.shop.packing import packed
from linewright.shop.routes import NO_PIN
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.shop.state import Choice, State

HOUR_SECONDS = 3600


def instants(shop: Shop, seconds: Any) -> pl.Series:
    """Seconds since the plan's start as instants; NEVER becomes null."""
    values = np.asarray(seconds, np.int64)
    known = values < NEVER
    base = pl.Series([shop.start]).cast(pl.Datetime("us", "UTC")).to_physical()[0]
    physical = (
        pl.Series(np.where(known, values, 0) * 1_000_000 + base).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    )
    return pl.select(pl.when(pl.Series(known)).then(physical)).to_series()


def operation_frame(shop: Shop, state: State, choice: Choice) -> pl.DataFrame:
    """One row for each operation, in the order of their starts."""
    work = state.work[:-1]
    operations = shop.arrays.operations[:-1]
    modes = shop.arrays.modes[work.mode] if shop.size else shop.arrays.modes[:0]
    machines = shop.factory.machines.frame.select("machine", "work_center")
    names = machines["machine"].to_numpy()
    routing = shop.factory.operations.frame
    operations_rows = routing[shop.routing] if shop.size else routing.head(0)
    setup = modes.setup / 60
    if shop.size:
        # In a load every row states the load's minutes.
        setup = (work.setup - work.changeover) / 60
    people = _people(shop, state)
    frame = pl.DataFrame(
        {
            "operation": pl.Series(shop.operation_names, dtype=pl.String),
            "job": pl.Series([shop.job_names[job] for job in operations.job.tolist()], dtype=pl.String),
            "material": operations_rows["material"],
            "step": operations_rows["step"],
            "name": operations_rows["name"],
            "machine": pl.Series(names[modes.machine].tolist(), dtype=pl.String),
            "work_center": pl.Series(machines["work_center"].to_numpy()[modes.machine].tolist(), dtype=pl.String),
            "quantity": operations.units,
            "setup_start": instants(shop, work.setup_start),
            "start": instants(shop, work.start),
            "end": instants(shop, work.end),
            "setup_minutes": setup,
            "changeover_minutes": work.changeover / 60,
            "run_minutes": work.run / 60,
            "people": pl.Series([one[0] for one in people], dtype=pl.List(pl.String)),
            "setup_people": pl.Series([one[1] for one in people], dtype=pl.List(pl.String)),
            "load": pl.Series([f"load {at + 1}" if at >= 0 else "" for at in choice.load.tolist()], dtype=pl.String),
            "waits_for": pl.Series([CAUSES[cause] for cause in work.cause.tolist()], dtype=pl.String),
            "waits_for_operation": pl.Series(
                [shop.operation_names[at] if at >= 0 else "" for at in work.cause_operation.tolist()], dtype=pl.String
            ),
            "waits_for_name": pl.Series(_cause_names(shop, work), dtype=pl.String),
            "kwh": _kwh(shop, work, modes, choice),
            "pinned": operations.pin >= 0,
        }
    ).cast({name: kind for name, kind in OPERATION_COLUMNS.items() if name != "load"})
    return frame.sort("start", "machine", "operation")


def _people(shop: Shop, state: State) -> list[tuple[list[str], list[str]]]:
    """Run people and setup people of each operation."""
    operations, seats = shop.arrays.operations, shop.arrays.seats
    people = []
    for at in range(shop.size):
        run: list[str] = []
        setup: list[str] = []
        person = shop.arrays.modes[state.work[at].mode].person
        if person >= 0:
            run.append(shop.person_names[person])
        for seat in range(operations[at].first_seat, operations[at + 1].first_seat):
            taken = state.seats[seat].person
            if taken < 0:
                continue
            if seats[seat].phase != a.SETUP:
                run.append(shop.person_names[taken])
            if seats[seat].phase != a.RUN and state.work[at].setup > 0:
                setup.append(shop.person_names[taken])
        people.append((run, setup))
    return people


def _cause_names(shop: Shop, work: Any) -> list[str]:
    """The resource, material or rule behind each cause."""
    pegged = shop.pegging["material"].to_list()
    names = []
    longest_waits = shop.arrays.operations.longest_wait[:-1].tolist()
    for cause, index, longest in zip(work.cause.tolist(), work.cause_index.tolist(), longest_waits, strict=True):
        if cause in (a.MACHINE, a.CHANGEOVER) and index >= 0:
            names.append(shop.machine_names[index])
        elif cause == a.PERSON and index >= 0:
            names.append(shop.person_names[index])
        elif cause == a.TOOL and index >= 0:
            names.append(shop.tool_names[index])
        elif cause == a.MATERIAL and index >= 0:
            names.append(pegged[index])
        elif cause == a.POLICY:
            # Work is held back for two reasons only: the next step may not wait long, or it would be too early.
            names.append("max_wait" if longest >= 0 else "just_in_time")
        else:
            names.append("")
    return names


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
    work_orders = shop.factory.work_orders.frame["work_order"].to_list()
    demands = [shop.demand_names[at] if at >= 0 else "" for at in jobs["order"].tolist()]
    return pl.DataFrame(
        {
            "job": pl.Series(shop.job_names, dtype=pl.String),
            "work_order": pl.Series(
                [work_orders[at] if at >= 0 else "" for at in jobs["work_order"].tolist()], dtype=pl.String
            ),
            "order": pl.Series(demands, dtype=pl.String),
            "material": pl.Series([shop.explosion.materials[at] for at in jobs["material"].tolist()], dtype=pl.String),
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
    arrays, packed_state = packed(shop.arrays), packed(state)
    finish = np.array([demand_finish(arrays, packed_state, at) for at in range(demands.size)], np.int64)
    late = np.where(demands.due < NEVER, np.maximum(finish - demands.due, 0), 0)
    kinds = explosion.demands["kind"].tolist()
    customers = shop.factory.orders.frame["customer"].to_list()
    rows = explosion.demands["row"].tolist()
    return pl.DataFrame(
        {
            "order": pl.Series(shop.demand_names, dtype=pl.String),
            "kind": pl.Series(["work_order" if kind else "order" for kind in kinds], dtype=pl.String),
            "customer": pl.Series(
                ["" if kind else customers[row] for kind, row in zip(kinds, rows, strict=True)], dtype=pl.String
            ),
            "material": pl.Series(
                [explosion.materials[at] for at in explosion.demands["material"].tolist()], dtype=pl.String
            ),
            "quantity": explosion.demands["quantity"],
            "due": instants(shop, demands.due),
            "finish": instants(shop, finish),
            "late_days": late / 86400,
            "late_cost_per_day": demands.late_rate * 86400,
            "late_cost": late * demands.late_rate,
            "reason": pl.Series([""] * demands.size, dtype=pl.String),
        }
    ).cast(pl.Schema(ORDER_COLUMNS))


def relaxed_pins(shop: Shop, state: State) -> tuple[Relaxed, ...]:
    """Pins that could not be held, with what stood in the way."""
    operations, work = shop.arrays.operations[:-1], state.work[:-1]
    machine = shop.arrays.modes[work.mode].machine if shop.size else work.mode
    wished = shop.pin_wish > NO_PIN
    elsewhere = (operations.earlier_machine != a.NEW) & (machine != operations.earlier_machine)
    moved = elsewhere & (operations.earlier_start == shop.pin_wish)
    slipped = np.flatnonzero(wished & ((work.start > shop.pin_wish) | moved))
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
