"""Microsoft's bicycle maker: bills of materials, mix, stock, purchases, prices, hours of work centers.

The set is made up. Nothing that it says about times or their variation is used: its hours do not depend on
quantities, and every work order has the same lead time. Structure, quantities and prices are what is taken.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.plant.sources.forms import Statistic, concentration, figure, quantiles, shares

FOLDER = "adventureworks"
SOURCE = "Microsoft AdventureWorks (SQL Server samples), github.com/microsoft/sql-server-samples"
LICENCE = "MIT (Microsoft)"


def statistics(folder: Path) -> dict[str, Statistic]:
    """All statistics of the bicycle maker."""
    table = {path.name.partition(".")[0]: path for path in sorted(folder.glob("*.csv*"))}
    frames = {name: pl.read_csv(path, infer_schema_length=None) for name, path in table.items()}
    # A line that has ended, or one that says that something is a finished good, is no part of a bill.
    bill = frames["BillOfMaterials"].filter(pl.col("EndDate").is_null() & pl.col("ProductAssemblyID").is_not_null())
    return {**bills(bill), **demand(frames), **supply(frames, bill), **place(frames)}


def bills(bill: pl.DataFrame) -> dict[str, Statistic]:
    """Depth, width and quantities of bills of materials."""
    made = set(bill["ProductAssemblyID"])
    lines: dict[int, list[int]] = {}
    for parent, component in bill.select("ProductAssemblyID", "ComponentID").iter_rows():
        lines.setdefault(parent, []).append(component)
    finished = sorted(made - set(bill["ComponentID"]))
    own = bill.with_columns(own=pl.col("ComponentID").is_in(sorted(made)))
    per_assembly = own.group_by("ProductAssemblyID").agg(pl.len(), pl.col("own").sum())
    return {
        "bill_levels": shares("levels of made materials under a finished good, itself included",
                              [_depth(item, lines) for item in finished]),
        "components": shares("components of an assembly", per_assembly["len"]),
        "made_components": shares("components of an assembly that are made themselves", per_assembly["own"]),
        "made_share": figure("share of bill lines whose component is made", own["own"].mean(), bill.height),
        "parents": figure("assemblies that a made component goes into, mean",
                          own.filter("own").group_by("ComponentID").len()["len"].mean(),
                          own.filter("own")["ComponentID"].n_unique()),
        "quantity_per_assembly": shares("units of a component in one unit", bill["PerAssemblyQty"], least=0.02),
    }  # fmt: skip


def _depth(item: int, lines: dict[int, list[int]]) -> int:
    return 1 + max((_depth(component, lines) for component in lines[item] if component in lines), default=0)


def demand(frames: dict[str, pl.DataFrame]) -> dict[str, Statistic]:
    """Lot sizes, product mix, lines of an order, prices."""
    orders, lines, products = frames["WorkOrder"], frames["SalesOrderDetail"], frames["Product"]
    sold = products.filter(pl.col("FinishedGoodsFlag") & pl.col("MakeFlag") & (pl.col("StandardCost") > 0))
    made = lines.join(sold.select("ProductID"), on="ProductID", how="semi")
    steps = frames["WorkOrderRouting"].group_by("WorkOrderID").len()["len"]
    bought = products.filter(~pl.col("MakeFlag")).join(
        frames["ProductVendor"].group_by("ProductID").agg(pl.col("StandardPrice").min()), on="ProductID"
    )
    return {
        "lot_size": quantiles("units of a work order", orders["OrderQty"]),
        "order_quantity": quantiles("units of a sales line of a made product", made["OrderQty"]),
        "mix": concentration("share of the sales lines that the most frequent made products have",
                             made.group_by("ProductID").len()["len"]),
        "steps_per_routing": shares("steps of a work order", steps),
        "standard_cost": quantiles("cost of one finished good that is made", sold["StandardCost"]),
        "purchase_price": quantiles("price of one bought unit", bought["StandardPrice"]),
        "price_over_cost": quantiles("list price divided by cost, of finished goods that are made",
                                     (sold["ListPrice"] / sold["StandardCost"]).to_list()),
    }  # fmt: skip


def supply(frames: dict[str, pl.DataFrame], bill: pl.DataFrame) -> dict[str, Statistic]:
    """How long stock lasts, and how long deliveries take."""
    orders = frames["WorkOrder"].with_columns(pl.col("StartDate").str.to_date())
    days = (orders["StartDate"].max() - orders["StartDate"].min()).days
    use = (
        orders.join(bill, left_on="ProductID", right_on="ProductAssemblyID")
        .group_by("ComponentID")
        .agg((pl.col("OrderQty") * pl.col("PerAssemblyQty")).sum().alias("use"))
    )
    stock = frames["ProductInventory"].group_by("ProductID").agg(pl.col("Quantity").sum())
    cover = use.join(stock, left_on="ComponentID", right_on="ProductID", how="left")
    cover = cover.with_columns(weeks=pl.col("Quantity").fill_null(0) / (pl.col("use") / days * 7))
    weeks = "weeks that the stock of a {} component lasts"
    made = np.isin(cover["ComponentID"].to_numpy(), bill["ProductAssemblyID"].to_numpy())
    vendors = frames["ProductVendor"]
    return {
        "bought_cover_weeks": quantiles(weeks.format("bought"), cover.filter(~made)["weeks"]),
        "made_cover_weeks": quantiles(weeks.format("made"), cover.filter(made)["weeks"]),
        "lead_days": quantiles("days from order to receipt of a bought item", vendors["AverageLeadTime"]),
        "vendors_per_item": shares("vendors of a bought item", vendors.group_by("ProductID").len()["len"]),
    }  # fmt: skip


def place(frames: dict[str, pl.DataFrame]) -> dict[str, Statistic]:
    """Hours and cost of work centers."""
    centers = frames["Location"].filter(pl.col("Availability") > 0)
    visits = frames["WorkOrderRouting"].group_by("LocationID").len()["len"]
    return {
        "relative_visits": quantiles(
            "operations of a work center, divided by those of the busiest", (visits / visits.max()).to_list()
        ),
        "hours_per_week": shares("hours that a work center is open in a week", centers["Availability"]),
        "cost_per_hour": quantiles("cost of an hour of a work center", centers["CostRate"]),
    }
