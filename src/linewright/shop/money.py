"""What lateness, early stock and energy cost, as arrays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.shop.arrays import DEMAND, FEED, PRICE_POINT, records
from linewright.shop.feeds import Feeds, order_sites
from linewright.shop.resources import ALWAYS, CalendarBook, offsets, site_positions

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.explosion import Explosion

DAY_SECONDS = 86400


def demand_arrays(factory: Factory, explosion: Explosion, feeds: Feeds) -> tuple[Any, Any]:
    """Dates to keep with what missing them costs for each second, and what feeds them."""
    demands = explosion.demands
    is_order = demands["kind"] == 0
    late = np.where(
        is_order,
        _late_cost(factory, "orders", demands["row"], is_order),
        _late_cost(factory, "work_orders", demands["row"], ~is_order),
    )
    costs = pl.DataFrame({"material": explosion.materials}, schema={"material": pl.String}).join(
        factory.materials.frame.select("material", "cost"), on="material", how="left"
    )
    unit_cost = costs["cost"].fill_null(0.0).to_numpy()[demands["material"]]
    share = factory.settings.stock_cost_share_per_year
    demand_records = records(
        DEMAND,
        demands["due"].size + 1,
        due=demands["due"],
        late_rate=late / DAY_SECONDS,
        early_rate=unit_cost * demands["quantity"] * share / 365 / DAY_SECONDS,
        ready=feeds.demand_ready,
        first_feed=feeds.demand_feeds.first,
        site=order_sites(factory, explosion),
    )
    flat = feeds.demand_feeds
    return demand_records, records(FEED, flat.operation.size, operation=flat.operation, lag=flat.wait)


def _late_cost(factory: Factory, table: str, rows: Any, mine: Any) -> Any:
    stated = factory.table(table).frame["late_cost_per_day"].fill_null(factory.settings.late_cost_per_day).to_numpy()
    return np.where(mine, np.append(stated, 0.0)[np.where(mine, rows, -1)], 0.0)


def add_prices(factory: Factory, machines: Any, book: CalendarBook, start: datetime) -> Any:
    """Write each machine's flat price, and return the price points of its working time (none without tariffs)."""
    machines.price[:] = factory.settings.price_per_kwh
    if not len(factory.tariffs):
        return records(PRICE_POINT, 0)
    curves: dict[tuple[int, int], tuple[Any, Any, Any]] = {}
    chosen = []
    for calendar, site in zip(machines.calendar[:-1].tolist(), machines.site[:-1].tolist(), strict=True):
        key = (calendar, site)
        if key not in curves:
            curves[key] = _curve(book.windows[calendar], _prices(factory, site, start), factory.settings.price_per_kwh)
        chosen.append(curves[key])
    machines.first_point[:] = offsets([curve[0].size for curve in chosen])
    moment, worked, spent = (np.concatenate([curve[part] for curve in chosen]) for part in range(3))
    return records(PRICE_POINT, moment.size, moment=moment, worked=worked, spent=spent)


def _prices(factory: Factory, site: int, start: datetime) -> list[tuple[int, int, float]]:
    """Tariff windows of the blank site and then of a site, in seconds; later rows win."""
    names = {at: name for name, at in site_positions(factory).items()}
    rows = sorted((row for row in factory.tariffs if row.site in {"", names.get(site)}), key=lambda row: row.site != "")
    return [
        (int((row.start - start).total_seconds()), int((row.end - start).total_seconds()), row.eur_per_kwh)
        for row in rows
    ]


def _curve(windows: Any, prices: list[tuple[int, int, float]], otherwise: float) -> tuple[Any, Any, Any]:
    """Breakpoints of worked seconds and of price times seconds over a calendar's windows."""
    cuts = np.unique(np.concatenate([windows.start, windows.end, *([price[0], price[1]] for price in prices)]))
    cuts = cuts.astype(np.int64)
    middle = cuts[:-1] + (cuts[1:] - cuts[:-1]) // 2
    at = np.searchsorted(windows.start, middle, side="right") - 1
    is_open = (at >= 0) & (middle < windows.end[np.maximum(at, 0)])
    price = np.full(middle.size, otherwise)
    for begin, end, value in prices:
        price[(middle >= begin) & (middle < end)] = value
    worked = np.where(is_open, cuts[1:] - cuts[:-1], 0)
    # The round-the-clock calendar begins long before time 0: sums start at 0 to keep the digits.
    base = int(np.searchsorted(cuts, 0)) if cuts[0] <= -ALWAYS else 0
    total_worked = np.concatenate([[0], np.cumsum(worked)])
    total_spent = np.concatenate([[0.0], np.cumsum(worked * price)])
    return cuts, total_worked - total_worked[base], total_spent - total_spent[base]
