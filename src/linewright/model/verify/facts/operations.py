"""The operations of a plan as columns: what it states of each, and what the tables ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from linewright.model.verify.facts.choices import Alternatives, Asked, Choices
from linewright.model.verify.facts.columns import BLANK, BoolArray, Columns, FloatArray, IntArray
from linewright.model.verify.facts.jobs import Jobs
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import all_seconds
from linewright.model.verify.facts.routes import Routes

Crews = Sequence[tuple[str, ...]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Stated:
    """Every row of the plan's operations, also those that make no sense, with its place among what is known.

    `job`, `row` (of the routes), `slot` and `machine` are -1 where the plan names something that there is not.
    """

    rows: Columns
    job: IntArray
    row: IntArray
    slot: IntArray
    machine: IntArray
    timed: BoolArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Operations:
    """The operations with known job, step, machine and times, each once.

    Times are seconds since 1970 and durations whole seconds. What is `stated` stands in the plan; `choice` and `units`
    are what the tables ask for. `row` is the row of the routes. `by_slot` gives the operation of each slot of the jobs,
    -1 where the plan has none.
    """

    jobs: Jobs
    routes: Routes
    asked: Asked
    choice: Choices
    job: IntArray
    row: IntArray
    slot: IntArray
    machine: IntArray
    setup_start: IntArray
    start: IntArray
    end: IntArray
    stated_setup: IntArray
    stated_changeover: IntArray
    stated_run: IntArray
    stated_quantity: FloatArray
    units: FloatArray
    kwh: FloatArray
    load: list[str]
    people: Crews
    setup_people: Crews
    with_people: IntArray
    running: BoolArray
    by_slot: IntArray

    def __len__(self) -> int:
        """The number of operations."""
        return int(self.job.size)

    def name(self, operation: int) -> str:
        """An operation as people read it: ``job/step``."""
        return f"{self.jobs.names[self.job[operation]]}/{self.routes.step[self.row[operation]]}"

    def names(self, operations: IntArray) -> tuple[str, ...]:
        """The names of some operations."""
        return tuple(self.name(at) for at in operations.tolist())

    def whole(self, column: str) -> IntArray:
        """A column of the routes for each operation."""
        return self.routes.table.whole(column)[self.row]

    def real(self, column: str, blank: float = np.nan) -> FloatArray:
        """A column of the routes for each operation."""
        return self.routes.table.real(column, blank)[self.row]


def read_stated(rows: Columns, jobs: Jobs, routes: Routes, places: Places) -> Stated:
    """Find the job, the step and the machine of every row of a plan."""
    job = rows.places("job", jobs.position)
    step = rows.whole("step")
    route = np.append(jobs.route, -1)[job]
    row = np.where(step == BLANK, -1, routes.row(route, np.where(step == BLANK, 0, step)))
    return Stated(
        rows=rows,
        job=job,
        row=row,
        slot=jobs.slot(job, row),
        machine=rows.places("machine", places.position),
        timed=(rows.whole("start") != BLANK) & (rows.whole("end") != BLANK),
    )


def read_operations(stated: Stated, jobs: Jobs, routes: Routes, alternatives: Alternatives) -> Operations:
    """The rows that are operations of this plan's jobs, on a machine and with times; of two the first."""
    usable = np.flatnonzero((stated.slot >= 0) & (stated.machine >= 0) & stated.timed)
    _, first = np.unique(stated.slot[usable], return_index=True)
    chosen = usable[np.sort(first)]
    rows = stated.rows.rows(chosen)
    job, row, slot, machine = (part[chosen] for part in (stated.job, stated.row, stated.slot, stated.machine))
    setup_start, start = rows.whole("setup_start"), rows.whole("start")
    people, setup_people = _crews(rows.frame.get_column("people")), _crews(rows.frame.get_column("setup_people"))
    at_step = row == jobs.at_row[job]
    asked = Asked(
        job=job,
        row=row,
        machine=machine,
        units=np.maximum(0.0, jobs.quantity[job] / routes.good_share[row] - np.where(at_step, jobs.done[job], 0.0)),
        stated_run=all_seconds(rows.real("run_minutes", 0.0)),
        stated_setup=all_seconds(rows.real("setup_minutes", 0.0)),
        people=people,
    )
    by_slot = np.full(int(jobs.first_slot[-1]), -1, np.int64)
    by_slot[slot] = np.arange(slot.size)
    return Operations(
        jobs=jobs,
        routes=routes,
        asked=asked,
        choice=alternatives.choose(asked),
        job=job,
        row=row,
        slot=slot,
        machine=machine,
        setup_start=np.where(setup_start == BLANK, start, setup_start),
        start=start,
        end=rows.whole("end"),
        stated_setup=asked.stated_setup,
        stated_changeover=all_seconds(rows.real("changeover_minutes", 0.0)),
        stated_run=asked.stated_run,
        stated_quantity=rows.real("quantity", 0.0),
        units=asked.units,
        kwh=rows.real("kwh", 0.0),
        load=rows.text("load"),
        people=people,
        setup_people=setup_people,
        with_people=np.flatnonzero([bool(a or b) for a, b in zip(people, setup_people, strict=True)]),
        running=at_step & jobs.running[job],
        by_slot=by_slot,
    )


def _crews(column: pl.Series) -> Crews:
    if not column.explode().count():
        return [()] * len(column)
    return [tuple(people or ()) for people in column.to_list()]
