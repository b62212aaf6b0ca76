"""Checks of the bills of materials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.model.checks.rows import material_findings, positions_of, start_day, where
from linewright.model.factory import Factory
from linewright.model.findings import Finding


def bill_cycle(factory: Factory) -> Iterator[Finding]:
    """A material may not go into itself, however far down; the line that closes the circle is left out."""
    bill = factory.components.frame.with_row_index("position")
    today = start_day(factory)
    if today is not None:
        bill = bill.filter((pl.col("valid_to") >= today).fill_null(value=True))
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, parent, child in _core(bill).select("position", "material", "component").iter_rows():
        lines[parent, child].append(position)
    for path in _circles(lines):
        positions = np.array(lines[path[-2], path[-1]], dtype=np.int64)
        shown = " > ".join(path)
        yield Finding(
            table="components",
            rule="bill_cycle",
            column="component",
            positions=positions,
            values=[path[-1]] * len(positions),
            messages=[f"{path[-1]} goes into itself: {shown}"],
            expected="a bill of materials without circles",
            cures=["delete one line of the circle; until then this one does not count"],
        )


def line_never_valid(factory: Factory) -> Iterator[Finding]:
    """A line whose last day is before its first never counts."""
    positions = where(factory.components, pl.col("valid_to") < pl.col("valid_from"))
    if len(positions):
        yield Finding(
            table="components",
            rule="line_never_valid",
            level="warning",
            column="valid_to",
            positions=positions,
            messages=["the line ends before it begins, so that it never counts"],
            expected="valid_to on or after valid_from",
            cures=["correct one of the two days"],
        )


def line_expired(factory: Factory) -> Iterator[Finding]:
    """Lines that have expired by the plan's start do not count; they are told of together."""
    today = start_day(factory)
    positions = where(factory.components, pl.col("valid_to") < pl.lit(today, pl.Date))
    if len(positions):
        yield Finding(
            table="components",
            rule="line_expired",
            level="note",
            column="valid_to",
            positions=positions,
            together=True,
            messages=[f"{len(positions):,} lines expired before {today} and do not count"],
            cures=["nothing to do, if they were replaced by newer lines"],
        )


def line_twice(factory: Factory) -> Iterator[Finding]:
    """Two lines for the same component at the same step and time both count, which is seldom meant."""
    place = ["material", "component", "step"]
    first, last = pl.col("valid_from").fill_null(pl.date(1, 1, 1)), pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    bill = factory.components.frame.with_row_index("position").with_columns(first=first, last=last)
    bill = bill.filter(pl.len().over(place) > 1, pl.col("last") >= pl.col("first")).sort(*place, "first", "position")
    # The lines come in the order in which they begin; one that begins before an earlier one ended overlaps it.
    overlap = bill.filter(pl.col("first") <= pl.col("last").shift(1).cum_max().over(place))
    positions = positions_of(overlap.sort("position"))
    if len(positions):
        yield Finding(
            table="components",
            rule="line_twice",
            level="warning",
            column="component",
            positions=positions,
            values=factory.components.frame.get_column("component").gather(positions).to_list(),
            messages=["{value} is listed twice for the same step and time; both lines count"],
            expected="one line for each component of a step",
            cures=["delete the line, if it is a copy"],
        )


def made_without_bill(factory: Factory) -> Iterator[Finding]:
    """A made material without components, in a factory where others have them, may lack its bill."""
    if not len(factory.components):
        return
    made = pl.concat([
        factory.operations.frame.select("material"),
        factory.materials.frame.filter(kind="made").select("material"),
    ])  # fmt: skip
    bare = made.unique().join(factory.components.frame, on="material", how="anti")
    yield from material_findings(
        factory,
        bare.get_column("material"),
        [("operations", "material")],
        rule="made_without_bill",
        level="note",
        messages=["{value} is made, but has no bill of materials: it is planned as made of nothing"],
        expected="at least one row in components",
        cures=["add its components, if it needs any"],
    )


def _core(bill: pl.DataFrame) -> pl.DataFrame:
    """The lines that can be part of a circle: those whose material goes into something and whose component is made."""
    while True:
        left = bill.join(bill, left_on="component", right_on="material", how="semi")
        left = left.join(left, left_on="material", right_on="component", how="semi")
        if left.height == bill.height:
            return left.sort("position")
        bill = left


def _circles(lines: dict[tuple[str, str], list[int]]) -> Iterator[list[str]]:
    """Walk down the bills in the order of the rows; a line back to where one came from closes a circle."""
    below: dict[str, list[str]] = defaultdict(list)
    for parent, child in lines:
        below[parent].append(child)
    finished: set[str] = set()
    for top in list(below):
        if top in finished:
            continue
        path, pending = [top], [iter(below[top])]
        on_path = {top}
        while path:
            child = next(pending[-1], "")
            if not child:
                finished.add(path[-1])
                on_path.discard(path.pop())
                pending.pop()
            elif child in on_path:
                yield [*path[path.index(child) :], child]
            elif child not in finished:
                path.append(child)
                on_path.add(child)
                pending.append(iter(below.get(child, ())))
