"""What is recorded of each run, one CSV file for each family, so that families can be run on different days."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Row:
    """One program on one instance.

    `seconds` are those of the busiest thread from the data in memory to the plan, `first_seconds` until there was any
    plan, `cpu_seconds` those of all threads. `outcome` is ``plan`` or says why there is none,
    `parts` what a cost is made of.
    """

    family: str
    group: str
    instance: str
    operations: int
    objective: str
    program: str
    budget_seconds: float
    seed: int
    outcome: str
    value: float | None = None
    best_known: float | None = None
    bound: float | None = None
    proven: bool = False
    late_orders: int | None = None
    parts: str = ""
    first_seconds: float | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None
    peak_mb: float | None = None
    versions: str = ""
    machine: str = ""
    clock: str = ""
    date: str = ""

    @property
    def planned(self) -> bool:
        """Whether there is a plan that passed its checks."""
        return self.outcome == "plan" and self.value is not None


COLUMNS = tuple(field.name for field in fields(Row))


class Record:
    """The rows of all families in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self) -> list[Row]:
        """Every row, family by family."""
        return [row for path in sorted(self.folder.glob("*.csv")) for row in _read(path)]

    def rows_of(self, family: str) -> list[Row]:
        """The rows of one family."""
        path = self._path(family)
        return _read(path) if path.exists() else []

    def replace(self, family: str, rows: Iterable[Row]) -> None:
        """Write a family's rows anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._path(family).open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(_cells(row) for row in rows)

    def add(self, row: Row) -> None:
        """Add one row at once, so that a run that is broken off keeps what it has."""
        if not self._path(row.family).exists():
            self.replace(row.family, [row])
            return
        with self._path(row.family).open("a", encoding="utf-8", newline="") as text:
            csv.DictWriter(text, COLUMNS, lineterminator="\n").writerow(_cells(row))

    def _path(self, family: str) -> Path:
        return self.folder / f"{family}.csv"


def _cells(row: Row) -> dict[str, Any]:
    """Numbers with six digits; nothing for what is not known."""
    told = asdict(row).items()
    return {
        name: "" if value is None else f"{value:.10g}" if isinstance(value, float) else value for name, value in told
    }


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as text:
        return [Row(**{name: _typed(name, cell) for name, cell in row.items()}) for row in csv.DictReader(text)]


def _typed(name: str, cell: str) -> Any:
    kind = str(Row.__annotations__[name])
    if kind == "str":
        return cell
    if not cell:
        return None
    return cell == "True" if kind == "bool" else int(cell) if kind.startswith("int") else float(cell)
