"""The rows of a delimited text, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

#: Programs leave remarks of any length in a field; the library's own limit is 131,072.
LONGEST_FIELD = 10_000_000


@dataclass
class Rows:
    """Fields row by row, the line on which each row begins, and lines that could not be split: (line, reason)."""

    fields: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)


def split(text: str, delimiter: str) -> Rows:
    """Split a text into rows; a quoted field may hold line breaks, so that rows and lines differ."""
    rows = Rows()
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                rows.broken.append((begins, str(error)))
                continue
            if cells is None:
                return rows
            if any(cell.strip() for cell in cells):
                rows.fields.append(cells)
                rows.lines.append(begins)
    finally:
        csv.field_size_limit(before)
