"""Which row of a sheet is its header, and what its columns are called."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from linewright.io.excel.archive import column_letters
from linewright.model.faults import Fault
from linewright.model.records import Schema

#: The header is looked for in this many rows from the top.
ROWS_SEARCHED = 30

_UNIT = re.compile(r"\s*(\[[^\]]*\]|\([^)]*\))\s*$")


@dataclass(frozen=True, slots=True)
class Header:
    """The position of the header's row from the top, and the name of each column; blank for those left out."""

    position: int
    names: tuple[str, ...]


def plain_name(text: str) -> str:
    """Write a header or the name of a sheet as linewright does: ``Run minutes * [min]`` is ``run_minutes``."""
    return re.sub(r"[\s\-]+", "_", _UNIT.sub("", text).strip(" *\t\n").lower())


def find_header(
    text: pl.DataFrame, schema: Schema, file: str, sheet: str, first_column: int
) -> tuple[Header | None, list[Fault]]:
    """Find the header: the first row that names two of the table's columns, or else one.

    Parameters
    ----------
    text
        All cells of the sheet, from its first row on.
    first_column
        The sheet's column that is the first of `text`, counted from 0.
    """
    best: tuple[int, int] | None = None
    for position, row in enumerate(text.head(ROWS_SEARCHED).iter_rows()):
        hits = sum(plain_name(cell) in schema.columns for cell in row if cell)
        if hits and (best is None or min(hits, 2) > best[0]):
            best = (min(hits, 2), position)
    if best is None:
        return None, [_no_header(schema, file, sheet)]
    return _named(text, best[1], schema, sheet, first_column)


def _named(
    text: pl.DataFrame, position: int, schema: Schema, sheet: str, first_column: int
) -> tuple[Header, list[Fault]]:
    names: list[str] = []
    faults = []
    for index, cell in enumerate(text.row(position)):
        plain = plain_name(cell or "")
        name = plain if plain in schema.columns else (cell or "").strip()
        if name and name in names:
            place = f"{sheet}!{column_letters(first_column + index)}{position + 1}"
            faults.append(_twice(schema, place, name, position + 1))
            name = ""
        names.append(name)
    return Header(position, tuple(names)), faults


def _no_header(schema: Schema, file: str, sheet: str) -> Fault:
    first = ", ".join(list(schema.columns)[:3])
    return Fault(
        level="error",
        rule="no_header",
        table=schema.table,
        where=sheet,
        message=f"no row of this sheet of {file} has the names of the table's columns",
        cure=f"write the names of the columns ({first}, ...) into the first row",
        expected=", ".join(schema.columns),
    )


def _twice(schema: Schema, place: str, name: str, row: int) -> Fault:
    return Fault(
        level="warning",
        rule="column_twice",
        table=schema.table,
        where=place,
        message=f"two columns are called {name}; the first one is read",
        cure="delete or rename the second one",
        row=row,
        column=name,
    )
