"""Tables as a reader found them: any types, any mistakes, with the place of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from linewright.model.faults import Fault, Source


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """The rows of one table from one sheet or file.

    `frame` has columns named as the record's fields (unknown columns are kept as they are), of text or of the types
    that the file already had. `rows` is the row or line number of each row in the file, as a person counts it.
    `decimal_comma` says that numbers in text columns are written 1.234,5. `damaged` holds cells that the file itself
    marks as broken, such as #DIV/0!: (position in the frame, field) -> text.
    """

    table: str
    frame: pl.DataFrame
    rows: pl.Series
    source: Source
    decimal_comma: bool = False
    damaged: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RawFactory:
    """Everything a reader found, before it is checked."""

    tables: tuple[RawTable, ...]
    faults: tuple[Fault, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
