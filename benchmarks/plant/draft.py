"""A plant on its way to a folder of CSV files."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from linewright.io.atomic import whole_folder


class Draft:
    """Tables that grow row by row; columns stand in the order in which they were first filled."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **row: Any) -> None:
        """Append a row; what is None stays blank."""
        self.tables.setdefault(table, []).append({name: value for name, value in row.items() if value is not None})

    def files(self) -> dict[str, bytes]:
        """The bytes of each file."""
        return {f"{name}.csv": _csv(rows).encode() for name, rows in sorted(self.tables.items())}

    def write(self, folder: Path) -> None:
        """Write the folder; it appears whole or not at all."""
        with whole_folder(folder) as draft:
            for name, content in self.files().items():
                (draft / name).write_bytes(content)


def digest(files: dict[str, bytes]) -> str:
    """A hash of all files with their names, by which everybody can see that they have the same plant."""
    total = sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name} {sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()[:32]


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a folder that was written before."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def _csv(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name, "")) for name in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
