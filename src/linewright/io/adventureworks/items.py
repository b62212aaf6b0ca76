"""Products, bills of materials and stock."""

from __future__ import annotations

import polars as pl

from linewright.io.adventureworks.files import Files
from linewright.io.adventureworks.naming import named
from linewright.io.adventureworks.units import unit_factors
from linewright.io.adventureworks.window import Window
from linewright.io.raw_tables import LINE, Gathered
from linewright.model.faults import Fault


def add_materials(found: Gathered, files: Files, products: pl.DataFrame, bill: pl.DataFrame) -> None:
    """Every product becomes a material, in the unit in which bills of materials use it."""
    frame = products.join(unit_factors(files, bill), on="ProductID", how="left", maintain_order="left").select(
        LINE,
        material="ProductNumber",
        name="Name",
        unit=pl.coalesce("used", "bought", pl.lit("EA")),
        kind=pl.when(pl.col("MakeFlag") == "True").then(pl.lit("made")).otherwise(pl.lit("bought")),
        cost="StandardCost",
        safety_stock="SafetyStockLevel",
        price="ListPrice",
    )
    source = files.source(
        "Product", material="ProductNumber", name="Name", kind="MakeFlag", cost="StandardCost",
        safety_stock="SafetyStockLevel", price="ListPrice",
    )  # fmt: skip
    found.add("materials", frame, source)


def add_components(found: Gathered, files: Files, products: pl.DataFrame, bill: pl.DataFrame) -> None:
    """Dated bills of materials; rows without an assembly mark finished goods and are left out."""
    markers = bill.filter(pl.col("ProductAssemblyID").is_null())
    source = files.source(
        "BillOfMaterials", material="ProductAssemblyID", component="ComponentID", quantity="PerAssemblyQty",
        valid_from="StartDate", valid_to="EndDate",
    )  # fmt: skip
    if markers.height:
        line = int(markers[LINE][0])
        found.faults.append(
            Fault(
                level="note", rule="no_assembly", table="components", where=source.place(line, "material"), row=line,
                column="ProductAssemblyID", count=markers.height, cure="nothing to do",
                message=f"{markers.height} rows name no assembly: they mark finished goods (level 0) and are left out",
            )
        )  # fmt: skip
    lines = bill.filter(pl.col("ProductAssemblyID").is_not_null())
    lines = named(named(lines, products, "ProductAssemblyID", "material"), products, "ComponentID", "component")
    frame = lines.select(
        LINE,
        "material",
        "component",
        quantity="PerAssemblyQty",
        valid_from="StartDate",
        valid_to="EndDate",
    )
    found.add("components", frame, source)


def add_stock(found: Gathered, files: Files, products: pl.DataFrame, window: Window) -> None:
    """What lies on the shelves, one row for each shelf."""
    shelves = files.frame("ProductInventory")
    if not shelves.height:
        return
    days = shelves["ModifiedDate"].drop_nulls().sort().to_list() or [window.start]
    late = sum(day >= window.start for day in days)
    found.assumptions.append(
        f"The {shelves.height:,} stock rows were last changed between {days[0]} and {days[-1]} ({late:,} of them "
        f"on or after {window.start}); they are taken as the stock at the start of the plan."
    )
    frame = named(shelves, products, "ProductID", "material").select(LINE, "material", quantity="Quantity")
    found.add("stock", frame, files.source("ProductInventory", material="ProductID", quantity="Quantity"))
    _tell_unstocked(found, files, products.join(shelves, on="ProductID", how="anti", maintain_order="left"))


def _tell_unstocked(found: Gathered, files: Files, unstocked: pl.DataFrame) -> None:
    if not unstocked.height:
        return
    line = int(unstocked[LINE][0])
    found.faults.append(
        Fault(
            level="warning", rule="no_stock_row", table="stock", where=files.source("Product").place(line, "ProductID"),
            row=line, column="ProductID", value=str(unstocked["ProductNumber"][0]), count=unstocked.height,
            message=f"{unstocked.height} products have no row in ProductInventory; their stock is taken as 0",
            cure="add their stock, be it 0", materials=tuple(unstocked["ProductNumber"].drop_nulls()),
        )
    )  # fmt: skip
