"""A factory as a workbook: a sheet for each table, which explains itself and helps to fill it in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.io.excel import values
from linewright.io.excel.archive import column_letters
from linewright.io.excel.help import START_SHEET, choices_of, comment_on, header_of, start_lines
from linewright.model.factory import Factory
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.table import Table

__all__ = ["START_SHEET", "write_workbook"]

#: Rows of a sheet, one of them for the header.
MOST_ROWS = 1_048_575
MOST_LETTERS = 32_767

#: Rows with drop-downs below the last filled one.
ROOM = 500

_COLOURS = {
    "place": "#5B6C7D",
    "time": "#8A6FB0",
    "equipment": "#2F6DB5",
    "people": "#C2701C",
    "material": "#3E8E5A",
    "routing": "#1F8A99",
    "demand": "#B23A48",
    "supply": "#7A7A2E",
    "energy": "#B58B00",
    "history": "#777777",
}

NUMBER_FORMATS = {
    values.DATE: "yyyy-mm-dd",
    values.MOMENT: "yyyy-mm-dd hh:mm",
    values.MOMENT_SECONDS: "yyyy-mm-dd hh:mm:ss.000",
    values.CLOCK: "hh:mm",
    values.CLOCK_SECONDS: "hh:mm:ss.000",
}


def write_workbook(factory: Factory, path: Path, *, template: bool = False) -> None:
    """Write every table as a sheet; the file appears whole or not at all.

    Parameters
    ----------
    template
        Whether the first sheet presents the rows as an example to replace.

    Raises
    ------
    SourceError
        A table does not fit into a sheet, or the file cannot be written.
    """
    import xlsxwriter

    for table in factory.tables.values():
        _refuse_too_large(table)
    with whole_file(path) as draft, TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(draft), {"constant_memory": True, "tmpdir": scratch})
        # A fixed date of creation: the same factory gives the same file.
        book.set_properties({"title": factory.name, "comments": "linewright", "created": datetime(2026, 1, 1)})
        formats = _formats(book)
        _write_start(book, factory, template=template)
        heights = {name: len(table) for name, table in factory.tables.items()}
        for table in factory.tables.values():
            _write_table(book, table, heights, formats, factory.settings.timezone)
        book.close()


def _refuse_too_large(table: Table[Any]) -> None:
    if len(table) > MOST_ROWS:
        message = f"{table.schema.table}: {len(table):,} rows do not fit into a sheet — write a folder of CSV files"
        raise SourceError(message)
    for series in table.content.select(pl.col(pl.String)).iter_columns():
        longest = series.str.len_chars().arg_max()
        if longest is not None and len(series[longest] or "") > MOST_LETTERS:
            message = (
                f"{table.place(longest, series.name)}: a text of {len(series[longest]):,} letters does not fit into a "
                f"cell (at most {MOST_LETTERS:,}) — shorten it, or write a folder of CSV files"
            )
            raise SourceError(message)


def _formats(book: Any) -> dict[str, Any]:
    made = {name: book.add_format({"num_format": text}) for name, text in NUMBER_FORMATS.items()}
    made[values.PLAIN] = None
    for group, colour in _COLOURS.items():
        look = {"bg_color": colour, "font_color": "#FFFFFF", "bold": True, "valign": "top", "border_color": "#FFFFFF"}
        made[f"header {group}"] = book.add_format({**look, "left": 1})
        made[f"column {group}"] = book.add_format({**look, "left": 1, "bold": False, "italic": True})
    return made


def _write_start(book: Any, factory: Factory, *, template: bool) -> None:
    sheet = book.add_worksheet(START_SHEET)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110)
    big, text = book.add_format({"bold": True, "font_size": 16}), book.add_format({"text_wrap": True})
    for row, line in enumerate(start_lines(factory, template=template)):
        sheet.write_string(row, 0, line, big if row == 0 else text)


def _write_table(book: Any, table: Table[Any], heights: dict[str, int], formats: dict[str, Any], timezone: str) -> None:
    schema = table.schema
    sheet = book.add_worksheet(schema.table)
    sheet.set_tab_color(_COLOURS[schema.group])
    sheet.freeze_panes(1, max(1, min(len(schema.key), 2)))
    columns = list(schema.columns.values())
    extra = list(table.extra.columns) if table.extra is not None else []
    filled = list(_filled(table, timezone))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, _width(header_of(column), filled[index].values))
        _validate(sheet, index, column, len(table) + ROOM, heights)
    _write_header(sheet, schema, extra, formats)
    _write_rows(sheet, table, filled, formats)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(columns) + len(extra) - 1)
        # Part numbers are text even where they look like numbers; the green corners would say otherwise.
        sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{len(table) + 1}"})


def _filled(table: Table[Any], timezone: str) -> Iterator[values.Cells]:
    for column in table.schema.columns.values():
        yield values.cells_of(table.frame.get_column(column.name), column, timezone)
    for series in table.extra.iter_columns() if table.extra is not None else ():
        cells = values.plain_cells(series)
        yield values.Cells(cells, [values.PLAIN] * len(cells))


def _write_header(sheet: Any, schema: Schema, extra: list[str], formats: dict[str, Any]) -> None:
    for index, column in enumerate(schema.columns.values()):
        look = "header" if column.required else "column"
        sheet.write_string(0, index, header_of(column), formats[f"{look} {schema.group}"])
        sheet.write_comment(0, index, comment_on(column), {"x_scale": 2, "y_scale": 1.2})
    for index, name in enumerate(extra, start=len(schema.columns)):
        sheet.write_string(0, index, name)


def _write_rows(sheet: Any, table: Table[Any], filled: list[values.Cells], formats: dict[str, Any]) -> None:
    for row in range(len(table)):
        for index, cells in enumerate(filled):
            value = cells.values[row]
            if value is None:
                continue
            if not isinstance(value, str):
                sheet.write_number(row + 1, index, value, formats[cells.formats[row]])
            else:
                sheet.write_string(row + 1, index, value)


def _width(header: str, cells: list[Any]) -> float:
    longest = max((len(str(value)) for value in cells[:200] if isinstance(value, str)), default=8)
    return float(min(max(len(header) + 3, longest + 2), 44))


def _validate(sheet: Any, index: int, column: Column, last_row: int, heights: dict[str, int]) -> None:
    """Offer a drop-down, or warn of a number out of range; pasted rows are checked by linewright itself."""
    rule: dict[str, Any] | None = None
    if column.ref:
        target, _, name = column.ref.partition(".")
        names = list(SCHEMAS[target].columns)
        letter = column_letters(names.index(name or SCHEMAS[target].key[0]))
        # References may be typed before the row that they name, so they only warn.
        rule = {"validate": "list", "source": f"={target}!${letter}$2:${letter}${heights[target] + ROOM + 1}"}
        rule |= {"error_type": "warning", "error_message": f"This is not in the sheet {target} yet."}
    elif column.type is bool or column.choices:
        rule = {"validate": "list", "source": choices_of(column), "error_type": "stop"}
        rule |= {"error_message": f"Choose {', '.join(choices_of(column))}."}
    elif column.type in (int, float):
        rule = _number_rule(column)
    if rule:
        sheet.data_validation(1, index, last_row, index, {"error_title": column.name, **rule})


def _number_rule(column: Column) -> dict[str, Any]:
    kind = "integer" if column.type is int else "decimal"
    low = column.low if column.low is not None else column.above
    words = f"A {'whole ' if column.type is int else ''}number{', ' + column.range_text if column.range_text else ''}."
    rule: dict[str, Any] = {"validate": kind, "error_message": words, "error_type": "stop"}
    if low is not None and column.high is not None and column.above is None:
        return rule | {"criteria": "between", "minimum": low, "maximum": column.high}
    if low is not None:
        return rule | {"criteria": ">" if column.above is not None else ">=", "value": low}
    if column.high is not None:
        return rule | {"criteria": "<=", "value": column.high}
    return rule | {"criteria": "between", "minimum": -1e15, "maximum": 1e15}
