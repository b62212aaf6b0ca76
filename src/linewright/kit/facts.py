"""Plans and faults as plain values, for JSON and for the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from math import isnan
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit import gap, words
from linewright.kit.chains import Chains
from linewright.model.faults import LEVELS, Fault
from linewright.model.results import Plan
from linewright.model.run_results import Run

#: An order that is in time in fewer runs than this is worth a look.
DOUBTFUL = 0.9


def plan_facts(plan: Plan, run: Run | None = None) -> dict[str, Any]:
    """What a manager wants to know about a plan, as values that JSON can hold; instants are ISO 8601 in UTC.

    With a run of the plan, `odds` says how sure it is (see :func:`odds_facts`).
    """
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
        **({"odds": odds_facts(run)} if run is not None else {}),
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


def odds_facts(run: Run) -> dict[str, Any]:
    """How sure a plan is: for each order its odds and the dates that half, 80 % and 95 % of the runs keep."""
    dates, odds = ["due", "planned", "p50", "p80", "p95"], ["on_time", "low", "high", "late_days", "late_cost"]
    return {
        "headline": odds_headline(run),
        "replications": run.replications,
        "seed": run.origin.seed,
        "mode": run.mode,
        "orders": _plain(run.orders.select("order", "kind", *dates, *odds).fill_nan(None)),
        "totals": _plain(run.totals.select("figure", "unit", "mean", "low", "high", "p5", "p95").fill_nan(None)),
        "causes": _plain(run.causes.select("cause", "name", "hours", "events").fill_nan(None)),
        "assumptions": list(run.assumptions),
    }


def odds_headline(run: Run) -> str:
    """The run in a sentence: "91 % of orders in time on average (89 to 92); 7 orders below 90 %."."""
    below = run.orders.filter(pl.col("on_time") < DOUBTFUL).height
    share = in_time(run)
    if share is None:
        return "There are no dates to keep."
    doubtful = f"{words.count(below, 'order')} below 90 %" if below else "no order below 90 %"
    between = percent_range(share)
    told = f"{percent(share['mean'])} of orders in time on average{f' ({between})' if between else ''}"
    return f"{told}; {doubtful}."


def in_time(run: Run) -> dict[str, Any] | None:
    """The mean share of orders in time, with its interval; None when no order has a date."""
    rows = run.totals.filter((pl.col("figure") == "on_time") & pl.col("mean").is_not_nan())
    return rows.row(0, named=True) if rows.height and run.orders.height else None


def doubtful_orders(plan: Plan, run: Run) -> pl.DataFrame:
    """The orders that are late in the plan or below 90 % in the run, the highest expected cost first.

    These are rows of the plan's orders with `on_time`, `low`, `high`, `p50`, `p80` and `p95` of the run (null where
    the run does not know the order), and the means over all runs `expected_days` and `expected_cost`.
    """
    known = run.orders.select(
        "order", "kind", "on_time", "low", "high", "p50", "p80", "p95",
        expected_days="late_days", expected_cost="late_cost",
    ).unique(["order", "kind"], keep="first", maintain_order=True)  # fmt: skip
    rows = plan.orders.join(known, on=["order", "kind"], how="left", maintain_order="left")
    rows = rows.filter((pl.col("late_days").fill_null(0.0) > 0) | (pl.col("on_time") < DOUBTFUL))
    # An order that the run does not know is expected to be as late as planned.
    rows = rows.with_columns(
        pl.col("expected_days").fill_null(pl.col("late_days")), pl.col("expected_cost").fill_null(pl.col("late_cost"))
    )
    by = ["expected_cost", "expected_days", "order"]
    return rows.sort(by, descending=[True, True, False], nulls_last=True, maintain_order=True)


def main_causes(run: Run, limit: int) -> pl.DataFrame:
    """The causes that add most hours to the last finishes, the worst first."""
    known = run.causes.fill_nan(None).filter(pl.col("hours") > 0)
    return known.sort("hours", descending=True, maintain_order=True).head(limit)


#: What the causes of delay in a run are called: alone, and with the machine, person or material behind them.
RUN_CAUSE_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "failure": ("breakdowns", "breakdowns of {name}"),
        "slow run": ("longer runs", "longer runs on {name}"),
        "slow setup": ("longer setups", "longer setups on {name}"),
        "rework": ("rework", "rework on {name}"),
        "absence": ("absence", "absence of {name}"),
        "late material": ("late material", "late material {name}"),
        "closed hours": ("nights and days off in between", "closed hours of {name}"),
    }
)


def run_cause(cause: str, name: str) -> str:
    """Say what delays a run: "breakdowns of M4"."""
    plain = cause.replace("_", " ")
    bare, named = RUN_CAUSE_WORDS.get(cause, (plain, f"{plain} of {{name}}"))
    return named.format(name=name) if name else bare


def percent(share: float) -> str:
    """A share as a whole number of per cent; what is not quite none or all keeps a decimal: "72 %", "99.7 %"."""
    return f"{_hundredths(share)} %"


def percent_range(row: Mapping[str, Any]) -> str:
    """From low to high in per cent, without the unit: "65 to 78"; empty when a single run leaves it unknown."""
    if any(row[name] is None or isnan(row[name]) for name in ("low", "high")):
        return ""
    return f"{_hundredths(row['low'])} to {_hundredths(row['high'])}"


def _hundredths(share: float) -> str:
    """Halves are rounded up, as the report's board does, so that both always say the same."""
    fine = round(10_000 * share)
    whole, tenths = (fine + 50) // 100, (fine + 5) // 10
    if whole not in {0, 100} or share <= 0 or share >= 1:
        return str(whole)
    return {0: "< 0.1", 1000: "> 99.9"}.get(tenths, f"{tenths / 10:.1f}")


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    rows = frame.to_dicts()
    return [
        {name: cell.isoformat() if isinstance(cell, datetime) else cell for name, cell in row.items()} for row in rows
    ]
