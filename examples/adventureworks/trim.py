"""Make this folder again from the full set of AdventureWorks files: python trim.py FULL_FOLDER.

Kept are the work orders that start in the four weeks from 2014-05-05, their routing rows, the routing rows of one work
order of every other product (so that all routings are known), the purchase orders of the period, all sales orders (as
history for forecasts), and the small tables whole. Cells are copied as they are.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import polars as pl

START, END = "2014-05-05", "2014-06-02"
WHOLE = (
    "BillOfMaterials", "Location", "Product", "ProductInventory", "ProductVendor", "ScrapReason", "Shift",
    "UnitMeasure", "Vendor",
)  # fmt: skip


def read(folder: Path, name: str) -> pl.DataFrame:
    """A table as text; days written as 2014-05-05 compare like text."""
    path = next(path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists())
    return pl.read_csv(path, infer_schema=False)


def write(name: str, frame: pl.DataFrame) -> None:
    """Write a table beside this file; a name ending in .gz is packed, without the time of packing."""
    path = Path(__file__).parent / name
    content = frame.write_csv().encode()
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)


def trim(folder: Path) -> None:
    """Write every file of this folder."""
    for name in WHOLE:
        write(f"{name}.csv", read(folder, name))
    jobs = read(folder, "WorkOrder").filter(pl.col("StartDate").is_between(pl.lit(START), pl.lit(END), closed="left"))
    write("WorkOrder.csv.gz", jobs)
    write("WorkOrderRouting.csv.gz", kept_routing(read(folder, "WorkOrderRouting"), jobs))
    lines, heads = read(folder, "PurchaseOrderDetail"), read(folder, "PurchaseOrderHeader")
    heads = heads.filter(pl.col("OrderDate") < END)
    lines = lines.filter(pl.col("DueDate") >= START).join(heads, on="PurchaseOrderID", how="semi")
    write("PurchaseOrderDetail.csv", lines)
    write("PurchaseOrderHeader.csv", heads.join(lines, on="PurchaseOrderID", how="semi"))
    for name in ("SalesOrderHeader", "SalesOrderDetail"):
        write(f"{name}.csv.gz", read(folder, name))


def kept_routing(routing: pl.DataFrame, jobs: pl.DataFrame) -> pl.DataFrame:
    """The rows of these jobs, and those of one job of each product that they do not make."""
    own = routing.join(jobs, on="WorkOrderID", how="semi")
    others = routing.join(own, on="ProductID", how="anti")
    first = pl.col("WorkOrderID") == pl.col("WorkOrderID").first().over("ProductID")
    return pl.concat([others.filter(first), own])


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
