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
    """Forecast rows within the horizon; what was expected before today is past."""
    rows = forecast.with_row_index("row").filter(good(pl.col("quantity")))
    item = items.at(bill.index(rows.get_column("material")), np.full(rows.height, -1))
    day = days.of_dates(rows.get_column("date"), missing=-1)
    return rows.select(
        pl.Series("item", item, pl.Int64), pl.Series("day", day, pl.Int64), "quantity",
        # Behind orders of the same day.
        pl.lit(1_000_000, pl.Int64).alias("priority"), pl.lit("forecast").alias("kind"),
        name=pl.format("{} {}", "material", "date"), row=pl.col("row").cast(pl.Int64),
    ).filter(pl.col("day").is_between(0, terms.horizon_days - 1))  # fmt: skip


def consumed(forecast: pl.DataFrame, orders: pl.DataFrame, items: Items, terms: Terms) -> pl.DataFrame:
    """What is left of the forecast after orders have replaced it.

    Orders use up the forecast of their own material and bucket first; what is left of them uses up that of earlier
    days and then of later ones, as far as `consume_days` reaches.
    """
    if not forecast.height or not orders.height:
        return forecast
    wanted = orders.with_columns(material=pl.Series(items.material[orders.get_column("item").to_numpy()]))
    expected = forecast.with_columns(material=pl.Series(items.material[forecast.get_column("item").to_numpy()]))
    expected = expected.sort("material", "day", maintain_order=True)
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
    _use_up(left, expected.get_column("day").to_numpy(), wanted, first, last, terms)
    fresh = expected.with_columns(quantity=pl.Series(left)).filter(pl.col("quantity") > 1e-9)
    return fresh.drop("material")


def _use_up(left: Any, day: Any, wanted: pl.DataFrame, first: Any, last: Any, terms: Terms) -> None:
    """Take orders from the forecast rows of their material, `first` to `last`, in the order of nearness."""
    back, ahead = terms.consume_days
    orders = [(at, end, when, quantity) for at, end, when, quantity in zip(
        first.tolist(), last.tolist(), wanted.get_column("day").to_list(), wanted.get_column("quantity").to_list(),
        strict=True,
    )]  # fmt: skip
    rest = [0.0] * len(orders)
    for number, (at, end, when, quantity) in enumerate(orders):
        bucket = when // terms.bucket_days * terms.bucket_days
        rest[number] = _take(left, day, at, end, (bucket, bucket + terms.bucket_days - 1), quantity)
    if back or ahead:
        for number, (at, end, when, _) in enumerate(orders):
            over = _take(left, day, at, end, (when - back, when), rest[number], backwards=True)
            _take(left, day, at, end, (when, when + ahead), over)


def _take(
    left: Any, day: Any, first: int, last: int, span: tuple[int, int], quantity: float, *, backwards: bool = False
) -> float:
    """Take a quantity from the rows of a span of days, and return what it did not find."""
    begin = first + int(np.searchsorted(day[first:last], span[0], "left"))
    end = first + int(np.searchsorted(day[first:last], span[1], "right"))
    for at in range(end - 1, begin - 1, -1) if backwards else range(begin, end):
        taken = min(float(left[at]), quantity)
        left[at] -= taken
        quantity -= taken
        if quantity <= 0:
            return 0.0
    return quantity


def good(quantity: pl.Expr) -> pl.Expr:
    """Whether a quantity is a number above 0 that can be planned."""
    return quantity.is_finite() & (quantity > 0) & (quantity <= 1e15)
