"""A table: one frozen frame behind typed records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

import numpy as np
import polars as pl

from linewright.model.faults import Source
from linewright.model.records import SCHEMAS, Schema

R = TypeVar("R")

#: Columns that remember where a row came from; they are not part of the table's content.
SOURCE_INDEX, SOURCE_ROW = "__source", "__row"


@dataclass(frozen=True, eq=False)
class Table(Generic[R]):
    """The rows of one table: a Polars frame in the schema's order, and a typed record for each row.

    The frame holds the schema's columns and the two hidden source columns; `sources` are what they point to.
    Columns unknown to the schema are kept in `extra`, row by row, so that they can be written back.
    """

    schema: Schema
    frame: pl.DataFrame
    sources: tuple[Source, ...] = ()
    extra: pl.DataFrame | None = None

    @classmethod
    def of(cls, table: str, rows: Sequence[Mapping[str, Any]] | pl.DataFrame) -> Table[Any]:
        """Make a table from rows that are known to be right; missing columns get their defaults."""
        schema = SCHEMAS[table]
        if isinstance(rows, pl.DataFrame):
            frame = rows
        else:
            dtypes = {name: dtype for name, dtype in schema.dtypes.items() if any(name in row for row in rows)}
            frame = pl.DataFrame(rows, schema=dtypes or None)
        return cls(schema, completed(schema, frame))

    def __len__(self) -> int:
        """The number of rows."""
        return self.frame.height

    def __iter__(self) -> Iterator[R]:
        """Every row as a record."""
        record = self.schema.record
        for row in self.frame.select(list(self.schema.columns)).iter_rows(named=True):
            yield cast(R, record(**row))

    def __getitem__(self, key: Any) -> R:
        """The record with this key (a tuple where the key has several columns)."""
        row = self.frame.row(self._index[key], named=True)
        return cast(R, self.schema.record(**{name: row[name] for name in self.schema.columns}))

    def __contains__(self, key: object) -> bool:
        """Whether a row has this key."""
        return key in self._index

    def get(self, key: Any) -> R | None:
        """The record with this key, or None."""
        return self[key] if key in self._index else None

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """One column as a NumPy array."""
        return self.frame.get_column(name).to_numpy()

    def row_of(self, key: Any) -> int:
        """The position of a key's row.

        Raises
        ------
        KeyError
            No row has this key.
        """
        return self._index[key]

    def place(self, position: int, column: str = "") -> str:
        """Where a row (by position) and column stand in the user's own file."""
        index = self.frame.item(position, SOURCE_INDEX)
        if index is None or not self.sources:
            return f"{self.schema.table}:{position + 1}" + (f" ({column})" if column else "")
        return self.sources[int(index)].place(self.frame.item(position, SOURCE_ROW), column)

    @cached_property
    def content(self) -> pl.DataFrame:
        """The rows without the hidden source columns."""
        return self.frame.select(list(self.schema.columns))

    @cached_property
    def hash(self) -> str:
        """A hash of the content that is the same on every machine and in every version of Polars."""
        digest = hashlib.sha256(self.schema.table.encode())
        for series in self.content.iter_columns():
            digest.update(b"\x00" + series.name.encode() + b"\x00")
            digest.update(_canonical_bytes(series))
        return digest.hexdigest()

    @cached_property
    def _index(self) -> dict[Any, int]:
        key = self.schema.key
        if len(key) == 1:
            return {value: row for row, value in enumerate(self.frame.get_column(key[0]).to_list())}
        return {value: row for row, value in enumerate(self.frame.select(key).rows())} if key else {}

    def __repr__(self) -> str:
        """The table's name and size."""
        return f"{self.schema.table}: {len(self):,} rows"


def completed(schema: Schema, frame: pl.DataFrame) -> pl.DataFrame:
    """Add missing columns with their defaults, fill blanks with defaults, and put columns in order."""
    expressions = []
    for column in schema.columns.values():
        if column.name not in frame.columns:
            expressions.append(pl.lit(column.default, dtype=column.dtype).alias(column.name))
            continue
        cell = pl.col(column.name).cast(column.dtype)
        expressions.append(cell if column.optional or column.required else cell.fill_null(pl.lit(column.default)))
    for hidden in (SOURCE_INDEX, SOURCE_ROW):
        known = pl.col(hidden) if hidden in frame.columns else pl.lit(None).alias(hidden)
        expressions.append(known.cast(pl.Int32))
    # A frame without rows or columns would broadcast literals to one row.
    return frame.select(expressions) if frame.width else frame.clear().select(expressions).head(0)


def _canonical_bytes(series: pl.Series) -> bytes:
    if series.dtype == pl.String:
        text = series.fill_null("\x01")
        lengths = text.str.len_bytes().to_numpy().astype("<i8").tobytes()
        return lengths + "".join(text.to_list()).encode()
    missing = np.packbits(series.is_null().to_numpy()).tobytes()
    if series.dtype.is_temporal():
        return missing + series.to_physical().fill_null(0).cast(pl.Int64).to_numpy().astype("<i8").tobytes()
    if series.dtype.is_float():
        return missing + (series.fill_null(0.0).to_numpy() + 0.0).astype("<f8").tobytes()
    return missing + series.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes()
