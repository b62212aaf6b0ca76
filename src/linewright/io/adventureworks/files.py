"""The CSV files of AdventureWorks: which columns are read, and what to do with cells that do not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import polars as pl

from linewright.errors import SourceError
from linewright.io.raw_tables import LINE, read_bytes
from linewright.model.faults import Fault, Source

NUMBER, DECIMAL, TEXT, DAY = pl.Int64(), pl.Float64(), pl.String(), pl.Date()

#: The columns that are read from each file; the others are not needed.
COLUMNS: Mapping[str, Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "Product": {
            "ProductID": NUMBER, "Name": TEXT, "ProductNumber": TEXT, "MakeFlag": TEXT, "SafetyStockLevel": DECIMAL,
            "StandardCost": DECIMAL, "ListPrice": DECIMAL,
        },
        "BillOfMaterials": {
            "ProductAssemblyID": NUMBER, "ComponentID": NUMBER, "StartDate": DAY, "EndDate": DAY,
            "UnitMeasureCode": TEXT, "PerAssemblyQty": DECIMAL,
        },
        "Location": {"LocationID": NUMBER, "Name": TEXT, "CostRate": DECIMAL, "Availability": DECIMAL},
        "WorkOrder": {
            "WorkOrderID": NUMBER, "ProductID": NUMBER, "OrderQty": DECIMAL, "StockedQty": DECIMAL,
            "ScrappedQty": DECIMAL, "StartDate": DAY, "EndDate": DAY, "DueDate": DAY, "ScrapReasonID": NUMBER,
        },
        "WorkOrderRouting": {
            "WorkOrderID": NUMBER, "ProductID": NUMBER, "OperationSequence": NUMBER, "LocationID": NUMBER,
            "ActualStartDate": DAY, "ActualEndDate": DAY, "ActualResourceHrs": DECIMAL,
        },
        "Shift": {"ShiftID": NUMBER, "Name": TEXT, "StartTime": TEXT, "EndTime": TEXT},
        "ProductInventory": {
            "ProductID": NUMBER, "Quantity": DECIMAL, "ModifiedDate": DAY,
        },
        "Vendor": {"BusinessEntityID": NUMBER, "Name": TEXT, "ActiveFlag": TEXT},
        "ProductVendor": {
            "ProductID": NUMBER, "BusinessEntityID": NUMBER, "AverageLeadTime": DECIMAL, "StandardPrice": DECIMAL,
            "MinOrderQty": DECIMAL, "UnitMeasureCode": TEXT,
        },
        "PurchaseOrderHeader": {"PurchaseOrderID": NUMBER, "Status": NUMBER, "VendorID": NUMBER, "OrderDate": DAY},
        "PurchaseOrderDetail": {
            "PurchaseOrderID": NUMBER, "PurchaseOrderDetailID": NUMBER, "DueDate": DAY, "OrderQty": DECIMAL,
            "ProductID": NUMBER,
        },
        "SalesOrderHeader": {"SalesOrderID": NUMBER, "OrderDate": DAY, "DueDate": DAY, "CustomerID": NUMBER},
        "SalesOrderDetail": {
            "SalesOrderID": NUMBER, "SalesOrderDetailID": NUMBER, "OrderQty": DECIMAL, "ProductID": NUMBER,
            "UnitPrice": DECIMAL, "UnitPriceDiscount": DECIMAL,
        },
        "ScrapReason": {"ScrapReasonID": NUMBER, "Name": TEXT},
    }
)  # fmt: skip

NEEDED = ("Product", "BillOfMaterials", "Location", "WorkOrder", "WorkOrderRouting")


def csv_files(files: Sequence[Path]) -> dict[str, Path]:
    """The CSV files among these files and folders that AdventureWorks has, by their names without ending."""
    found: dict[str, Path] = {}
    for path in files:
        for candidate in sorted(path.iterdir()) if path.is_dir() else [path]:
            name = candidate.name.removesuffix(".gz").removesuffix(".csv")
            if name in COLUMNS and name != candidate.name:
                found.setdefault(name, candidate)
    return found


class Files:
    """The open files; `faults` grows with each cell that does not fit its column."""

    def __init__(self, found: Mapping[str, Path]) -> None:
        self.found = found
        self.faults: list[Fault] = []

    def source(self, name: str, /, **columns: str) -> Source:
        """Where rows of a file came from; `columns` says how the file calls each field."""
        path = self.found.get(name)
        return Source(path.name if path else f"{name}.csv", columns=columns or None)

    def frame(self, name: str) -> pl.DataFrame:
        """The rows of a file with their line numbers; a file that is not there has none.

        Raises
        ------
        SourceError
            The file cannot be read, or a column is missing.
        """
        wanted = COLUMNS[name]
        if name not in self.found:
            return pl.DataFrame(schema={**wanted, LINE: pl.Int64()})
        path = self.found[name]
        text = _text_frame(path)
        missing = [column for column in wanted if column not in text.columns]
        if missing:
            raise SourceError(
                f"{path.name}:1: has no column {missing[0]} — export the table again with all its columns, or check "
                "that this is the file that you mean"
            )
        text = text.select(list(wanted)).with_row_index(LINE, offset=2)
        typed = text.with_columns(_parsed(column, dtype) for column, dtype in wanted.items() if dtype != TEXT)
        return typed.filter(self._fits(path, text, typed, wanted)).with_columns(pl.col(LINE).cast(pl.Int64))

    def _fits(
        self, path: Path, text: pl.DataFrame, typed: pl.DataFrame, wanted: Mapping[str, pl.DataType]
    ) -> pl.Series:
        """Which rows have no damaged cell; the others become faults."""
        good = pl.Series([True]).new_from_index(0, text.height) if text.height else pl.Series([], dtype=pl.Boolean)
        for column in wanted:
            damaged = text[column].is_not_null() & typed[column].is_null()
            if not damaged.any():
                continue
            for line, value in text.filter(damaged).select(LINE, column).iter_rows():
                self.faults.append(_damaged(path.name, int(line), column, str(value), wanted[column]))
            good &= ~damaged
        return good


def _text_frame(path: Path) -> pl.DataFrame:
    try:
        return pl.read_csv(read_bytes(path), infer_schema=False, truncate_ragged_lines=True)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise SourceError(f"{path.name}: is not a CSV file with a header ({first}) — export it again") from error


def _parsed(column: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(column)
    return cell.str.to_date("%Y-%m-%d", strict=False) if dtype == DAY else cell.cast(dtype, strict=False)


def _damaged(file: str, line: int, column: str, value: str, dtype: pl.DataType) -> Fault:
    expected = {NUMBER: "a whole number", DECIMAL: "a number", DAY: "a date such as 2014-05-05"}[dtype]
    return Fault(
        level="error", rule="not_readable", table=file, where=f"{file}:{line} ({column})", row=line, column=column,
        value=value, expected=expected, message=f"'{value}' is not {expected}; the row is left out",
        cure="correct the cell",
    )  # fmt: skip
