"""Vendors, what they sell, and purchase orders on the way."""

from __future__ import annotations

import polars as pl

from linewright.io.adventureworks.files import Files
from linewright.io.adventureworks.naming import named
from linewright.io.adventureworks.units import unit_factors
from linewright.io.adventureworks.window import Window
from linewright.io.raw_tables import LINE, Gathered
from linewright.model.faults import Fault

#: PurchaseOrderHeader.Status of an order that the vendor or the buyer turned down.
REJECTED = 3


def add_suppliers(found: Gathered, files: Files, products: pl.DataFrame, bill: pl.DataFrame) -> None:
    """Vendors and their offers in units of use; nothing new is bought from vendors that are no longer active."""
    vendors = files.frame("Vendor")
    found.add(
        "suppliers",
        vendors.select(LINE, supplier=pl.col("BusinessEntityID").cast(pl.String), name="Name"),
        files.source("Vendor", supplier="BusinessEntityID", name="Name"),
    )
    offers = named(files.frame("ProductVendor"), products, "ProductID", "material")
    inactive = vendors.filter(pl.col("ActiveFlag") == "False")
    closed = offers.join(inactive, on="BusinessEntityID", how="semi", maintain_order="left")
    if inactive.height:
        _tell_inactive(found, files, inactive, closed)
    offers = offers.join(inactive, on="BusinessEntityID", how="anti", maintain_order="left")
    frame = offers.join(_factors(files, bill), on="ProductID", how="left", maintain_order="left").select(
        LINE,
        "material",
        supplier=pl.col("BusinessEntityID").cast(pl.String),
        lead_days="AverageLeadTime",
        price=pl.col("StandardPrice") / pl.col("factor"),
        min_quantity=pl.col("MinOrderQty") * pl.col("factor"),
    )
    source = files.source(
        "ProductVendor", material="ProductID", supplier="BusinessEntityID", lead_days="AverageLeadTime",
        price="StandardPrice", min_quantity="MinOrderQty",
    )  # fmt: skip
    found.add("sources", frame, source)


def _tell_inactive(found: Gathered, files: Files, inactive: pl.DataFrame, closed: pl.DataFrame) -> None:
    line = int(inactive[LINE][0])
    found.faults.append(
        Fault(
            level="note", rule="inactive_vendor", table="suppliers", row=line, column="ActiveFlag", value="False",
            where=files.source("Vendor").place(line, "ActiveFlag"), count=inactive.height,
            message=f"{inactive.height} vendors are no longer active ({'; '.join(inactive['Name'])}); their "
            f"{closed.height} offers are left out", cure="nothing to do, or set ActiveFlag to True",
            materials=tuple(closed["material"].unique(maintain_order=True)),
        )
    )  # fmt: skip


def _factors(files: Files, bill: pl.DataFrame) -> pl.DataFrame:
    return unit_factors(files, bill).select("ProductID", "factor")


def add_purchases(found: Gathered, files: Files, products: pl.DataFrame, bill: pl.DataFrame, window: Window) -> None:
    """Purchase order lines that arrive in or after the window and were ordered before its end, in units of use."""
    heads = files.frame("PurchaseOrderHeader").drop(LINE)
    lines = files.frame("PurchaseOrderDetail").join(heads, on="PurchaseOrderID", how="left", maintain_order="left")
    timely = lines.filter(pl.col("DueDate") >= window.start)
    if not window.whole:
        timely = timely.filter(pl.col("OrderDate") < window.end)
    rejected = timely.filter(pl.col("Status") == REJECTED)
    if rejected.height:
        line = int(rejected[LINE][0])
        found.faults.append(
            Fault(
                level="note", rule="rejected_purchase", table="purchases", row=line, count=rejected.height,
                where=files.source("PurchaseOrderDetail").place(line, "PurchaseOrderID"), column="PurchaseOrderID",
                value=str(rejected["PurchaseOrderID"][0]), cure="nothing to do",
                message=f"{rejected.height} lines of rejected purchase orders are left out",
            )
        )  # fmt: skip
    coming = named(timely.filter(pl.col("Status") != REJECTED), products, "ProductID", "material")
    frame = coming.join(_factors(files, bill), on="ProductID", how="left", maintain_order="left").select(
        LINE,
        "material",
        purchase=pl.format("{}-{}", "PurchaseOrderID", "PurchaseOrderDetailID"),
        supplier=pl.col("VendorID").cast(pl.String),
        quantity=pl.col("OrderQty") * pl.col("factor").fill_null(1.0),
        due="DueDate",
    )
    source = files.source(
        "PurchaseOrderDetail", material="ProductID", purchase="PurchaseOrderDetailID", quantity="OrderQty",
        due="DueDate", supplier="PurchaseOrderID",
    )  # fmt: skip
    found.add("purchases", frame, source)
    if frame.height:
        ordered = "" if window.whole else f" and were ordered before {window.end}"
        found.assumptions.append(
            f"{frame.height:,} purchase order lines that are due on {window.start} or later{ordered} arrive in full on "
            "the day that they are due."
        )
