"""Checks of work in progress: a job that runs now is on a machine that may do it, and has its place there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.model.checks.rows import positions_of
from linewright.model.factory import Factory
from linewright.model.findings import Finding, Positions

STEP = ["material", "step"]
#: How many machines a message names.
NAMED = 5


def machine_not_eligible(factory: Factory) -> Iterator[Finding]:
    """The machine of a work order is one of those that may do the step it is at; another one does not count."""
    steps = _current_steps(factory)
    ways = _ways(factory, steps)
    named = ways.group_by(STEP, maintain_order=True).agg("machine").rename({"machine": "ways"})
    rows = steps.filter(pl.col("machine") != "").join(ways, on=[*STEP, "machine"], how="anti", maintain_order="left")
    # A step that no machine may do is told of at the step itself.
    rows = rows.join(named, on=STEP, how="inner", maintain_order="left").sort("position")
    if rows.height:
        told = rows.select("material", "step", "ways").iter_rows()
        yield Finding(
            table="work_orders",
            rule="machine_not_eligible",
            level="warning",
            column="machine",
            positions=positions_of(rows),
            values=rows.get_column("machine").to_list(),
            messages=[
                f"{{value}} may not do step {step} of {material}, only {_some(machines)}: it counts as blank"
                for material, step, machines in told
            ],
            expected="a machine that may do the step, with places enough for it",
            cures=["correct the machine or the step, or add the machine to operation_machines"],
            blanks=True,
        )


def running_twice(factory: Factory) -> Iterator[Finding]:
    """What runs on a machine now has places there, and is of one family in a load; what started last goes on."""
    rows = _running(factory).join(
        factory.machines.frame.select(place="machine", capacity="capacity", batch="batch"), on="place"
    )
    rows = rows.sort("place", "started", "position", descending=[False, True, False])
    positions, messages = [], []
    for (machine,), group in rows.group_by("place", maintain_order=True):
        for position, words in _without_place(group):
            positions.append(position)
            messages.append(f"{machine} {words}: this one counts as waiting")
    if positions:
        order = np.argsort(positions, kind="stable")
        chosen = np.array(positions, dtype=np.int64)[order]
        yield Finding(
            table="work_orders",
            rule="running_twice",
            level="warning",
            column="started",
            positions=chosen,
            values=_local_starts(factory, chosen),
            messages=[messages[at] for at in order],
            expected="no more running jobs than the machine has places for",
            cures=["close the job that is done, or clear started"],
            blanks=True,
        )


def running_without_machine(factory: Factory) -> Iterator[Finding]:
    """Where several machines may do a step that is running, only the work order can say which one does."""
    rows = _running(factory).filter(pl.col("machine") == "", pl.col("place").is_null()).sort("position")
    if rows.height:
        yield Finding(
            table="work_orders",
            rule="running_without_machine",
            level="note",
            column="machine",
            positions=positions_of(rows),
            together=True,
            messages=[
                f"{rows.height:,} running jobs name no machine: each goes on at one of those that may do its step"
            ],
            cures=["fill in the machine that each is on"],
        )


def _current_steps(factory: Factory) -> pl.DataFrame:
    """The open work orders that name a machine or run, by position, each with the step that it is at."""
    rows = factory.work_orders.frame.with_row_index("position")
    rows = rows.filter(pl.col("status") == "open", (pl.col("machine") != "") | pl.col("started").is_not_null())
    first = factory.operations.frame.group_by("material").agg(first=pl.col("step").min())
    rows = rows.join(first, on="material", how="left").with_columns(step=pl.coalesce("step", "first"))
    routing = factory.operations.frame.select(*STEP, "load", own="machine", center="work_center", family="setup_family")
    return rows.select("position", *STEP, "work_order", "machine", "started").join(
        routing, on=STEP, how="inner", maintain_order="left"
    )


def _ways(factory: Factory, rows: pl.DataFrame) -> pl.DataFrame:
    """The machines that may do each step and have places enough: material, step, machine."""
    steps = rows.select(*STEP, "own", "center", "load").unique(maintain_order=True)
    machines = factory.machines.frame.select("machine", "work_center", "capacity")
    listed = factory.operation_machines.frame.select(*STEP, "machine").unique(maintain_order=True)
    free = steps.join(listed, on=STEP, how="anti", maintain_order="left")
    loose = free.filter(pl.col("own") == "")
    parts = [
        steps.join(listed, on=STEP, maintain_order="left"),
        free.filter(pl.col("own") != "").with_columns(machine="own"),
        loose.filter(pl.col("center") != "").join(
            machines, left_on="center", right_on="work_center", maintain_order="left_right"
        ),
        loose.filter(pl.col("center") == "").join(machines, how="cross"),
    ]
    ways = pl.concat([part.select(*STEP, "machine", "load") for part in parts])
    ways = ways.join(machines, on="machine", maintain_order="left").filter(pl.col("load") <= pl.col("capacity"))
    return ways.select(*STEP, "machine")


def _running(factory: Factory) -> pl.DataFrame:
    """The work orders that run now; `place` is the machine each is on, where that is certain."""
    steps = _current_steps(factory).filter(pl.col("started").is_not_null())
    ways = _ways(factory, steps)
    only = ways.group_by(STEP).agg(ways=pl.len(), only=pl.col("machine").first()).filter(pl.col("ways") == 1)
    named = ways.with_columns(named=pl.col("machine"))
    rows = steps.join(named, on=[*STEP, "machine"], how="left", maintain_order="left")
    return rows.join(only, on=STEP, how="left", maintain_order="left").with_columns(place=pl.coalesce("named", "only"))


def _without_place(group: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """The rows of one machine, latest start first, for which the rows before leave no place; each with the reason."""
    kept: list[str] = []
    taken, running_family = 0, ""
    for row in group.iter_rows(named=True):
        mixed = bool(kept) and row["batch"] and row["family"] != running_family
        if mixed:
            yield (
                row["position"],
                f"runs {_some(kept)} of {_family(running_family)}, and it is of {_family(row['family'])}",
            )
        elif taken + row["load"] > row["capacity"]:
            places = "1 place" if row["capacity"] == 1 else f"{row['capacity']} places"
            yield row["position"], f"has {places} and runs {_some(kept)} too, which began no earlier"
        else:
            kept.append(row["work_order"])
            taken += row["load"]
            running_family = row["family"]


def _local_starts(factory: Factory, positions: Positions) -> list[str]:
    starts = factory.work_orders.frame.get_column("started").gather(positions)
    return starts.dt.convert_time_zone(factory.timezone.key).dt.to_string("%Y-%m-%d %H:%M").to_list()


def _family(name: str) -> str:
    return f"family {name}" if name else "no family"


def _some(names: list[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
