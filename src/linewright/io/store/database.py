"""The database of a workspace: its tables, and transactions that happen whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from linewright.errors import SourceError
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW
from linewright.model.tables import TABLES

POSITION = "position"

# Moments are kept as ISO text: people read them with any tool, and every database holds all their digits.
_TYPES: dict[type, Any] = {
    str: sql.Text,
    int: sql.BigInteger,
    float: sql.Double,
    bool: sql.Boolean,
    date: sql.Text,
    datetime: sql.Text,
    time: sql.Text,
}

METADATA = sql.MetaData()


def _column(column: Column) -> sql.Column[Any]:
    return sql.Column(column.name, _TYPES[column.type], nullable=column.optional)


def _factory_table(schema: Schema) -> sql.Table:
    return sql.Table(
        schema.table,
        METADATA,
        sql.Column(POSITION, sql.Integer, primary_key=True),
        *(_column(column) for column in schema.columns.values()),
        sql.Column(SOURCE_INDEX, sql.Integer),
        sql.Column(SOURCE_ROW, sql.Integer),
    )


#: The tables of the factory, one row for each of its rows, in their order.
FACTORY_TABLES = {name: _factory_table(SCHEMAS[name]) for name in TABLES}

#: The schema's version.
ABOUT = sql.Table(
    "about", METADATA, sql.Column("name", sql.Text, primary_key=True), sql.Column("value", sql.Text, nullable=False)
)

#: For each table of the factory a fingerprint, the files and sheets that its rows point to, and its unknown columns.
CONTENTS = sql.Table(
    "contents",
    METADATA,
    sql.Column("table", sql.Text, primary_key=True),
    sql.Column("fingerprint", sql.Text, nullable=False),
    sql.Column("places", sql.JSON, nullable=False),
    sql.Column("extra", sql.LargeBinary),
)

#: The original files.
FILES = sql.Table(
    "files",
    METADATA,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("file", sql.Text, nullable=False),
    sql.Column("sha256", sql.Text, nullable=False),
    sql.Column("reader", sql.Text, nullable=False),
    sql.Column("options", sql.JSON, nullable=False),
)

#: What was wrong with the data when it was read, and what the readers took for granted.
FAULTS = sql.Table(
    "faults",
    METADATA,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("facts", sql.JSON, nullable=False),
)
ASSUMPTIONS = sql.Table(
    "assumptions",
    METADATA,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("sentence", sql.Text, nullable=False),
)

#: Results by the hash of their content.
RESULTS = sql.Table(
    "results",
    METADATA,
    sql.Column("hash", sql.Text, primary_key=True),
    sql.Column("kind", sql.Text, nullable=False, index=True),
    sql.Column("made_at", sql.Text, nullable=False),
    sql.Column("origin", sql.JSON, nullable=False),
    sql.Column("payload", sql.LargeBinary, nullable=False),
)


class Database:
    """An SQLite file with a write-ahead log; every connection is closed as soon as its transaction is over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        url = sql.URL.create("sqlite+pysqlite", database=str(path))
        # Options of a result may hold dates and the like; they are for people to read.
        to_json = partial(json.dumps, default=str, ensure_ascii=False)
        self._engine = sql.create_engine(
            url, poolclass=sql.pool.NullPool, connect_args={"timeout": 30}, json_serializer=to_json
        )
        sql.event.listen(self._engine, "connect", _prepare)
        sql.event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Open a transaction that sees one moment of the database.

        Raises
        ------
        SourceError
            The database cannot be read.
        """
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except sql.exc.DBAPIError as error:
            raise SourceError(_reason(self.path, error)) from error

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """Open a transaction that is kept whole, or not at all if anything fails.

        Raises
        ------
        SourceError
            The database cannot be written.
        """
        try:
            with self._engine.connect().execution_options(linewright_writes=True) as connection, connection.begin():
                yield connection
        except sql.exc.DBAPIError as error:
            raise SourceError(_reason(self.path, error)) from error

    def is_whole(self) -> bool:
        """Whether the database itself finds nothing wrong with its file."""
        with self.reading() as connection:
            return connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    def settle(self) -> None:
        """Move everything from the log into the database's own file."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare(connection: Any, _: Any) -> None:
    # Transactions are opened by `_begin`; the driver's own way would open them too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # Each commit is on the disk before it returns, so that a power cut loses nothing.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: sql.Connection) -> None:
    # A writer takes its turn at once; otherwise two readers that both come to write would wait for each other.
    writes = connection.get_execution_options().get("linewright_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(path: Path, error: sql.exc.DBAPIError) -> str:
    told = str(error.orig)
    cure = "check the disk and the rights of the folder"
    if "locked" in told:
        cure = "another linewright is writing to it; try again when that is done"
    elif "full" in told:
        cure = "the disk is full; nothing was lost, make room and try again"
    elif "malformed" in told or "not a database" in told or "no such" in told:
        cure = "it is damaged or of another program; take it from a backup, or open the original files again"
    return f"{path}: {told} — {cure}"
