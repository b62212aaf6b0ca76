"""A table of the factory as rows of the database, and back, to the last digit."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import polars as pl
import sqlalchemy as sql

from linewright.io.store.database import CONTENTS, FACTORY_TABLES, POSITION
from linewright.model.faults import Source
from linewright.model.records import SCHEMAS, Schema
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW, Table

#: Rows are written in parts of this size, so that the memory does not hold a large table twice.
PART = 20_000

_FORMATS: dict[Any, str] = {pl.Date: "%Y-%m-%d", pl.Time: "%H:%M:%S%.9f", pl.Datetime: "%Y-%m-%dT%H:%M:%S%.6fZ"}


def write_table(connection: sql.Connection, table: Table[Any]) -> None:
    """Put a table in the place of what is kept under its name, unless that is the same."""
    name, mark = table.schema.table, fingerprint(table)
    kept = connection.execute(sql.select(CONTENTS.c.fingerprint).where(CONTENTS.c.table == name)).scalar()
    if kept == mark:
        return
    rows = FACTORY_TABLES[name]
    connection.execute(sql.delete(rows))
    connection.execute(sql.delete(CONTENTS).where(CONTENTS.c.table == name))
    # Plain tuples for the driver take half the time of a dictionary for each row.
    statement = str(sql.insert(rows).compile(dialect=connection.dialect))
    stored = _stored(table.frame).with_row_index(POSITION).select([column.name for column in rows.columns])
    for part in stored.iter_slices(PART):
        connection.exec_driver_sql(statement, part.rows())
    places = [{"file": place.file, "sheet": place.sheet, "columns": _plain(place.columns)} for place in table.sources]
    about = {"table": name, "fingerprint": mark, "places": places, "extra": _packed(table.extra)}
    connection.execute(sql.insert(CONTENTS), [about])


def read_table(connection: sql.Connection, name: str) -> Table[Any]:
    """Take a table out of the database."""
    schema, rows = SCHEMAS[name], FACTORY_TABLES[name]
    wanted = [rows.c[column] for column in (*schema.columns, SOURCE_INDEX, SOURCE_ROW)]
    found = connection.execute(sql.select(*wanted).order_by(rows.c[POSITION])).all()
    about = connection.execute(sql.select(CONTENTS).where(CONTENTS.c.table == name)).one_or_none()
    places = tuple(Source(**place) for place in about.places) if about else ()
    extra = pl.read_parquet(BytesIO(about.extra)) if about and about.extra else None
    return Table(schema, _restored(schema, [tuple(row) for row in found]), places, extra)


def fingerprint(table: Table[Any]) -> str:
    """Name everything that is kept of a table: its content, where each row came from, and its unknown columns."""
    digest = hashlib.sha256(table.hash.encode())
    for column in (SOURCE_INDEX, SOURCE_ROW):
        digest.update(table.frame.get_column(column).cast(pl.Int64).fill_null(-1).to_numpy().tobytes())
    digest.update(repr([(place.file, place.sheet, _plain(place.columns)) for place in table.sources]).encode())
    digest.update(_packed(table.extra) or b"")
    return digest.hexdigest()


def _stored(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).dt.strftime(_FORMATS[dtype.base_type()])
        for name, dtype in frame.schema.items()
        if dtype.is_temporal()
    )


def _restored(schema: Schema, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    types: dict[str, Any] = {**schema.dtypes, SOURCE_INDEX: pl.Int32(), SOURCE_ROW: pl.Int32()}
    loaded = {name: pl.String() if dtype.is_temporal() else dtype for name, dtype in types.items()}
    frame = pl.DataFrame(rows, schema=loaded, orient="row")
    return frame.with_columns(_parsed(pl.col(name), dtype) for name, dtype in types.items() if dtype.is_temporal())


def _parsed(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Time:
        return text.str.to_time("%H:%M:%S%.f")
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d")
    return (
        text.str.strip_suffix("Z").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC")
    )


def _packed(extra: pl.DataFrame | None) -> bytes | None:
    if extra is None:
        return None
    packed = BytesIO()
    extra.write_parquet(packed)
    return packed.getvalue()


def _plain(columns: Any) -> dict[str, str] | None:
    return None if columns is None else dict(columns)
