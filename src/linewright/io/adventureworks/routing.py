"""Routings, work centers, the machines that their load asks for, and calendars."""

from __future__ import annotations

import math

import polars as pl

from linewright.io.adventureworks.calendars import shift_times, weekly_windows
from linewright.io.adventureworks.files import Files
from linewright.io.adventureworks.naming import named
from linewright.io.adventureworks.window import Window
from linewright.io.raw_tables import LINE, Gathered
from linewright.model.faults import Fault

#: Share of the available hours that planners count on.
UTILISATION = 0.85

STEP = ["ProductID", "OperationSequence"]


def product_steps(found: Gathered, files: Files, products: pl.DataFrame, routing: pl.DataFrame) -> pl.DataFrame:
    """The one routing of each product: the location and hours that most of its work orders have at each step."""
    variants = (
        routing.group_by([*STEP, "LocationID", "ActualResourceHrs"])
        .agg(pl.len().alias("times"), pl.col("WorkOrderID").n_unique().alias("jobs"), pl.col(LINE).min())
        .sort([*STEP, "times", LINE], descending=[False, False, True, False])
    )
    steps = variants.group_by(STEP, maintain_order=True).first()
    jobs = routing.group_by("ProductID").agg(pl.col("WorkOrderID").n_unique().alias("all_jobs"))
    doubtful = variants.join(jobs, on="ProductID").filter(pl.col("jobs") < pl.col("all_jobs"))
    if doubtful.height:
        doubtful = named(doubtful, products, "ProductID", "material").sort(LINE)
        source, line = files.source("WorkOrderRouting"), int(doubtful[LINE][0])
        materials = tuple(doubtful["material"].unique(maintain_order=True))
        found.faults.append(
            Fault(
                level="warning", rule="routing_not_unique", table="operations", row=line, count=doubtful.height,
                where=source.place(line, "OperationSequence"), column="OperationSequence", materials=materials,
                message=f"work orders of {len(materials)} products disagree on steps, locations or hours, first of "
                f"them {materials[0]}; the most frequent location and hours of each step are taken",
                cure="correct the rows that differ",
            )
        )  # fmt: skip
    return steps


def tell_gaps(found: Gathered, files: Files, products: pl.DataFrame, routing: pl.DataFrame, jobs: pl.DataFrame) -> None:
    """Report work orders without routing rows whose product has a routing."""
    gaps = jobs.join(routing.select("ProductID").unique(), on="ProductID", how="semi").join(
        routing.select("WorkOrderID").unique(), on="WorkOrderID", how="anti", maintain_order="left"
    )
    if gaps.height:
        gaps = named(gaps, products, "ProductID", "material")
        source, line = files.source("WorkOrder"), int(gaps[LINE][0])
        found.faults.append(
            Fault(
                level="warning", rule="routing_gap", table="work_orders", where=source.place(line, "WorkOrderID"),
                row=line, column="WorkOrderID", value=str(gaps["WorkOrderID"][0]), count=gaps.height,
                message=f"{gaps.height} work orders have no routing rows although their product has a routing; "
                "they are planned with it", cure="add their rows to WorkOrderRouting",
                materials=tuple(gaps["material"].unique(maintain_order=True)),
            )
        )  # fmt: skip


def add_operations(
    found: Gathered, files: Files, products: pl.DataFrame, steps: pl.DataFrame, places: pl.DataFrame
) -> None:
    """One operation for each step of a product; its hours are fixed, whatever the quantity."""
    centers = places.select("LocationID", pl.col("Name").alias("work_center"))
    frame = (
        named(steps, products, "ProductID", "material")
        .join(centers, on="LocationID", how="left", maintain_order="left")
        .select(
            LINE,
            "material",
            step="OperationSequence",
            name="work_center",
            work_center=pl.coalesce("work_center", pl.col("LocationID").cast(pl.String)),
            fixed_minutes=(pl.col("ActualResourceHrs") * 60).round(6),
        )
    )
    source = files.source(
        "WorkOrderRouting", material="ProductID", step="OperationSequence", work_center="LocationID",
        fixed_minutes="ActualResourceHrs",
    )  # fmt: skip
    found.add("operations", frame, source)
    hours = steps.join(centers, on="LocationID").group_by("work_center").agg(pl.col("ActualResourceHrs").unique())
    shown = "; ".join(
        f"{name} {', '.join(f'{value:g}' for value in sorted(values))} h"
        for name, values in hours.sort("work_center").iter_rows()
    )
    found.assumptions.append(f"The hours of an operation do not depend on the quantity of the work order: {shown}.")


def add_equipment(found: Gathered, files: Files, places: pl.DataFrame, hours: pl.DataFrame, window: Window) -> None:
    """Work centers with their calendars, and as many machines as the hours of work ask for.

    `hours` has a row for each location that is used: `LocationID` and the hours of work in a week.
    """
    centers = places.join(hours, on="LocationID", how="left", maintain_order="left").filter(
        (pl.col("Availability") > 0) | pl.col("hours").is_not_null()
    )
    source = files.source("Location", work_center="Name", cost_per_hour="CostRate", calendar="Availability")
    found.add(
        "work_centers",
        centers.select(LINE, work_center="Name", name="Name", cost_per_hour="CostRate"),
        source,
    )
    shifts = shift_times(files.frame("Shift"))
    machines: list[tuple[str, str, str | None, int]] = []
    told: list[str] = []
    for row in centers.iter_rows(named=True):
        load, available = row["hours"] or 0.0, row["Availability"] or 0.0
        calendar = row["Name"] if available > 0 else None
        count = max(1, math.ceil(load / (min(available, 168) or 168) / UTILISATION - 1e-9))
        machines += [(f"{row['Name']} {number}", row["Name"], calendar, row[LINE]) for number in range(1, count + 1)]
        told.append(f"{row['Name']} {count} ({load:,.0f} h of work a week, {available:g} h available)")
        if calendar:
            found.add("shifts", weekly_windows(calendar, available, shifts, row[LINE]), source)
    schema = {"machine": pl.String, "work_center": pl.String, "calendar": pl.String, LINE: pl.Int64}
    found.add("machines", pl.DataFrame(machines, schema=schema, orient="row"), source)
    basis = "in their fullest week" if window.whole else f"of the work orders of {window.text}"
    found.assumptions += [
        f"The files name no machines: their number is the hours of work {basis}, divided by the hours available in a "
        f"week and by {UTILISATION}, rounded up, at least 1: {'; '.join(told)}.",
        "Calendars are built from the available hours and the shifts: as few shifts a day as possible such that six "
        "days from Monday on are enough, the last day cut to what is left.",
    ]


def weekly_hours(jobs: pl.DataFrame, steps: pl.DataFrame, window: Window) -> pl.DataFrame:
    """The hours of work in a week at each location: the window's mean, or the fullest week of the whole set."""
    work = jobs.select("ProductID", pl.col("StartDate").dt.truncate("1w").alias("week")).join(
        steps.select("ProductID", "LocationID", "ActualResourceHrs"), on="ProductID"
    )
    if not window.whole:
        return work.group_by("LocationID").agg(pl.col("ActualResourceHrs").sum().truediv(window.weeks).alias("hours"))
    weeks = work.group_by("LocationID", "week").agg(pl.col("ActualResourceHrs").sum().alias("hours"))
    return weeks.group_by("LocationID").agg(pl.col("hours").max())
