"""What a plan brings: service, money and carbon."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan

#: The kinds of pegs that are bought, and those among them that somebody still has to order.
BOUGHT, NOT_YET = ("purchase", "planned_purchase", "assumed"), ("planned_purchase", "assumed")


def outcome(factory: Factory, plan: Plan, start: datetime) -> dict[str, Any]:
    """The columns of MOVE_COLUMNS for one plan, without future, choice and regret."""
    orders = _valued(factory, plan)
    value = float(orders["value"].sum())
    in_time = orders.filter(pl.col("finish").is_not_null() & (pl.col("late_days") <= 0))
    last = max([plan.start, *(moment for moment in orders["due"].drop_nulls())])
    days = (last - start).total_seconds() / 86400
    price = _prices(factory)
    bought, left = _purchases(plan, factory, price)
    holding = left * factory.settings.stock_cost_share_per_year * days / 365
    paid = plan.costs["overtime"] + plan.costs["lateness"] + plan.costs["changeovers"] + plan.costs["energy"]
    sold = float(orders.filter(pl.col("finish").is_not_null())["value"].sum())
    cash = sold - bought - paid - holding
    return {
        "service": float(in_time["value"].sum()) / value if value > 0 else in_time.height / max(1, orders.height),
        "orders": orders.height, "late": orders.height - in_time.height, "sales": sold, "bought": bought,
        "overtime": plan.costs["overtime"], "late_cost": plan.costs["lateness"],
        "changeovers": plan.costs["changeovers"], "energy": plan.costs["energy"],
        "left_over": left, "holding": holding, "cash": cash, "result": cash + left,
        "kg_co2e": _carbon(factory, plan),
    }  # fmt: skip


def _valued(factory: Factory, plan: Plan) -> pl.DataFrame:
    """The plan's dated demands with what they bring.

    Of work orders counts what neither an order nor another job takes, and only where nothing is made of it: the rest
    is sold with what it goes into.
    """
    used = set(factory.components.frame.get_column("component").to_list())
    paid = factory.orders.frame.filter(pl.col("price") > 0).select("order", kind=pl.lit("order"), paid="price")
    listed = factory.materials.frame.select(
        "material", listed=pl.when(pl.col("price") > 0).then("price").otherwise("cost")
    )
    taken = plan.pegging.filter(pl.col("supply_kind") == "work_order").group_by(order="supply").agg(
        taken=pl.col("quantity").sum(), kind=pl.lit("work_order").first()
    )  # fmt: skip
    rows = plan.orders.join(taken, on=["order", "kind"], how="left", maintain_order="left").with_columns(
        quantity=pl.col("quantity") - pl.col("taken").fill_null(0.0)
    )
    for_stock = ~pl.col("material").is_in(list(used)) & (pl.col("quantity") > 1e-9)
    return (
        rows.filter((pl.col("kind") == "order") | for_stock)
        .join(paid, on=["order", "kind"], how="left", maintain_order="left")
        .join(listed, on="material", how="left", maintain_order="left")
        .with_columns(value=pl.col("quantity") * pl.coalesce("paid", "listed").fill_null(0.0))
    )


def _prices(factory: Factory) -> pl.DataFrame:
    asked = factory.sources.frame.filter(pl.col("price") > 0).group_by("material").agg(asked=pl.col("price").min())
    return factory.materials.frame.join(asked, on="material", how="left", maintain_order="left").select(
        "material", "kg_co2e", each=pl.coalesce("asked", "cost").fill_null(0.0)
    )


def _purchases(plan: Plan, factory: Factory, price: pl.DataFrame) -> tuple[float, float]:
    """Money for everything bought, and what of it no job or order uses."""
    ordered = factory.purchases.frame.select("material", "quantity").join(price, on="material", how="left")
    used = plan.pegging.filter(pl.col("supply_kind").is_in(BOUGHT)).join(price, on="material", how="left")
    worth = (pl.col("quantity") * pl.col("each").fill_null(0.0)).sum()
    committed = float(ordered.select(worth).item())
    more = float(used.filter(pl.col("supply_kind").is_in(NOT_YET)).select(worth).item())
    from_committed = float(used.filter(pl.col("supply_kind") == "purchase").select(worth).item())
    return committed + more, max(0.0, committed - from_committed)


def _carbon(factory: Factory, plan: Plan) -> float:
    """Kilograms of carbon dioxide equivalent of the energy used and the material bought for it."""
    energy = float(plan.operations["kwh"].sum()) * factory.settings.kg_co2e_per_kwh
    used = plan.pegging.filter(pl.col("supply_kind").is_in(BOUGHT)).join(_prices(factory), on="material", how="left")
    material = float(used.select((pl.col("quantity") * pl.col("kg_co2e").fill_null(0.0)).sum()).item())
    return energy + material
