"""Columns of a frame as people read them: a heading, and cells in the factory's own time and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl


@dataclass(frozen=True)
class Shown:
    """A column to show: its name in the frame, its heading, decimals of numbers, and words for true and null."""

    name: str
    heading: str
    decimals: int = 0
    true: str = "yes"
    null: str = "–"


def shown_rows(frame: pl.DataFrame, columns: Sequence[Shown], zone: ZoneInfo) -> list[list[str]]:
    """The cells of a frame as text, row by row."""
    written = [[_cell(value, column, zone) for value in frame.get_column(column.name).to_list()] for column in columns]
    return [list(row) for row in zip(*written, strict=True)] if written else []


def is_number(frame: pl.DataFrame, column: Shown) -> bool:
    """Whether a column is written flush right."""
    return frame.schema[column.name].is_numeric()


def _cell(value: Any, column: Shown, zone: ZoneInfo) -> str:
    if value is None:
        return column.null
    if isinstance(value, bool):
        return column.true if value else ""
    if isinstance(value, int | float):
        return f"{value:,.{column.decimals}f}"
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
