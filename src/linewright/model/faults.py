"""What is wrong with the data: where it stands, what would be right, how to cure it, and what harm it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

LEVELS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Source:
    """The file, and the sheet of a workbook, that rows came from.

    `columns` maps a field to the way the file names its column: the letter in a workbook, the header elsewhere.
    """

    file: str
    sheet: str = ""
    columns: Mapping[str, str] | None = None

    def place(self, row: int | None, column: str = "") -> str:
        """Name the exact place as its reader would: ``operations!D1362`` or ``operations.csv:1362 (run_minutes)``."""
        named = (self.columns or {}).get(column, column)
        if self.sheet:
            return f"{self.sheet}!{named}{row}" if row is not None and named else self.sheet
        line = f":{row}" if row is not None else ""
        return f"{self.file}{line}" + (f" ({named})" if named else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, with its cure.

    `level` is ``error`` (the row is left out), ``warning`` (planned with an assumption) or ``note``.
    `orders` and `days` are the harm: open orders that need the row, and the machine days (24 h) of their work.
    `count` is how many rows show the same fault when they are told together; `where` is then the first of them.
    """

    level: str
    rule: str
    table: str
    where: str
    message: str
    cure: str
    row: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    materials: tuple[str, ...] = ()
    order_names: tuple[str, ...] = ()
    orders: int = 0
    days: float = 0.0
    count: int = 1

    def __str__(self) -> str:
        """One line: where, what, cure."""
        return f"{self.where}: {self.message} — {self.cure}"

    def facts(self) -> dict[str, Any]:
        """The fault as plain values for JSON."""
        return asdict(self)


def ranked(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Sort faults by harm: orders touched, then days of work, then level, then place."""
    return tuple(
        sorted(faults, key=lambda f: (-f.orders, -f.days, LEVELS.index(f.level), f.table, f.row or 0, f.column))
    )
