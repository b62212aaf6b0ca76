"""Reads the delivery history of the Supply Chain Management System (USAID, 2006-2015): real shipments of medicines.

Only lines that went straight from the vendor to the client ("Direct Drop") with an order, a promised and a real date
say how long a vendor takes; the others came from a warehouse, or their dates were not captured. The history is open
data of the Government of the United States.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.model.table import Table
from linewright.model.tables import Receipt

COLUMNS = ("PO Sent to Vendor Date", "Scheduled Delivery Date", "Delivered to Client Date")
#: 6/2/06, 12/14/2010 and 14-Nov-06 all occur; so does the month Sept.
FORMATS = ("%m/%d/%y", "%m/%d/%Y", "%d-%b-%y")


def read_scms(path: Path) -> pl.DataFrame:
    """The direct shipments of the history as rows of the table receipts; dates are the ends of days in UTC.

    Parameters
    ----------
    path
        The file, as CSV or gzipped CSV.

    Raises
    ------
    SourceError
        The file cannot be read, or a column is missing.
    """
    opened: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as text:
            lines = list(csv.DictReader(text))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path.name} cannot be read: {error}") from error
    wanted = ("Fulfill Via", "Vendor", "PO / SO #", "Item Description", "Line Item Quantity", *COLUMNS)
    missing = [name for name in wanted if lines and name not in lines[0]]
    if missing or not lines:
        raise SourceError(f"{path.name} is not the delivery history: it has no {', '.join(missing) or 'rows'}")
    rows = [row for line in lines if line["Fulfill Via"] == "Direct Drop" and (row := _row(line))]
    return Table.of("receipts", [asdict(row) for row in rows]).content


def _row(line: dict[str, str]) -> Receipt | None:
    """A receipt, or None where a date was not captured or the goods came before they were ordered."""
    ordered, promised, received = (_date(line[column]) for column in COLUMNS)
    if ordered is None or promised is None or received is None or received <= ordered:
        return None
    return Receipt(
        purchase=line["PO / SO #"],
        supplier=line["Vendor"],
        material=line["Item Description"],
        quantity=float(line["Line Item Quantity"].replace(",", "") or 0),
        ordered=ordered,
        promised=promised,
        received=received,
    )


def _date(text: str) -> datetime | None:
    for form in FORMATS:
        try:
            day = datetime.strptime(text.replace("Sept", "Sep"), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return day + timedelta(days=1)
    return None
