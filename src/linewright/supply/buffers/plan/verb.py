"""Size the buffers of a factory, and say what they cost and what they save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright import __version__
from linewright.model.results import Origin
from linewright.supply.buffers.curve import PromiseCurve, promise_curve
from linewright.supply.buffers.placement import Placement, own_stock, place
from linewright.supply.buffers.plan.position import stock_position
from linewright.supply.buffers.plan.stages import chain_of
from linewright.supply.buffers.plan.zones import Profile, zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linewright.model.factory import Factory
    from linewright.model.faults import Fault
    from linewright.model.forecast_results import ForecastResult

READS = (
    "settings", "materials", "components", "operations", "sources", "lanes", "demand_history", "forecast", "orders",
    "work_orders", "stock", "purchases", "machines", "shifts", "calendar_exceptions",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class BufferPlan:
    """How much of each material to hold, and where the stock stands beside it.

    `materials` has one row for each material with demand. `total` is what the safety stock costs in a year,
    `total_own` what it would cost if every material covered its own lead time, `total_typed` what the safety stock
    that is typed into the materials costs.
    """

    factory_name: str
    currency: str
    start: datetime
    placement: Placement
    materials: pl.DataFrame
    total: float
    total_own: float
    total_typed: float
    faults: tuple[Fault, ...]
    assumptions: tuple[str, ...]
    origin: Origin

    @property
    def saving(self) -> float:
        """What placement saves in a year against every material covering its own lead time."""
        return self.total_own - self.total

    @property
    def to_order(self) -> pl.DataFrame:
        """The materials whose position is below the reorder point, the dearest order first, with what to order.

        A material without safety stock is here when what is asked for already is more than is there and coming.
        """
        below = self.materials.filter(pl.col("order_quantity") > 0)
        return below.sort(pl.col("order_quantity") * pl.col("value"), "material", descending=[True, False])

    def promise_curve(self, days: Iterable[float], materials: Sequence[str] = ()) -> PromiseCurve:
        """The least cost for each number of days that customers wait, for some materials or for all that are sold."""
        return promise_curve(self.placement.chain, days, stages=materials)

    def sentences(self) -> list[str]:
        """The result in the language of the shop."""
        holding = self.materials.filter(pl.col("safety_stock") > 0)
        told = [
            f"{holding.height:,} of {self.materials.height:,} materials hold safety stock, "
            f"{self._money(self.total)} a year; {self._money(self.total_own)} if each covered its own lead time.",
            f"The safety stock that is typed in costs {self._money(self.total_typed)} a year.",
        ]
        short = self.to_order.filter(pl.col("safety_stock") > 0)
        if short.height:
            first = short.row(0, named=True)
            told.append(
                f"Below their reorder point: {short.height:,} of the materials with safety stock; the dearest: "
                f"{first['order_quantity']:,.0f} of {first['material']}, with {first['position']:,.0f} there or coming "
                f"after what is asked for, and {first['reorder_point']:,.0f} needed."
            )
        bare = self.to_order.height - short.height
        if bare:
            told.append(f"Short of what is asked for already: {bare:,} of the materials without.")
        return told

    def stale_because(self, factory: Factory) -> list[str]:
        """The tables that were read and that have changed since."""
        return [name for name, seen in self.origin.reads.items() if factory.table(name).hash != seen]

    def _money(self, amount: float) -> str:
        return f"{amount:,.0f} {self.currency}"

    def __repr__(self) -> str:
        """The plan in one line."""
        proof = "proven optimal" if self.placement.proven else f"gap {100 * self.placement.gap:.2g} %"
        return (
            f"Buffers of {self.factory_name}: {self.materials.height:,} materials, {self._money(self.total)} a year "
            f"({self._money(self.saving)} less than each on its own), {proof}, {self.to_order.height:,} to order"
        )


def buffers(
    factory: Factory, *, now: datetime, expected: ForecastResult | None = None, seconds: float = 60.0,
    profile: Profile | None = None,
) -> BufferPlan:  # fmt: skip
    """Place the safety stock of a factory at least cost, and compare it with what is there.

    A material's reorder point is the demand of its uncovered days and its safety stock; it is compared with what is
    there and on order, less all that customers and jobs have already asked for.

    Parameters
    ----------
    factory
        Materials, bill, sources, and demand as history, forecast or orders.
    now
        A timezone-aware instant, used where the settings name no start.
    expected
        A forecast of the same factory: its mean and its error, widened where demand has moved, size the buffers.
    seconds
        Most time for the placement.
    profile
        Factors of the red, yellow and green zones.

    Raises
    ------
    ModelError
        No material has demand, or the bill runs in a circle.
    """
    start = factory.start(now)
    source = chain_of(factory, start, expected)
    chain = source.chain
    placement, own = place(chain, seconds=seconds), own_stock(chain)
    lots = lot_sizes(source.rows, chain.mean, chain.value * chain.holding_share)
    today = start.astimezone(factory.timezone).date()
    frame = _frame(source.rows, placement, own, lots, profile)
    position = stock_position(factory, today, source.lines)
    frame = _with_position(frame.join(position, on="material", how="left", maintain_order="left"))
    typed = frame.get_column("typed_safety_stock") * frame.get_column("value")
    return BufferPlan(
        factory_name=factory.name,
        currency=factory.settings.currency,
        start=start,
        placement=placement,
        materials=frame,
        total=placement.total,
        total_own=own.total,
        total_typed=float(typed.sum()) * chain.holding_share,
        faults=source.faults,
        assumptions=source.assumptions,
        origin=Origin(
            made_by="buffers", code_version=__version__, seed=0, options={"seconds": seconds},
            reads=factory.hashes(READS),
        ),
    )  # fmt: skip


def lot_sizes(rows: pl.DataFrame, daily: Any, holding: Any) -> Any:
    """The usual order of each material: its rule, then its least lot and multiple.

    Rule wagner_whitin is sized by its steady-state twin, the economic order quantity
    sqrt(2 x order cost x yearly demand / yearly holding cost) (Harris, 1913).
    """
    rule = rows.get_column("lot_rule").fill_null("").to_numpy()
    order_cost = rows.get_column("order_cost").fill_null(0.0).to_numpy()
    economic = np.sqrt(2 * order_cost * 365 * daily / np.where(holding > 0, holding, np.inf))
    period = daily * rows.get_column("period_days").fill_null(0.0).to_numpy()
    lot = np.select([rule == "period", rule == "wagner_whitin"], [period, economic], daily)
    limits = rows.select(
        least=pl.max_horizontal(pl.col("lot_size_min").fill_null(0.0), pl.col("source_min").fill_null(0.0)),
        multiple=pl.max_horizontal(pl.col("lot_multiple").fill_null(0.0), pl.col("source_multiple").fill_null(0.0)),
    )
    return rounded_up(np.maximum(lot, limits["least"].to_numpy()), limits["multiple"].to_numpy())


def rounded_up(quantity: Any, multiple: Any) -> Any:
    """Quantities as multiples, where there is one."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, np.ceil(quantity / step - 1e-9) * step, quantity)


def _frame(
    rows: pl.DataFrame, placement: Placement, own: Placement, lots: Any, profile: Profile | None
) -> pl.DataFrame:
    """The sizes of each material's buffer."""
    chain = placement.chain
    reorder = chain.mean * placement.uncovered_days + placement.safety_stock
    period = pl.when(pl.col("lot_rule") == "period").then("period_days").otherwise(0.0).fill_null(0.0)
    cycle = rows.select(period.alias("cycle")).to_series().to_numpy()
    return rows.select(
        "material", "name", "unit", kind=pl.when("made").then(pl.lit("made")).otherwise(pl.lit("bought")),
        typed_safety_stock=pl.col("safety_stock").fill_null(0.0),
    ).with_columns(
        pl.Series(name, column).fill_nan(None)
        for name, column in {
            "value": chain.value,
            "daily_demand": chain.mean,
            "daily_demand_sd": chain.sigma,
            "lead_days": chain.lead_mean,
            "inbound_days": placement.inbound_days,
            "outbound_days": placement.outbound_days,
            "net_replenishment_days": placement.uncovered_days,
            "safety_stock": placement.safety_stock,
            "own_safety_stock": own.safety_stock,
            "reorder_point": reorder,
            "lot": lots,
            "order_up_to": reorder + lots,
            "holding_cost": placement.cost,
            **zones(placement, lots, cycle, profile),
        }.items()
    )  # fmt: skip


def _with_position(frame: pl.DataFrame) -> pl.DataFrame:
    """Where the stock stands, and what to order; a material without buffer is ordered for its needs alone."""
    frame = frame.with_columns(pl.col("on_hand", "on_order", "committed").fill_null(0.0))
    frame = frame.with_columns(
        position=pl.col("on_hand") + pl.col("on_order") - pl.col("committed"),
        safety_stock_change=pl.col("safety_stock") - pl.col("typed_safety_stock"),
    )
    short = (pl.col("order_up_to") - pl.col("position")) / pl.col("lot")
    quantity = pl.when(pl.col("lot") > 0).then((short - 1e-9).ceil() * pl.col("lot")).otherwise(0.0)
    below = pl.col("position") < pl.col("reorder_point") - 1e-6
    return frame.with_columns(order_quantity=pl.when(below).then(quantity).otherwise(0.0))
