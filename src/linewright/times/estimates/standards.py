"""What the factory's own tables say that a step takes."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory

STEP = ("material", "step")


def standards_of(factory: Factory) -> pl.DataFrame:
    """One row for each step (machine "") and each of its alternative machines: run, fixed and setup minutes, batch."""
    steps = factory.operations.content.select(
        *STEP, "name", "skill", "run_minutes", "fixed_minutes", "setup_minutes", "batch_size", "yield_share",
        machine=pl.lit(""),
    )  # fmt: skip
    named = factory.operation_machines.content.select(
        *STEP, "machine", own_run="run_minutes", own_fixed="fixed_minutes", own_setup="setup_minutes"
    ).unique([*STEP, "machine"], maintain_order=True, keep="first")
    there = steps.drop("machine").join(named, on=STEP, maintain_order="left")
    there = there.with_columns(
        run_minutes=pl.coalesce("own_run", "run_minutes"),
        fixed_minutes=pl.coalesce("own_fixed", "fixed_minutes"),
        setup_minutes=pl.coalesce("own_setup", "setup_minutes"),
    ).select(steps.columns)
    return pl.concat([steps, there])


def per_unit(run: float, fixed: float, batch: float, quantity: float) -> float:
    """Minutes of a unit in a job of a quantity, as the planner counts them."""
    return (fixed + run * ceil(quantity / batch - 1e-9)) / quantity
