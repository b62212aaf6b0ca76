"""The jobs of a plan, and what the tables say that each must do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from linewright.model.tables import Operation, WorkOrder
from linewright.model.verify.facts.rounding import instant
from linewright.model.verify.facts.routes import Route


@dataclass(frozen=True, eq=False)
class Job:
    """A work order or a new lot, with the route that it follows.

    `release` is the job's own, `order_release` that of the order that a work order is for.
    """

    name: str
    material: str
    quantity: float
    route: Route
    work_order: WorkOrder | None
    release: int | None
    order_release: int | None

    @cached_property
    def open_steps(self) -> tuple[int, ...]:
        """The steps that the plan must show."""
        done_before = self.work_order.step if self.work_order and self.work_order.step is not None else None
        return tuple(number for number in self.route.steps if done_before is None or number >= done_before)

    @cached_property
    def step_at(self) -> int | None:
        """The step that a work order's machine, progress and pin are about."""
        if self.work_order is None:
            return None
        return self.route.first if self.work_order.step is None else self.work_order.step

    @property
    def running_step(self) -> int | None:
        """The step that is running now, if one is."""
        return self.step_at if self.work_order and self.work_order.started is not None else None

    def start_quantity(self, step: int | None) -> float:
        """Units that a step must start with, so that the yields to come leave the quantity; all without steps."""
        return self.quantity if step is None else self.quantity / self.route.good_share[step]

    def units(self, step: int) -> float:
        """Units that are still to do at a step."""
        done = self.work_order.done_quantity if self.work_order and step == self.step_at else 0.0
        return max(0.0, self.start_quantity(step) - done)

    def bound_machine(self, step: int) -> str:
        """The machine that the work order binds a step to; blank when none."""
        return self.work_order.machine if self.work_order and step == self.step_at else ""

    def waits_for(self, operation: Operation) -> tuple[int, ...]:
        """The open steps that a step waits for."""
        return tuple(number for number in self.route.before[operation.step] if number in self.open_steps)

    @property
    def last_steps(self) -> tuple[int, ...]:
        """The open steps that no other open step waits for."""
        return self.route.last(self.open_steps)


def rows_of(frame: pl.DataFrame) -> Iterable[dict[str, Any]]:
    """The rows of a plan's frame: instants as whole seconds since 1970, blank text as "", blank amounts as 0."""
    instants = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    return frame.with_columns(
        pl.col(instants).dt.timestamp("us") // 1_000_000,
        pl.col(pl.String).fill_null(""),
        pl.col(pl.Float64).fill_null(0.0),
    ).iter_rows(named=True)


def optional_instant(moment: Any) -> int | None:
    """An instant of a record as seconds since 1970, None when it is blank."""
    return None if moment is None else instant(moment)
