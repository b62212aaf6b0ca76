"""A factory as CSV files named after its tables: ``orders.csv``, ``machines.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.io.delimited.dialect import decode, delimiter_of
from linewright.io.delimited.sheet import read_sheet
from linewright.io.excel.header import plain_name
from linewright.io.local_times import as_cells
from linewright.io.raw_tables import first_bytes, only_known
from linewright.model.factory import Factory
from linewright.model.faults import Fault
from linewright.model.raw import RawFactory, RawTable
from linewright.model.records import SCHEMAS
from linewright.model.table import Table

SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")


class CsvReader:
    """Reads a folder of CSV files, or some of them, each named after a table."""

    name = "csv"
    title = "a folder of CSV files (or some of them) named after linewright's tables, such as orders.csv"
    options: Mapping[str, str] = MappingProxyType({})

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether each of these is a table's file, or a folder that holds at least one."""
        return bool(files) and all(any(_is_table(path) for path in _files(given)) for given in files)

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read every file that is named after a table.

        Raises
        ------
        SourceError
            A file cannot be opened, or none is named after a table.
        """
        only_known(options, self.options, self.name)
        paths = [path for given in files for path in _files(given)]
        if not any(map(_table, paths)):
            raise SourceError(_no_table(files))
        tables: list[RawTable] = []
        faults: list[Fault] = []
        for path in paths:
            table = _table(path)
            if not table:
                faults.append(_stranger(path))
                continue
            raw, wrong = read_sheet(path, SCHEMAS[table])
            tables += [raw] if raw else []
            faults += wrong
        return RawFactory(tables=tuple(tables), faults=tuple(faults))


def write_csv_folder(factory: Factory, folder: Path, *, empty: bool = False) -> None:
    """Write each table as a CSV file, in UTF-8 with a mark that Excel needs; each appears whole or not at all.

    Times are local to the factory; columns unknown to linewright are written back behind the others.

    Parameters
    ----------
    factory
        What to write.
    folder
        Where to; files of tables that are there already are replaced.
    empty
        Whether tables without rows are written too, as a header.

    Raises
    ------
    SourceError
        A file cannot be written.
    """
    for name, table in factory.tables.items():
        path = folder / f"{name}.csv"
        # An old file of a table that is empty now would bring its rows back.
        if len(table) or empty or path.exists():
            with whole_file(path) as draft:
                _write(table, draft, factory.settings.timezone)


def _write(table: Table[Any], path: Path, zone: str) -> None:
    columns = [as_cells(table.frame.get_column(name), column, zone) for name, column in table.schema.columns.items()]
    if table.extra is not None:
        columns += [series.cast(pl.String).fill_null("") for series in table.extra.iter_columns()]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([series.name for series in columns])
        writer.writerows(zip(*(series.to_list() for series in columns), strict=True))


def _files(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given] if given.name.lower().endswith(SUFFIXES) else []
    found = (path for path in given.iterdir() if path.name.lower().endswith(SUFFIXES) and path.is_file())
    return sorted(path for path in found if not path.name.startswith("."))


def _table(path: Path) -> str:
    name = plain_name(path.name.partition(".")[0])
    return name if name in SCHEMAS else ""


def _is_table(path: Path) -> bool:
    """Whether a file is named after a table, and one of its first lines names a column of it (or it is empty)."""
    table = _table(path)
    if not table:
        return False
    schema, text = SCHEMAS[table], decode(first_bytes(path)).content
    delimiter = delimiter_of(text, schema)
    fields = (field for line in text.splitlines()[:30] for field in next(csv.reader([line], delimiter=delimiter), []))
    return not text.strip() or any(plain_name(field) in schema.columns for field in fields)


def _stranger(path: Path) -> Fault:
    return Fault(
        level="note",
        rule="unknown_file",
        table="",
        where=path.name,
        message="is not named after a table and was not read",
        cure="name it after a table, such as orders.csv, if it should be read",
    )


def _no_table(files: Sequence[Path]) -> str:
    names = ", ".join(str(path) for path in files)
    return f"{names}: no file is named after a table — name them orders.csv, operations.csv, machines.csv and so on"
