"""What readers share: making raw tables, opening files that may be compressed, saying what is wrong with a file."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from linewright.errors import SourceError
from linewright.model.faults import Fault, Source
from linewright.model.raw import RawFactory, RawTable

#: The column of a frame that says on which row or line of the file each of its rows stands.
LINE = "__line"


def raw_table(table: str, frame: pl.DataFrame, source: Source) -> RawTable:
    """Make a raw table from a frame; its column `LINE`, if it has one, becomes the row numbers.

    Rows without a line (those that a reader worked out) have a blank row number.
    """
    if LINE in frame.columns:
        rows = frame.get_column(LINE).cast(pl.Int64)
        frame = frame.drop(LINE)
    else:
        rows = pl.Series(LINE, [None] * frame.height, dtype=pl.Int64)
    return RawTable(table=table, frame=frame, rows=rows, source=source)


def filled(tables: Iterable[RawTable]) -> tuple[RawTable, ...]:
    """Leave out the tables without rows."""
    return tuple(table for table in tables if table.frame.height)


@dataclass
class Gathered:
    """What a reader has found so far; `raw` makes it final."""

    tables: list[RawTable] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)

    def add(self, table: str, frame: pl.DataFrame, source: Source) -> None:
        """Add rows to a table; the same table may come from several places."""
        self.tables.append(raw_table(table, frame, source))

    def raw(self) -> RawFactory:
        """Everything found, without the tables that have no rows."""
        return RawFactory(tables=filled(self.tables), faults=tuple(self.faults), assumptions=tuple(self.assumptions))


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked when its name ends in .gz.

    Raises
    ------
    SourceError
        The file cannot be opened or its compression is damaged.
    """
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{path.name}: cannot be opened ({reason}) — check that the file is there, whole and readable"
        raise SourceError(message) from error


def first_bytes(path: Path, count: int = 4096) -> bytes:
    """The beginning of a file, unpacked when its name ends in .gz; empty when it cannot be read."""
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as packed:
                return packed.read(count)
        with path.open("rb") as plain:
            return plain.read(count)
    except (OSError, EOFError, zlib.error):
        return b""


def text_of(path: Path) -> str:
    """The content of a text file (UTF-8, with or without a byte-order mark).

    Raises
    ------
    SourceError
        The file cannot be opened or is not text.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path.name}: is not a text file in UTF-8 — save it again as UTF-8 text"
        raise SourceError(message) from error


def only_known(options: Mapping[str, str], known: Iterable[str], reader: str) -> None:
    """Refuse an option that the reader does not take.

    Raises
    ------
    SourceError
        An option is unknown.
    """
    takes = sorted(known)
    for name in options:
        if name not in takes:
            allowed = ", ".join(takes) if takes else "no options"
            message = f"option {name}={options[name]}: the reader {reader} takes {allowed} — leave the option out"
            raise SourceError(message)


def single_file(files: Sequence[Path], reader: str) -> Path:
    """The one file that a reader of single files was given.

    Raises
    ------
    SourceError
        There is none, or more than one.
    """
    if len(files) != 1:
        message = f"the reader {reader} takes one file at a time, not {len(files)} — open them one by one"
        raise SourceError(message)
    return files[0]
