"""Raw tables for tests, as a reader would hand them over."""

from __future__ import annotations

from typing import Any

import polars as pl

from linewright.model.factory import Factory
from linewright.model.faults import Fault, Source
from linewright.model.intake import assemble
from linewright.model.raw import RawFactory, RawTable


def raw(table: str, columns: dict[str, list[Any]], **told: Any) -> RawTable:
    """A table from a file named after it, whose first row stands on line 2."""
    frame = pl.DataFrame(columns, strict=False)
    return RawTable(
        table=table,
        frame=frame,
        rows=pl.Series(range(2, 2 + frame.height), dtype=pl.Int64),
        source=told.pop("source", Source(f"{table}.csv")),
        **told,
    )


def factory_of(*tables: RawTable) -> Factory:
    """The checked factory of some raw tables."""
    return assemble(RawFactory(tables=tables))


def told(factory: Factory, rule: str) -> list[Fault]:
    """The faults of one rule."""
    return [fault for fault in factory.faults if fault.rule == rule]
