"""From the raw sheets of one table to its draft: typed rows, which of them count, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from linewright.model.faults import Source
from linewright.model.findings import Finding, Places, Positions
from linewright.model.intake.cells import read_column, shown
from linewright.model.intake.headings import missing_column, unknown_columns, without_blank_rows
from linewright.model.intake.readings import Habits, Reading, stripped
from linewright.model.raw import RawTable
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW, Table, completed


@dataclass
class Draft:
    """A table on its way: all rows that could be typed, and which of them are still good."""

    schema: Schema
    frame: pl.DataFrame
    sources: tuple[Source, ...]
    extra: pl.DataFrame | None
    alive: np.ndarray
    findings: list[Finding] = field(default_factory=list)

    @property
    def places(self) -> Places:
        """Where the rows stand in the user's files."""
        return Places(self.schema.table, self.frame, self.sources)

    def add(self, finding: Finding) -> None:
        """Take a finding; the rows of an error no longer count, nor do the cells that it blanks."""
        self.findings.append(finding)
        if finding.level == "error":
            self.alive[finding.positions] = False
        if finding.blanks:
            self._blank(finding.column, finding.positions)

    def _blank(self, column: str, positions: Positions) -> None:
        chosen = np.zeros(self.frame.height, dtype=bool)
        chosen[positions] = True
        declared = self.schema.columns[column]
        blank = pl.lit(declared.default, declared.dtype)
        blanked = pl.when(pl.Series(chosen)).then(blank).otherwise(pl.col(column))
        self.frame = self.frame.with_columns(blanked.alias(column))

    def living(self) -> pl.DataFrame:
        """The rows that still count."""
        return self.frame if self.alive.all() else self.frame.filter(pl.Series(self.alive))

    def finished(self) -> Table[object]:
        """The table of the rows that still count."""
        extra = self.extra.filter(pl.Series(self.alive)) if self.extra is not None else None
        return Table(self.schema, completed(self.schema, self.living()), self.sources, extra)


def draft_of(table: str, raws: Sequence[RawTable], zone: str) -> Draft:
    """Read all sheets of one table; rows keep the order of the files."""
    schema = SCHEMAS[table]
    frames, extras, findings, offset = [], [], [], 0
    for index, raw in enumerate(map(without_blank_rows, raws)):
        frame, found = _read_sheet(schema, raw, index, zone)
        findings += [_shifted(finding, offset) for finding in found]
        frames.append(frame)
        extras.append(raw.frame.select(name for name in raw.frame.columns if name not in schema.columns))
        offset += frame.height
    frame = pl.concat(frames)
    extra = pl.concat(_padded(extras, frames), how="diagonal_relaxed")
    sources = tuple(raw.source for raw in raws)
    draft = Draft(schema, frame, sources, extra if extra.width else None, np.ones(frame.height, dtype=bool))
    for finding in findings:
        draft.add(finding)
    if table == "settings":
        _one_row(draft)
    for finding in _duplicates(draft):
        draft.add(finding)
    return draft


def _read_sheet(schema: Schema, raw: RawTable, index: int, zone: str) -> tuple[pl.DataFrame, list[Finding]]:
    habits = Habits(zone=zone, decimal_comma=raw.decimal_comma)
    series, findings = [], list(unknown_columns(schema, raw))
    cleaned = raw.frame.with_columns(stripped(pl.col(pl.String))) if raw.frame.width else raw.frame
    for column in schema.columns.values():
        if column.name not in raw.frame.columns:
            series.append(
                pl.Series(column.name, [column.default], dtype=column.dtype).new_from_index(0, raw.frame.height)
            )
            findings += missing_column(schema, column, raw)
            continue
        damaged = {place: text for (place, name), text in raw.damaged.items() if name == column.name}
        cells = cleaned.get_column(column.name)
        reading = read_column(schema.table, column, cells, habits, damaged)
        findings += _cell_findings(schema, column, cells, reading, damaged)
        values = reading.values.alias(column.name)
        plain = column.optional or column.required or column.default is None
        series.append(values if plain else values.fill_null(pl.Series([column.default], dtype=column.dtype)))
    rows = raw.rows.cast(pl.Int32).alias(SOURCE_ROW)
    here = pl.Series(SOURCE_INDEX, [index], dtype=pl.Int32).new_from_index(0, raw.frame.height)
    return pl.DataFrame([*series, here, rows]), findings


def _cell_findings(
    schema: Schema, column: Column, cells: pl.Series, reading: Reading, damaged: dict[int, str]
) -> list[Finding]:
    found = []
    for mistake in reading.mistakes:
        positions = mistake.bad.arg_true().to_numpy().astype(np.int64)
        values = shown(cells, positions[:1].tolist() if mistake.together else positions.tolist(), damaged)
        found.append(
            Finding(
                table=schema.table,
                rule=mistake.rule,
                level=mistake.level,
                column=column.name,
                positions=positions,
                values=values,
                messages=[mistake.message],
                expected=mistake.expected,
                cures=[mistake.cure],
                together=mistake.together,
            )
        )
    return found


def _duplicates(draft: Draft) -> list[Finding]:
    """Rows whose key an earlier good row has."""
    key = draft.schema.key
    if not key or not draft.alive.any():
        return []
    good = draft.living().select(key).with_columns(place=pl.Series(np.flatnonzero(draft.alive)))
    firsts = good.with_columns(first=pl.col("place").first().over(key)).filter(pl.col("place") != pl.col("first"))
    if not firsts.height:
        return []
    positions: Positions = firsts.get_column("place").to_numpy().astype(np.int64)
    earlier = draft.places.at(firsts.get_column("first").to_numpy().astype(np.int64), key[0])
    names = [", ".join(str(part) for part in row if part != "") for row in firsts.select(key).iter_rows()]
    named = " and ".join(key)
    return [
        Finding(
            table=draft.schema.table,
            rule="duplicate",
            column=key[-1] if len(key) == 1 else key[0],
            positions=positions,
            values=names,
            messages=[f"{named} {name} is already in {place}" for name, (place, _) in zip(names, earlier, strict=True)],
            expected=f"{named} only once",
            cures=["delete one of the two rows, or give this one another name"],
        )
    ]


def _one_row(draft: Draft) -> None:
    if draft.frame.height > 1:
        draft.add(
            Finding(
                table="settings",
                rule="one_row",
                positions=np.arange(1, draft.frame.height, dtype=np.int64),
                messages=["settings has one row; this one is not used"],
                expected="one row",
                cures=["delete the row"],
            )
        )


def _shifted(finding: Finding, offset: int) -> Finding:
    return replace(finding, positions=finding.positions + offset) if offset else finding


def _padded(extras: list[pl.DataFrame], frames: list[pl.DataFrame]) -> list[pl.DataFrame]:
    # A frame without columns has no height in Polars, so that sheets without unknown columns need a place-holder.
    if not any(extra.width for extra in extras):
        return [pl.DataFrame()]
    wide = next(extra for extra in extras if extra.width)
    name, dtype = wide.columns[0], wide.dtypes[0]
    return [
        extra if extra.width else pl.DataFrame({name: pl.Series([None], dtype=dtype).new_from_index(0, frame.height)})
        for extra, frame in zip(extras, frames, strict=True)
    ]


def empty_draft(table: str) -> Draft:
    """The draft of a table that no file holds."""
    made = Table.of(table, [])
    return Draft(made.schema, made.frame, (), None, np.ones(0, dtype=bool))
