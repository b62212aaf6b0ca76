"""From orders that a stop makes later down their pegs to the deliveries that it holds back."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from linewright.model.stop_results import STOPPED_MATERIAL_COLUMNS
from linewright.supply.stoppage.scenario import brought_by

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.supply.stoppage.scenario import Reached


def held_back(factory: Factory, plan: Plan, what: Reached, later: list[str], end: datetime) -> pl.DataFrame:
    """What the later orders wait for from the suppliers that stopped, as rows of STOPPED_MATERIAL_COLUMNS.

    Parameters
    ----------
    plan
        The plan of the stopped factory whose pegs are followed.
    later
        The orders (or dated work orders) that get later.
    end
        When the stop ends; only what comes then or after it is held back.
    """
    mine = _pegs_of(plan, later)
    lines = brought_by(factory, what)
    from_them = [
        supply in lines if kind == "purchase" else kind == "planned_purchase" and material in what.materials
        for kind, supply, material in mine.select("supply_kind", "supply", "material").iter_rows()
    ]
    held = mine.filter(pl.Series(from_them, dtype=pl.Boolean) & (pl.col("available") >= end))
    needed = pl.concat([
        plan.jobs.select("job", needed=pl.coalesce("due", "finish")),
        plan.orders.filter(pl.col("kind") == "order").select(job="order", needed="due"),
    ]).unique("job", keep="first", maintain_order=True)  # fmt: skip
    return (
        held.join(needed, left_on="consumer", right_on="job", how="left")
        .group_by("material", maintain_order=True)
        .agg(
            quantity=pl.col("quantity").sum(),
            needed_from=pl.col("needed").min(),
            orders=pl.col("order").n_unique().cast(pl.Int64),
        )
        .join(_prices(factory), on="material", how="left", maintain_order="left")
        .with_columns(money=pl.col("quantity") * pl.col("unit_price"))
        .sort("money", descending=True, maintain_order=True)
        .select(*STOPPED_MATERIAL_COLUMNS)
    )


def _pegs_of(plan: Plan, orders: list[str]) -> pl.DataFrame:
    """Every peg under these orders, each once, with the first order that it serves."""
    under: dict[str, list[int]] = defaultdict(list)
    consumers, kinds, supplies = (
        plan.pegging.get_column(name).to_list() for name in ("consumer", "supply_kind", "supply")
    )
    for row, consumer in enumerate(consumers):
        under[consumer].append(row)
    serves: dict[int, str] = {}
    for order in orders:
        waiting = [order]
        while waiting:
            for row in under[waiting.pop()]:
                if row in serves:
                    continue
                serves[row] = order
                if kinds[row] in ("job", "work_order"):
                    waiting.append(supplies[row])
    rows = sorted(serves)
    return plan.pegging[rows].with_columns(order=pl.Series([serves[row] for row in rows], dtype=pl.String))


def _prices(factory: Factory) -> pl.DataFrame:
    """The least price of each material, or what it costs where no source names one."""
    asked = factory.sources.frame.filter(pl.col("price") > 0).group_by("material").agg(price=pl.col("price").min())
    return (
        factory.materials.frame.select("material", "unit", "cost")
        .join(asked, on="material", how="left", maintain_order="left")
        .select("material", "unit", unit_price=pl.coalesce("price", "cost"))
    )
