"""A plan as a workbook."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.io.excel.archive import column_letters
from linewright.io.excel.values import Cells, moments, plain_cells
from linewright.io.excel.write import MOST_LETTERS, MOST_ROWS, NUMBER_FORMATS
from linewright.io.plans.sheets import sheets_of
from linewright.model.results import INSTANT, Plan

_HEADER = {"bold": True, "bg_color": "#2F6DB5", "font_color": "#FFFFFF", "valign": "top"}
_LATE = {"bg_color": "#F6D5D8", "font_color": "#8A1C2B"}


def write_plan_workbook(plan: Plan, path: Path) -> None:
    """Write a plan as a workbook; it appears whole or not at all.

    Raises
    ------
    SourceError
        A table does not fit into a sheet, or the file cannot be written.
    """
    import xlsxwriter

    with whole_file(path) as draft, TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(draft), {"constant_memory": True, "tmpdir": scratch})
        # The plan's own start, so that the same plan gives the same file.
        book.set_properties({"title": f"Plan of {plan.factory_name}", "created": plan.start.replace(tzinfo=None)})
        formats = {name: book.add_format({"num_format": text}) for name, text in NUMBER_FORMATS.items()} | {"": None}
        header, late = book.add_format(_HEADER), book.add_format(_LATE)
        for name, frame in sheets_of(plan).items():
            sheet = book.add_worksheet(name)
            _write_sheet(sheet, frame, plan.timezone, formats, header)
            if name == "orders" and frame.height:
                letter = column_letters(frame.columns.index("late_days"))
                rule = {"type": "formula", "criteria": f"=${letter}2>0", "format": late}
                sheet.conditional_format(1, 0, frame.height, frame.width - 1, rule)
        book.close()


def _write_sheet(sheet: Any, frame: pl.DataFrame, timezone: str, formats: dict[str, Any], header: Any) -> None:
    if frame.height > MOST_ROWS:
        message = f"{sheet.name}: {frame.height:,} rows do not fit into a sheet — write a folder of CSV files or JSON"
        raise SourceError(message)
    columns = [_cells(series, timezone) for series in frame.iter_columns()]
    sheet.freeze_panes(1, 1)
    for index, (name, cells) in enumerate(zip(frame.columns, columns, strict=True)):
        longest = max((len(value) for value in cells.values[:200] if isinstance(value, str)), default=14)
        sheet.set_column(index, index, min(max(len(name), longest) + 2, 60))
        sheet.write_string(0, index, name, header)
    for row in range(frame.height):
        for index, cells in enumerate(columns):
            value = cells.values[row]
            if isinstance(value, str):
                sheet.write_string(row + 1, index, value[:MOST_LETTERS])
            elif value is not None:
                sheet.write_number(row + 1, index, value, formats[cells.formats[row]])
    if frame.height:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)


def _cells(series: pl.Series, timezone: str) -> Cells:
    if series.dtype == INSTANT:
        return moments(series, timezone)
    values = plain_cells(series)
    return Cells(values, [""] * len(values))
