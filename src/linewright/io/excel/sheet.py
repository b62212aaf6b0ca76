"""One sheet of a workbook becomes one raw table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import polars as pl

from linewright.io.excel import cells
from linewright.io.excel.archive import Marks, Sheet, Workbook, column_letters, marks
from linewright.io.excel.header import Header, find_header
from linewright.model.faults import Fault, Source
from linewright.model.raw import RawTable
from linewright.model.records import Column, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Every cell of a sheet as text, from its first row on, with the sheet's header."""

    book: Workbook
    sheet: Sheet
    schema: Schema
    header: Header
    text: pl.DataFrame
    first_column: int

    @property
    def source(self) -> Source:
        """What the faults of these rows point to."""
        letters = {name: self.letter(index) for index, name in enumerate(self.header.names) if name}
        return Source(self.book.path.name, self.sheet.name, letters)

    def letter(self, index: int) -> str:
        """The workbook's letter for a column of the grid."""
        return column_letters(self.first_column + index)


def read_sheet(book: Workbook, sheet: Sheet, schema: Schema, loader: Any) -> tuple[RawTable | None, list[Fault]]:
    """Read one sheet.

    Parameters
    ----------
    book, sheet, schema
        The workbook, the sheet, and the table that the sheet is named after.
    loader
        The workbook as fastexcel opened it.
    """
    loaded = loader.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string")
    text = loaded.to_polars()
    if text.height == 0:
        return None, []
    first_column = loaded.available_columns()[0].absolute_index
    header, faults = find_header(text, schema, book.path.name, sheet.name, first_column)
    if header is None:
        return None, faults
    grid = Grid(book=book, sheet=sheet, schema=schema, header=header, text=text, first_column=first_column)
    seen = marks(book, sheet)
    body, decimal_comma = _columns(grid, _numbers(grid, loader))
    body, merge_faults = _fill_merged(grid, body, seen)
    return _raw_table(grid, body, seen, decimal_comma=decimal_comma), [*faults, *merge_faults]


def _numbers(grid: Grid, loader: Any) -> dict[str, pl.Series]:
    """Load the number columns once more, as numbers."""
    # The loader counts columns from the sheet's first, whether or not that is empty.
    wanted = {grid.first_column + at: name for name, at, column in _known(grid) if column.type in (int, float)}
    if not wanted:
        return {}
    types, order = dict.fromkeys(wanted, "float"), sorted(wanted)
    typed = loader.load_sheet(grid.sheet.name, header_row=None, skip_rows=0, dtypes=types, use_columns=order)
    columns = typed.to_polars().slice(grid.header.position + 1).get_columns()
    return {wanted[index]: series for index, series in zip(order, columns, strict=True)}


def _columns(grid: Grid, typed: dict[str, pl.Series]) -> tuple[pl.DataFrame, bool]:
    """Make every column ready for the checks; and whether the sheet's texts have decimal commas."""
    below = grid.text.slice(grid.header.position + 1)
    texts = {name: below.to_series(index) for index, name in enumerate(grid.header.names) if name}
    bad = [texts[name].filter(cells.not_numbers(texts[name], numbers)) for name, numbers in typed.items()]
    decimal_comma = bool(bad) and cells.writes_decimal_comma(pl.concat(bad))
    made = {}
    for name, text in texts.items():
        column = grid.schema.columns.get(name)
        if name in typed and column is not None:
            whole = column.type is int
            made[name] = cells.numbers(text, typed[name], whole=whole, decimal_comma=decimal_comma)
        elif column is not None and column.type in (date, datetime):
            made[name] = cells.moments(text, from_1904=grid.book.from_1904)
        elif column is not None and column.type is time:
            made[name] = cells.times(text)
        else:
            made[name] = text
    return pl.DataFrame([series.alias(name) for name, series in made.items()]), decimal_comma


def _fill_merged(grid: Grid, body: pl.DataFrame, seen: Marks) -> tuple[pl.DataFrame, list[Fault]]:
    """Give the value of merged cells to each of their rows, and say so."""
    offset = grid.header.position + 2
    filled = []
    for absolute, top, bottom in seen.merged:
        index = absolute - grid.first_column
        name = grid.header.names[index] if 0 <= index < len(grid.header.names) else ""
        if name and top >= offset and top - offset < body.height:
            column = cells.filled_down(body.get_column(name), top - offset, bottom - offset)
            body = body.with_columns(column)
            filled.append((name, f"{column_letters(absolute)}{top}:{column_letters(absolute)}{bottom}", top))
    if not filled:
        return body, []
    name, place, top = filled[0]
    fault = Fault(
        level="note",
        rule="merged_cells",
        table=grid.schema.table,
        where=f"{grid.sheet.name}!{place}",
        message="cells are merged; their value was taken for each of their rows",
        cure="unmerge them and fill the value into every row",
        row=top,
        column=name,
        count=len(filled),
    )
    return body, [fault]


def _raw_table(grid: Grid, body: pl.DataFrame, seen: Marks, *, decimal_comma: bool) -> RawTable:
    """Keep the number of every row and the place of every broken cell; the checks pass over blank rows."""
    offset = grid.header.position + 2
    names = {grid.first_column + index: name for index, name in enumerate(grid.header.names) if name}
    damaged = {(row - offset, names[at]): shown for (row, at), shown in seen.broken.items() if at in names}
    return RawTable(
        table=grid.schema.table,
        frame=body,
        rows=pl.Series("row", range(offset, offset + body.height), dtype=pl.Int64),
        source=grid.source,
        decimal_comma=decimal_comma,
        damaged={place: shown for place, shown in damaged.items() if 0 <= place[0] < body.height},
    )


def _known(grid: Grid) -> list[tuple[str, int, Column]]:
    columns = grid.schema.columns
    return [(name, index, columns[name]) for index, name in enumerate(grid.header.names) if name in columns]
