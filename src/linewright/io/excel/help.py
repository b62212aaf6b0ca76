"""The words in a workbook: headers, the comments on them, and the page that explains it."""

from __future__ import annotations

from datetime import date, datetime, time

from linewright.model.factory import Factory
from linewright.model.records import SCHEMAS, Column

#: The first sheet, which is for people only.
START_SHEET = "start_here"

_KINDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    date: "date",
    datetime: "date, or date and time of day",
    time: "time of day",
}


def header_of(column: Column) -> str:
    """The header of a column: its name, a star when it must be filled in, and its unit."""
    return column.name + (" *" if column.required else "") + (f" [{column.unit}]" if column.unit else "")


def comment_on(column: Column) -> str:
    """What a column means and may hold."""
    lines = [column.doc, f"Kind: {_KINDS[column.type]}" + (f", in {column.unit}." if column.unit else ".")]
    if column.range_text:
        allowed = ", ".join(choices_of(column)) if column.choices else column.range_text
        lines.append(f"Allowed: {'one of ' if column.choices else ''}{allowed}.")
    if column.ref:
        table, _, name = column.ref.partition(".")
        lines.append(f"Must stand in the sheet {table} (column {name or SCHEMAS[table].key[0]}), unless that is empty.")
    lines.append("Must be filled in." if column.required else f"Blank: {_default_of(column)}.")
    return "\n".join(lines)


def choices_of(column: Column) -> list[str]:
    """The words that a cell may hold."""
    return ["yes", "no"] if column.type is bool else [choice for choice in column.choices if choice]


def start_lines(factory: Factory, *, template: bool) -> list[str]:
    """The lines of the first sheet."""
    settings = factory.settings
    first = (
        "This workbook describes a small example factory that can be planned as it is. Replace its rows by yours."
        if template
        else "This workbook holds the whole factory. Change what you like; linewright reads it again."
    )
    return [
        factory.name,
        first,
        "Every sheet is one table, every row one thing. Sheets and columns keep their names; their order is free.",
        "A bold header with a star must be filled in. All others may stay blank, and a blank means the default.",
        "Point at a header to read what the column means, its unit, its limits and its default.",
        "To plan, three sheets are enough: machines, operations and orders. Each further one makes answers better.",
        "Drop-downs offer the names that stand in other sheets. Your own columns are kept and written back.",
        f"Dates are those of the clock in {settings.timezone}, money is in {settings.currency} (see settings).",
        "A due date without a time of day means the end of that day.",
        "Save the workbook, then run: linewright open THIS_FILE.xlsx and linewright plan",
        "linewright check names every mistake by sheet and cell, such as operations!D12, and says how to cure it.",
    ]


def _default_of(column: Column) -> str:
    if column.default is None or column.default == "":
        return "left open"
    if isinstance(column.default, bool):
        return "yes" if column.default else "no"
    return f"{column.default:g}" if isinstance(column.default, int | float) else str(column.default)
