"""What is there and on its way: stock, open purchases, released work orders, and lots of a schedule."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from linewright.supply.requirements.core.records import NEVER_DAY
from linewright.supply.requirements.reading.calendar import Days
from linewright.supply.requirements.reading.demand import DEMAND_SCHEMA, good
from linewright.supply.requirements.reading.items import Items, site_index
from linewright.supply.requirements.reading.ways import make_leads

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.shop.bill import Bill

#: Supplies that can be moved or cancelled come after the stock.
SUPPLY_SCHEMA = {
    "item": pl.Int64, "day": pl.Int64, "last_day": pl.Int64, "quantity": pl.Float64, "kind": pl.String,
    "name": pl.String, "supplier": pl.String, "promised": pl.Int64,
}  # fmt: skip


def supplies_of(factory: Factory, bill: Bill, items: Items, days: Days, jobs: pl.DataFrame) -> pl.DataFrame:
    """Every supply there is, with its day and what it is."""
    made = jobs.select(
        "item", pl.col("finish").clip(0).alias("day"), last_day=pl.lit(NEVER_DAY, pl.Int64), quantity="quantity",
        kind="kind", name="name", supplier=pl.lit(""), promised="finish",
    )  # fmt: skip
    coming = _keeping(factory, bill, items, pl.concat([_purchases(factory, bill, items, days), made]))
    return pl.concat([_stock(factory, bill, items, days), coming])


def _keeping(factory: Factory, bill: Bill, items: Items, coming: pl.DataFrame) -> pl.DataFrame:
    """What comes may be used for as long as its material keeps."""
    names = pl.Series("material", bill.materials, pl.String).gather(
        items.material[coming.get_column("item").to_numpy()]
    )
    shelf = coming.with_columns(names).join(
        factory.materials.frame.select("material", "shelf_life_days"), on="material", how="left", maintain_order="left"
    )
    last = pl.col("day") + pl.col("shelf_life_days").clip(0, NEVER_DAY).floor()
    return shelf.with_columns(last_day=last.fill_null(NEVER_DAY).clip(0, NEVER_DAY).cast(pl.Int64)).select(
        coming.columns
    )


def _stock(factory: Factory, bill: Bill, items: Items, days: Days) -> pl.DataFrame:
    """Stock by item, day, lot and last day of use; shelves of the same lot count together."""
    frame = factory.stock.frame.filter(good(pl.col("quantity")))
    item = items.at(bill.index(frame.get_column("material")), site_index(frame.get_column("site"), items.sites))
    day = np.maximum(days.of_instants(frame.get_column("available_from"), missing=0, day_end=False), 0)
    last = days.of_dates(frame.get_column("expires"), missing=NEVER_DAY)
    rows = frame.select("quantity", "lot").with_columns(
        item=pl.Series(item, dtype=pl.Int64), day=pl.Series(day, dtype=pl.Int64), last_day=pl.Series(last)
    )
    usable = rows.filter(pl.col("last_day") >= 0)
    stock = usable.group_by("item", "day", "last_day", "lot", maintain_order=True).agg(pl.col("quantity").sum())
    names = [items.name(at) + (f"#{lot}" if lot else "") for at, lot in stock.select("item", "lot").iter_rows()]
    return stock.select(
        "item", "day", pl.col("last_day").cast(pl.Int64), "quantity", pl.lit("stock").alias("kind"),
        pl.Series("name", names, pl.String), supplier=pl.lit(""), promised="day",
    )  # fmt: skip


def _purchases(factory: Factory, bill: Bill, items: Items, days: Days) -> pl.DataFrame:
    frame = factory.purchases.frame.filter(good(pl.col("quantity")))
    item = items.at(bill.index(frame.get_column("material")), site_index(frame.get_column("site"), items.sites))
    promised = days.of_instants(frame.select(pl.coalesce("expected", "due")).to_series(), missing=0)
    return frame.select(
        pl.Series("item", item, pl.Int64), pl.Series("day", np.maximum(promised, 0), pl.Int64),
        pl.lit(NEVER_DAY, pl.Int64).alias("last_day"), "quantity", pl.lit("purchase").alias("kind"), name="purchase",
        supplier="supplier", promised=pl.Series(promised, dtype=pl.Int64),
    )  # fmt: skip


def jobs_of(factory: Factory, bill: Bill, items: Items, days: Days, start: datetime, plan: Plan | None) -> pl.DataFrame:
    """Released work orders, and the new lots of a schedule: item, quantity, first open step, start and finish day.

    With a schedule, start and finish are its own. Without one, a work order is finished on its due date (today, where
    that is over), and starts on its release date, else as long before as making it takes.
    """
    first = factory.operations.frame.group_by("material").agg(pl.col("step").min().alias("first_step"))
    open_ones = factory.work_orders.frame.filter(pl.col("status") == "open", good(pl.col("quantity")))
    open_ones = open_ones.join(first, on="material", how="left", maintain_order="left")
    material = bill.index(open_ones.get_column("material"))
    due = open_ones.get_column("due")
    finish = days.of_instants(due, missing=NEVER_DAY)
    leads = open_ones.select("material", "quantity").join(
        make_leads(factory, start), on="material", how="left", maintain_order="left"
    )
    days_taken = leads.select(
        (pl.col("lead") + pl.col("lead_per_unit") * pl.col("quantity")).fill_null(0.0)
    ).to_series()
    lead = np.ceil(np.minimum(days_taken.to_numpy(), 36500) - 1e-9).astype(np.int64)
    release = days.of_instants(open_ones.get_column("release"), missing=-NEVER_DAY, day_end=False)
    begin = np.where(release > -NEVER_DAY, release, np.where(finish < NEVER_DAY, finish - lead, 0))
    finish = np.where(finish < NEVER_DAY, finish, np.maximum(begin, 0) + lead)
    jobs = open_ones.select(
        pl.Series("item", items.at(material, np.full(material.size, -1)), pl.Int64), "quantity",
        pl.lit("work_order").alias("kind"), name="work_order", start=pl.Series(np.maximum(begin, 0), dtype=pl.Int64),
        finish=pl.Series(finish, dtype=pl.Int64),
        first_open=pl.coalesce("step", "first_step", pl.lit(-1)) + pl.col("started").is_not_null().cast(pl.Int64),
    )  # fmt: skip
    return jobs if plan is None else _as_scheduled(jobs, bill, items, days, plan)


def _as_scheduled(jobs: pl.DataFrame, bill: Bill, items: Items, days: Days, plan: Plan) -> pl.DataFrame:
    """Jobs with the days of a schedule, and its new lots beside them."""
    begin = plan.operations.group_by("job").agg(pl.col("start").min())
    dated = plan.jobs.join(begin, on="job", how="left", maintain_order="left").filter(
        pl.col("finish").is_not_null(), pl.col("material").is_in(bill.materials)
    )
    known = dated.select(
        name="job",
        planned_start=pl.Series(np.maximum(days.of_instants(dated["start"], missing=0, day_end=False), 0)),
        planned_finish=pl.Series(days.of_instants(dated["finish"], missing=NEVER_DAY)),
        material="material", quantity="quantity", work_order="work_order",
    )  # fmt: skip
    moved = jobs.join(known.drop("material", "quantity"), on="name", how="left", maintain_order="left")
    moved = moved.with_columns(
        start=pl.coalesce("planned_start", "start"), finish=pl.coalesce("planned_finish", "finish")
    ).select(jobs.columns)
    new = known.filter(pl.col("work_order").fill_null("") == "")
    material = bill.index(new.get_column("material"))
    fresh = new.select(
        pl.Series("item", items.at(material, np.full(material.size, -1)), pl.Int64), "quantity",
        pl.lit("job").alias("kind"), "name", start=pl.col("planned_start").cast(pl.Int64),
        finish=pl.col("planned_finish").cast(pl.Int64), first_open=pl.lit(-1, pl.Int64),
    )  # fmt: skip
    return pl.concat([moved, fresh])


def job_demands(jobs: pl.DataFrame, bill: Bill, items: Items, days: Days, horizon_days: int) -> pl.DataFrame:
    """What released work still needs, by the day on which it starts; lines of steps that are done do not count."""
    material = items.material[jobs.get_column("item").to_numpy()]
    job, line = bill.lines_of(material)
    start = jobs.get_column("start").to_numpy()[job]
    day = np.datetime64(days.first) + start.astype("timedelta64[D]")
    kept = (
        (bill.line_step[line] >= jobs.get_column("first_open").to_numpy()[job])
        & (bill.valid_from[line] <= day)
        & (day <= bill.valid_to[line])
        & (start < horizon_days)
    )
    job, line = job[kept], line[kept]
    names = jobs.get_column("name").gather(job)
    return pl.DataFrame(
        {
            "item": items.at(bill.component[line], bill.step_site[line]) if line.size else [],
            "day": start[kept],
            "quantity": jobs.get_column("quantity").to_numpy()[job] * bill.per_good_unit[line],
            # What is being made comes before what is only wanted.
            "priority": np.full(line.size, -1),
            "kind": jobs.get_column("kind").gather(job),
            "name": names,
            "row": np.arange(line.size),
        },
        schema=DEMAND_SCHEMA,
    )
