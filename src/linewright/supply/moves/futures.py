"""Futures of the market, choices of today, and a factory under each of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.model.move_results import Choice, Future
from linewright.model.table import Table
from linewright.shop.windows import weekdays

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.forecast_results import ForecastResult

#: Where no forecast says how far demand may go.
USUAL_HIGH, USUAL_LOW = 1.25, 0.8
#: How the product that sells most may jump.
SHOCK = 2.0
#: The hours that a Saturday adds, and what its hours cost more where the work center names no cost.
SATURDAY, EXTRA_PER_HOUR = (time(6), time(14)), 25.0


def usual_futures(
    factory: Factory, forecast: ForecastResult | None, *, high: float | None = None, low: float | None = None,
    shock: dict[str, float] | None = None,
) -> tuple[Future, ...]:  # fmt: skip
    """Base, high, low and a shock.

    High and low are the ends of the forecast's 80 % range of all products together, where there is one; the shock
    doubles the product whose orders are worth most.
    """
    ranged = _range(forecast)
    said = "the 80 % range of the forecast" if ranged else "assumed"
    high_factor = high or (ranged[1] if ranged else USUAL_HIGH)
    low_factor = low or (ranged[0] if ranged else USUAL_LOW)
    product = _dearest(factory)
    jumps = shock or ({product: SHOCK} if product else {})
    futures = [
        Future(name="base", meaning="orders as they are"),
        Future(name="high", factor=high_factor, meaning=f"{_percent(high_factor)} ({'given' if high else said})"),
        Future(name="low", factor=low_factor, meaning=f"{_percent(low_factor)} ({'given' if low else said})"),
    ]
    if jumps:
        told = ", ".join(f"{name} {_percent(factor)}" for name, factor in jumps.items())
        futures.append(Future(name="shock", materials=jumps, meaning=told))
    return tuple(futures)


def usual_choices(futures: tuple[Future, ...]) -> tuple[Choice, ...]:
    """Buy for the base, the high or the low future; for the first two also with Saturdays where they pay."""
    by_name = {future.name: future for future in futures}
    choices = []
    for name in ("base", "high", "low"):
        if name in by_name:
            choices.append(Choice(name=f"buy for {name}", buy_for=by_name[name]))
            if name != "low":
                choices.append(Choice(name=f"buy for {name} + Sat", buy_for=by_name[name], saturdays=True))
    return tuple(choices)


def under(factory: Factory, future: Future) -> Factory:
    """The factory when the market has moved: open orders and work not yet begun times the factor of their material.

    Quantities that are whole stay whole, and no order vanishes.
    """
    if future.factor == 1.0 and not future.materials:
        return factory
    orders = _scaled(factory.orders.frame, future, pl.col("status") == "open")
    begun = pl.col("started").is_not_null() | (pl.col("done_quantity") > 0) | pl.col("pinned")
    jobs = _scaled(factory.work_orders.frame, future, (pl.col("status") == "open") & ~begun & (pl.col("order") == ""))
    forecast = _scaled(factory.forecast.frame, future, pl.lit(value=True))
    return factory.with_tables(
        orders=Table.of("orders", orders), work_orders=Table.of("work_orders", jobs),
        forecast=Table.of("forecast", forecast),
    )  # fmt: skip


def with_saturdays(factory: Factory, start: datetime, days: int) -> Factory:
    """The factory with a shift on each free Saturday; an hour costs half a machine hour, or 25 if that is more."""
    exceptions = [asdict(row) for row in factory.calendar_exceptions]
    closed = {row.calendar for row in factory.shifts if row.working} - {
        row.calendar for row in factory.shifts if row.working and not {5, 6}.isdisjoint(weekdays(row.weekday))
    }
    hour = max([EXTRA_PER_HOUR, *(center.cost_per_hour / 2 for center in factory.work_centers)])
    first: date = start.astimezone(factory.timezone).date()
    saturdays = [first + timedelta(days=at) for at in range(days) if (first + timedelta(days=at)).weekday() == 5]
    days_off = [(datetime.combine(day, time(), factory.timezone), day) for day in saturdays]
    for calendar in sorted(closed):
        own = [(row.start, row.end) for row in factory.calendar_exceptions if row.calendar == calendar]
        exceptions += [
            {
                "calendar": calendar, "working": True, "cost_per_hour": hour, "note": "Saturday",
                "start": datetime.combine(day, SATURDAY[0], factory.timezone),
                "end": datetime.combine(day, SATURDAY[1], factory.timezone),
            }
            for midnight, day in days_off
            # A shutdown that holds the Saturday stays, and so do hours that are worked on it anyway.
            if not any(begin < midnight + timedelta(days=1) and midnight < end for begin, end in own)
        ]  # fmt: skip
    return factory.with_tables(calendar_exceptions=Table.of("calendar_exceptions", _in_utc(exceptions)))


def _in_utc(rows: list[dict[str, Any]]) -> pl.DataFrame:
    from datetime import UTC

    moments = ("start", "end")
    told = [row | {name: row[name].astimezone(UTC) for name in moments} for row in rows]
    return Table.of("calendar_exceptions", told).frame


def _scaled(rows: pl.DataFrame, future: Future, chosen: pl.Expr) -> pl.DataFrame:
    names = rows.get_column("material").unique().to_list()
    factor = pl.col("material").replace_strict(
        {name: future.of(name) for name in names}, default=1.0, return_dtype=pl.Float64
    )
    more = pl.col("quantity") * factor
    whole = pl.col("quantity") == pl.col("quantity").round()
    scaled = pl.when(whole).then(more.round().clip(lower_bound=1.0)).otherwise(more)
    return rows.with_columns(quantity=pl.when(chosen & (factor != 1.0)).then(scaled).otherwise(pl.col("quantity")))


def _range(forecast: ForecastResult | None) -> tuple[float, float] | None:
    """The 80 % range of all products together, as shares of what is expected.

    Ranges of single products do not add up, as some rise while others fall: for independent errors the squares of
    their half-widths do. The truth lies between; a common movement is what a future is about, so the mean of both is
    taken.
    """
    if forecast is None or not forecast.totals.height:
        return None
    totals = forecast.totals.group_by("material").agg(pl.col("quantity", "low_80", "high_80").sum())
    expected = float(totals["quantity"].sum())
    if expected <= 0:
        return None
    up, down = (totals["high_80"] - totals["quantity"]), (totals["quantity"] - totals["low_80"])
    spread = [float((sum(side) + sum(value * value for value in side) ** 0.5) / 2) for side in (down, up)]
    return max(0.05, 1 - spread[0] / expected), 1 + spread[1] / expected


def _dearest(factory: Factory) -> str:
    price = {row.material: row.price or row.cost for row in factory.materials}
    worth: dict[str, float] = {}
    used = set(factory.components.frame.get_column("component").to_list())
    rows = factory.orders.frame.filter(pl.col("status") == "open").select("material", "quantity", "price").iter_rows()
    for material, quantity, paid in rows:
        worth[material] = worth.get(material, 0.0) + quantity * (paid or price.get(material, 0.0))
    if not worth:
        for row in factory.work_orders:
            if row.status == "open" and row.material not in used:
                worth[row.material] = worth.get(row.material, 0.0) + row.quantity * price.get(row.material, 0.0)
    return max(worth, key=lambda name: (worth[name], name)) if worth else ""


def _percent(factor: float) -> str:
    return f"{100 * (factor - 1):+.0f} %"
