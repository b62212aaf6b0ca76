"""A supply plan: what to buy, make and move, who needs it, and what cannot be had in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from linewright.model.faults import Fault
from linewright.model.results import Origin

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: One row for each lot that is proposed. `kind` is purchase, work_order or transfer; `supplier` is whom it is bought
#: from or the site it is moved from. `order_on` is the day to place or start it, `needed_on` the day of its first
#: need, `order` the first customer order that it serves ("" when none), `money` quantity times price.
PROPOSAL_COLUMNS: Mapping[str, Any] = {
    "proposal": pl.String, "kind": pl.String, "material": pl.String, "site": pl.String, "supplier": pl.String,
    "quantity": pl.Float64, "unit": pl.String, "price": pl.Float64, "money": pl.Float64,
    "order_on": pl.Date, "receive_on": pl.Date, "needed_on": pl.Date, "late_days": pl.Int64, "order": pl.String,
}  # fmt: skip

#: One row for each open order within the horizon. `expected_on` is when it can be delivered, counting what its
#: components wait for; null when something that it needs cannot be had at all.
ORDER_COLUMNS: Mapping[str, Any] = {
    "order": pl.String, "customer": pl.String, "material": pl.String, "site": pl.String, "quantity": pl.Float64,
    "due_on": pl.Date, "expected_on": pl.Date, "late_days": pl.Int64, "waits_for": pl.String,
}  # fmt: skip

#: One row for each need that is covered late or not at all, by the supply that is late: the roots, not what waits for
#: them. `expected_on` is null when nothing can supply it; `orders` are the first customer orders that need it.
SHORTAGE_COLUMNS: Mapping[str, Any] = {
    "material": pl.String, "site": pl.String, "quantity": pl.Float64, "needed_on": pl.Date, "expected_on": pl.Date,
    "late_days": pl.Int64, "supply_kind": pl.String, "supply": pl.String, "cause": pl.String,
    "orders": pl.List(pl.String), "text": pl.String,
}  # fmt: skip

#: What to do about supplies that are on their way, and about needs that no new order meets in time. `kind` is
#: expedite, delay, cancel, short, late, fence, substitute or move; `money` is what the quantity costs.
EXCEPTION_COLUMNS: Mapping[str, Any] = {
    "kind": pl.String, "material": pl.String, "site": pl.String, "supply_kind": pl.String, "supply": pl.String,
    "quantity": pl.Float64, "money": pl.Float64, "from_day": pl.Date, "to_day": pl.Date, "days": pl.Int64,
    "orders": pl.List(pl.String), "text": pl.String,
}  # fmt: skip

#: One row for each supply given to a need. `need_kind` is order, forecast, safety_stock, work_order, job or proposal;
#: `supply_kind` is stock, purchase, work_order, job, proposal or short. `quantity` is in units of `material`, the
#: material that is needed; `given` names the material that is given where it is another, or lies elsewhere.
PEG_COLUMNS: Mapping[str, Any] = {
    "material": pl.String, "site": pl.String, "need_kind": pl.String, "need": pl.String, "needed_on": pl.Date,
    "quantity": pl.Float64, "supply_kind": pl.String, "supply": pl.String, "available_on": pl.Date,
    "late_days": pl.Int64, "given": pl.String,
}  # fmt: skip

#: One step of the way between an order and what it is made from. `depth` counts from where one started; `quantity` is
#: the part of the supply that is meant for it, in units of `material`.
TRACE_COLUMNS: Mapping[str, Any] = {
    "depth": pl.Int64, "material": pl.String, "site": pl.String, "quantity": pl.Float64, "need_kind": pl.String,
    "need": pl.String, "needed_on": pl.Date, "supply_kind": pl.String, "supply": pl.String, "available_on": pl.Date,
}  # fmt: skip


class SupplyBook(Protocol):
    """What knows the details of a supply plan, and tells them when they are asked for."""

    def frame(self, name: str) -> pl.DataFrame:
        """One of the plan's frames: proposals, orders, shortages, exceptions or pegs."""

    def upstream(self, order: str) -> pl.DataFrame:
        """All that an order is made from."""

    def downstream(self, supply: str) -> pl.DataFrame:
        """All that a purchase, work order or proposal is for."""

    def changed(self, orders: Sequence[Mapping[str, Any]]) -> SupplyPlan:
        """The plan after some orders have changed."""

    def factory(self) -> Factory:
        """The factory that was planned, with all changes."""

    def origin(self) -> Origin:
        """What made the plan."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SupplyPlan:
    """What to order and make, bucket by bucket, so that every need is met or named short.

    The frames have the columns declared in this module and are made when they are first asked for.
    """

    factory_name: str
    currency: str
    timezone: str
    start: datetime
    today: date
    horizon_end: date
    faults: tuple[Fault, ...]
    assumptions: tuple[str, ...]
    book: SupplyBook

    @cached_property
    def proposals(self) -> pl.DataFrame:
        """Planned purchases, work orders and transfers, earliest first."""
        return self.book.frame("proposals")

    @cached_property
    def orders(self) -> pl.DataFrame:
        """Open orders with the day on which they can be delivered."""
        return self.book.frame("orders")

    @cached_property
    def shortages(self) -> pl.DataFrame:
        """Needs that are met late or not at all, with the orders that wait for them, worst first."""
        return self.book.frame("shortages")

    @cached_property
    def exceptions(self) -> pl.DataFrame:
        """What to do about what is on its way: expedite, delay, cancel; and what is short, late or inside the fence."""
        return self.book.frame("exceptions")

    @cached_property
    def pegs(self) -> pl.DataFrame:
        """Which supply is for which need."""
        return self.book.frame("pegs")

    @property
    def purchases(self) -> pl.DataFrame:
        """The proposals to buy."""
        return self.proposals.filter(pl.col("kind") == "purchase")

    @property
    def order_today(self) -> pl.DataFrame:
        """What must be placed or started today."""
        return self.to_order(days=0)

    def to_order(self, *, days: int = 7) -> pl.DataFrame:
        """What must be placed or started within some days, today included."""
        return self.proposals.filter(pl.col("order_on") <= self.today + timedelta(days=days))

    @property
    def late_orders(self) -> pl.DataFrame:
        """The orders that cannot be delivered when they are due, worst first; first of all those that cannot at all."""
        late = self.orders.filter((pl.col("late_days") > 0) | pl.col("expected_on").is_null())
        return late.sort("late_days", "order", descending=[True, False], nulls_last=False)

    @cached_property
    def origin(self) -> Origin:
        """What made the plan: verb, options, and the hash of every table that was read."""
        return self.book.origin()

    @property
    def factory(self) -> Factory:
        """The factory that was planned, with all changes."""
        return self.book.factory()

    def upstream(self, order: str) -> pl.DataFrame:
        """All that an order is made from, with the quantities meant for it: rows of TRACE_COLUMNS, the order first.

        Raises
        ------
        KeyError
            The plan has no such order.
        """
        return self.book.upstream(order)

    def downstream(self, supply: str) -> pl.DataFrame:
        """All that a purchase, work order, proposal or stock is for, up to the orders: rows of TRACE_COLUMNS.

        Raises
        ------
        KeyError
            The plan has no such supply.
        """
        return self.book.downstream(supply)

    def changed(self, orders: Sequence[Mapping[str, Any]]) -> SupplyPlan:
        """The plan after some orders have changed, are new or canceled; equal to planning everything again.

        Only the materials that the change reaches are planned again.

        Parameters
        ----------
        orders
            Rows of the table orders; a row with a known `order` replaces the columns that it names.
        """
        return self.book.changed(orders)

    def stale_because(self, factory: Factory) -> list[str]:
        """The tables that the plan read and that have changed since; empty when the plan still holds."""
        return [name for name, seen in self.origin.reads.items() if factory.table(name).hash != seen]

    def __repr__(self) -> str:
        """The plan in one line."""
        bought, made = self.purchases, self.proposals.filter(pl.col("kind") == "work_order").height
        moved = self.proposals.height - bought.height - made
        money = float(bought.get_column("money").sum())
        late = self.late_orders.height
        return (
            f"Supply plan of {self.factory_name}, {self.today} to {self.horizon_end}: {bought.height:,} purchases "
            f"({money:,.0f} {self.currency}), {made:,} work orders"
            + (f", {moved:,} transfers" if moved else "")
            + f", {self.order_today.height:,} to place today, {late:,} of {self.orders.height:,} orders late or short"
            + (f", {len(self.faults):,} faults" if self.faults else "")
        )
