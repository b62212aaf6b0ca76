"""A whole factory in the database: its tables, what was wrong with them, and the files they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sql

from linewright.io.store.cover import SourceFile
from linewright.io.store.database import ASSUMPTIONS, FAULTS, FILES
from linewright.io.store.rows import read_table, write_table
from linewright.model.factory import Factory
from linewright.model.faults import Fault
from linewright.model.tables import TABLES


def write_factory(connection: sql.Connection, factory: Factory, sources: Sequence[SourceFile] | None) -> None:
    """Put a factory in the place of the one that is kept; `sources` of None leaves the list of files as it is."""
    for table in factory.tables.values():
        write_table(connection, table)
    _replace(connection, FAULTS, [{"facts": fault.facts()} for fault in factory.faults])
    _replace(connection, ASSUMPTIONS, [{"sentence": sentence} for sentence in factory.assumptions])
    if sources is not None:
        _replace(connection, FILES, [asdict(source) for source in sources])


def read_factory(connection: sql.Connection) -> Factory:
    """Take the factory out of the database."""
    tables = {name: read_table(connection, name) for name in TABLES}
    faults = [_fault(row.facts) for row in connection.execute(FAULTS.select().order_by(FAULTS.c.number))]
    said = connection.execute(ASSUMPTIONS.select().order_by(ASSUMPTIONS.c.number))
    return Factory.from_tables(tables, faults, [row.sentence for row in said])


def read_sources(connection: sql.Connection) -> tuple[SourceFile, ...]:
    """The original files, in their order."""
    rows = connection.execute(FILES.select().order_by(FILES.c.number))
    return tuple(SourceFile(file=row.file, sha256=row.sha256, reader=row.reader, options=row.options) for row in rows)


def _replace(connection: sql.Connection, kept: sql.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(kept.delete())
    if rows:
        connection.execute(kept.insert(), [{"number": number, **row} for number, row in enumerate(rows)])


def _fault(facts: Mapping[str, Any]) -> Fault:
    # JSON has lists only, and a fault is a frozen value.
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    return Fault(**values)
