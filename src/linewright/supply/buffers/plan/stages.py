"""A factory's materials as the stages of a chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.model.faults import Fault
from linewright.shop.bill import Bill
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.plan.demand import daily_demand, some
from linewright.supply.buffers.plan.times import make_days, source_days

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.forecast_results import ForecastResult


@dataclass(frozen=True, eq=False)
class FactoryChain:
    """The chain of all materials that customers want or that go into such; what is wrong; what was assumed.

    `rows` has the facts of each stage, `lines` the bill of today (material, component, units).
    """

    chain: Chain
    rows: pl.DataFrame
    lines: pl.DataFrame
    faults: tuple[Fault, ...]
    assumptions: tuple[str, ...]


def chain_of(factory: Factory, start: datetime, expected: ForecastResult | None = None) -> FactoryChain:
    """Make the chain of a factory: its materials are the stages, its bill of materials the arcs.

    Lead times are rounded up to whole days. Materials without lead time, cost or demand are told of, and the rest is
    placed as it is.

    Raises
    ------
    ModelError
        No material has demand, or the bill runs in a circle.
    """
    today = start.astimezone(factory.timezone).date()
    demand = daily_demand(factory, today, expected)
    if not demand.frame.height:
        raise ModelError(["nothing is wanted: no material has demand — add rows to demand_history, forecast or orders"])
    lines = _lines(factory, start)
    materials = _wanted(demand.frame.get_column("material"), lines)
    lines = lines.filter(pl.col("material").is_in(materials.implode()))
    rows = pl.DataFrame({"material": materials}).join(
        factory.materials.frame, on="material", how="left", maintain_order="left"
    )
    rows = rows.join(demand.frame, on="material", how="left", maintain_order="left")
    rows = rows.join(source_days(factory, today), on="material", how="left", maintain_order="left")
    rows = rows.join(make_days(factory, start), on="material", how="left", maintain_order="left")
    made = (pl.col("kind") == "made") | (
        pl.col("kind").ne("bought") & (pl.col("routing_days").is_not_null() | pl.col("material").is_in(_parents(lines)))
    )
    rows = rows.with_columns(made=made).with_columns(
        # Service is quoted in whole days, so that a part of a day at each stage would only pile up.
        lead=pl.when("made").then(pl.coalesce("make_days", "routing_days")).otherwise("source_days").ceil(),
        lead_sd=pl.when("made").then(0.0).otherwise(pl.col("source_days_sd").fill_null(0.0)),
    )
    worth = _worth(rows, lines)
    chain = Chain.of(
        materials.to_list(),
        list(lines.select("component", "material", "units").iter_rows()),
        lead_days=rows.get_column("lead").fill_null(0.0).to_numpy(),
        lead_days_sd=rows.get_column("lead_sd").to_numpy(),
        added_cost=worth - _inputs(worth, rows, lines),
        demand_mean=rows.get_column("mean").fill_null(0.0).to_numpy(),
        demand_sd=rows.get_column("sd").fill_null(0.0).to_numpy(),
        promised_days=rows.select(pl.when(pl.col("mean") > 0).then(pl.col("promised_days").fill_null(0.0)))
        .to_series().fill_null(np.nan).to_numpy(),
        service_factor=0.0,
        holding_share=factory.settings.stock_cost_share_per_year,
    )  # fmt: skip
    chain = chain.changed(service_factor=_service_factors(factory, chain, rows))
    faults = tuple(_faults(factory, rows, materials, worth))
    return FactoryChain(chain, rows, lines, faults, (*_told(rows), *demand.assumptions))


def _lines(factory: Factory, start: datetime) -> pl.DataFrame:
    """What one good unit of a material needs of each component today (material, component, units)."""
    day = np.datetime64(start.astimezone(factory.timezone).date())
    _refuse_circles(factory)
    bill = Bill.of(factory, start)
    parents = np.repeat(np.arange(len(bill.materials)), np.diff(bill.first_line))
    counts = (bill.valid_from <= day) & (day <= bill.valid_to) & bill.made[parents]
    names = np.array(bill.materials, dtype=object)
    lines = pl.DataFrame(
        {
            "material": names[parents[counts]],
            "component": names[bill.component[counts]],
            "units": bill.per_good_unit[counts],
        },
        schema={"material": pl.String, "component": pl.String, "units": pl.Float64},
    )
    return lines.group_by("material", "component", maintain_order=True).agg(pl.col("units").sum())


def _refuse_circles(factory: Factory) -> None:
    """Name the materials of a circle in the bill, from component to product."""
    lines = factory.components.frame.select("component", "material")
    names = pl.concat([lines.get_column("component"), lines.get_column("material")]).unique().sort().to_list()
    position = {name: at for at, name in enumerate(names)}
    none = np.zeros(len(names))
    supplier, customer = (np.array([position[name] for name in lines.get_column(side)], np.int64)
                          for side in ("component", "material"))  # fmt: skip
    bill = Chain(
        tuple(names), none[:, None], none[:, None], none, none, none, none, none, supplier, customer,
        np.ones(supplier.size), 0.0,
    )  # fmt: skip
    if bill.circle:
        raise ModelError([f"the bill of materials runs in a circle: {bill.circle} — remove one of these lines"])


def _wanted(demanded: pl.Series, lines: pl.DataFrame) -> pl.Series:
    """The materials with demand, and all that goes into them, however far down."""
    found = reached = demanded.rename("material")
    while reached.len():
        below = lines.filter(pl.col("material").is_in(reached.implode())).get_column("component").unique()
        reached = below.filter(~below.is_in(found.implode())).rename("material")
        found = pl.concat([found, reached])
    return found.unique().sort()


def _parents(lines: pl.DataFrame) -> Any:
    return lines.get_column("material").unique().implode()


def _worth(rows: pl.DataFrame, lines: pl.DataFrame) -> Any:
    """The value of each material: its cost, else the price of its source, else all that goes into it."""
    known = rows.select(
        pl.when(pl.col("cost") > 0).then("cost").when(pl.col("made")).then(None).otherwise("source_price")
    ).to_series()
    worth = known.fill_null(0.0).to_numpy().copy()
    unknown = known.is_null().to_numpy()
    for _ in range(len(worth)):
        inputs = _inputs(worth, rows, lines)
        if np.array_equal(worth[unknown], inputs[unknown]):
            break
        worth[unknown] = inputs[unknown]
    return worth


def _inputs(worth: Any, rows: pl.DataFrame, lines: pl.DataFrame) -> Any:
    """The value of all that goes into one unit of each material."""
    position = {name: at for at, name in enumerate(rows.get_column("material").to_list())}
    parent = np.array([position[name] for name in lines.get_column("material")], np.int64)
    component = np.array([position[name] for name in lines.get_column("component")], np.int64)
    return np.bincount(parent, lines.get_column("units").to_numpy() * worth[component], minlength=len(worth))


def _service_factors(factory: Factory, chain: Chain, rows: pl.DataFrame) -> Any:
    """A material's own service level, or the highest of those that it goes into, as standard deviations."""
    from scipy.special import ndtri

    own = rows.get_column("service_level").to_list()
    sells = (rows.get_column("mean").fill_null(0.0) > 0).to_list()
    levels = np.zeros(len(chain))
    for stage in chain.order[::-1].tolist():
        needed = max((levels[at] for at in chain.customers[stage].tolist()), default=0.0)
        if sells[stage]:
            needed = max(needed, factory.settings.service_level)
        levels[stage] = own[stage] if own[stage] is not None else needed
    return np.maximum(0.0, ndtri(np.maximum(levels, 0.5)))


def _told(rows: pl.DataFrame) -> list[str]:
    told = []
    priced = rows.filter((pl.col("cost") == 0) & ~pl.col("made") & (pl.col("source_price") > 0)).height
    if priced:
        told.append(f"{some(priced)} no cost: the price of the first source is what one is worth.")
    routed = rows.filter(pl.col("made") & pl.col("make_days").is_null() & pl.col("routing_days").is_not_null()).height
    if routed:
        told.append(
            f"{some(routed)} no make_days: the lead time is the work of one lot without waiting for machines, at "
            "least a day — make_days counts the queues too."
        )
    return told


def _faults(factory: Factory, rows: pl.DataFrame, materials: pl.Series, worth: Any) -> list[Fault]:
    """What keeps materials from being placed well, each kind told once with all its materials."""
    lost = rows.filter(pl.col("lead").is_null())
    bought, made = lost.filter(~pl.col("made")), lost.filter("made")
    free = rows.filter(pl.Series(worth) <= 0)
    unasked = factory.materials.frame.filter(pl.col("safety_stock") > 0, ~pl.col("material").is_in(materials.implode()))
    kinds = (
        (bought, "no_lead_time", "warning", "sources", "no source: counted as there at once",
         "add a row to sources with lead_days"),
        (made, "no_make_time", "warning", "operations", "no make_days and no operations: counted as taking no time",
         "fill in make_days, or add operations"),
        (free, "no_value", "warning", "materials", "no cost and no price: holding stock counts as free",
         "fill in the cost"),
        (unasked, "no_demand", "note", "materials", "safety stock but no demand: they are not placed",
         "add demand, or set safety_stock to 0"),
    )  # fmt: skip
    return [_fault(found, *kind) for found, *kind in kinds if found.height]


def _fault(found: pl.DataFrame, rule: str, level: str, table: str, what: str, cure: str) -> Fault:
    names = found.get_column("material").to_list()
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
    return Fault(
        level=level, rule=rule, table=table, where=table, message=f"{shown}: {what}", cure=cure,
        materials=tuple(names), count=len(names), value=names[0],
    )  # fmt: skip
