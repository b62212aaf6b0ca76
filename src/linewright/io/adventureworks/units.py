"""Components that are bought in another unit than their bills of materials use."""

from __future__ import annotations

import polars as pl

from linewright.io.adventureworks.files import Files
from linewright.io.adventureworks.naming import named
from linewright.io.raw_tables import LINE, Gathered
from linewright.model.faults import Fault

#: How many units of use (second) are in a unit of purchase (first), where the units themselves say so.
FACTORS = {("DZ", "EA"): 12.0, ("GAL", "OZ"): 128.0}


def unit_factors(files: Files, bill: pl.DataFrame) -> pl.DataFrame:
    """For each product that is used or bought: ProductID, used, bought (units) and factor (used in a bought one)."""
    used = bill.group_by("ComponentID").agg(pl.col("UnitMeasureCode").drop_nulls().first().alias("used"))
    vendors = files.frame("ProductVendor")
    bought = vendors.group_by("ProductID").agg(pl.col("UnitMeasureCode").drop_nulls().first().alias("bought"))
    both = used.rename({"ComponentID": "ProductID"}).join(bought, on="ProductID", how="full", coalesce=True)
    factor = pl.lit(1.0)
    for (purchase, use), many in FACTORS.items():
        factor = pl.when((pl.col("bought") == purchase) & (pl.col("used") == use)).then(many).otherwise(factor)
    return both.with_columns(factor=factor)


def tell_mixed_units(found: Gathered, files: Files, products: pl.DataFrame, bill: pl.DataFrame) -> None:
    """Report what is bought and used in different units, and what was done about it."""
    units = unit_factors(files, bill).select("ProductID", "used", "factor")
    mixed = (
        named(files.frame("ProductVendor"), products, "ProductID", "material")
        .join(units, on="ProductID", maintain_order="left")
        .filter(pl.col("UnitMeasureCode") != pl.col("used"))
    )
    if not mixed.height:
        return
    first = mixed.row(0, named=True)
    pairs = mixed.group_by("UnitMeasureCode", "used", "factor", maintain_order=True).agg(pl.col("material").n_unique())
    shown = ", ".join(f"{bought} for {use} ({count})" for bought, use, _, count in pairs.iter_rows())
    known = ", ".join(f"{many:g} {use} in a {bought}" for bought, use, many, _ in pairs.iter_rows() if many != 1)
    guessed = mixed.filter(pl.col("factor") == 1)["material"].n_unique()
    count = mixed["material"].n_unique()
    source = files.source("ProductVendor")
    found.faults.append(
        Fault(
            level="warning", rule="mixed_units", table="sources", where=source.place(first[LINE], "UnitMeasureCode"),
            row=first[LINE], column="UnitMeasureCode", value=first["UnitMeasureCode"], expected=first["used"],
            message=f"{count} components are bought in another unit than their bills of materials use: {shown}; for "
            f"{guessed} of them one bought unit counts as one used unit",
            cure="state how many units of use one unit of purchase holds",
            materials=tuple(mixed["material"].unique(maintain_order=True)), count=mixed.height,
        )
    )  # fmt: skip
    found.assumptions.append(
        f"{count} components are bought and used in different units ({shown}); {known or 'nothing'} is known, for the "
        f"other {guessed} one bought unit counts as one used unit. Stock is counted in units of use."
    )
