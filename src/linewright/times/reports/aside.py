"""Cleans the reports: what says nothing about time is put aside, counted, and named with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from linewright.model.faults import Fault
from linewright.times.reports.read import POSITION, reports_of
from linewright.times.reports.spans import alone_minutes, overlapping

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: A report may have a little more minutes than its window: clocks and rounding.
SLACK_SHARE, SLACK_MINUTES = 1.05, 2.0
#: So many rows of a kind are named.
NAMED = 5
SPAN = (pl.col("end") - pl.col("start")).dt.total_seconds() / 60
WORK = pl.col("kind").is_in(["run", "setup"])


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """The reports that tell a time, those of rework, all of them, and what was put aside or taken for granted.

    `reports` has `minutes` (above zero) and `moment` (when it began; null where nothing is known).
    """

    reports: pl.DataFrame
    rework: pl.DataFrame
    everything: pl.DataFrame
    faults: tuple[Fault, ...]


def cleaned(factory: Factory) -> Cleaned:
    """Take from a factory's actuals what can be learned from.

    Raises
    ------
    ModelError
        The factory has no actuals.
    """
    everything = reports_of(factory)
    faults: list[Fault] = []
    # A copy must not share the window of its first.
    copies = everything.filter(WORK & _COPIES.which(everything))
    if copies.height:
        faults.append(_COPIES.fault(factory, copies))
        everything = everything.join(copies.select(POSITION), on=POSITION, how="anti", maintain_order="left")
    given = pl.col("minutes")
    worked = everything.with_columns(
        reported=given.is_not_null(), minutes=pl.coalesce(given, alone_minutes(everything))
    )
    worked = worked.with_columns(moment=_moments(worked))
    rows = worked.filter(WORK)
    for rule in _RULES:
        found = rows.filter(rule.which(rows))
        if found.height:
            faults.append(rule.fault(factory, found))
        if rule.aside and found.height:
            rows = rows.join(found.select(POSITION), on=POSITION, how="anti", maintain_order="left")
    again = pl.col("rework")
    return Cleaned(reports=rows.filter(~again), rework=rows.filter(again), everything=worked, faults=tuple(faults))


def _moments(reports: pl.DataFrame) -> pl.Series:
    """When a report began; one without a date lies at the middle of its job's others."""
    middle = pl.when(pl.col("work_order") != "").then(pl.coalesce("start", "end").median().over("work_order"))
    return reports.select(pl.coalesce("start", "end", middle.cast(reports.schema["start"])))["start"]


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """One way in which a report tells no time, or tells it doubtfully."""

    name: str
    column: str
    message: str
    cure: str
    test: pl.Expr | None = None
    aside: bool = True

    def which(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows it applies to."""
        if self.test is None:
            return overlapping(rows, self.column)
        return rows.select(self.test.fill_null(value=False).alias("found"))["found"]

    def fault(self, factory: Factory, found: pl.DataFrame) -> Fault:
        """One fault for all rows, placed at the first, with the first few named."""
        positions = found[POSITION].to_list()
        places = [factory.actuals.place(position) for position in positions[:NAMED]]
        more = f" and {len(positions) - NAMED:,} more" if len(positions) > NAMED else ""
        count = f"{len(positions):,} {'report' if len(positions) == 1 else 'reports'}"
        return Fault(
            level="warning" if self.aside else "note", rule=self.name, table="actuals", where=places[0],
            column=self.column, message=f"{self.message.format(count=count)} ({', '.join(places)}{more})",
            cure=self.cure, materials=tuple(sorted(set(found["material"].to_list()) - {""})), count=len(positions),
        )  # fmt: skip


_SAME = (
    "work_order", "material", "step", "operation", "machine", "person", "kind", "start", "end", "minutes", "good",
    "scrap",
)  # fmt: skip
_COPIES = _Rule(
    name="repeated_report", column="start", message="{count} like an earlier one: counted once",
    cure="remove the copies", test=pl.col("start").is_not_null() & (pl.int_range(pl.len()).over(_SAME) > 0),
)  # fmt: skip


def _rules() -> Iterator[_Rule]:
    minutes, start, end = pl.col("minutes"), pl.col("start"), pl.col("end")
    yield _Rule(
        name="ends_before_start", column="end", message="{count} with an end before the start: put aside",
        cure="correct start and end", test=end < start,
    )  # fmt: skip
    yield _Rule(
        name="open_end", column="end", message="{count} without end and minutes: put aside",
        cure="report the end, or the minutes", test=minutes.is_null(),
    )  # fmt: skip
    yield _Rule(
        name="zero_minutes", column="minutes",
        message="{count} of 0 minutes, though something was done: put aside, with their units",
        cure="report the minutes that were worked", test=minutes <= 0,
    )  # fmt: skip
    yield _Rule(
        name="more_minutes_than_window", column="minutes",
        message="{count} with more minutes than lie between start and end: put aside",
        cure="correct the minutes, or start and end",
        test=pl.col("reported") & (minutes > SLACK_SHARE * SPAN + SLACK_MINUTES),
    )  # fmt: skip
    yield _Rule(
        name="no_work_named", column="material", message="{count} without material and work order: put aside",
        cure="name the work order", test=pl.col("material") == "",
    )  # fmt: skip
    yield _Rule(
        name="no_date", column="start",
        message="{count} without a date: counted, but they cannot show when a time changed",
        cure="nothing to do, or add the dates", test=start.is_null() & end.is_null(), aside=False,
    )  # fmt: skip
    yield _Rule(
        name="machine_overlap", column="machine",
        message="{count} on a machine that is busy with another: where only start and end are given, the common time "
        "is shared, else the minutes are as reported",
        cure="nothing to do, or correct start and end", aside=False,
    )  # fmt: skip
    yield _Rule(
        name="person_overlap", column="person",
        message="{count} overlapping with another of the same person: the machines' minutes are kept",
        cure="nothing to do: one person may tend several machines", aside=False,
    )  # fmt: skip
    yield _Rule(
        name="rework", column="rework", message="{count} of rework: they make the rework share, not the times",
        cure="nothing to do", test=pl.col("rework"), aside=False,
    )  # fmt: skip


_RULES = tuple(_rules())
