"""What-ifs as they are typed: ``second laser: machines[LASER-2]=[LASER-1]`` becomes a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

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
    "machines[M5]=[M4] (a copy) or -people[Ann] (without)"
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
    if not colon or "[" in name or "." in name:
        name, rest = text, text
    parts = [part.strip() for part in re.split(r",(?![^\[]*\])", rest) if part.strip()]
    if not parts:
        raise ModelError([f"what-if '{text}' changes nothing — {HELP}"])
    scenario = Scenario(name=name.strip())
    for part in parts:
        edit = edit_of(part, factory)
        # Tried at once, so that a wrong name is told before any long work, and the next edit sees this one.
        factory = edit.apply(factory)
        scenario = scenario.with_edits([edit])
    return scenario


def edit_of(text: str, factory: Factory) -> Edit:
    """Read one edit; see :func:`scenario_of`.

    Raises
    ------
    ModelError
        It is not written as one, or names a table, row or column that does not exist.
    """
    if found := GONE.match(text):
        return Edit(table=found["table"], where=_key(found["table"], found["key"]), remove=True, why=text)
    if found := COPY.match(text):
        return _copy(found["table"], found["key"], found["model"], factory, text)
    if found := CELL.match(text):
        return _cell(found, factory, text)
    raise ModelError([f"what-if '{text}' is not an edit — {HELP}"])


def _copy(table: str, key: str, model: str, factory: Factory, text: str) -> Edit:
    rows = factory.table(_schema(table).table).content
    for name, value in _key(table, model).items():
        rows = rows.filter(rows[name] == value)
    if not rows.height:
        raise ModelError([f"what-if '{text}': {table} has no row {model} — correct its name"])
    return Edit(table=table, add={**rows.row(0, named=True), **_key(table, key)}, why=text)


def _cell(found: re.Match[str], factory: Factory, text: str) -> Edit:
    table, column = found["table"], _column(found["table"], found["column"])
    where = _key(table, found["key"]) if found["key"] else None
    if found["sign"] == "=":
        return Edit(table=table, where=where, values={column.name: _value(column, found["value"], text)}, why=text)
    amount = _number(found["value"], text)
    if found["sign"] == "*=":
        return Edit(table=table, where=where, scale={column.name: amount}, why=text)
    rows = factory.table(table).content
    for name, value in (where or {}).items():
        rows = rows.filter(rows[name] == value)
    if rows.height != 1:
        raise ModelError([f"what-if '{text}': += and -= need one row, and {rows.height} match — name its key"])
    before = rows[column.name][0] or 0
    after = before + amount * (1 if found["sign"] == "+=" else -1)
    return Edit(table=table, where=where, values={column.name: column.type(after)}, why=text)


def _schema(table: str) -> Schema:
    if table not in SCHEMAS:
        raise ModelError([f"what-if: there is no table {table} — use one of {', '.join(SCHEMAS)}"])
    return SCHEMAS[table]


def _column(table: str, name: str) -> Column:
    columns = _schema(table).columns
    if name not in columns:
        raise ModelError([f"what-if: {table} has no column {name} — use one of {', '.join(columns)}"])
    return columns[name]


def _key(table: str, text: str) -> dict[str, Any]:
    """The values of a key's columns; the last columns of a long key may be left out."""
    schema = _schema(table)
    names = schema.key or tuple(list(schema.columns)[:1])
    values = [value.strip() for value in text.split("/")] if len(names) > 1 else [text.strip()]
    return {
        name: _value(schema.columns[name], value, f"{table}[{text}]")
        for name, value in zip(names, values, strict=False)
    }


def _value(column: Column, text: str, edit: str) -> Any:
    text = text.strip()
    if column.type is str:
        return text
    if not text and column.optional:
        return None
    if column.type is bool:
        if text.lower() not in TRUTH:
            raise ModelError([f"what-if '{edit}': {column.name} is yes or no, not '{text}'"])
        return TRUTH[text.lower()]
    if column.type in {date, datetime, time}:
        try:
            return column.type.fromisoformat(text)
        except ValueError:
            raise ModelError([f"what-if '{edit}': '{text}' is not a date — write it as 2026-03-02"]) from None
    return _in_range(column, column.type(_number(text, edit)), edit)


def _in_range(column: Column, value: float, edit: str) -> float:
    low = column.low is not None and value < column.low
    above = column.above is not None and value <= column.above
    high = column.high is not None and value > column.high
    if low or above or high:
        raise ModelError([f"what-if '{edit}': {column.name} must be {column.range_text}, not {value:g}"])
    return value


def _number(text: str, edit: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ModelError([f"what-if '{edit}': '{text}' is not a number — write it with a point, such as 1.2"]) from None
