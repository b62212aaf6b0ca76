"""Factories for property tests, made from the schemas: every table, every column, every reference in order."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from linewright.model.factory import Factory
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.tables import TABLES

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana")

#: Columns that something else must agree with: they get a plain value, so that every factory passes all checks.
PLAIN: dict[tuple[str, str], Any] = {
    ("operations", "crew"): 0, ("operations", "setup_crew"): 0, ("operations", "load"): 1, ("operations", "after"): "",
    ("operations", "min_wait_minutes"): 0.0, ("operation_crews", "people"): 1, ("operation_crews", "skill"): "",
    ("operation_tools", "quantity"): 1, ("machines", "min_load"): 1, ("sites", "timezone"): "",
    ("shifts", "working"): True, ("work_orders", "machine"): "", ("work_orders", "started"): None,
}  # fmt: skip

#: The end of these windows is made later than their start.
WINDOWS = ("calendar_exceptions", "tariffs", "actuals")

_DAMAGED = re.compile(r"^#[A-Z/0?!_]+$")
_FIRST, _LAST = datetime(2000, 1, 1), datetime(2060, 1, 1)


def texts() -> st.SearchStrategy[str]:
    """Texts as people type them: any letters, quotes and separators, line breaks inside, no blanks around."""
    letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), include_characters='\n;,"\t|')
    clean = st.text(letters, max_size=12).map(str.strip)
    return clean.filter(lambda text: not _DAMAGED.match(text) and text == text.strip("\ufeff\u200b\x1c\x1d\x1e\x1f"))


def instants() -> st.SearchStrategy[datetime]:
    """Instants to the minute, the second or the microsecond, with the hours of clock changes among them."""
    any_time = st.datetimes(_FIRST, _LAST)
    minutes = any_time.map(lambda moment: moment.replace(second=0, microsecond=0))
    changes = st.integers(0, 48).map(lambda quarters: datetime(2026, 10, 24, 22) + timedelta(minutes=15 * quarters))
    midnights = any_time.map(lambda moment: moment.replace(minute=0, second=0, microsecond=0))
    return st.one_of(minutes, midnights, changes, any_time).map(lambda moment: moment.replace(tzinfo=UTC))


def values(column: Column) -> st.SearchStrategy[Any]:
    """Anything that a column may hold, beside references."""
    if column.choices:
        kinds: st.SearchStrategy[Any] = st.sampled_from(column.choices)
    elif column.type is str:
        kinds = texts()
    elif column.type is bool:
        kinds = st.booleans()
    elif column.type is int:
        kinds = st.integers(int(column.low or 0), int(min(column.high or 10_000, 10_000)))
    elif column.type is float:
        kinds = _floats(column)
    elif column.type is datetime:
        kinds = instants()
    elif column.type is date:
        kinds = st.dates(_FIRST.date(), _LAST.date())
    else:
        assert column.type is time
        kinds = st.times()
    return st.none() | kinds if column.optional else kinds


@st.composite
def factories(draw: st.DrawFn, most_rows: int = 4) -> Factory:
    """A factory in which every row is good: it comes through the checks without an error.

    Parameters
    ----------
    draw
        Given by hypothesis.
    most_rows
        How many rows a table has at most.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    # Rows can only refer to rows that are there: tables are filled after those that they refer to.
    for name in _in_order():
        count = draw(st.integers(0, 1 if name == "settings" else most_rows))
        for _ in range(count):
            row = _row(draw, SCHEMAS[name], rows)
            if row is not None and _fits(name, row, rows):
                rows[name].append(row)
    return Factory.of(**{name: some for name, some in rows.items() if some})


def _in_order() -> list[str]:
    ordered: list[str] = []
    left = list(TABLES)
    while left:
        ready = [name for name in left if all(r.table in ordered or r.table == name for r in SCHEMAS[name].references)]
        ordered += ready
        left = [name for name in left if name not in ready]
    return ordered


def _row(draw: st.DrawFn, schema: Schema, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any] | None:
    """One row with references to rows that are there; None when it needs one and there is none."""
    row: dict[str, Any] = {}
    for column in schema.columns.values():
        if (schema.table, column.name) in PLAIN:
            row[column.name] = PLAIN[schema.table, column.name]
        elif column.ref:
            table, _, target = column.ref.partition(".")
            known = [other[target or SCHEMAS[table].key[0]] for other in rows[table]]
            if not known and column.required:
                known = [f"{table} {draw(st.integers(0, 3))}"]  # A reference into an empty table is accepted.
            row[column.name] = draw(st.sampled_from(known if column.required else [*known, ""]))
        elif column.name == "weekday":
            row[column.name] = draw(st.sampled_from(("mon", "tue-thu", "fri-mon", "sun")))
        elif column.name == "timezone":
            row[column.name] = draw(st.sampled_from(ZONES))
        else:
            kinds = values(column)
            # A blank means the default, so that only a blank default can be blank.
            filled = column.type is str and (column.required or column.default != "")
            row[column.name] = draw(kinds.filter(bool) if filled else kinds)
    return _related(draw, schema, row, rows)


def _related(
    draw: st.DrawFn, schema: Schema, row: dict[str, Any], rows: dict[str, list[dict[str, Any]]]
) -> dict[str, Any] | None:
    """Make the columns of a row agree with each other and with the steps that there are."""
    if schema.table in WINDOWS and row["start"] is not None and row["end"] is not None:
        row["end"] = row["start"] + timedelta(minutes=draw(st.integers(1, 10_000)))
    if schema.composite:
        if not rows["operations"]:
            return None
        step = draw(st.sampled_from(rows["operations"]))
        row.update(material=step["material"], step=step["step"])
    if schema.table == "work_orders":
        steps = [other["step"] for other in rows["operations"] if other["material"] == row["material"]]
        row["step"] = draw(st.sampled_from([*steps, None]))
    if schema.table == "failure_modes":
        for side in ("up", "repair"):
            spread = row[f"{side}_distribution"]
            if spread in {"weibull", "lognormal"}:
                row[f"{side}_shape"] = draw(st.floats(0.1, 9.0))
            if spread == "empirical":
                row[f"{side}_values"] = draw(st.sampled_from(["12", "12;30.5;41"]))
    return row


def _fits(name: str, row: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether a row may join the others: its key is new, its bill has no circle, its step has a machine."""
    key = SCHEMAS[name].key
    if key and any(all(other[part] == row[part] for part in key) for other in rows[name]):
        return False
    if name == "components":
        # Components come later in the alphabet, so that no bill comes back to itself.
        return bool(row["component"] > row["material"])
    if name == "operations":
        if not rows["machines"]:
            return False
        centers = {machine["work_center"] for machine in rows["machines"]}
        return bool(row["machine"] or not row["work_center"] or row["work_center"] in centers)
    return name != "operation_crews" or len(rows["people"]) != 0


def _floats(column: Column) -> st.SearchStrategy[float]:
    low = column.low if column.low is not None else column.above if column.above is not None else -1e6
    high = column.high if column.high is not None else 1e9
    kinds = st.floats(low, high, exclude_min=column.above is not None, allow_subnormal=False)
    # Zero has no sign in a file.
    return (kinds | st.integers(int(low) + 1, int(min(high, 1000))).map(float) if high >= low + 1 else kinds).map(
        lambda number: number + 0.0
    )
