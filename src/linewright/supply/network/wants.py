"""What customers take from the network in a day, and what a unit of it earns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.shop.bill import Bill

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: Fewer days of orders than this say little about a daily rate.
LEAST_DAYS = 7.0
#: How far back the demand history counts.
HISTORY_DAYS = 91


@dataclass(frozen=True)
class Wants:
    """By material of the bill: units wanted in a day, and currency earned with each; `assumptions` in words."""

    per_day: Any
    margin: Any
    assumptions: tuple[str, ...]


def wants_of(factory: Factory, bill: Bill, start: datetime) -> Wants:
    """The demand of each material for customers, from the first of these that says anything.

    The forecast; open orders, with released work orders of products that nothing else uses and that name no order; the
    history of the last 91 days.
    """
    size = len(bill.materials)
    per_day = np.zeros(size)
    for source in (_from_forecast, _from_orders, _from_history):
        found = source(factory, bill, start)
        # A better source that knows a material silences the others for it.
        per_day = np.where(per_day > 0, per_day, found)
    margin, told = _margins(factory, bill, per_day)
    return Wants(per_day, margin, told)


def _from_forecast(factory: Factory, bill: Bill, start: datetime) -> Any:
    frame = factory.forecast.frame.filter(pl.col("date") >= start.astimezone(factory.timezone).date())
    if not frame.height:
        return np.zeros(len(bill.materials))
    days = frame.get_column("date").unique().sort()
    step = float(np.median(np.diff(days.to_numpy()).astype(np.int64))) if len(days) > 1 else LEAST_DAYS
    span = (days[-1] - days[0]).days + step
    return _added_up(bill, frame, "quantity") / span


def _from_orders(factory: Factory, bill: Bill, start: datetime) -> Any:
    orders = factory.orders.frame.filter(pl.col("status") == "open").select("material", "quantity", "due")
    released = factory.work_orders.frame.filter(
        (pl.col("status") == "open") & pl.col("due").is_not_null() & (pl.col("order") == "")
    ).select("material", "quantity", "due")
    used = {bill.materials[at] for at in np.unique(bill.component).tolist()}
    ordered = set(orders.get_column("material").to_list())
    released = released.filter(~pl.col("material").is_in(list(used | ordered)))
    rows = pl.concat([orders, released])
    last = rows.get_column("due").max()
    if not isinstance(last, datetime):
        return np.zeros(len(bill.materials))
    return _added_up(bill, rows, "quantity") / max((last - start).total_seconds() / 86400, LEAST_DAYS)


def _from_history(factory: Factory, bill: Bill, start: datetime) -> Any:
    frame = factory.demand_history.frame
    last = start.astimezone(factory.timezone).date()
    if not frame.height:
        return np.zeros(len(bill.materials))
    recent = frame.filter((pl.col("date") < last) & (pl.col("date") >= pl.lit(last) - pl.duration(days=HISTORY_DAYS)))
    return np.maximum(_added_up(bill, recent, "quantity"), 0.0) / HISTORY_DAYS


def _added_up(bill: Bill, rows: pl.DataFrame, column: str) -> Any:
    known = rows.filter(pl.col("material").is_in(bill.materials))
    total = np.zeros(len(bill.materials))
    np.add.at(total, bill.index(known.get_column("material")), known.get_column(column).to_numpy())
    return total


def _margins(factory: Factory, bill: Bill, per_day: Any) -> tuple[Any, tuple[str, ...]]:
    """Price less cost; the price of orders counts more than that of the material."""
    size = len(bill.materials)
    listed = pl.DataFrame({"material": bill.materials}, schema={"material": pl.String}).join(
        factory.materials.frame.select("material", "cost", "price"), on="material", how="left", maintain_order="left"
    )
    cost = listed.get_column("cost").fill_null(0.0).to_numpy()
    price = listed.get_column("price").fill_null(0.0).to_numpy().copy()
    paid = factory.orders.frame.filter(pl.col("price") > 0).select(
        "material", "quantity", value=pl.col("quantity") * pl.col("price")
    )
    quantity, value = _added_up(bill, paid, "quantity"), _added_up(bill, paid, "value")
    price = np.where(quantity > 0, value / np.maximum(quantity, 1e-12), price)
    wanted = per_day > 0
    unpriced = wanted & (price <= 0)
    unpaid = wanted & (price > 0) & (price <= cost)
    margin = np.where(unpriced | unpaid, np.maximum(price, np.maximum(cost, 1.0)), np.maximum(price - cost, 0.0))
    told = []
    if unpriced.any():
        told.append(f"{int(unpriced.sum()):,} products have no price: a unit lost counts as much as it costs, or 1.")
    if unpaid.any():
        told.append(f"{int(unpaid.sum()):,} products cost more than their price: a unit lost counts as its price.")
    return np.where(wanted, margin, np.zeros(size)), tuple(told)
