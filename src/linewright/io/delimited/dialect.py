"""How a text file is encoded and what separates its fields."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass

from linewright.io.excel.header import plain_name
from linewright.model.records import Schema

DELIMITERS = (",", ";", "\t", "|")
#: The header is looked for in this many lines from the top.
LINES_SEARCHED = 30

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file and the encoding that it was read with."""

    content: str
    encoding: str


def decode(content: bytes) -> Text:
    """Read bytes as UTF-8 or UTF-16, or else as Windows-1252, in which any text can be read."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Text(content.decode(encoding, errors="replace"), encoding)
    start = content[:4096]
    # Without a mark, UTF-16 shows by the zero byte in every plain letter.
    if start.count(0) > len(start) // 4:
        encoding = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
        return Text(content.decode(encoding, errors="replace"), encoding)
    try:
        return Text(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return Text(content.decode("cp1252", errors="replace"), "cp1252")


def delimiter_of(text: str, schema: Schema) -> str:
    """The separator that finds most of the table's columns in one of the first lines."""
    lines = text.splitlines()[:LINES_SEARCHED]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) > 4:
        return lines[0][4]  # Excel's own way to say it.
    best, found = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        for line in lines:
            fields = next(csv.reader([line], delimiter=delimiter), [])
            hits = (sum(plain_name(cell) in schema.columns for cell in fields), len(fields))
            if hits[0] and hits > found:
                best, found = delimiter, hits
    return best
