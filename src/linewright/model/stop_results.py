"""What happens when something stops now: seen from a detailed plan, order by order and hour by hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from linewright.model.results import INSTANT, Origin, Plan

#: One row for each order that a stop makes later: its finish in the plan, when the order of work is kept, and after
#: planning anew; `late_days` and `late_cost` are what the stop adds when nobody reacts, `_reacting` when work is
#: planned anew; `sales` is the money that the order brings, at the list price where it
#: names none.
STOPPED_ORDER_COLUMNS: Mapping[str, Any] = {
    "order": pl.String, "customer": pl.String, "material": pl.String, "quantity": pl.Float64, "due": INSTANT,
    "finish": INSTANT, "finish_kept": INSTANT, "finish_reacting": INSTANT,
    "late_days": pl.Float64, "late_cost": pl.Float64,
    "late_days_reacting": pl.Float64, "late_cost_reacting": pl.Float64,
    "sales": pl.Float64,
}  # fmt: skip

#: One row for each material whose deliveries the stop holds back from orders that get later: how much they wait for,
#: from when, and what that quantity costs if it lay in stock today.
STOPPED_MATERIAL_COLUMNS: Mapping[str, Any] = {
    "material": pl.String, "quantity": pl.Float64, "unit": pl.String, "needed_from": INSTANT, "orders": pl.Int64,
    "unit_price": pl.Float64, "money": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Stop:
    """What stops: its kind (supplier, lane, machine, person, site, region), its name, and for how many days."""

    kind: str
    name: str
    days: float

    def __str__(self) -> str:
        """In words."""
        return f"{self.kind} {self.name} for {self.days:g} days"


@dataclass(frozen=True, kw_only=True, eq=False)
class StopReport:
    """What one stop does to a plan.

    `base` is the plan without it, `kept` the same work in the same order with it, `reacting` planned anew with it, and
    `shielded` the order kept with the stock of `materials` added; None where nothing is held back. `first_wait` is the
    operation that waits first and from when.
    """

    stop: Stop
    start: datetime
    end: datetime
    currency: str
    timezone: str
    base: Plan
    kept: Plan
    reacting: Plan
    shielded: Plan | None
    orders: pl.DataFrame
    materials: pl.DataFrame
    first_wait: tuple[str, datetime] | None
    assumptions: tuple[str, ...]
    origin: Origin

    @property
    def newly_late(self) -> pl.DataFrame:
        """The orders that the stop makes late, or later than they are, soonest due first."""
        return self.orders.filter(pl.col("late_days") > 0)

    @property
    def first_late(self) -> tuple[str, datetime] | None:
        """The order that is missed first because of the stop, and when; None when none is.

        It is missed when its date passes, or where it was late already, when it would have been finished.
        """
        felt = pl.max_horizontal("due", "finish", pl.lit(self.start))
        late = self.newly_late.drop_nulls("due").with_columns(felt=felt).sort("felt", "order")
        return (str(late["order"][0]), late["felt"][0]) if late.height else None

    @property
    def survive_days(self) -> float | None:
        """Days until the first order is missed; None when none is."""
        first = self.first_late
        return None if first is None else (first[1] - self.start).total_seconds() / 86400

    @property
    def late_cost(self) -> float:
        """Cost of lateness that the stop adds when nobody reacts."""
        return self.kept.costs["lateness"] - self.base.costs["lateness"]

    @property
    def late_cost_reacting(self) -> float:
        """Cost of lateness that it adds when work is planned anew."""
        return self.reacting.costs["lateness"] - self.base.costs["lateness"]

    @property
    def shield_money(self) -> float:
        """What the stock costs that would close the gap."""
        return float(self.materials.get_column("money").sum())

    def __repr__(self) -> str:
        """The report in one line."""
        first, later = self.survive_days, self.newly_late.height
        lasting = "no order gets later" if first is None else f"{later} orders later from day {first:.1f}"
        return (
            f"Stop of {self.stop}: {lasting}, {self.late_cost:,.0f} {self.currency} of lateness, "
            f"{self.late_cost_reacting:,.0f} after planning anew"
        )
