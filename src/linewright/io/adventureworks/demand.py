"""Work orders, sales orders, and what really happened on the floor."""

from __future__ import annotations

import polars as pl

from linewright.io.adventureworks.files import Files
from linewright.io.adventureworks.naming import named
from linewright.io.adventureworks.window import TIMEZONE, Window
from linewright.io.raw_tables import LINE, Gathered


def jobs_of(work_orders: pl.DataFrame, window: Window) -> pl.DataFrame:
    """The work orders that start inside the window."""
    return work_orders.filter((pl.col("StartDate") >= window.start) & (pl.col("StartDate") < window.end))


def add_work_orders(
    found: Gathered, files: Files, products: pl.DataFrame, work_orders: pl.DataFrame, jobs: pl.DataFrame, window: Window
) -> None:
    """Work orders of the window as open jobs, released at their start date."""
    frame = named(jobs, products, "ProductID", "material").select(
        LINE,
        "material",
        work_order=pl.col("WorkOrderID").cast(pl.String),
        quantity="OrderQty",
        due="DueDate",
        release="StartDate",
    )
    source = files.source(
        "WorkOrder", material="ProductID", work_order="WorkOrderID", quantity="OrderQty", due="DueDate",
        release="StartDate",
    )  # fmt: skip
    found.add("work_orders", frame, source)
    if window.whole:
        found.assumptions.append(
            f"No start was given: all {jobs.height:,} work orders are planned as open, as on {window.start}."
        )
        return
    running = work_orders.filter((pl.col("StartDate") < window.start) & (pl.col("EndDate") >= window.start)).height
    earlier = f"; {running:,} that were started earlier and ended later are taken as done" if running else ""
    found.assumptions.append(
        f"{jobs.height:,} work orders that start from {window.text} are planned and released on their start "
        f"days{earlier}."
    )


def add_orders(found: Gathered, files: Files, products: pl.DataFrame, heads: pl.DataFrame, window: Window) -> None:
    """Sales order lines; in a window only on request, because its work orders have dates of their own."""
    if not window.sales:
        found.assumptions.append(
            "Sales orders are not read: the plan is about the work orders and their own due dates (sales=yes adds "
            "the orders, which are then served from stock and from these work orders)."
        )
        return
    heads = heads.drop(LINE)
    if not window.whole:
        heads = heads.filter((pl.col("OrderDate") < window.end) & (pl.col("DueDate") >= window.start))
    lines = files.frame("SalesOrderDetail").join(heads, on="SalesOrderID", maintain_order="left")
    frame = named(lines, products, "ProductID", "material").select(
        LINE,
        "material",
        order=pl.format("{}-{}", "SalesOrderID", "SalesOrderDetailID"),
        customer=pl.col("CustomerID").cast(pl.String),
        quantity="OrderQty",
        due="DueDate",
        release="OrderDate",
        price=pl.col("UnitPrice") * (1 - pl.col("UnitPriceDiscount")),
    )
    source = files.source(
        "SalesOrderDetail", material="ProductID", order="SalesOrderDetailID", quantity="OrderQty", price="UnitPrice"
    )
    found.add("orders", frame, source)
    customers = frame.select("customer").drop_nulls().unique(maintain_order=True)
    found.add("customers", customers, files.source("SalesOrderHeader", customer="CustomerID"))


def add_history(found: Gathered, files: Files, products: pl.DataFrame, heads: pl.DataFrame, window: Window) -> None:
    """What was sold before the window, by material and day; the lines of a day are added up."""
    if window.whole or not window.sales:
        return
    before = heads.drop(LINE).filter(pl.col("OrderDate") < window.start)
    lines = files.frame("SalesOrderDetail").join(before, on="SalesOrderID", maintain_order="left")
    frame = (
        named(lines, products, "ProductID", "material")
        .group_by("material", date="OrderDate", maintain_order=True)
        .agg(pl.col(LINE).first(), quantity=pl.col("OrderQty").sum())
    )
    source = files.source("SalesOrderDetail", material="ProductID", quantity="OrderQty", date="SalesOrderID")
    found.add("demand_history", frame, source)
    if frame.height:
        found.assumptions.append(
            f"What was sold before {window.start} is the demand history: {lines.height:,} lines by the day of the "
            "order."
        )


def add_actuals(found: Gathered, files: Files, products: pl.DataFrame, routing: pl.DataFrame) -> None:
    """What each operation took; the good and scrapped units of a work order stand at its last step."""
    reasons = files.frame("ScrapReason").select("ScrapReasonID", pl.col("Name").alias("reason"))
    jobs = files.frame("WorkOrder").join(reasons, on="ScrapReasonID", how="left", maintain_order="left")
    last = pl.col("OperationSequence") == pl.col("OperationSequence").max().over("WorkOrderID")
    places = files.frame("Location").select("LocationID", pl.col("Name").alias("operation"))
    rows = (
        named(routing, products, "ProductID", "material")
        .join(places, on="LocationID", how="left", maintain_order="left")
        .join(jobs.select("WorkOrderID", "StockedQty", "ScrappedQty", "reason"), on="WorkOrderID", how="left",
              maintain_order="left")
    )  # fmt: skip
    frame = rows.select(
        LINE,
        "material",
        "operation",
        work_order=pl.col("WorkOrderID").cast(pl.String),
        step="OperationSequence",
        kind=pl.lit("run"),
        start=_midnight("ActualStartDate"),
        end=_midnight("ActualEndDate", days=1),
        minutes=(pl.col("ActualResourceHrs") * 60).round(6),
        good=pl.when(last).then("StockedQty").otherwise(0.0),
        scrap=pl.when(last).then("ScrappedQty").otherwise(0.0),
        reason=pl.when(last).then("reason"),
    )
    source = files.source(
        "WorkOrderRouting", material="ProductID", work_order="WorkOrderID", step="OperationSequence",
        start="ActualStartDate", end="ActualEndDate", minutes="ActualResourceHrs",
    )  # fmt: skip
    found.add("actuals", frame, source)
    found.assumptions.append(
        "Actual starts and ends are days without a time: from the beginning of the first to the end of the last; the "
        "hours worked are the reported ones. They are constants of each location and say nothing about variability."
    )


def _midnight(column: str, days: int = 0) -> pl.Expr:
    day = pl.col(column) + pl.duration(days=days)
    return day.cast(pl.Datetime("us")).dt.replace_time_zone(TIMEZONE).dt.convert_time_zone("UTC")
