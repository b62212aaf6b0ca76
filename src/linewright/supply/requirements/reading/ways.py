"""Ways to get each item: make it where it is made, move it there, or buy it from one of its sources."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.supply.requirements.core.records import BUY, MAKE, MOVE, NEVER_DAY, WAY
from linewright.supply.requirements.reading.calendar import Days, open_minutes_a_day
from linewright.supply.requirements.reading.items import Items

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.bill import Bill
    from linewright.supply.requirements.reading.terms import Terms

WAY_SCHEMA = {
    "item": pl.Int64, "kind": pl.Int64, "supplier": pl.String, "price": pl.Float64, "lead": pl.Float64,
    "lead_per_unit": pl.Float64, "minimum": pl.Float64, "multiple": pl.Float64, "capacity": pl.Float64,
    "first_day": pl.Int64, "last_day": pl.Int64, "preference": pl.Int64, "source": pl.Int64,
}  # fmt: skip


def ways_of(
    factory: Factory, bill: Bill, items: Items, days: Days, terms: Terms, start: datetime
) -> tuple[pl.DataFrame, list[str]]:
    """The ways of every item in the order in which they are asked, and the bought materials whose lead is assumed."""
    made = bill.made[items.material]
    at_home = items.site == items.home[items.material]
    rows = pl.DataFrame(
        {"item": np.arange(made.size), "material": pl.Series(_names(bill, items.material), dtype=pl.String)}
    )
    sold = factory.materials.frame.select("material", "lot_size_min", "lot_multiple", "kind", "cost")
    rows = rows.join(sold, on="material", how="left", maintain_order="left").with_columns(
        pl.col("lot_size_min", "lot_multiple", "cost").fill_null(0.0), pl.col("kind").fill_null("")
    )
    makes = _makes(factory, rows.filter(pl.Series(made & at_home)), start)
    moves = _moves(rows.filter(pl.Series(made & ~at_home)), items)
    asked = rows.filter(pl.Series(~made) | (pl.Series(made & at_home) & (pl.col("kind") != "made")))
    buys = _buys(factory, asked, items, days)
    bare = rows.filter(pl.Series(~made)).join(buys.select("item"), on="item", how="anti")
    assumed = _assumed(bare, terms)
    ways = pl.concat([makes, moves, buys, assumed]).sort(
        "item", "kind", "preference", "price", "lead", "source", maintain_order=True
    )
    return ways, bare.get_column("material").unique(maintain_order=True).to_list()


def way_rows(ways: pl.DataFrame) -> Any:
    """The ways as an array; every source with a weekly capacity has one row in which its use is counted."""
    found = np.zeros(ways.height, WAY)
    for name in ("kind", "first_day", "last_day", "lead", "lead_per_unit", "minimum", "multiple", "capacity"):
        found[name] = ways.get_column(name).to_numpy()
    limited = np.isfinite(found["capacity"])
    found["capacity_row"] = -1
    source = ways.get_column("source").to_numpy()[limited]
    found["capacity_row"][limited] = np.unique(source, return_inverse=True)[1]
    return found


def _names(bill: Bill, material: Any) -> list[str]:
    return [bill.materials[at] for at in material.tolist()]


def _makes(factory: Factory, rows: pl.DataFrame, start: datetime) -> pl.DataFrame:
    """Making, where a material is made."""
    found = rows.join(make_leads(factory, start), on="material", how="left", maintain_order="left")
    return _complete(found.select(
        "item", kind=pl.lit(MAKE), price="cost", minimum="lot_size_min", multiple="lot_multiple",
        lead=pl.col("lead").fill_null(0.0), lead_per_unit=pl.col("lead_per_unit").fill_null(0.0),
    ))  # fmt: skip


def make_leads(factory: Factory, start: datetime) -> pl.DataFrame:
    """Days that making takes for a lot and for each of its units: those that the material names, else by its routing.

    The routing's time is a sum over its steps at the quickest machine of setup, fixed and run minutes and the wait
    after it, divided by the minutes for which that machine's calendar is open in an average day; queues are not
    counted, because the schedule knows them better.
    """
    steps = _step_days(factory, start).group_by("material").agg(pl.col("fixed").sum(), pl.col("per_unit").sum())
    known = factory.materials.frame.select("material", "make_days")
    return steps.join(known, on="material", how="full", coalesce=True).select(
        "material",
        lead=pl.coalesce("make_days", "fixed").fill_null(0.0),
        lead_per_unit=pl.when(pl.col("make_days").is_null()).then("per_unit").fill_null(0.0),
    )


def _step_days(factory: Factory, start: datetime) -> pl.DataFrame:
    """Days for a lot and for a unit, step by step."""
    minutes = open_minutes_a_day(factory, start)
    machines = factory.machines.frame.select("machine", "work_center", "speed", pl.col("calendar").replace_strict(
        minutes, default=1440.0, return_dtype=pl.Float64).alias("open"))  # fmt: skip
    centers = machines.group_by("work_center").agg(pl.col("speed").max(), pl.col("open").mean())
    listed = factory.operation_machines.frame.select(
        "material", "step", "machine", its_run="run_minutes", its_fixed="fixed_minutes", its_setup="setup_minutes"
    )
    steps = factory.operations.frame.join(listed, on=["material", "step"], how="left", suffix="_listed")
    steps = steps.with_columns(chosen=pl.coalesce("machine_listed", pl.col("machine")))
    steps = steps.join(machines.drop("work_center"), left_on="chosen", right_on="machine", how="left")
    steps = steps.join(centers, on="work_center", how="left", suffix="_center")
    opened = pl.coalesce("open", "open_center").fill_null(1440.0)
    speed = pl.coalesce("speed", "speed_center").fill_null(1.0)
    # Times that are named for a machine are those it takes; the speed is for those of the operation. More units go
    # in than come out good.
    yields = factory.operations.frame.sort("material", "step", descending=[False, True]).select(
        "material", "step", yields=pl.col("yield_share").cum_prod().over("material")
    )
    steps = steps.join(yields, on=["material", "step"], how="left", maintain_order="left")
    run = pl.coalesce("its_run", pl.col("run_minutes") / speed) / pl.col("batch_size") / pl.col("yields")
    fixed = pl.coalesce("its_setup", "setup_minutes") + pl.coalesce("its_fixed", pl.col("fixed_minutes") / speed)
    return (
        steps.select(
            "material", "step", fixed=fixed / opened + pl.col("min_wait_minutes") / 1440, per_unit=run / opened
        )
        .sort("material", "step", "per_unit", "fixed")
        .unique(["material", "step"], keep="first", maintain_order=True)
    )


def _moves(rows: pl.DataFrame, items: Items) -> pl.DataFrame:
    """Goods that are needed elsewhere come from where they are made."""
    item = rows.get_column("item").to_numpy()
    lag = items.lag(items.home[items.material[item]], items.site[item])
    return _complete(rows.select("item", kind=pl.lit(MOVE), lead=pl.Series(lag, dtype=pl.Float64)))


def _buys(factory: Factory, rows: pl.DataFrame, items: Items, days: Days) -> pl.DataFrame:
    """One way for each source, with the days of paperwork, of the supplier, on its lane, and from there to the item."""
    lanes = factory.lanes.frame.select("lane", "to_site", lane_days="days")
    sources = factory.sources.frame.with_row_index("source").join(lanes, on="lane", how="left", maintain_order="left")
    found = rows.join(sources, on="material").sort("item", "source")
    site = {name: at for at, name in enumerate(items.sites)}
    ends = found.get_column("to_site").replace_strict(site, default=-1, return_dtype=pl.Int64).cast(pl.Int64).to_numpy()
    onward = items.lag(ends, items.site[found.get_column("item").to_numpy()])
    lead = pl.col("lead_days") + pl.col("admin_days") + pl.col("lane_days").fill_null(0.0) + pl.Series(onward)
    return _complete(found.select(
        "item", "supplier", kind=pl.lit(BUY), lead=lead,
        price=pl.when(pl.col("price") > 0).then("price").otherwise("cost"),
        minimum=pl.max_horizontal("min_quantity", "lot_size_min"),
        multiple=pl.when(pl.col("multiple") > 0).then("multiple").otherwise("lot_multiple"),
        capacity=pl.col("weekly_capacity").fill_null(float("inf")),
        first_day=pl.Series(days.of_dates(found.get_column("valid_from"), missing=-NEVER_DAY)),
        last_day=pl.Series(days.of_dates(found.get_column("valid_to"), missing=NEVER_DAY)),
        preference="preference", source=pl.col("source").cast(pl.Int64),
    ))  # fmt: skip


def _assumed(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """What is bought and no source offers is assumed to come after some days."""
    return _complete(rows.select(
        "item", kind=pl.lit(BUY), lead=pl.lit(float(terms.assumed_lead_days)), price="cost",
        minimum="lot_size_min", multiple="lot_multiple",
    ))  # fmt: skip


def _complete(ways: pl.DataFrame) -> pl.DataFrame:
    defaults = {
        "supplier": "", "price": 0.0, "lead_per_unit": 0.0, "minimum": 0.0, "multiple": 0.0, "capacity": float("inf"),
        "first_day": -NEVER_DAY, "last_day": NEVER_DAY, "preference": 0, "source": -1,
    }  # fmt: skip
    missing = [pl.lit(value).alias(name) for name, value in defaults.items() if name not in ways.columns]
    return ways.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in WAY_SCHEMA.items())
