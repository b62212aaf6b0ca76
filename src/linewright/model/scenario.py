"""A what-if as a value: a named list of edits that makes another factory and leaves the first as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.records import SCHEMAS
from linewright.model.table import Table


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change of one table.

    `where` names the rows by the values of some columns (empty: all rows, of the settings: the one). With `values` the
    columns of those rows are set; with `scale` numbers are multiplied; with `add` a row is added; with `remove` the
    rows go. `why` is the reason, kept for whoever reads the scenario later.
    """

    table: str
    where: Mapping[str, Any] | None = None
    values: Mapping[str, Any] | None = None
    scale: Mapping[str, float] | None = None
    add: Mapping[str, Any] | None = None
    remove: bool = False
    why: str = ""

    def apply(self, factory: Factory) -> Factory:
        """The factory with this change.

        Raises
        ------
        ModelError
            The table, a column or the rows do not exist.
        """
        if self.table not in SCHEMAS:
            raise ModelError([f"scenario: there is no table {self.table} — use one of {', '.join(SCHEMAS)}"])
        self._known_columns()
        if self.table == "settings":
            scaled = {name: getattr(factory.settings, name) for name in self.scale or {}}
            changed = {name: type(value)(value * (self.scale or {})[name]) for name, value in scaled.items() if value}
            return factory.with_settings(**dict(self.values or {}), **changed)
        frame = factory.table(self.table).content
        if self.add is not None:
            rows = [*frame.to_dicts(), dict(self.add)]
            return factory.with_tables(**{self.table: Table.of(self.table, rows)})
        chosen = self._chosen(frame)
        if not chosen.any():
            asked = ", ".join(f"{name} {value}" for name, value in (self.where or {}).items())
            raise ModelError([f"scenario: {self.table} has no row with {asked} — correct the row's name"])
        return factory.with_tables(**{self.table: Table.of(self.table, self._changed(frame, chosen))})

    def _known_columns(self) -> None:
        known = SCHEMAS[self.table].columns
        named = [*(self.where or {}), *(self.values or {}), *(self.scale or {}), *(self.add or {})]
        unknown = [name for name in named if name not in known]
        if unknown:
            raise ModelError(
                [f"scenario: {self.table} has no column {unknown[0]} — use one of {', '.join(sorted(known))}"]
            )

    def _chosen(self, frame: pl.DataFrame) -> pl.Series:
        chosen = pl.Series([True] * frame.height, dtype=pl.Boolean)
        for name, value in (self.where or {}).items():
            chosen &= frame[name].is_null() if value is None else (frame[name] == value).fill_null(value=False)
        return chosen

    def _changed(self, frame: pl.DataFrame, chosen: pl.Series) -> pl.DataFrame:
        if self.remove:
            return frame.filter(~chosen)
        for name, value in (self.values or {}).items():
            new = pl.lit(value, dtype=frame.schema[name])
            frame = frame.with_columns(pl.when(chosen).then(new).otherwise(pl.col(name)).alias(name))
        for name, factor in (self.scale or {}).items():
            new = (pl.col(name) * factor).cast(frame.schema[name])
            frame = frame.with_columns(pl.when(chosen).then(new).otherwise(pl.col(name)).alias(name))
        return frame


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A named list of edits, applied one after the other."""

    name: str
    edits: tuple[Edit, ...] = ()

    def apply(self, factory: Factory) -> Factory:
        """Another factory; the one given stays as it is.

        Raises
        ------
        ModelError
            An edit names a table, column or row that does not exist.
        """
        for edit in self.edits:
            factory = edit.apply(factory)
        return factory

    def with_edits(self, edits: Iterable[Edit]) -> Scenario:
        """The same scenario with more edits."""
        return replace(self, edits=(*self.edits, *edits))

    def __repr__(self) -> str:
        """Its name and what it changes."""
        tables = ", ".join(sorted({edit.table for edit in self.edits}))
        return f"Scenario {self.name}: {len(self.edits)} {'edit' if len(self.edits) == 1 else 'edits'} of {tables}"
