"""Records of Django JSON fixtures, in both styles of naming their references."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.io.raw_tables import LINE, Gathered, text_of
from linewright.model.faults import Fault, Source

#: Column of rows under construction that names their file.
FILE = "__file"


@dataclass(frozen=True)
class Record:
    """One object of a fixture."""

    model: str
    key: str
    fields: Mapping[str, Any]
    file: str
    line: int
    faults: list[Fault]

    @property
    def name(self) -> str:
        """Its name: a field of newer fixtures, the primary key of older ones."""
        return str(self.fields.get("name") or self.key)

    @property
    def place(self) -> dict[str, Any]:
        """Where it stands, as hidden cells of a row."""
        return {FILE: self.file, LINE: self.line}

    def text(self, field: str) -> str:
        """A field or a reference (``item_id`` or ``item``) as text, empty when it is blank."""
        value = self.fields.get(f"{field}_id", self.fields.get(field))
        return "" if value is None else str(value)

    def number(self, field: str, default: float = 0.0) -> float:
        """A field as a number; what is not one becomes a fault and the default."""
        text = self.text(field)
        try:
            return float(text) if text else default
        except ValueError:
            self.faults.append(self._fault(field, text, "a number"))
            return default

    def seconds(self, field: str) -> float:
        """A duration in seconds: a number, or hours:minutes:seconds with days before it."""
        text = self.text(field)
        parts = re.fullmatch(r"(?:(\d+) (?:days?, )?)?(\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
        if parts:
            days, hours, minutes, seconds = (float(part or 0) for part in parts.groups())
            return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        return self.number(field)

    def moment(self, field: str) -> datetime | None:
        """A date and time without a zone."""
        text = self.text(field)
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError:
            self.faults.append(self._fault(field, text, "a time such as 2014-01-01 00:00:00"))
            return None

    def time_of_day(self, field: str) -> int:
        """Minutes since midnight; 0 when blank, and 23:59:59 counts as the end of the day."""
        parts = re.fullmatch(r"(\d+):(\d\d)(?::(\d\d))?.*", self.text(field) or "00:00:00")
        if not parts:
            self.faults.append(self._fault(field, self.text(field), "a time of day such as 06:00:00"))
            return 0
        hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return hours * 60 + minutes + (seconds >= 59)

    def _fault(self, field: str, value: str, expected: str) -> Fault:
        return Fault(
            level="warning", rule="not_readable", table=self.model, where=f"{self.file}:{self.line} ({field})",
            row=self.line, column=field, value=value, expected=expected,
            message=f"'{value}' in {self.model} {self.name} is not {expected}; it is taken as blank",
            cure="correct the value",
        )  # fmt: skip


class Fixture:
    """All records of some fixtures; `faults` grows with each value that cannot be read."""

    def __init__(self, records: Iterable[Record], faults: list[Fault]) -> None:
        self.faults = faults
        self._of: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            self._of[record.model].append(record)

    def __getitem__(self, model: str) -> Sequence[Record]:
        """The records of a model such as ``input.item``."""
        return self._of.get(model, ())

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many records each model has."""
        return {model: len(records) for model, records in self._of.items()}

    def parameter(self, name: str) -> Record | None:
        """A setting of the system."""
        return next((record for record in self["common.parameter"] if record.name == name), None)


def read_fixture(files: Sequence[Path]) -> Fixture:
    """Read fixtures together.

    Raises
    ------
    SourceError
        A file is not a list of Django records.
    """
    faults: list[Fault] = []
    records = [record for path in files for record in _records(path, faults)]
    return Fixture(records, faults)


def _records(path: Path, faults: list[Fault]) -> Iterator[Record]:
    """The records of one file with the lines on which they begin."""
    text = text_of(path)
    try:
        for line, value in _elements(text):
            if not isinstance(value, dict) or "model" not in value or not isinstance(value.get("fields"), dict):
                raise SourceError(
                    f"{path.name}:{line}: is not a record with model and fields — this file is not a frePPLe fixture"
                )
            yield Record(value["model"], str(value.get("pk") or ""), value["fields"], path.name, line, faults)
    except json.JSONDecodeError as error:
        raise SourceError(f"{path.name}:{error.lineno}: is not JSON ({error.msg}) — export the data again") from error


def _elements(text: str) -> Iterator[tuple[int, Any]]:
    """The elements of a JSON list, each with its line."""
    decoder = json.JSONDecoder()
    at, line = _skip(text, 0), 1
    if text[at : at + 1] != "[":
        raise json.JSONDecodeError("a list is needed", text, at)
    counted, at = 0, _skip(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        value, at = decoder.raw_decode(text, at)
        yield line, value
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            raise json.JSONDecodeError("a comma or ] is needed", text, at)


def _skip(text: str, at: int) -> int:
    found = re.compile(r"\s*").match(text, at)
    return found.end() if found else at


def add_rows(found: Gathered, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a table, file by file; blank cells may be left out."""
    for file in dict.fromkeys(row[FILE] for row in rows):
        own = [{name: cell for name, cell in row.items() if name != FILE} for row in rows if row[FILE] == file]
        names = list(dict.fromkeys(name for row in own for name in row))
        columns = {name: [row.get(name) for row in own] for name in names}
        found.add(table, pl.DataFrame(columns, strict=False, infer_schema_length=None), Source(file))
