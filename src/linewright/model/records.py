"""Declare a record once; its table, checks, templates and reference page follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, dataclass_transform, get_args, get_type_hints

import polars as pl

R = TypeVar("R")
Scalar = str | int | float | bool | date | datetime | time | None

DTYPES: Mapping[type, pl.DataType] = MappingProxyType(
    {
        str: pl.String(),
        int: pl.Int64(),
        float: pl.Float64(),
        bool: pl.Boolean(),
        date: pl.Date(),
        time: pl.Time(),
        datetime: pl.Datetime("us", "UTC"),
    }
)


@dataclass(frozen=True)
class Column:
    """One column of a table: what it means and what it may hold."""

    name: str
    type: type
    optional: bool
    required: bool
    default: Scalar
    key: bool
    unit: str
    low: float | None
    above: float | None
    high: float | None
    choices: tuple[str, ...]
    ref: str
    day_end: bool
    doc: str

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type of the column."""
        return DTYPES[self.type]

    @property
    def range_text(self) -> str:
        """The allowed range in words, empty when everything is allowed."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        parts = []
        if self.above is not None:
            parts.append(f"more than {self.above:g}")
        if self.low is not None:
            parts.append(f"at least {self.low:g}")
        if self.high is not None:
            parts.append(f"at most {self.high:g}")
        return " and ".join(parts)


@dataclass(frozen=True)
class Reference:
    """Columns of one table that must name a row (or a value) of another.

    `target_columns` are the columns looked up in `table`; a blank in any of `columns` means "no reference".
    """

    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """Everything declared about one table."""

    table: str
    group: str
    doc: str
    record: type
    columns: Mapping[str, Column]
    composite: tuple[Reference, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference to another table, single columns first."""
        return tuple(_reference(column) for column in self.columns.values() if column.ref) + self.composite

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that together name a row; empty when rows need no name."""
        return tuple(column.name for column in self.columns.values() if column.key)

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """The Polars schema of the table."""
        return {column.name: column.dtype for column in self.columns.values()}


SCHEMAS: dict[str, Schema] = {}


def field(  # noqa: PLR0913 - a declaration lists every property of a column
    *,
    default: Any = MISSING,
    doc: str,
    key: bool = False,
    unit: str = "",
    low: float | None = None,
    above: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    ref: str = "",
    day_end: bool = False,
) -> Any:
    """Declare one column.

    `ref` is ``"table"`` (its single key column) or ``"table.column"`` (any value of that column).
    `day_end` says that a date typed without a time means the end of that day.
    """
    from dataclasses import field as dataclass_field

    described = {
        "doc": doc, "key": key, "unit": unit, "low": low, "above": above, "high": high,
        "choices": choices, "ref": ref, "day_end": day_end,
    }  # fmt: skip
    return dataclass_field(default=default, metadata=described)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(table: str, group: str, composite: tuple[Reference, ...] = ()) -> Callable[[type[R]], type[R]]:
    """Make a class a record: a frozen dataclass whose schema is registered under `table`."""

    def declare(cls: type[R]) -> type[R]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        hints = get_type_hints(made)
        columns = {spec.name: _column(spec, hints[spec.name]) for spec in fields(made)}  # type: ignore[arg-type]
        SCHEMAS[table] = Schema(
            table=table,
            group=group,
            doc=(cls.__doc__ or "").strip(),
            record=made,
            columns=MappingProxyType(columns),
            composite=composite,
        )
        return made

    return declare


def _column(spec: Any, hint: Any) -> Column:
    optional = isinstance(hint, UnionType)
    base = next(part for part in get_args(hint) if part is not NoneType) if optional else hint
    required = spec.default is MISSING
    return Column(
        name=spec.name,
        type=base,
        optional=optional,
        required=required,
        default=None if required else spec.default,
        **spec.metadata,
    )


def _reference(column: Column) -> Reference:
    table, _, target = column.ref.partition(".")
    return Reference((column.name,), table, (target or SCHEMAS[table].key[0],))
