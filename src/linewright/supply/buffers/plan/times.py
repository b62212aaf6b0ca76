"""How long materials take to come: from suppliers, and from the shop."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl

from linewright.shop.windows import WindowMaker

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: Days over which the working hours of a calendar are averaged.
AVERAGED_DAYS = 28


def source_days(factory: Factory, today: date) -> pl.DataFrame:
    """For each bought material the source that is asked first: days from need to receipt, price and lot.

    The days are those of paperwork, of delivery and on the lane.
    """
    lanes = factory.lanes.frame.select("lane", lane_days="days")
    days = pl.col("admin_days") + pl.col("lead_days") + pl.col("lane_days").fill_null(0.0)
    return (
        factory.sources.frame.filter(
            (pl.col("valid_from") <= today).fill_null(value=True), (pl.col("valid_to") >= today).fill_null(value=True)
        )
        .join(lanes, on="lane", how="left", maintain_order="left")
        .with_columns(source_days=days)
        .sort("preference", "source_days", maintain_order=True)
        .group_by("material", maintain_order=True)
        .first()
        .select(
            "material", "supplier", "source_days", source_days_sd="lead_days_sd", source_price="price",
            source_min="min_quantity", source_multiple="multiple",
        )
    )  # fmt: skip


def make_days(factory: Factory, start: datetime) -> pl.DataFrame:
    """For each material with operations the calendar days that one lot of its own takes, without any queue."""
    steps = factory.operations.frame.join(
        factory.materials.frame.select("material", "lot_size_min", "lot_multiple"), on="material", how="left"
    )
    lot = pl.max_horizontal(pl.col("lot_size_min").fill_null(0.0), pl.col("lot_multiple").fill_null(0.0), 1.0)
    batches = (lot / pl.col("batch_size")).ceil()
    minutes = pl.col("setup_minutes") + pl.col("fixed_minutes") + pl.col("run_minutes") * batches
    steps = steps.with_columns(_open_share(factory, start, steps))
    days = (minutes / pl.col("open_share") + pl.col("min_wait_minutes")) / 1440
    return steps.group_by("material", maintain_order=True).agg(routing_days=days.sum())


def _open_share(factory: Factory, start: datetime, steps: pl.DataFrame) -> pl.Series:
    """The share of the time in which the machine of each step works, or the first machine of its work center."""
    maker = WindowMaker(factory, start, AVERAGED_DAYS)
    of_machine: dict[str, float] = {}
    of_center: dict[str, float] = {}
    share: dict[str, float] = {"": 1.0}
    for machine in factory.machines:
        if machine.calendar not in share:
            windows = maker.windows(machine.calendar, factory.settings.timezone)
            seconds = AVERAGED_DAYS * 86400
            # Windows may begin before the start and end after the last day.
            inside = windows.end.clip(0, seconds) - windows.start.clip(0, seconds)
            share[machine.calendar] = max(0.01, float(inside.sum()) / seconds)
        of_machine[machine.machine] = share[machine.calendar]
        of_center.setdefault(machine.work_center, share[machine.calendar])
    places = steps.select("machine", "work_center").iter_rows()
    found = [of_machine.get(machine, of_center.get(center, 1.0)) for machine, center in places]
    return pl.Series("open_share", found, dtype=pl.Float64)
