"""The verb: a stop, now, on a detailed plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright import __version__
from linewright.model.results import Origin, Plan
from linewright.model.stop_results import STOPPED_ORDER_COLUMNS, Stop, StopReport
from linewright.model.table import Table
from linewright.supply.stoppage.scenario import Reached, reached, stopped
from linewright.supply.stoppage.trace import held_back

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.ports import Keeper, Planner
    from linewright.model.ports import Stop as Budget

#: The tables that decide what a stop does, beside those that the plan read.
READS = ("suppliers", "sources", "purchases", "lanes", "sites", "materials")
#: An order that ends less than this later, in days, is not counted: a minute.
LEAST_DAYS = 1 / 1440


def stop_now(
    factory: Factory,
    base: Plan,
    stop: Stop,
    *,
    keeper: Keeper,
    planner: Planner,
    budget: Budget | None = None,
    seed: int = 0,
) -> StopReport:
    """What happens to a plan when something stops at its start.

    The work is timed in the plan's own order on a factory in which the thing is away (nobody reacts), then planned
    anew, with other sources allowed; and once more in the old order with the stock that would have closed the gap, so
    that what is said about it has been tried.

    Parameters
    ----------
    base
        The plan without the stop; made from the same factory.
    keeper, planner
        What times a plan in its order, and what plans anew.
    budget
        When to stop planning anew; the planner's own if not given.

    Raises
    ------
    ModelError
        There is no such thing.
    """
    what = reached(factory, stop)
    start, end = base.start, base.start + timedelta(days=stop.days)
    waiting = stopped(factory, what, start, end, other_sources=False)
    kept = keeper(waiting, base)
    later = _later_orders(base, kept)
    if later:
        reacting = planner(stopped(factory, what, start, end, other_sources=True), stop=budget, seed=seed, now=start)
        reacting = _better(reacting, kept)
    else:
        reacting = kept
    materials = held_back(factory, kept, what, later, end)
    shielded = keeper(_with_stock(waiting, materials), base) if materials.height else None
    return StopReport(
        stop=stop, start=start, end=end, currency=base.currency, timezone=base.timezone,
        base=base, kept=kept, reacting=reacting, shielded=shielded,
        orders=_order_rows(factory, base, kept, reacting), materials=materials,
        first_wait=_first_wait(base, kept), assumptions=_told(stop, what, base),
        origin=Origin(
            made_by="supply.stop_now", code_version=__version__, seed=seed,
            options={"stop": str(stop), "budget": repr(budget)},
            reads={**base.origin.reads, **factory.hashes(READS)},
        ),
    )  # fmt: skip


def _better(one: Plan, other: Plan) -> Plan:
    """The plan with less lateness; nobody is made to react for the worse."""
    return one if one.costs["lateness"] <= other.costs["lateness"] else other


def _later_orders(base: Plan, other: Plan) -> list[str]:
    """The orders that are late by more than they are in the plan."""
    both = base.orders.join(other.orders, on=["order", "kind"], suffix="_other", maintain_order="left")
    worse = pl.col("late_days_other") > pl.col("late_days") + LEAST_DAYS
    lost = pl.col("finish_other").is_null() & pl.col("finish").is_not_null()
    return both.filter(worse | lost).get_column("order").to_list()


def _order_rows(factory: Factory, base: Plan, kept: Plan, reacting: Plan) -> pl.DataFrame:
    """Every order that ends later than planned when nobody reacts, as STOPPED_ORDER_COLUMNS."""
    columns = ("order", "kind", "finish", "late_days", "late_cost")
    joined = (
        base.orders.join(kept.orders.select(columns), on=["order", "kind"], suffix="_kept", maintain_order="left")
        .join(
            reacting.orders.select(columns), on=["order", "kind"], suffix="_reacting", how="left", maintain_order="left"
        )
        .join(_sales(factory), on="order", how="left", maintain_order="left")
        .join(factory.materials.frame.select("material", "price"), on="material", how="left", maintain_order="left")
    )
    later = (pl.col("finish_kept") - pl.col("finish")).dt.total_seconds() > LEAST_DAYS * 86400
    lost = pl.col("finish_kept").is_null() & pl.col("finish").is_not_null()
    rows = joined.filter(later | lost).with_columns(
        late_days=(pl.col("late_days_kept") - pl.col("late_days")).fill_null(0.0),
        late_cost=(pl.col("late_cost_kept") - pl.col("late_cost")).fill_null(0.0),
        late_days_reacting=(pl.col("late_days_reacting") - pl.col("late_days")).fill_null(0.0),
        late_cost_reacting=(pl.col("late_cost_reacting") - pl.col("late_cost")).fill_null(0.0),
        sales=pl.coalesce("sales", pl.col("quantity") * pl.col("price")).fill_null(0.0),
    )
    return rows.select(*STOPPED_ORDER_COLUMNS).sort("due", "order", nulls_last=True)


def _sales(factory: Factory) -> pl.DataFrame:
    return factory.orders.frame.filter(pl.col("price") > 0).select("order", sales=pl.col("quantity") * pl.col("price"))


def _with_stock(factory: Factory, materials: pl.DataFrame) -> Factory:
    """The factory with the held-back quantities in stock; they lie where other stock of the material does."""
    place = dict(factory.stock.frame.select("material", "site").iter_rows())
    rows: list[dict[str, Any]] = [
        {"material": material, "quantity": quantity, "site": place.get(material, "")}
        for material, quantity in materials.select("material", "quantity").iter_rows()
    ]
    added = Table.of("stock", rows).frame
    columns = factory.stock.frame.columns
    return factory.with_tables(
        stock=Table.of("stock", pl.concat([factory.stock.frame, added], how="diagonal").select(columns))
    )


def _first_wait(base: Plan, kept: Plan) -> tuple[str, datetime] | None:
    """The operation that waits first for what is away: when it would have started, and its name."""
    both = base.operations.select("operation", "start").join(
        kept.operations.select("operation", later="start"), on="operation"
    )
    waiting = both.filter((pl.col("later") - pl.col("start")).dt.total_seconds() > 60).sort("start", "operation")
    return (str(waiting["operation"][0]), waiting["start"][0]) if waiting.height else None


def _told(stop: Stop, what: Reached, base: Plan) -> tuple[str, ...]:
    told = (
        ["Deliveries that were to come during the stop come at its end; new orders leave then."] if what.sources else []
    )
    if stop.kind == "lane" and not what.sources:
        told.append("No source delivers on this lane; what moves between own sites is taken to find another way.")
    if stop.kind == "supplier" and not what.sources:
        told.append(f"No source names {stop.name}: only what is on order from it waits.")
    if not base.orders.height:
        told.append("Nothing has a date to keep, so nothing can be late.")
    # What a late day costs decides the money.
    return (*told, *(sentence for sentence in base.assumptions if "late day" in sentence))
