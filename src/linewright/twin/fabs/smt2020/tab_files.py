"""Tab-separated model files with a header, as AutoSched reads them: rows that remember where they stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linewright.errors import ModelError, SourceError
from linewright.twin.fabs.smt2020.records import Spread

#: Minutes in each unit that the files use.
MINUTES: Mapping[str, float] = {"sec": 1 / 60, "s": 1 / 60, "min": 1.0, "hr": 60.0, "day": 1440.0}
#: How the files write an instant.
INSTANT = "%m/%d/%y %H:%M:%S"


class Faults:
    """All that is wrong in a folder, gathered so that it is told at once."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def add(self, row: Row, what: str, cure: str) -> None:
        """Note a fault of one row with what would be right."""
        self.told.append(f"{row.file}, line {row.line}: {what} — {cure}")

    def raise_any(self) -> None:
        """Raise what was gathered.

        Raises
        ------
        ModelError
            Something was gathered.
        """
        if self.told:
            raise ModelError(self.told)


@dataclass(frozen=True)
class Row:
    """One line of a file: its cells by the name of their column, and where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: Faults

    def text(self, name: str) -> str:
        """A cell without the blanks around it; missing cells are empty."""
        return self.cells.get(name, "").strip()

    def named(self, name: str, known: Sequence[str] | Mapping[str, object], where: str) -> str:
        """A cell that must name something which exists."""
        value = self.text(name)
        if value not in known:
            told = f"{name} {value}" if value else f"{name} is blank and"
            self.faults.add(self, f"{told} is not in {where}", "correct the name or add the row")
        return value

    def number(self, name: str, blank: float | None = None, *, low: float = 0.0, high: float = math.inf) -> float:
        """A cell as a number between two limits; `blank` stands for an empty one, None forbids it."""
        value = self.text(name)
        if not value and blank is not None:
            return blank
        try:
            found = float(value)
        except ValueError:
            found = math.nan
        if not low <= found <= high:
            limits = f"from {low:g} to {high:g}" if high < math.inf else f"of at least {low:g}"
            self.faults.add(self, f"{name} is {value or 'blank'}", f"write a number {limits}")
            return low
        return found

    def minutes(self, name: str, unit: str, blank: float | None = None, *, low: float = 0.0) -> float:
        """A duration in minutes, whose unit stands in another column."""
        return self.number(name, blank, low=low) * self.unit(unit if self.text(name) else "")

    def unit(self, name: str) -> float:
        """Minutes of the unit that a cell names; 1 where there is no cell to read."""
        if not name:
            return 1.0
        value = self.text(name)
        if value not in MINUTES:
            self.faults.add(self, f"{name} {value or 'is blank'}", f"use one of {', '.join(MINUTES)}")
            return 1.0
        return MINUTES[value]

    def spread(self, kind: str, mean: str, half: str, unit: str) -> Spread:
        """A random duration in minutes: its kind, its mean and, where it is uniform, half of its width."""
        named = self.text(kind) or "constant"
        if named not in {"constant", "uniform", "exponential"}:
            self.faults.add(self, f"{kind} {named} is not known", "use constant, uniform or exponential")
            named = "constant"
        middle = self.minutes(mean, unit)
        width = self.minutes(half, unit, 0.0) if named == "uniform" and half else 0.0
        if width > middle:
            self.faults.add(self, f"{half} {self.text(half)} is more than {mean}", "a time is never negative")
        return Spread(kind=named, mean_minutes=middle, half_minutes=min(width, middle))

    def instant(self, name: str) -> datetime:
        """A cell as an instant."""
        try:
            return datetime.strptime(self.text(name), INSTANT)
        except ValueError:
            self.faults.add(self, f"{name} is {self.text(name) or 'blank'}", "write it as 01/31/18 23:59:00")
            return datetime(2000, 1, 1)


def rows_of(folder: Path, name: str, faults: Faults) -> Iterator[Row]:
    """The rows of a file that say anything.

    Raises
    ------
    SourceError
        The file is not there or is no text.
    """
    try:
        lines = (folder / name).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{folder / name} cannot be read: {error}") from error
    header = [column.strip() for column in lines[0].split("\t")] if lines else []
    for line, text in enumerate(lines[1:], start=2):
        cells = dict(zip(header, text.split("\t"), strict=False))
        if any(cell.strip() for column, cell in cells.items() if column != "IGNORE"):
            yield Row(name, line, cells, faults)
