"""Plans and faults as plain values, for JSON and for the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit import gap, words
from linewright.kit.chains import Chains
from linewright.model.faults import LEVELS, Fault
from linewright.model.results import Plan


def plan_facts(plan: Plan) -> dict[str, Any]:
    """What a manager wants to know about a plan, as values that JSON can hold; instants are ISO 8601 in UTC."""
    return {
        "factory": plan.factory_name,
        "headline": headline(plan),
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "timezone": plan.timezone,
        "currency": plan.currency,
        "counts": counts(plan),
        "objective": plan.objective,
        "value": plan.value,
        "bound": asdict(plan.bound),
        "gap": plan.gap,
        "gap_meaning": words.gap_meaning(plan),
        "gap_parts": [asdict(part) for part in gap.open_parts(plan)],
        "costs": dict(plan.costs),
        "weights": asdict(plan.weights),
        "late_orders": late_facts(plan),
        "late_causes": late_causes(plan),
        "unplanned_orders": _plain(unplanned(plan).select("order", "kind", "material", "due", "reason")),
        "relaxed": [asdict(wish) for wish in plan.relaxed],
        "faults": {level: sum(fault.level == level for fault in plan.faults) for level in LEVELS},
        "assumptions": list(plan.assumptions),
        "verified": plan.verified,
        "origin": {**asdict(plan.origin), "options": dict(plan.origin.options), "reads": dict(plan.origin.reads)},
    }


def fault_facts(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Every fault as plain values, in the order given."""
    return [fault.facts() for fault in faults]


def counts(plan: Plan) -> dict[str, int]:
    """How many of each thing the plan holds."""
    kinds = plan.orders.get_column("kind")
    return {
        "orders": int((kinds == "order").sum()),
        "work_orders_with_a_date": int((kinds != "order").sum()),
        "late_orders": plan.late_orders.height,
        "unplanned_orders": unplanned(plan).height,
        "jobs": plan.jobs.height,
        "operations": plan.operations.height,
        "machines": plan.operations.get_column("machine").n_unique(),
    }


def unplanned(plan: Plan) -> pl.DataFrame:
    """The orders that could not be planned."""
    return plan.orders.filter(pl.col("finish").is_null())


def headline(plan: Plan) -> str:
    """The plan in one sentence: "3 of 120 orders will be late, the worst (SO-7) by 4.2 days, for 1,200 EUR."."""
    late, total = plan.late_orders, plan.orders.height
    missing = unplanned(plan).height
    left_out = f" {words.count(missing, 'order')} could not be planned." if missing else ""
    if not total:
        return "There are no orders with a date to keep."
    if not late.height:
        return f"{_in_time(plan, total - missing)}{left_out}".strip()
    worst = late.sort("late_days", descending=True).row(0, named=True)
    cost = float(late.get_column("late_cost").sum())
    price = f", for {words.money(cost, plan.currency)}" if cost else ""
    named = f"the worst ({worst['order']}) " if late.height > 1 else ""
    how_late = f"{named}by {words.days_late(worst['late_days'])}"
    return f"{late.height:,} of {words.count(total, 'order')} will be late, {how_late}{price}.{left_out}"


def _in_time(plan: Plan, planned: int) -> str:
    if not planned:
        return ""
    if plan.orders.get_column("due").null_count() < plan.orders.height:
        return f"All {words.count(planned, 'order')} will be in time."
    end = words.moment(plan.end, ZoneInfo(plan.timezone))
    return f"{words.count(planned, 'order')} will be finished by {end}; none has a due date."


def late_facts(plan: Plan, limit: int | None = None) -> list[dict[str, Any]]:
    """The late orders, dearest first, each with what it waited for."""
    chains = Chains.of(plan)
    columns = ["order", "kind", "customer", "material", "quantity", "due", "finish", "late_days", "late_cost", "reason"]
    rows = _plain(
        plan.late_orders.select(columns).head(limit) if limit is not None else plan.late_orders.select(columns)
    )
    return [{**row, "waits_for": row["reason"] or chains.cause(row["order"]).words} for row in rows]


def late_causes(plan: Plan) -> list[dict[str, Any]]:
    """What late orders wait for, the dearest first: the thing, how many orders wait for it, and what that costs."""
    chains, found = Chains.of(plan), dict[str, dict[str, Any]]()
    for order, cost in plan.late_orders.select("order", "late_cost").iter_rows():
        thing = chains.cause(order).thing
        one = found.setdefault(thing, {"waits_for": thing, "orders": 0, "late_cost": 0.0})
        one["orders"] += 1
        one["late_cost"] += cost or 0.0
    return sorted(found.values(), key=lambda one: (-one["late_cost"], -one["orders"], one["waits_for"]))


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    rows = frame.to_dicts()
    return [
        {name: cell.isoformat() if isinstance(cell, datetime) else cell for name, cell in row.items()} for row in rows
    ]
