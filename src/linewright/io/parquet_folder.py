"""A factory as Parquet files named after its tables: fast, typed, and exact to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.io.excel.header import plain_name
from linewright.io.raw_tables import only_known
from linewright.model.factory import Factory
from linewright.model.faults import Source
from linewright.model.raw import RawFactory, RawTable
from linewright.model.records import SCHEMAS
from linewright.model.table import Table

SUFFIX = ".parquet"


class ParquetReader:
    """Reads a folder of Parquet files, or some of them, each named after a table."""

    name = "parquet"
    title = "a folder of Parquet files (or some of them) named after linewright's tables, such as orders.parquet"
    options: Mapping[str, str] = MappingProxyType({})

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether each of these is a table's file, or a folder that holds at least one."""
        return bool(files) and all(any(map(_table, _files(given))) for given in files)

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read every file that is named after a table.

        Raises
        ------
        SourceError
            A file is not Parquet, or none is named after a table.
        """
        only_known(options, self.options, self.name)
        paths = [path for given in files for path in _files(given) if _table(path)]
        if not paths:
            names = ", ".join(str(path) for path in files)
            message = f"{names}: no file is named after a table — name them orders.parquet, machines.parquet and so on"
            raise SourceError(message)
        return RawFactory(tables=tuple(_read(path) for path in paths))


def write_parquet_folder(factory: Factory, folder: Path) -> None:
    """Write each table that has rows as a Parquet file; each appears whole or not at all.

    Raises
    ------
    SourceError
        A file cannot be written.
    """
    for name, table in factory.tables.items():
        path = folder / f"{name}{SUFFIX}"
        # An old file of a table that is empty now would bring its rows back.
        if len(table) or path.exists():
            with whole_file(path) as draft:
                _whole(table).write_parquet(draft)


def _whole(table: Table[Any]) -> pl.DataFrame:
    return table.content if table.extra is None else table.content.hstack(table.extra)


def _read(path: Path) -> RawTable:
    try:
        frame = pl.read_parquet(path, hive_partitioning=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).strip().splitlines()[0]
        message = f"{path.name}: cannot be read as Parquet ({reason}) — write it again, or remove it"
        raise SourceError(message) from error
    table = _table(path)
    columns = {plain_name(name): name for name in frame.columns}
    known = {name: plain for plain, name in columns.items() if plain in SCHEMAS[table].columns}
    rows = pl.Series(range(1, frame.height + 1), dtype=pl.Int64)
    return RawTable(table=table, frame=frame.rename(known), rows=rows, source=Source(path.name))


def _files(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given] if given.suffix.lower() == SUFFIX else []
    found = (path for path in given.iterdir() if path.suffix.lower() == SUFFIX and path.is_file())
    return sorted(path for path in found if not path.name.startswith("."))


def _table(path: Path) -> str:
    name = plain_name(path.stem)
    return name if name in SCHEMAS else ""
