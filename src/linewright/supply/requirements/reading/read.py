"""Read a factory into the facts of the planner, and remember which row each fact came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.shop.bill import Bill
from linewright.supply.requirements.core.build import Facts, plain_items
from linewright.supply.requirements.core.records import (
    DEMAND,
    LINE,
    LOT_FOR_LOT,
    MAKE,
    MOVE,
    NEVER_DAY,
    PERIOD,
    SUPPLY,
    WAGNER_WHITIN,
)
from linewright.supply.requirements.reading import faults as told
from linewright.supply.requirements.reading.alternates import alternates_of
from linewright.supply.requirements.reading.calendar import Days, working_days
from linewright.supply.requirements.reading.demand import demands_of, good, sorted_demands
from linewright.supply.requirements.reading.items import Items, items_of
from linewright.supply.requirements.reading.supply import job_demands, jobs_of, supplies_of
from linewright.supply.requirements.reading.terms import Terms
from linewright.supply.requirements.reading.ways import way_rows, ways_of

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.faults import Fault
    from linewright.model.results import Plan

RULES = {"": LOT_FOR_LOT, "lot_for_lot": LOT_FOR_LOT, "period": PERIOD, "wagner_whitin": WAGNER_WHITIN}
#: The tables that a supply plan depends on.
READS = (
    "settings", "sites", "shifts", "calendar_exceptions", "work_centers", "machines", "materials", "components",
    "substitutes", "stock", "operations", "operation_machines", "orders", "work_orders", "forecast", "lanes",
    "sources", "purchases",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A factory as facts; demands, supplies and ways have one row each for a fact, with names."""

    factory: Factory
    start: datetime
    terms: Terms
    bill: Bill
    items: Items
    days: Days
    jobs: pl.DataFrame
    demands: pl.DataFrame
    supplies: pl.DataFrame
    ways: pl.DataFrame
    facts: Facts
    faults: tuple[Fault, ...]
    assumptions: tuple[str, ...]


def read_facts(factory: Factory, start: datetime, terms: Terms, plan: Plan | None = None) -> Reading:
    """Read everything that material planning needs.

    Rows that cannot be planned are left out, each with a fault; the rest is planned.
    """
    faults = told.row_faults(factory) + told.rule_faults(factory)
    whole, circles = told.without_circles(told.cleaned(factory))
    bill = Bill.of(whole, start)
    items, days = items_of(whole, bill), Days(whole, start)
    jobs = jobs_of(whole, bill, items, days, start, plan)
    demands = sorted_demands(
        pl.concat([
            demands_of(whole, bill, items, days, terms),
            job_demands(jobs, bill, items, days, terms.horizon_days),
        ])
    )  # fmt: skip
    supplies = supplies_of(whole, bill, items, days, jobs)
    ways, assumed = ways_of(whole, bill, items, days, terms, start)
    lines, line_item = _lines(bill, items, days)
    alternates = alternates_of(whole, bill, items, days, (lines["parent"][lines["kind"] == MAKE],
                                                          line_item[lines["kind"] == MAKE]))  # fmt: skip
    used = _used(assumed, bill, items, demands, line_item)
    faults += [*circles, *told.source_faults(whole, used, terms.assumed_lead_days)]
    faults += told.substitute_faults(whole, alternates.refused)
    facts = Facts(
        items=_item_rows(whole, bill, items),
        lines=lines,
        line_item=line_item,
        demands=demand_rows(demands),
        demand_item=demands.get_column("item").to_numpy(),
        supplies=_supply_rows(supplies),
        supply_item=supplies.get_column("item").to_numpy(),
        ways=way_rows(ways),
        way_item=ways.get_column("item").to_numpy(),
        alternates=alternates.rows,
        alternate_item=alternates.item,
        block=alternates.block,
        days=working_days(whole, start, terms.horizon_days),
        horizon_days=terms.horizon_days,
        bucket_days=terms.bucket_days,
        fence_day=int(np.ceil(whole.settings.firm_days)),
        patience_days=terms.patience_days,
    )
    return Reading(
        whole, start, terms, bill, items, days, jobs, demands, supplies, ways, facts, tuple(faults),
        tuple(_assumptions(whole, days, terms, demands, supplies)),
    )  # fmt: skip


def demand_rows(demands: pl.DataFrame) -> Any:
    """Demands as an array."""
    found = np.zeros(demands.height, DEMAND)
    found["day"], found["quantity"] = demands.get_column("day").to_numpy(), demands.get_column("quantity").to_numpy()
    return found


def _supply_rows(supplies: pl.DataFrame) -> Any:
    found = np.zeros(supplies.height, SUPPLY)
    for name in ("day", "last_day", "quantity"):
        found[name] = supplies.get_column(name).to_numpy()
    return found


def _lines(bill: Bill, items: Items, days: Days) -> tuple[Any, Any]:
    """Bill lines between items, and a line for each item that is moved from where it is made."""
    parent = np.repeat(np.arange(len(bill.materials)), np.diff(bill.first_line))
    owner = items.at(parent, np.full(parent.size, -1)) if parent.size else parent
    component = items.at(bill.component, bill.step_site) if parent.size else parent
    lines = np.zeros(parent.size, LINE)
    lines["parent"], lines["quantity"], lines["kind"] = owner, bill.per_good_unit, MAKE
    first = (bill.valid_from - np.datetime64(days.first)).astype(np.int64)
    lines["first_day"] = np.maximum(first, -NEVER_DAY)
    lines["last_day"] = np.minimum((bill.valid_to - np.datetime64(days.first)).astype(np.int64), NEVER_DAY)
    moved = np.flatnonzero(bill.made[items.material] & (items.site != items.home[items.material]))
    moves = np.zeros(moved.size, LINE)
    moves["parent"], moves["quantity"], moves["kind"], moves["last_day"] = moved, 1.0, MOVE, NEVER_DAY
    moves["first_day"] = -NEVER_DAY
    origin = items.at(items.material[moved], np.full(moved.size, -1)) if moved.size else moved
    return np.concatenate([lines, moves]), np.concatenate([component, origin])


def _item_rows(factory: Factory, bill: Bill, items: Items) -> Any:
    """Lot rules, safety stock (at home) and costs of every item."""
    found = plain_items(items.material.size)
    columns = ("lot_rule", "period_days", "order_cost", "cost", "shelf_life_days", "safety_stock")
    known = pl.DataFrame({"material": bill.materials}, schema={"material": pl.String}).join(
        factory.materials.frame.select("material", *columns), on="material", how="left", maintain_order="left"
    )
    rows = known[items.material]
    rule = np.array([RULES[name] for name in rows.get_column("lot_rule").fill_null("")], np.int64)
    costs = {name: rows.get_column(name).fill_null(0.0).to_numpy() for name in ("order_cost", "cost", "safety_stock")}
    rule = np.where((rule == WAGNER_WHITIN) & ((costs["order_cost"] <= 0) | (costs["cost"] <= 0)), LOT_FOR_LOT, rule)
    end = items.material.size
    found["rule"][:end] = rule
    found["period_days"][:end] = np.maximum(np.round(rows.get_column("period_days").fill_null(7.0).to_numpy()), 1)
    found["shelf_days"][:end] = np.floor(rows.get_column("shelf_life_days").fill_null(NEVER_DAY).to_numpy())
    found["order_cost"][:end] = costs["order_cost"]
    found["holding"][:end] = costs["cost"] * factory.settings.stock_cost_share_per_year / 365
    at_home = items.site == items.home[items.material]
    safety = np.where(np.isfinite(costs["safety_stock"]), costs["safety_stock"], 0.0)
    found["safety"][:end] = np.where(at_home, np.clip(safety, 0, 1e15), 0.0)
    return found


def _used(assumed: list[str], bill: Bill, items: Items, demands: pl.DataFrame, line_item: Any) -> list[str]:
    """Of some materials those that something needs."""
    needed = {bill.materials[at] for at in items.material[demands.get_column("item").to_numpy()].tolist()}
    needed |= {bill.materials[at] for at in np.unique(items.material[line_item]).tolist()}
    return [name for name in assumed if name in needed]


def _assumptions(
    factory: Factory, days: Days, terms: Terms, demands: pl.DataFrame, supplies: pl.DataFrame
) -> list[str]:
    """What is taken for granted, in sentences with numbers."""
    horizon = days.date(terms.horizon_days)
    orders = factory.orders.frame.filter(pl.col("status") == "open")
    undated = orders.get_column("due").null_count()
    planned = demands.filter(pl.col("kind") == "order").height
    overdue = demands.filter(pl.col("kind") == "order", pl.col("day") < 0).height
    past = factory.forecast.frame.filter(pl.col("date") < days.first).height
    late = supplies.filter(pl.col("kind") == "purchase", pl.col("promised") < 0).height
    dateless = factory.purchases.frame.filter(pl.coalesce("expected", "due").is_null(), good(pl.col("quantity"))).height
    always = [
        "Days are whole days: what arrives on a day may be used on it.",
        "Components are needed when a lot starts, whatever the step that uses them.",
        "Lots start and arrive on days on which any machine's calendar is open; days on the way count every day.",
    ]
    counted = [
        (overdue, f"{overdue:,} open orders were due before {days.first} and are planned as soon as can be."),
        (undated, f"{undated:,} open orders have no due date and are planned for {days.date(terms.horizon_days - 1)}."),
        (orders.height - planned, f"{orders.height - planned:,} open orders are due on {horizon} or later, or have no "
         "usable quantity, and are not planned."),
        (past, f"{past:,} forecast rows are dated before {days.first}: the days that their periods have left count."),
        (late, f"{late:,} purchase lines are overdue and are taken as arriving today."),
        (dateless, f"{dateless:,} purchase lines have no date and are taken as arriving today."),
    ]  # fmt: skip
    return always + [sentence for count, sentence in counted if count]
