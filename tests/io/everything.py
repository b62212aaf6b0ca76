"""A factory with rows in every table and a value in every column, for round trips."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

import polars as pl

from linewright.model.factory import Factory
from linewright.model.faults import Source
from linewright.model.intake import assemble
from linewright.model.raw import RawFactory, RawTable
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.table import SOURCE_INDEX, SOURCE_ROW, Table
from linewright.model.tables import TABLES

ZONE = "Europe/Berlin"

#: In Berlin the hour from 00:00 to 01:00 UTC on this day comes twice.
CLOCKS_GO_BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

#: Names that spreadsheets like to spoil.
NAMES = ("4711", "007", "1e5", "3-2", "=A1", 'Größe 5 "lang"', "a;b,c", "TRUE")


@cache
def everything(rows: int = 40, seed: int = 7) -> Factory:
    """Make a factory whose every column of every table holds many different values, and one column of its own.

    Its rows pass all checks: those that do not make sense together are left out.
    """
    random = Random(seed)
    tables = {name: [_sensible(_row(SCHEMAS[name], random, index)) for index in range(rows)] for name in TABLES}
    tables["settings"] = [tables["settings"][0] | {"timezone": ZONE, "name": "Everything & <more>"}]
    made = Factory.of(**{name: _unique(SCHEMAS[name], found) for name, found in tables.items()})
    # A row that was left out can make others senseless, so the checks are run until nothing changes any more.
    while differences(made, checked := assemble(_raw(made))):
        made = checked
    assert all(len(made.table(name)) for name in TABLES)
    orders = made.orders
    remarks = pl.DataFrame({"Our remark": [f"line {row}" for row in range(len(orders))]})
    return made.with_tables(orders=Table(orders.schema, orders.frame, extra=remarks))


def with_places(factory: Factory, sources: tuple[Any, ...]) -> Factory:
    """The same factory, whose rows come from these sources by turns, each from a row of its own."""
    placed = {}
    for name, table in factory.tables.items():
        index = pl.int_range(table.frame.height, dtype=pl.Int32, eager=True)
        frame = table.frame.with_columns((index % len(sources)).alias(SOURCE_INDEX), (index * 2 + 3).alias(SOURCE_ROW))
        placed[name] = Table(table.schema, frame, sources, table.extra)
    return factory.with_tables(**placed)


def differences(one: Factory, other: Factory) -> list[str]:
    """The tables that are not the same."""
    return [name for name in TABLES if one.table(name).hash != other.table(name).hash]


def _raw(factory: Factory) -> RawFactory:
    """The tables as a reader of typed columns would find them."""
    return RawFactory(
        tables=tuple(
            RawTable(table=name, frame=table.content, rows=pl.int_range(len(table), eager=True), source=Source("here"))
            for name, table in factory.tables.items()
        )
    )


def _sensible(row: dict[str, Any]) -> dict[str, Any]:
    """Bring dates into their order, keep crews small, and let no bill of materials run in a circle."""
    for first, last in (("start", "end"), ("valid_from", "valid_to"), ("since", "expires")):
        if isinstance(row.get(first), date) and isinstance(row.get(last), date):
            row[first], row[last] = min(row[first], row[last]), max(row[first], row[last])
    if "component" in row:
        row["material"], row["component"] = min(row["material"], "TREE"), "TRUE"
    return row | {name: 1 for name in ("crew", "setup_crew", "people", "min_load", "load") if name in row}


def _unique(schema: Schema, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out rows whose key is taken."""
    if not schema.key:
        return rows
    return list({tuple(row.get(name, "") for name in schema.key): row for row in reversed(rows)}.values())


def _row(schema: Schema, random: Random, index: int) -> dict[str, Any]:
    return {
        column.name: _value(column, random, index)
        for column in schema.columns.values()
        # Blanks are tried too, though not in the first rows, so that every reference has a target.
        if column.required or index < 2 * len(NAMES) or random.random() < 0.8
    }


def _value(column: Column, random: Random, index: int) -> Any:
    if column.type is str:
        return _text(column, random, index)
    if column.type is bool:
        return random.random() < 0.5
    if column.type is date:
        return date(2026, 1, 1) + timedelta(days=random.randrange(-50_000, 50_000))
    if column.type is time:
        return time(random.randrange(24), random.randrange(60), random.choice((0, 30)), random.choice((0, 250_000)))
    if column.type is datetime:
        return _instant(random)
    return _number(column, random, index)


def _text(column: Column, random: Random, index: int) -> str:
    if column.choices:
        return random.choice([choice for choice in column.choices if choice])
    if column.name == "weekday":
        return random.choice(("mon", "sat", "tue-thu"))
    if column.name == "timezone":
        return random.choice(("Europe/Berlin", "Asia/Tokyo"))
    if column.name == "after":
        return random.choice(("", "-", "10;20"))
    return NAMES[index % len(NAMES)] if index < 2 * len(NAMES) else random.choice(NAMES)


def _instant(random: Random) -> datetime:
    return random.choice(
        (
            CLOCKS_GO_BACK + timedelta(hours=random.randrange(3)),
            datetime(2026, 1, 1, 23, tzinfo=UTC) + timedelta(days=random.randrange(80)),
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(10**8)),
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=random.randrange(10**11)),
            datetime(1896, 1, 1, tzinfo=UTC) + timedelta(microseconds=random.randrange(10**15)),
        )
    )


def _number(column: Column, random: Random, index: int) -> float:
    low = column.low if column.low is not None else 0.0
    high = min(column.high if column.high is not None else 1e6, 1e6)
    if column.name == "step":
        # The first rows of operations hold both steps of every material, for the other tables to refer to.
        return 10 if index < len(NAMES) else 20 if index < 2 * len(NAMES) else random.choice((10, 20))
    if column.type is int:
        # Levels, tools and pieces are small where they are asked for and large where they are offered.
        return random.randint(int(max(low, 1)), 2) if column.low == 1 else random.randint(int(low), int(high))
    return random.choice((random.uniform(low, high), min(1 / 3, high), min(max(low, 1e-9), high), high))
