"""Small living factories to start from: each plans as it is, and each shows other rules at work."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import polars as pl

from linewright.errors import SourceError
from linewright.io.atomic import whole_folder
from linewright.io.csv_folder import CsvReader, write_csv_folder
from linewright.io.excel.write import write_workbook
from linewright.model.factory import Factory
from linewright.model.intake import assemble
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW

#: What there is to start from, and the folder of its data.
TEMPLATES = MappingProxyType({"job-shop": "job_shop", "batch": "batch", "empty": "empty"})

#: The workbook that `write_new` writes into its folder.
WORKBOOK = "factory.xlsx"


def new_factory(template: str) -> Factory:
    """Make a factory to start from.

    Parameters
    ----------
    template
        ``job-shop``: brackets are cut, bent, milled and welded on eight machines, with a two-level bill of materials.
        ``batch``: parts are hardened in an oven that wants full loads, and painted. ``empty``: settings only.

    Raises
    ------
    SourceError
        There is no such template.
    """
    if template not in TEMPLATES:
        message = f"there is no template {template} — choose one of {', '.join(TEMPLATES)}"
        raise SourceError(message)
    data = resources.files("linewright.io") / "data" / TEMPLATES[template]
    with resources.as_file(data) as folder:
        factory = assemble(CsvReader().read([folder], {}))
    return _as_if_typed(factory)


def write_new(directory: Path, template: str = "job-shop", *, csv: bool = False) -> Path:
    """Write a factory to start from, as a workbook or as a folder of CSV files with every table.

    Parameters
    ----------
    directory
        The folder to make; the workbook is written into it. One that is there already is taken if nothing in it
        would be overwritten: for CSV files it must be empty.
    template
        One of `TEMPLATES`.
    csv
        Whether to write CSV files.

    Returns
    -------
        The workbook, or the folder of CSV files.

    Raises
    ------
    SourceError
        There is no such template, or something is there already.
    """
    factory = new_factory(template)
    if csv:
        with whole_folder(directory) as draft:
            write_csv_folder(factory, draft, empty=True)
        return directory
    path = directory / WORKBOOK
    if path.exists() or directory.is_file():
        message = f"{path if path.exists() else directory}: is there already — choose another folder, or move it away"
        raise SourceError(message)
    write_workbook(factory, path, template=True)
    return path


def _as_if_typed(factory: Factory) -> Factory:
    """Forget the package's own files: the rows belong to the user from now on."""
    tables = {
        name: replace(table, frame=table.frame.with_columns(_blank(SOURCE_INDEX), _blank(SOURCE_ROW)), sources=())
        for name, table in factory.tables.items()
    }
    return Factory.from_tables(tables, factory.faults, factory.assumptions)


def _blank(column: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int32).alias(column)
