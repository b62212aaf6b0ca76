"""The columns of a sheet against those of its table, and rows in which nothing stands."""

from __future__ import annotations

import numpy as np
import polars as pl

from linewright.model.findings import Finding
from linewright.model.intake.suggestions import Suggester
from linewright.model.raw import RawTable
from linewright.model.records import Column, Schema


def missing_column(schema: Schema, column: Column, raw: RawTable) -> list[Finding]:
    """The one fault of a table that lacks a column it cannot do without; without it no row counts."""
    if not column.required or not raw.frame.height:
        return []
    unknown = [name for name in raw.frame.columns if name not in schema.columns]
    near = Suggester(unknown).closest(column.name)
    cure = f"name the column {near} {column.name}" if near else f"add a column {column.name}: {column.doc}"
    return [
        Finding(
            table=schema.table,
            rule="missing_column",
            column=column.name,
            positions=np.arange(raw.frame.height, dtype=np.int64),
            together=True,
            messages=[f"the column {column.name} is missing, so that none of the {raw.frame.height:,} rows counts"],
            expected=f"a column {column.name}",
            cures=[cure],
        )
    ]


def unknown_columns(schema: Schema, raw: RawTable) -> list[Finding]:
    """Columns that the table does not have, with the name that was probably meant."""
    absent = Suggester(name for name in schema.columns if name not in raw.frame.columns)
    found = []
    for name in raw.frame.columns:
        if name in schema.columns:
            continue
        near = absent.closest(name)
        found.append(
            Finding(
                table=schema.table,
                rule="unknown_column",
                # A mistyped column changes the plan, because its default is taken; a foreign one does not.
                level="warning" if near else "note",
                column=name,
                messages=[f"{name} is not a column of {schema.table}" + (f"; did you mean {near}?" if near else "")],
                expected=near or "one of " + ", ".join(schema.columns),
                cures=[f"rename it to {near}" if near else "nothing to do: it is kept, and not used"],
                positions=np.arange(raw.frame.height if near else min(1, raw.frame.height), dtype=np.int64),
                together=True,
                count=0 if near else 1,
            )
        )
    return found


def without_blank_rows(raw: RawTable) -> RawTable:
    """Leave out rows in which nothing stands; spreadsheets are full of them."""
    if not raw.frame.width:
        return raw
    blank = pl.all_horizontal(
        pl.col(name).is_null() if dtype != pl.String else pl.col(name).fill_null("").str.strip_chars() == ""
        for name, dtype in raw.frame.schema.items()
    )
    keep = raw.frame.select(~blank).to_series()
    if raw.damaged:
        keep = keep.scatter([place for place, _ in raw.damaged], True)
    if keep.all():
        return raw
    moved = (keep.cast(pl.Int64).cum_sum() - 1).to_list()
    return RawTable(
        table=raw.table,
        frame=raw.frame.filter(keep),
        rows=raw.rows.filter(keep),
        source=raw.source,
        decimal_comma=raw.decimal_comma,
        damaged={(moved[place], name): text for (place, name), text in raw.damaged.items()},
    )
