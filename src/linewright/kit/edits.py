"""What-ifs as they are typed: ``second laser: machines[LASER-2]=[LASER-1]`` becomes a scenario."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import polars as pl

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.scenario import Edit, Scenario

#: table[key].column, an operator, and a value; a key of several columns has them with / between.
CELL = re.compile(r"^(?P<table>\w+)(\[(?P<key>[^\]]*)\])?\.(?P<column>\w+)\s*(?P<sign>[-+*]?=)\s*(?P<value>.*)$")
COPY = re.compile(r"^(?P<table>\w+)\[(?P<key>[^\]]*)\]\s*=\s*\[(?P<model>[^\]]*)\]$")
GONE = re.compile(r"^-\s*(?P<table>\w+)\[(?P<key>[^\]]*)\]$")
TRUTH: Mapping[str, bool] = MappingProxyType(
    {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
)
HELP = (
    "write machines[M4].speed=1.2, operations[P/10].run_minutes*=0.9, work_centers[MILL].queue_places+=1, "
    "machines[M5]=[M4] (a copy, with its failures and the steps it may do) or -people[Ann] (without)"
)


def scenario_of(text: str, factory: Factory) -> Scenario:
    """Read a what-if: a name, a colon, and edits with commas between them.

    Parameters
    ----------
    text
        Such as ``faster mill: machines[MILL-1].speed=1.2, machines[MILL-2].speed=1.2``; without a name the edits are
        their own name.
    factory
        Whose rows are meant: steps such as ``+=`` start from its values.

    Raises
    ------
    ModelError
        An edit is not written as one, or names a table, row or column that does not exist.
    """
    name, colon, rest = text.partition(":")
    if not colon or "[" in name or "=" in name:
        name, rest = text, text
    parts = [part.strip() for part in re.split(r",(?![^\[]*\])", rest) if part.strip()]
    if not parts:
        raise ModelError([f"what-if '{text}' changes nothing — {HELP}"])
    scenario = Scenario(name=name.strip())
    for part in parts:
        edits = edits_of(part, factory)
        for edit in edits:
            # Tried at once, so that a wrong name is told before any long work, and the next edit sees this one.
            factory = edit.apply(factory)
        scenario = scenario.with_edits(edits)
    return scenario


def edits_of(text: str, factory: Factory) -> tuple[Edit, ...]:
    """Read one edit as it is typed; a copy brings the rows along that tell more of its model.

    Raises
    ------
    ModelError
        It is not written as one, or names a table, row or column that does not exist.
    """
    if found := GONE.match(text):
        return _removals(found["table"], found["key"], factory, text)
    if found := COPY.match(text):
        return _copies(found["table"], found["key"], found["model"], factory, text)
    if found := CELL.match(text):
        return (_cell(found, factory, text),)
    raise ModelError([f"what-if '{text}' is not an edit — {HELP}"])


def _copies(table: str, key: str, model: str, factory: Factory, text: str) -> tuple[Edit, ...]:
    """A copy of a row, and of the rows whose key names it: a machine's failures, a person's skills."""
    old, new = _key(table, model, factory), _key(table, key, factory)
    if old.keys() != new.keys():
        raise ModelError([f"what-if '{text}': both names must have the same parts — {HELP}"])
    rows = _matching(factory, table, old)
    if not rows.height:
        raise ModelError([f"what-if '{text}': {table} has no row {model} — correct its name"])
    if _matching(factory, table, new).height:
        raise ModelError([f"what-if '{text}': {table} has a row {key} already — give the copy another name"])
    made = [Edit(table=table, add={**row, **new}, why=text) for row in rows.iter_rows(named=True)]
    if len(old) > 1:
        return tuple(made)
    ((before, after),) = zip(old.values(), new.values(), strict=True)
    for other, schema in SCHEMAS.items():
        for column in (column for column in schema.columns.values() if column.key and column.ref == table):
            told = factory.table(other).content
            made += [
                Edit(table=other, add={**row, column.name: after}, why=text)
                for row in told.filter(told[column.name] == before).iter_rows(named=True)
            ]
    return tuple(made)


def _removals(table: str, key: str, factory: Factory, text: str) -> tuple[Edit, ...]:
    """A row that goes, and with it the rows whose key names it: without her skills nobody asks for Ann."""
    gone = _key(table, key, factory)
    edits = [Edit(table=table, where=gone, remove=True, why=text)]
    if len(gone) == 1:
        (name,) = gone.values()
        edits += [
            Edit(table=other, where={column.name: name}, remove=True, why=text)
            for other, schema in SCHEMAS.items()
            for column in schema.columns.values()
            if column.key and column.ref == table and (factory.table(other).content[column.name] == name).any()
        ]
    return tuple(edits)


def _matching(factory: Factory, table: str, key: Mapping[str, Any]) -> pl.DataFrame:
    rows = factory.table(table).content
    for name, value in key.items():
        rows = rows.filter(rows[name] == value)
    return rows


def _cell(found: re.Match[str], factory: Factory, text: str) -> Edit:
    table, column = found["table"], _column(found["table"], found["column"])
    where = _key(table, found["key"], factory) if found["key"] else None
    if found["sign"] == "=":
        value = _value(column, found["value"], text, factory)
        return Edit(table=table, where=where, values={column.name: value}, why=text)
    if column.type not in {int, float}:
        raise ModelError([f"what-if '{text}': {column.name} is no number — set it with ="])
    amount = _number(found["value"], text)
    if table == "settings":
        before = [getattr(factory.settings, column.name)]
    else:
        before = _matching(factory, table, where or {})[column.name].to_list()
    if found["sign"] == "*=":
        for value in before:
            _in_range(column, (value or 0) * amount, text)
        return Edit(table=table, where=where, scale={column.name: amount}, why=text)
    if len(before) != 1:
        raise ModelError([f"what-if '{text}': += and -= need one row, and {len(before)} match — name its key"])
    value = _in_range(column, (before[0] or 0) + amount * (1 if found["sign"] == "+=" else -1), text)
    return Edit(table=table, where=where, values={column.name: column.type(value)}, why=text)


def _schema(table: str) -> Schema:
    if table not in SCHEMAS:
        raise ModelError([f"what-if: there is no table {table} — use one of {', '.join(SCHEMAS)}"])
    return SCHEMAS[table]


def _column(table: str, name: str) -> Column:
    columns = _schema(table).columns
    if name not in columns:
        raise ModelError([f"what-if: {table} has no column {name} — use one of {', '.join(columns)}"])
    return columns[name]


def _key(table: str, text: str, factory: Factory) -> dict[str, Any]:
    """The values of a key's columns; the last columns of a long key may be left out."""
    schema = _schema(table)
    names = schema.key or tuple(list(schema.columns)[:1])
    values = [value.strip() for value in text.split("/")] if len(names) > 1 else [text.strip()]
    # A key is a name, and that the name exists is told where its row is looked for.
    return {
        name: _value(schema.columns[name], value, f"{table}[{text}]", factory, is_key=True)
        for name, value in zip(names, values, strict=False)
    }


def _value(column: Column, text: str, edit: str, factory: Factory, *, is_key: bool = False) -> Any:
    text = text.strip()
    if column.type is str:
        if text and column.ref and not is_key:
            _refers(column, text, edit, factory)
        return text
    if not text and column.optional:
        return None
    if column.type is bool:
        if text.lower() not in TRUTH:
            raise ModelError([f"what-if '{edit}': {column.name} is yes or no, not '{text}'"])
        return TRUTH[text.lower()]
    if column.type is datetime:
        return _instant(column, text, edit, factory)
    if column.type in {date, time}:
        return _parsed(column, text, edit)
    return column.type(_in_range(column, _number(text, edit), edit))


def _refers(column: Column, text: str, edit: str, factory: Factory) -> None:
    table, _, target = column.ref.partition(".")
    names = factory.table(table).content[target or SCHEMAS[table].key[0]]
    if names.len() and text not in names:
        raise ModelError([f"what-if '{edit}': {table} has no {text} — correct the name"])


def _instant(column: Column, text: str, edit: str, factory: Factory) -> datetime:
    """A moment in the factory's own time, as in its files; a day alone is its start, or its end for due dates."""
    read: datetime = _parsed(column, text, edit)
    if len(text) == len("2026-03-02") and column.day_end:
        read += timedelta(days=1)
    return (read if read.tzinfo else read.replace(tzinfo=factory.timezone)).astimezone(UTC)


def _parsed(column: Column, text: str, edit: str) -> Any:
    kind: Any = column.type
    try:
        return kind.fromisoformat(text)
    except ValueError:
        example = "06:00" if column.type is time else "2026-03-02"
        raise ModelError([f"what-if '{edit}': '{text}' is no {column.type.__name__} — write it as {example}"]) from None


def _in_range(column: Column, value: float, edit: str) -> float:
    low = column.low is not None and value < column.low
    above = column.above is not None and value <= column.above
    high = column.high is not None and value > column.high
    if low or above or high or not math.isfinite(value):
        raise ModelError([f"what-if '{edit}': {column.name} must be {column.range_text}, not {value:g}"])
    if column.type is int and value != int(value):
        raise ModelError([f"what-if '{edit}': {column.name} must be a whole number, not {value:g}"])
    return value


def _number(text: str, edit: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ModelError([f"what-if '{edit}': '{text}' is not a number — write it with a point, such as 1.2"]) from None
