"""A checked table as a reader would hand it over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from linewright.model.faults import Source
from linewright.model.raw import RawTable
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW, Table


def raw_tables(table: Table[Any]) -> Iterator[RawTable]:
    """Split a table where the file changes that its rows came from; their order stays."""
    frame = table.content if table.extra is None else table.content.hstack(table.extra)
    index, rows = table.frame.get_column(SOURCE_INDEX), table.frame.get_column(SOURCE_ROW)
    run = index.fill_null(-1).rle_id()
    for number in run.unique(maintain_order=True):
        here = run == number
        source = index.filter(here)[0]
        typed = Source(f"{table.schema.table}") if source is None else table.sources[source]
        lines = rows.filter(here) if source is not None else pl.Series(range(1, int(here.sum()) + 1))
        yield RawTable(table=table.schema.table, frame=frame.filter(here), rows=lines.cast(pl.Int64), source=typed)
