"""A supply plan and a schedule feed each other: proposals become dated supply, finishes become dated supply too.

`requirements(factory, plan=plan)` takes the finishes of a schedule; what is here goes the other way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from linewright.model.table import Table

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.supply_results import SupplyPlan


def purchase_rows(supply: SupplyPlan) -> pl.DataFrame:
    """The proposals to buy as rows of the table purchases, each expected at the end of its day of receipt."""
    zone = ZoneInfo(supply.timezone)
    bought = supply.purchases
    ends = [
        datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        for day in bought.get_column("receive_on").to_list()
    ]
    expected = pl.Series("expected", ends, pl.Datetime("us", "UTC"))
    return bought.select(
        purchase="proposal", supplier="supplier", material="material", quantity="quantity", due=expected,
        expected=expected, site="site",
    )  # fmt: skip


def with_purchases(factory: Factory, supply: SupplyPlan) -> Factory:
    """The factory as if all proposals to buy had been placed, so that a schedule waits for them.

    Without them, a schedule assumes that what is not there can be ordered at once with the quickest source's lead.
    """
    before = factory.purchases
    rows = Table.of("purchases", purchase_rows(supply)).frame
    kept = before.frame.filter(~pl.col("purchase").is_in(rows.get_column("purchase").implode()))
    return factory.with_tables(purchases=replace(before, frame=pl.concat([kept, rows]), extra=None))
