"""A plan as sheets for people: local times, lists in one cell, the figures of the whole on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from linewright.model.faults import Fault
from linewright.model.results import Plan

_FAULT_COLUMNS = (
    "level", "where", "message", "cure", "value", "expected", "orders", "days", "count",
    "rule", "table", "row", "column",
)  # fmt: skip

_OBJECTIVES = {"cost": "total cost", "makespan": "hours to the last end", "tardiness": "hours late"}


def sheets_of(plan: Plan) -> dict[str, pl.DataFrame]:
    """Every sheet by its name; columns of instants are still instants."""
    return {
        "summary": _summary(plan),
        "operations": _flat(plan.operations),
        "orders": plan.orders,
        "late_orders": plan.late_orders,
        "jobs": plan.jobs,
        "pegging": plan.pegging,
        "relaxed": pl.DataFrame(
            [[wish.rule, wish.row, wish.reason] for wish in plan.relaxed],
            schema=dict.fromkeys(("rule", "row", "reason"), pl.String),
            orient="row",
        ),
        "faults": _faults(plan.faults),
        "assumptions": pl.DataFrame({"assumption": list(plan.assumptions)}, schema={"assumption": pl.String}),
    }


def _summary(plan: Plan) -> pl.DataFrame:
    told = [(what, value) for what, value in _figures(plan)]
    return pl.DataFrame(told, schema={"what": pl.String, "value": pl.String}, orient="row")


def _figures(plan: Plan) -> Iterator[tuple[str, str]]:
    unit = plan.currency if plan.objective == "cost" else "h"
    yield "factory", plan.factory_name
    yield "from", _local(plan.start, plan.timezone)
    yield "to", _local(plan.end, plan.timezone)
    yield "times are those of", plan.timezone
    yield "orders with a date", str(plan.orders.height)
    yield "late orders", str(plan.late_orders.height)
    yield "orders that could not be planned", str(plan.orders.get_column("finish").null_count())
    yield "jobs", str(plan.jobs.height)
    yield "operations", str(plan.operations.height)
    yield "machines", str(plan.operations.get_column("machine").n_unique())
    yield f"minimised: {_OBJECTIVES.get(plan.objective, plan.objective)}", f"{plan.value:,.2f} {unit}"
    yield "no plan can be below", f"{plan.bound.value:,.2f} {unit}" if plan.bound.kind != "none" else "not known"
    yield "because", plan.bound.meaning
    yield "gap", "not known" if plan.gap is None else f"{100 * plan.gap:.2f} %"
    for part, cost in plan.costs.items():
        yield f"cost of {part.replace('_', ' ')}", f"{cost:,.2f} {plan.currency}"
    yield "verified", "yes" if plan.verified else "no"
    yield "faults in the data", str(len(plan.faults))
    yield "seed", str(plan.origin.seed)
    yield "made by", f"{plan.origin.made_by} {plan.origin.code_version}"


def _local(moment: datetime, timezone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(name).list.join("; ") for name in lists)


def _faults(faults: tuple[Fault, ...]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [{name: fault.facts()[name] for name in _FAULT_COLUMNS} for fault in faults]
    numbers = {"orders": pl.Int64, "days": pl.Float64, "count": pl.Int64, "row": pl.Int64}
    return pl.DataFrame(rows, schema={name: numbers.get(name, pl.String) for name in _FAULT_COLUMNS})
