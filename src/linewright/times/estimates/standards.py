"""What the factory's own tables say that a step takes, as the planner counts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory


@dataclass(frozen=True)
class Typed:
    """Minutes as typed in: for a unit (or batch), fixed, and of setup; of an alternative None where it has no own."""

    run: float | None
    fixed: float | None
    setup: float | None


@dataclass(frozen=True)
class Step:
    """A step as typed in; `speed` is that of its machine, or the usual one of its work center."""

    run: float
    fixed: float
    setup: float
    batch: float
    speed: float


@dataclass(frozen=True)
class Standards:
    """The times of all steps, those of their alternative machines, and the machines' speeds."""

    steps: Mapping[tuple[str, int], Step]
    own: Mapping[tuple[str, int, str], Typed]
    speeds: Mapping[str, float]

    def parts(self, material: str, step: int, machine: str) -> tuple[float, float]:
        """Minutes for a unit (or batch) and fixed ones on a machine: its own numbers, else the step's by its speed.

        A blank or unknown machine is one of the step's usual speed.
        """
        typed, own = self.steps[material, step], self.own.get((material, step, machine))
        speed = self.speeds.get(machine, typed.speed)
        run = typed.run / speed if own is None or own.run is None else own.run
        fixed = typed.fixed / speed if own is None or own.fixed is None else own.fixed
        return run, fixed

    def minutes(self, material: str, step: int, machine: str, quantity: float) -> float:
        """Planned run minutes of a job, by the rule `duration` of the page on what a plan must obey."""
        run, fixed = self.parts(material, step, machine)
        return fixed + run * ceil(quantity / self.steps[material, step].batch - 1e-9)

    def setup(self, material: str, step: int, machine: str) -> float:
        """Planned setup minutes of a job, without changeovers."""
        own = self.own.get((material, step, machine))
        return self.steps[material, step].setup if own is None or own.setup is None else own.setup


def standards_of(factory: Factory) -> Standards:
    """The times as typed in; of several rows for one machine that without a person, else the first, counts."""
    return standards_in(
        factory.operations.content,
        factory.operation_machines.content.sort(pl.col("person") != "", maintain_order=True),
        factory.machines.content,
    )


def standards_in(operations: pl.DataFrame, alternatives: pl.DataFrame, machines: pl.DataFrame) -> Standards:
    """The times in these tables; of several rows for one machine the first counts."""
    speeds: dict[str, float] = dict(machines.select("machine", "speed").rows())
    usual: dict[str, float] = dict(machines.group_by("work_center").agg(pl.col("speed").median()).rows())
    times = ("run_minutes", "fixed_minutes", "setup_minutes")
    own: dict[tuple[str, int, str], Typed] = {}
    for material, step, machine, *typed in alternatives.select("material", "step", "machine", *times).rows():
        own.setdefault((material, step, machine), Typed(*typed))
    columns = ("material", "step", "machine", "work_center", *times, "batch_size")
    steps = {
        (material, step): Step(run, fixed, setup, batch, speeds.get(machine, usual.get(center, 1.0) if center else 1.0))
        for material, step, machine, center, run, fixed, setup, batch in operations.select(columns).rows()
    }
    return Standards(steps, own, speeds)
