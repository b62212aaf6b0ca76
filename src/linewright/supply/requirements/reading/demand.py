"""What is needed from outside: orders, the forecast that orders have not used up, and parts of released work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.supply.requirements.reading.calendar import Days
from linewright.supply.requirements.reading.items import Items, site_index

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.bill import Bill
    from linewright.supply.requirements.reading.terms import Terms

#: Whatever demands are read from: item, day, urgency, what it is and its name.
DEMAND_SCHEMA = {
    "item": pl.Int64, "day": pl.Int64, "quantity": pl.Float64, "priority": pl.Int64, "kind": pl.String,
    "name": pl.String, "row": pl.Int64,
}  # fmt: skip


def demands_of(factory: Factory, bill: Bill, items: Items, days: Days, terms: Terms) -> pl.DataFrame:
    """Orders and forecast, sorted by item, day and urgency."""
    orders = order_demands(factory.orders.frame, bill, items, days, terms)
    forecast = forecast_demands(factory.forecast.frame, bill, items, days, terms)
    return sorted_demands(pl.concat([orders, consumed(forecast, orders, items, terms)]))


def sorted_demands(demands: pl.DataFrame) -> pl.DataFrame:
    """Demands in the order in which they are served."""
    return demands.sort("item", "day", "priority", "row", "kind", "name", maintain_order=True)


def order_demands(orders: pl.DataFrame, bill: Bill, items: Items, days: Days, terms: Terms) -> pl.DataFrame:
    """Open orders within the horizon; one without a date is wanted at its end."""
    rows = orders.with_row_index("row").filter(pl.col("status") == "open", good(pl.col("quantity")))
    item = items.at(bill.index(rows.get_column("material")), site_index(rows.get_column("site"), items.sites))
    day = days.of_instants(rows.get_column("due"), missing=terms.horizon_days - 1)
    return rows.select(
        pl.Series("item", item, pl.Int64), pl.Series("day", day, pl.Int64), "quantity", "priority",
        pl.lit("order").alias("kind"), name="order", row=pl.col("row").cast(pl.Int64),
    ).filter(pl.col("day") < terms.horizon_days)  # fmt: skip


def forecast_demands(forecast: pl.DataFrame, bill: Bill, items: Items, days: Days, terms: Terms) -> pl.DataFrame:
    """Forecast rows within the horizon, with the `last` day of the period of each.

    What was expected before today is past. Of a period that has begun the share of its days that are left counts, by
    its last day.
    """
    rows = forecast.with_row_index("row").filter(good(pl.col("quantity")))
    item = items.at(bill.index(rows.get_column("material")), np.full(rows.height, -1))
    dated = rows.select(
        pl.Series("item", item, pl.Int64), pl.Series("day", days.of_dates(rows.get_column("date"), missing=-1)),
        "quantity", material="material", date="date", row=pl.col("row").cast(pl.Int64),
    )  # fmt: skip
    dated = dated.join(_periods(dated), on=["item", "day"], how="left", maintain_order="left")
    begun = pl.col("day") < 0
    left = (pl.col("last") + 1) / (pl.col("last") + 1 - pl.col("day"))
    return (
        dated.filter(pl.col("last") >= 0)
        .select(
            "item", day=pl.when(begun).then("last").otherwise("day"),
            quantity=pl.col("quantity") * pl.when(begun).then(left).otherwise(1.0),
            # Behind orders of the same day.
            priority=pl.lit(1_000_000, pl.Int64), kind=pl.lit("forecast"),
            name=pl.format("{} {}", "material", "date"), row="row", first="day", last="last",
        )
        .filter(pl.col("day") < terms.horizon_days)
    )  # fmt: skip


def _periods(rows: pl.DataFrame) -> pl.DataFrame:
    """The last day of the period that each item's rows begin, by item and day.

    A date is a day or the first day of a period, which the rows do not say: it lasts until the item's next row, but
    hardly longer than others do (months differ by three days), because a gap is no long period. A single row is a day.
    """
    dates = rows.select("item", "day").unique().sort("item", "day")
    gap = pl.col("day").shift(-1).over("item") - pl.col("day")
    usual = pl.col("gap").median().over("item").fill_null(1.0)
    period = pl.min_horizontal(pl.col("gap").fill_null(usual), usual * 1.2).floor().clip(1).cast(pl.Int64)
    return dates.with_columns(gap=gap).select("item", "day", last=pl.col("day") + period - 1)


def consumed(forecast: pl.DataFrame, orders: pl.DataFrame, items: Items, terms: Terms) -> pl.DataFrame:
    """What is left of the forecast after orders have replaced it.

    Orders use up the forecast of their own material and bucket first, or of the period that they fall into where that
    is longer; what is left of them uses up that of earlier days and then of later ones, as far as `consume_days`
    reaches.
    """
    columns = list(DEMAND_SCHEMA)
    if not forecast.height or not orders.height:
        return forecast.select(columns)
    wanted = orders.with_columns(material=pl.Series(items.material[orders.get_column("item").to_numpy()]))
    expected = forecast.with_columns(material=pl.Series(items.material[forecast.get_column("item").to_numpy()]))
    expected = expected.sort("material", "first", maintain_order=True)
    # Overdue orders were expected before today, so they use up nothing of what is expected from now on.
    wanted = wanted.filter(pl.col("day") >= 0).join(expected.select("material").unique(), on="material", how="semi")
    wanted = wanted.sort("material", "day", "row").select("material", "day", "quantity")
    left = expected.get_column("quantity").to_numpy().copy()
    first = np.searchsorted(
        expected.get_column("material").to_numpy(), wanted.get_column("material").to_numpy(), "left"
    )
    last = np.searchsorted(
        expected.get_column("material").to_numpy(), wanted.get_column("material").to_numpy(), "right"
    )
    periods = expected.get_column("first").to_numpy(), expected.get_column("last").to_numpy()
    _use_up(left, periods, wanted, first, last, terms)
    return expected.with_columns(quantity=pl.Series(left)).filter(pl.col("quantity") > 1e-9).select(columns)


def _use_up(
    left: Any, periods: tuple[Any, Any], wanted: pl.DataFrame, first: Any, last: Any, terms: Terms
) -> None:  # fmt: skip
    """Take orders from the forecast rows of their material, `first` to `last`, in the order of nearness.

    `periods` are the first and last days of the rows.
    """
    back, ahead = terms.consume_days
    begins, ends = periods
    orders = [(at, end, when, quantity) for at, end, when, quantity in zip(
        first.tolist(), last.tolist(), wanted.get_column("day").to_list(), wanted.get_column("quantity").to_list(),
        strict=True,
    )]  # fmt: skip
    rest = [0.0] * len(orders)
    for number, (at, end, when, quantity) in enumerate(orders):
        bucket = when // terms.bucket_days * terms.bucket_days
        span = bucket, bucket + terms.bucket_days - 1
        own = at + int(np.searchsorted(begins[at:end], when, "right")) - 1
        if own >= at and when <= ends[own] and ends[own] - begins[own] + 1 >= terms.bucket_days:
            span = int(begins[own]), int(begins[own])
        rest[number] = _take(left, _between(begins, begins, at, end, span), quantity)
    if back or ahead:
        for number, (at, end, when, _) in enumerate(orders):
            over = _take(left, _between(begins, ends, at, end, (when - back, when))[::-1], rest[number])
            _take(left, _between(begins, begins, at, end, (when, when + ahead)), over)


def _between(begins: Any, ends: Any, first: int, last: int, span: tuple[int, int]) -> range:
    """The rows from `first` to `last` that end on a span's first day or later, and begin on its last or earlier."""
    begin = first + int(np.searchsorted(ends[first:last], span[0], "left"))
    return range(begin, first + int(np.searchsorted(begins[first:last], span[1], "right")))


def _take(left: Any, rows: range, quantity: float) -> float:
    """Take a quantity from some rows one after the other, and return what it did not find."""
    for at in rows:
        if quantity <= 0:
            return 0.0
        taken = min(float(left[at]), quantity)
        left[at] -= taken
        quantity -= taken
    return quantity


def good(quantity: pl.Expr) -> pl.Expr:
    """Whether a quantity is a number above 0 that can be planned."""
    return quantity.is_finite() & (quantity > 0) & (quantity <= 1e15)
