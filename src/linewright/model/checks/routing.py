"""Checks of the steps: each needs machines with enough places, tools, and waits that can be kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.model.checks.rows import positions_of, texts, where
from linewright.model.factory import Factory
from linewright.model.findings import Finding, Positions

STEP = ["material", "step"]


def no_machine(factory: Factory) -> Iterator[Finding]:
    """Each step needs a machine that may do it."""
    if not len(factory.operations):
        return
    if not len(factory.machines):
        everything = np.arange(len(factory.operations), dtype=np.int64)
        yield _no_machine(everything, "", "there are no machines at all", "add rows to machines")
        return
    rows = factory.operations.frame.with_row_index("position")
    rows = rows.filter(pl.col("machine") == "", pl.col("work_center") != "")
    rows = rows.join(factory.operation_machines.frame, on=STEP, how="anti", maintain_order="left")
    rows = rows.join(factory.machines.frame, on="work_center", how="anti", maintain_order="left")
    for (center,), group in rows.group_by("work_center", maintain_order=True):
        positions = positions_of(group)
        yield _no_machine(positions, str(center), "no machine belongs to {value}", f"add one of {center} to machines")


def load_too_large(factory: Factory) -> Iterator[Finding]:
    """A step must fit into at least one of its machines."""
    largest = _places(factory)
    rows = factory.operations.frame.join(largest, on=STEP, how="left", maintain_order="left")
    positions = where(rows, pl.col("load") > pl.col("places"))
    if len(positions):
        places = rows.get_column("places").gather(positions).to_list()
        yield Finding(
            table="operations",
            rule="load_too_large",
            column="load",
            positions=positions,
            values=texts(factory.operations, positions, "load"),
            messages=[f"takes {{value}} places, but its largest machine has {most}" for most in places],
            expected="at most the capacity of one of its machines",
            cures=["lower the load, or raise the capacity of a machine"],
        )


def min_load_too_large(factory: Factory) -> Iterator[Finding]:
    """A machine that may start only with more than it holds would never start."""
    positions = where(factory.machines, pl.col("min_load") > pl.col("capacity"))
    if len(positions):
        yield Finding(
            table="machines",
            rule="min_load_too_large",
            column="min_load",
            positions=positions,
            values=texts(factory.machines, positions, "min_load"),
            messages=["a load needs at least {value} places, which is more than the machine has"],
            expected="at most its capacity",
            cures=["lower min_load, or raise the capacity"],
        )


def tool_too_few(factory: Factory) -> Iterator[Finding]:
    """A step cannot hold more of a tool than there are."""
    rows = factory.operation_tools.frame.join(
        factory.tools.frame.select("tool", owned="quantity"), on="tool", how="left", maintain_order="left"
    )
    positions = where(rows, pl.col("quantity") > pl.col("owned"))
    if len(positions):
        owned = rows.get_column("owned").gather(positions).to_list()
        names = texts(factory.operation_tools, positions, "tool")
        yield Finding(
            table="operation_tools",
            rule="tool_too_few",
            column="quantity",
            positions=positions,
            values=texts(factory.operation_tools, positions, "quantity"),
            messages=[
                f"needs {{value}} of {name}, but there are {count}" for name, count in zip(names, owned, strict=True)
            ],
            expected="at most the number in tools",
            cures=["correct the quantity here or in tools"],
        )


def waits_crossed(factory: Factory) -> Iterator[Finding]:
    """The least wait after a step cannot be more than the most."""
    positions = where(factory.operations, pl.col("min_wait_minutes") > pl.col("max_wait_minutes"))
    if len(positions):
        yield Finding(
            table="operations",
            rule="waits_crossed",
            column="max_wait_minutes",
            positions=positions,
            values=texts(factory.operations, positions, "max_wait_minutes"),
            messages=["the most wait of {value} minutes is less than the least wait"],
            expected="at least min_wait_minutes",
            cures=["correct one of the two"],
        )


def no_time(factory: Factory) -> Iterator[Finding]:
    """Steps without any time are told of together."""
    timed = factory.operation_machines.frame.filter(
        pl.sum_horizontal(pl.col("run_minutes", "fixed_minutes", "setup_minutes").fill_null(0.0)) > 0
    )
    rows = factory.operations.frame.with_row_index("position").join(timed, on=STEP, how="anti", maintain_order="left")
    rows = rows.filter(pl.sum_horizontal("run_minutes", "fixed_minutes", "setup_minutes") == 0)
    positions = positions_of(rows)
    if len(positions):
        yield Finding(
            table="operations",
            rule="no_time",
            level="note",
            column="run_minutes",
            positions=positions,
            together=True,
            messages=[f"{len(positions):,} steps have neither run, fixed nor setup minutes: they take no time"],
            expected="minutes of work",
            cures=["fill in the times, if these steps take any"],
        )


def _no_machine(positions: Positions, value: str, message: str, cure: str) -> Finding:
    count = f"{len(positions):,} steps have" if len(positions) > 1 else "the step has"
    return Finding(
        table="operations",
        rule="no_machine",
        column="work_center",
        positions=positions,
        values=[value],
        together=True,
        messages=[f"{message}, so that {count} no machine"],
        expected="a machine, a work center with machines, or rows in operation_machines",
        cures=[cure],
    )


def _places(factory: Factory) -> pl.DataFrame:
    """The most places that a machine of each step has."""
    machines = factory.machines.frame.select("machine", "work_center", "capacity")
    steps = factory.operations.frame.select(*STEP, "machine", "work_center")
    listed = factory.operation_machines.frame.select(*STEP, "machine").join(machines.drop("work_center"), on="machine")
    free = steps.join(listed, on=STEP, how="anti")
    own = free.filter(pl.col("machine") != "").join(machines.drop("work_center"), on="machine")
    grouped = free.filter(pl.col("machine") == "", pl.col("work_center") != "").drop("machine")
    grouped = grouped.join(machines.group_by("work_center").agg(pl.col("capacity").max()), on="work_center")
    most = machines.get_column("capacity").max()
    anywhere = free.filter(pl.col("machine") == "", pl.col("work_center") == "").with_columns(
        capacity=pl.lit(most, pl.Int64)
    )
    parts = [part.select(*STEP, "capacity") for part in (listed, own, grouped, anywhere)]
    return pl.concat(parts).group_by(STEP).agg(places=pl.col("capacity").max())
