"""What is there and on its way beside what is already promised, for each material."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory


def stock_position(factory: Factory, today: date, lines: pl.DataFrame) -> pl.DataFrame:
    """Columns material, on_hand, on_order and committed.

    On order are open purchases and work orders; committed are open orders, and what open work orders that have not been
    started will take (`lines`: material, component, units).
    """
    open_jobs = factory.work_orders.frame.filter(status="open")
    on_hand = factory.stock.frame.filter((pl.col("expires") >= today).fill_null(value=True))
    waiting = open_jobs.filter(pl.col("step").is_null(), pl.col("started").is_null())
    needs = waiting.join(lines, on="material").select(
        material="component", quantity=pl.col("quantity") * pl.col("units")
    )
    parts = {
        "on_hand": [on_hand],
        "on_order": [factory.purchases.frame, open_jobs],
        "committed": [factory.orders.frame.filter(status="open"), needs],
    }
    frame = pl.DataFrame(schema={"material": pl.String})
    for name, tables in parts.items():
        rows = pl.concat([table.select("material", "quantity") for table in tables])
        total = rows.group_by("material").agg(pl.col("quantity").sum().alias(name))
        frame = frame.join(total, on="material", how="full", coalesce=True)
    return frame.with_columns(pl.col(*parts).fill_null(0.0))
