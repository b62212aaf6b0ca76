"""One delimited file as a raw table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from linewright.io.delimited.dialect import LINES_SEARCHED, decode, delimiter_of
from linewright.io.delimited.rows import Rows, split
from linewright.io.excel.cells import writes_decimal_comma
from linewright.io.excel.header import plain_name
from linewright.io.raw_tables import read_bytes
from linewright.model.faults import Fault, Source
from linewright.model.raw import RawTable
from linewright.model.records import Schema


def read_sheet(path: Path, schema: Schema) -> tuple[RawTable | None, list[Fault]]:
    """Read one file; lines that cannot be read are faults, and the others count.

    Raises
    ------
    SourceError
        The file cannot be opened.
    """
    text = decode(read_bytes(path))
    delimiter = delimiter_of(text.content, schema)
    rows = split(text.content, delimiter)
    faults = [_unsplit(path, schema, line, reason) for line, reason in rows.broken]
    if text.encoding == "cp1252":
        faults.append(_old_encoding(path, schema))
    header = _header(rows, schema)
    if header is None:
        return None, [*faults, _no_header(path, schema, rows.lines[0]) if rows.fields else _nothing(path, schema)]
    titles, line = rows.fields[header], rows.lines[header]
    names, twice = _names(titles, schema)
    faults += [_twice(path, schema, line, title) for title in twice]
    kept, lines, ragged = _even(path, schema, rows, header)
    frame = _frame(names, kept)
    columns = {name: title.strip() for name, title in zip(names, titles, strict=True) if name}
    raw = RawTable(
        table=schema.table,
        frame=frame,
        rows=pl.Series(lines, dtype=pl.Int64),
        source=Source(path.name, columns=columns),
        decimal_comma=delimiter in {";", "\t", "|"} and _decimal_comma(frame, schema),
    )
    return raw, faults + ragged


def _header(rows: Rows, schema: Schema) -> int | None:
    """The position of the first row that names two of the table's columns, or else one."""
    best: tuple[int, int] | None = None
    for position, cells in enumerate(rows.fields[:LINES_SEARCHED]):
        hits = min(2, sum(plain_name(cell) in schema.columns for cell in cells))
        if hits and (best is None or hits > best[0]):
            best = (hits, position)
    return best[1] if best else None


def _names(titles: Sequence[str], schema: Schema) -> tuple[list[str], list[str]]:
    """A name for each column (blank: left out), and the titles that stand there a second time."""
    names: list[str] = []
    twice = []
    for title in titles:
        plain = plain_name(title)
        name = plain if plain in schema.columns else title.strip()
        if name and name in names:
            twice.append(title)
            name = ""
        names.append(name)
    return names, twice


def _even(path: Path, schema: Schema, rows: Rows, header: int) -> tuple[list[list[str]], list[int], list[Fault]]:
    """The rows below the header, all as long as it is."""
    width = len(rows.fields[header])
    kept, lines, faults = [], [], []
    for cells, line in zip(rows.fields[header + 1 :], rows.lines[header + 1 :], strict=True):
        if len(cells) < width:
            faults.append(_short(path, schema, line, len(cells), width))
            cells = cells + [""] * (width - len(cells))  # noqa: PLW2901 - the same row, filled up
        if any(cell.strip() for cell in cells[width:]):
            faults.append(_long(path, schema, line, len(cells), width))
            continue
        kept.append(cells[:width])
        lines.append(line)
    return kept, lines, faults


def _frame(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pl.DataFrame(
        [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True) if name]
    )


def _decimal_comma(frame: pl.DataFrame, schema: Schema) -> bool:
    numbers = [name for name, column in schema.columns.items() if column.type in {int, float} and name in frame.columns]
    return bool(numbers) and writes_decimal_comma(pl.concat([frame.get_column(name).rename("n") for name in numbers]))


def _unsplit(path: Path, schema: Schema, line: int, reason: str) -> Fault:
    unclosed = "a quotation mark is not closed, so that nothing after it can be read"
    return Fault(
        level="error",
        rule="broken_line",
        table=schema.table,
        where=f"{path.name}:{line}",
        row=line,
        message=unclosed if "end of data" in reason else f"cannot be split into fields ({reason})",
        expected='quotation marks in pairs, and doubled inside a quoted text: "a 3"" pipe"',
        cure="close the quotation mark, or double it",
    )


def _short(path: Path, schema: Schema, line: int, found: int, width: int) -> Fault:
    return Fault(
        level="warning",
        rule="short_line",
        table=schema.table,
        where=f"{path.name}:{line}",
        row=line,
        message=f"has {found} of {width} fields; the missing ones count as blank",
        expected=f"{width} fields",
        cure="add the missing separators",
    )


def _long(path: Path, schema: Schema, line: int, found: int, width: int) -> Fault:
    return Fault(
        level="error",
        rule="long_line",
        table=schema.table,
        where=f"{path.name}:{line}",
        row=line,
        message=f"has {found} fields where the header has {width}, so that it is unclear which is which",
        expected=f"{width} fields",
        cure='put a text that holds the separator into quotation marks: "bolt, M6"',
    )


def _no_header(path: Path, schema: Schema, line: int) -> Fault:
    first = ", ".join(list(schema.columns)[:3])
    return Fault(
        level="error",
        rule="no_header",
        table=schema.table,
        where=f"{path.name}:{line}",
        row=line,
        message=f"none of the first lines has the names of the columns of {schema.table}",
        expected=", ".join(schema.columns),
        cure=f"write the names of the columns ({first}, ...) into the first line",
    )


def _nothing(path: Path, schema: Schema) -> Fault:
    return Fault(
        level="warning",
        rule="empty_file",
        table=schema.table,
        where=Source(path.name).place(None),
        message="the file is empty: it has no header and no rows",
        cure="save it again if it should hold rows, else remove it",
    )


def _twice(path: Path, schema: Schema, line: int, title: str) -> Fault:
    return Fault(
        level="warning",
        rule="column_twice",
        table=schema.table,
        where=f"{path.name}:{line} ({title.strip()})",
        row=line,
        column=plain_name(title),
        message=f"two columns are called {title.strip()}; the first one is read",
        cure="delete or rename the second one",
    )


def _old_encoding(path: Path, schema: Schema) -> Fault:
    return Fault(
        level="note",
        rule="encoding",
        table=schema.table,
        where=path.name,
        message="is not UTF-8 and was read as Windows-1252",
        cure='save it as "CSV UTF-8" if letters such as ä or é look wrong',
    )
