"""From a factory's rows to one series for each material, and for each of its larger customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from linewright.demand.models.panel import Floats, Ints
from linewright.demand.periods import BUCKETS, Bucket, bucket_for
from linewright.errors import ModelError
from linewright.model.factory import Factory

#: A customer has a forecast of his own when he asked in so many periods; a material has at most so many of them.
LEAST_PERIODS, MOST_CUSTOMERS = 6, 20
OTHERS = "(others)"
#: A history has demand in each period if so large a share of them has some.
GAPLESS = 0.9
#: So many materials do not end in the same period by chance; they are those with demand in the last periods of it.
SEVERAL, WINDOW = 3, 3
ROW_COLUMNS = {
    "material": pl.String, "customer": pl.String, "date": pl.Date, "quantity": pl.Float64, "ordered_on": pl.Date,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class History:
    """Series that all end with the last whole period before `begin`, the running one.

    `keys` are material and customer of each series ("" is all customers together); `orders` are the rows of orders
    with a due date, with the number of their period. In the last `unrecorded` periods nothing at all was asked for,
    as never before.
    """

    bucket: Bucket
    today: Day
    begin: int
    keys: tuple[tuple[str, str], ...]
    series: tuple[Floats, ...]
    orders: pl.DataFrame
    reads: tuple[str, ...]
    assumptions: tuple[str, ...]
    unrecorded: int = 0


def history_of(factory: Factory, *, now: datetime | None, bucket: str, customers: bool) -> History:
    """Read the demand of the past, by month or week, without gaps.

    Raises
    ------
    ValueError
        `now` has no time zone.
    ModelError
        There is no demand, or none before `now`.
    """
    if now is not None and now.tzinfo is None:
        raise ValueError("a timezone-aware instant is needed")
    orders = _order_rows(factory)
    past, source = _past_rows(factory), "demand_history"
    if not past.height:
        past, source = orders, "orders"
    notes = [f"The history is the table {source}, " + _MEANING[source]]
    past, told = _usable(past)
    notes += told
    if not past.height:
        message = (
            "no demand to learn from — fill in demand_history (material, date, quantity), or orders with due dates"
        )
        raise ModelError([message])
    chosen, reason = (BUCKETS[bucket], "that was asked for") if bucket else bucket_for(past)
    notes.append(f"Demand is counted by {chosen.name}: {reason}.")
    today = _today(factory, past, orders if source == "orders" else None, now, chosen)
    begin = chosen.number_of(today)
    past = past.with_columns(period=chosen.number(pl.col("date")))
    notes += _left_out(past, today, begin, chosen, source)
    past = past.filter((pl.col("period") < begin) & (pl.col("date") < today))
    unrecorded = _unrecorded(past, begin)
    if unrecorded:
        notes.append(
            f"Nothing at all is recorded in the last {unrecorded} {chosen.name}s, which count as without demand but "
            "raise no alarm. If the history only ends early, look ahead from its end (now)."
        )
    if not past.height:
        message = f"no demand before {today} — choose a later moment (now), or add the demand of earlier periods"
        raise ModelError([message])
    keys, series, told = _series(past, begin, customers=customers)
    orders = orders.with_columns(period=chosen.number(pl.col("date")))
    return History(
        chosen,
        today,
        begin,
        keys,
        series,
        orders,
        ("settings", "demand_history", "orders"),
        tuple(notes + told),
        unrecorded,
    )


_MEANING = {
    "demand_history": "each row in the period of its date.",
    "orders": "each order in the period in which it is due; there is no demand_history.",
}


def _past_rows(factory: Factory) -> pl.DataFrame:
    rows = factory.demand_history.frame.select("material", "customer", "date", "quantity")
    return rows.with_columns(ordered_on=pl.lit(None, pl.Date)).select(list(ROW_COLUMNS))


def _order_rows(factory: Factory) -> pl.DataFrame:
    """Orders that were not cancelled, by the local day on which they are due; `release` is the day they came in."""
    zone = factory.settings.timezone
    # A date without a time means the end of that day, which is still that day.
    local = [
        pl.col(name).dt.offset_by(back).dt.convert_time_zone(zone).dt.date()
        for name, back in (("due", "-1us"), ("release", "0s"))
    ]
    rows = factory.orders.frame.filter((pl.col("status") != "canceled") & pl.col("due").is_not_null())
    return rows.select("material", "customer", "quantity", date=local[0], ordered_on=local[1]).select(list(ROW_COLUMNS))


def _usable(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Rows with a quantity that is a number, and what was seen."""
    good = rows.filter(pl.col("quantity").is_finite() & (pl.col("quantity").abs() < 1e15))
    notes = []
    if lost := rows.height - good.height:
        notes.append(f"Left out, without a usable quantity: {_rows(lost)}; correct them to have them counted.")
    if returned := good.filter(pl.col("quantity") < 0).height:
        notes.append(
            f"Taken as returns, which lessen the demand of their period: {_rows(returned)} with a negative quantity."
        )
    alike = good.height - good.unique(["material", "customer", "date", "quantity"]).height
    if alike and good.get_column("ordered_on").null_count() == good.height:
        notes.append(f"Exactly alike but added up: {_rows(alike)}; remove them if they are doubles.")
    return good, notes


def _rows(number: int) -> str:
    return f"{number:,} row" + ("" if number == 1 else "s")


def _today(
    factory: Factory, past: pl.DataFrame, orders: pl.DataFrame | None, now: datetime | None, bucket: Bucket
) -> Day:
    """The local day from which the forecast looks ahead: that of `now`, of the settings, or the end of the history."""
    first: Any = past.get_column("date").min()
    for moment in (now, factory.settings.start):
        if moment is not None:
            day = moment.astimezone(factory.timezone).date()
            if moment is now or bucket.number_of(day) > bucket.number_of(first):
                return day
    entered = orders.get_column("ordered_on").drop_nulls() if orders is not None else past.get_column("date")
    last: Any = (entered if entered.len() else past.get_column("date")).max()
    next_period = bucket.start(bucket.number_of(last) + 1)
    whole = orders is None and (past.get_column("date").dt.day() == 1).all()
    # A history of one period would be no history if that was taken as running.
    if whole or bucket.number_of(last) <= bucket.number_of(first):
        return next_period
    return last + timedelta(days=1)


def _left_out(past: pl.DataFrame, today: Day, begin: int, bucket: Bucket, source: str) -> list[str]:
    """Say what the running period and the future hold."""
    notes = [f"The forecast begins with {bucket.text(bucket.start(begin))}, as seen on {today}."]
    running = past.filter((pl.col("period") == begin) & (pl.col("date") < today)).height
    if running and today > bucket.start(begin):
        name = bucket.text(bucket.start(begin))
        notes.append(f"The running period, {name}, is not over and no history yet ({_rows(running)}).")
    future = past.filter(pl.col("date") >= today).height
    if future and source == "demand_history":
        notes.append(f"Left out, as dated {today} or later: {_rows(future)} of demand_history; check their dates.")
    return notes


def _unrecorded(past: pl.DataFrame, begin: int) -> int:
    """How many of the last periods are more likely not written down yet than without demand of any material.

    They are two or more, each period before them had demand, and it is that of several materials.
    """
    period = past.get_column("period")
    newest: Any = period.max()
    oldest: Any = period.min()
    if newest is None or begin - newest < 3 or period.n_unique() < GAPLESS * (newest - oldest + 1):
        return 0
    recent = past.filter(pl.col("period") > newest - WINDOW).get_column("material").n_unique()
    return begin - newest - 1 if recent >= SEVERAL else 0


def _series(
    past: pl.DataFrame, begin: int, *, customers: bool
) -> tuple[tuple[tuple[str, str], ...], tuple[Floats, ...], list[str]]:
    """One series for each material, then one for each of its customers that asks often enough."""
    totals = past.group_by("material", "period").agg(pl.col("quantity").sum()).with_columns(customer=pl.lit(""))
    parts = [totals.select("material", "customer", "period", "quantity")]
    if customers:
        parts.append(_by_customer(past))
    rows = pl.concat(parts).sort("customer", "material", "period")
    keys = rows.select("material", "customer").unique(maintain_order=True)
    places = rows.join(keys.with_row_index("place"), on=["material", "customer"], maintain_order="left")
    place, period = places.get_column("place").to_numpy(), places.get_column("period").to_numpy()
    first = int(period.min())
    grid = np.zeros((keys.height, begin - first))
    grid[place, period - first] = places.get_column("quantity").to_numpy()
    # A material begins with its first demand, a customer's share with that of the material.
    material = keys.join(rows.group_by("material").agg(pl.col("period").min()), on="material", maintain_order="left")
    starts: Ints = material.get_column("period").to_numpy() - first
    notes = []
    if negative := int((grid < 0).sum()):
        plural = "" if negative == 1 else "s"
        notes.append(f"Counted as zero, as more came back than was asked for: {negative:,} period{plural}.")
    series = tuple(np.maximum(row[start:], 0.0) for row, start in zip(grid, starts.tolist(), strict=True))
    return tuple(keys.rows()), series, notes


def _by_customer(past: pl.DataFrame) -> pl.DataFrame:
    """Demand by customer: those that ask often by themselves, the rest together; a single customer is left out."""
    named = past.filter(pl.col("customer") != "")
    asked = named.group_by("material", "customer").agg(
        pl.col("period").n_unique().alias("periods"), pl.col("quantity").sum().alias("sum")
    )
    often = (
        asked.filter((pl.col("periods") >= LEAST_PERIODS) & (pl.col("sum") > 0))
        .sort("material", "sum", "customer", descending=[False, True, False])
        .group_by("material", maintain_order=True)
        .head(MOST_CUSTOMERS)
        .with_columns(own=True)
        .select("material", "customer", "own")
    )
    marked = past.join(often, on=["material", "customer"], how="left").filter(
        pl.col("material").is_in(often.get_column("material").unique().implode())
    )
    told = marked.with_columns(customer=pl.when(pl.col("own")).then("customer").otherwise(pl.lit(OTHERS)))
    several = told.filter(pl.col("customer").n_unique().over("material") > 1)
    return several.group_by("material", "customer", "period").agg(pl.col("quantity").sum())
