"""A plan from anybody: linewright's own JSON document, or a CSV file with one row for each operation."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from linewright.model.factory import Factory
from linewright.model.results import OPERATION_COLUMNS, ORDER_COLUMNS, Bound, Origin, Plan, Weights
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.reading import read_case
from linewright.plan.assemble import job_frame, order_frame, pegging_frame
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from linewright.shop.state import State, new_state

#: The columns without which no plan can be read; setup_start, people, setup_people and load may be left out.
NEEDED = ("job", "step", "machine", "start", "end")


def submitted(factory: Factory, path: Path) -> Plan:
    """The plan in a file or folder, complete with what follows from its times."""
    if path.suffix.lower() == ".json":
        from linewright.io.plan_files import read_plan

        return read_plan(path)
    return completed(factory, read_rows(path / "operations.csv" if path.is_dir() else path, factory.settings.timezone))


def read_rows(path: Path, timezone: str) -> list[dict[str, Any]]:
    """The rows of a CSV file of operations; times without an offset are those of the plant's clocks."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        table = csv.DictReader(text)
        missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
        if missing:
            raise SystemExit(f"{path}: has no column {missing[0]}; needed are {', '.join(NEEDED)}")
        return [_row(cells, ZoneInfo(timezone)) for cells in table]


def _row(cells: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    def moment(name: str) -> datetime:
        found = datetime.fromisoformat(cells[name].strip())
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)

    def names(column: str) -> list[str]:
        return [name.strip() for name in (cells.get(column) or "").split(";") if name.strip()]

    return {
        "operation": f"{cells['job']}/{cells['step']}", "job": cells["job"], "step": int(cells["step"]),
        "machine": cells["machine"], "start": moment("start"), "end": moment("end"),
        "setup_start": moment("setup_start") if cells.get("setup_start") else moment("start"),
        "people": names("people"), "setup_people": names("setup_people"), "load": cells.get("load") or "",
    }  # fmt: skip


def completed(factory: Factory, rows: list[dict[str, Any]]) -> Plan:
    """A whole plan from its operations: durations, jobs, pegging, dates and costs follow from the tables.

    The jobs are the standard ones: one lot for each need that stock and purchases leave open, first come first served.
    """
    start = factory.settings.start
    assert start is not None
    shop = compile_shop(factory, start)
    empty = Plan(
        factory_name=factory.name, currency=factory.settings.currency, timezone=factory.settings.timezone, start=start,
        objective="cost", value=0.0, costs={}, weights=Weights(), bound=Bound(value=0.0, kind="none", meaning=""),
        operations=_frame(rows), jobs=job_frame(shop, new_state(shop.arrays)),
        orders=pl.DataFrame(schema=ORDER_COLUMNS), pegging=pl.DataFrame(), relaxed=(), faults=(), assumptions=(),
        origin=Origin(made_by="submission", code_version="", seed=0),
    )  # fmt: skip
    case = read_case(factory, empty, None)
    found = _found(case)
    state = _state(shop, case, found)
    orders = order_frame(shop, state)
    costs = {
        "lateness": float(orders["late_cost"].sum()),
        "changeovers": _changeovers(case),
        "early_stock": _early_stock(factory, orders),
    }
    changed: dict[str, Any] = {
        "operations": _frame([row | _minutes(case, found.get(row["operation"])) for row in rows]),
        "orders": orders, "costs": costs, "jobs": job_frame(shop, state), "pegging": pegging_frame(shop, state),
        "value": sum(costs.values()),
    }  # fmt: skip
    return Plan(**({name: getattr(empty, name) for name in empty.__dataclass_fields__} | changed))


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in OPERATION_COLUMNS} for row in rows], schema=OPERATION_COLUMNS)


def _found(case: Case) -> dict[str, int]:
    """The place of each operation that could be read, by its name."""
    return {case.operations.name(at): at for at in range(len(case.operations))}


def _minutes(case: Case, at: int | None) -> dict[str, Any]:
    """What the tables ask of an operation: its units and the minutes of its block."""
    if at is None:
        return {}
    operations, blocks = case.operations, case.blocks
    block = int(blocks.of[at])
    return {
        "material": case.jobs.material[operations.job[at]], "quantity": float(operations.units[at]), "kwh": 0.0,
        "pinned": False, "setup_minutes": blocks.setup_seconds[block] / 60,
        "changeover_minutes": blocks.changeover_seconds[block] / 60, "run_minutes": blocks.run_seconds[block] / 60,
    }  # fmt: skip


def _state(shop: Shop, case: Case, found: Mapping[str, int]) -> State:
    """The ends and machines as the timetable would hold them, from which the dates of orders follow."""
    state = new_state(shop.arrays)
    modes, machine_at = shop.arrays.modes, {name: at for at, name in enumerate(shop.machine_names)}
    first = shop.arrays.operations.first_mode
    begin = round(shop.start.timestamp())
    for at, name in enumerate(shop.operation_names):
        state.work.mode[at] = first[at]
        if name in found:
            placed = found[name]
            machine = machine_at[case.machine(placed).machine]
            mine = np.flatnonzero(modes.machine[first[at] : first[at + 1]] == machine)
            state.work.mode[at] += int(mine[0]) if mine.size else 0
            state.work.start[at] = case.operations.start[placed] - begin
            state.work.end[at] = case.operations.end[placed] - begin
    return state


def _changeovers(case: Case) -> float:
    """What the changeovers cost, with the machine time that they take."""
    blocks = case.blocks
    hourly = np.array([case.places.hourly_cost(machine) for machine in case.places.machines])[blocks.machine]
    return float((blocks.changeover_cost + blocks.changeover_seconds / 3600 * hourly).sum())


def _early_stock(factory: Factory, orders: pl.DataFrame) -> float:
    """What it costs to hold goods that are finished before they are due."""
    cost = pl.DataFrame(
        [[row.material, row.cost] for row in factory.materials], schema=["material", "cost"], orient="row"
    )
    early = orders.join(cost, on="material", how="left").select(
        (pl.col("due") - pl.col("finish")).dt.total_microseconds().clip(0)
        / 86_400e6
        * pl.col("quantity")
        * pl.col("cost")
    )
    return float(early.to_series().sum()) * factory.settings.stock_cost_share_per_year / 365
