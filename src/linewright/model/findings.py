"""A finding is one kind of mistake with all the rows that show it; faults are made from it row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from linewright.model.faults import Fault, Source
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW

Positions = np.ndarray[Any, np.dtype[np.int64]]


def no_rows() -> Positions:
    """No positions: the finding is about the table as a whole."""
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """What is wrong with some rows of one table.

    `positions` are rows of the table's frame. `values`, `messages`, `cures` and `materials` have one entry for each
    position, or a single one for all of them; ``{value}`` in a message stands for the value.
    `together` makes one fault of all positions, placed at the first.
    `blanks` says that the cells of `column` in these rows count as blank from then on.
    """

    table: str
    rule: str
    messages: Sequence[str]
    cures: Sequence[str]
    positions: Positions = field(default_factory=no_rows)
    level: str = "error"
    column: str = ""
    values: Sequence[str] = ("",)
    expected: str = ""
    materials: Sequence[tuple[str, ...]] = ()
    together: bool = False
    blanks: bool = False
    count: int = 0


@dataclass(frozen=True)
class Places:
    """Where the rows of one table stand in the user's own files."""

    table: str
    frame: pl.DataFrame
    sources: tuple[Source, ...]

    def at(self, positions: Positions, column: str = "") -> list[tuple[str, int | None]]:
        """The place and the row number of some rows."""
        chosen = self.frame.select(SOURCE_INDEX, SOURCE_ROW)[positions]
        pairs = zip(positions.tolist(), chosen.get_column(SOURCE_INDEX), chosen.get_column(SOURCE_ROW), strict=True)
        return [self._place(position, index, row, column) for position, index, row in pairs]

    def _place(self, position: int, index: int | None, row: int | None, column: str) -> tuple[str, int | None]:
        if index is None or not self.sources:
            return f"{self.table}:{position + 1}" + (f" ({column})" if column else ""), row
        return self.sources[index].place(row, column), row

    def whole(self, column: str = "") -> str:
        """The place of the table itself."""
        return self.sources[0].place(None, column) if self.sources else self.table


def faults_of(finding: Finding, places: Places) -> list[Fault]:
    """Turn a finding into faults: one for each of its rows, or one for all."""
    if not len(finding.positions):
        return [_fault(finding, 0, (places.whole(finding.column), None), finding.count or 1)]
    if finding.together:
        place = places.at(finding.positions[:1], finding.column)[0]
        merged = tuple(sorted({name for names in finding.materials for name in names}))
        return [_fault(finding, 0, place, finding.count or len(finding.positions), merged)]
    return [_fault(finding, nth, place, 1) for nth, place in enumerate(places.at(finding.positions, finding.column))]


def _fault(
    finding: Finding, nth: int, place: tuple[str, int | None], count: int, merged: tuple[str, ...] | None = None
) -> Fault:
    value = _nth(finding.values, nth)
    materials = merged if merged is not None else _nth(finding.materials, nth) if finding.materials else ()
    return Fault(
        level=finding.level,
        rule=finding.rule,
        table=finding.table,
        where=place[0],
        row=place[1],
        column=finding.column,
        value=value,
        message=_nth(finding.messages, nth).replace("{value}", value),
        expected=finding.expected,
        cure=_nth(finding.cures, nth),
        materials=materials,
        count=count,
    )


def _nth(items: Sequence[Any], nth: int) -> Any:
    return items[nth] if len(items) > 1 else items[0]
