"""Checks of orders and work orders."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from linewright.model.checks.rows import texts, where
from linewright.model.factory import Factory
from linewright.model.findings import Finding

OPEN = pl.col("status") == "open"


def due_before_release(factory: Factory) -> Iterator[Finding]:
    """What may start only after it is due is late whatever the plan."""
    for table in ("orders", "work_orders"):
        positions = where(factory.table(table), OPEN & (pl.col("due") <= pl.col("release")))
        if len(positions):
            yield Finding(
                table=table,
                rule="due_before_release",
                level="warning",
                column="release",
                positions=positions,
                messages=["it is due before work on it may start, so that it must be late"],
                expected="a release before it is due",
                cures=["correct the release or the due date"],
            )


def order_without_due(factory: Factory) -> Iterator[Finding]:
    """Orders without a due date cannot be late; they are told of together."""
    positions = where(factory.orders, OPEN & pl.col("due").is_null())
    if len(positions):
        yield Finding(
            table="orders",
            rule="order_without_due",
            level="note",
            column="due",
            positions=positions,
            together=True,
            messages=[f"{len(positions):,} open orders have no due date: they can wait for all others"],
            cures=["fill in when they are wanted"],
        )


def overdue(factory: Factory) -> Iterator[Finding]:
    """Orders that were due before the plan starts are late already; they are told of together."""
    start = pl.lit(factory.settings.start, pl.Datetime("us", "UTC"))
    positions = where(factory.orders, OPEN & (pl.col("due") < start))
    if len(positions):
        yield Finding(
            table="orders",
            rule="overdue",
            level="note",
            column="due",
            positions=positions,
            together=True,
            messages=[f"{len(positions):,} open orders were due before the plan starts"],
            cures=["close those that are delivered, or agree on new dates"],
        )


def done_too_much(factory: Factory) -> Iterator[Finding]:
    """A work order cannot have made more than it is for."""
    positions = where(factory.work_orders, OPEN & (pl.col("done_quantity") > pl.col("quantity")))
    if len(positions):
        wanted = texts(factory.work_orders, positions, "quantity")
        yield Finding(
            table="work_orders",
            rule="done_too_much",
            level="warning",
            column="done_quantity",
            positions=positions,
            values=texts(factory.work_orders, positions, "done_quantity"),
            messages=[f"{{value}} units are done of {quantity}: the step counts as finished" for quantity in wanted],
            expected="at most the quantity",
            cures=["correct done_quantity, or move the work order to the next step"],
        )


def pin_without_start(factory: Factory) -> Iterator[Finding]:
    """A pin needs a time."""
    positions = where(factory.work_orders, OPEN & pl.col("pinned") & pl.col("pinned_start").is_null())
    if len(positions):
        yield Finding(
            table="work_orders",
            rule="pin_without_start",
            level="warning",
            column="pinned_start",
            positions=positions,
            messages=["it is pinned, but nothing says when: the pin does not count"],
            expected="a date and time",
            cures=["fill in pinned_start, or set pinned to no"],
        )
