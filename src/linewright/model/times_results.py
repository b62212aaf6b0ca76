"""What was learned about times: a frozen value that other features and the doors read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from linewright.model.faults import Fault
from linewright.model.results import INSTANT, Origin

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: One row for each step of a material with reports, and, where it was done on several machines, one more for each
#: (`machine`; blank is all of them). `row` names it. Minutes are for each unit of a job of the usual `quantity`:
#: `standard_minutes` as typed in, `run_minutes` the learned mean, 80 % of jobs lie from `p10` to `p90`; `growth` is the
#: exponent with which minutes of a job grow with its quantity. Setup minutes are for each job; `setup_share` of jobs
#: have one, and `setup_minutes` is the mean over all jobs. `jobs` and `reports` were learned from; with `enough`
#: false they are too few to judge the standard. `run_variation` and `setup_variation` are coefficients of variation
#: from job to job, `time_error` the standard error of the mean as a share. `rework_share` is the chance p that a run
#: must be done again, after each run, so that rework is p / (1 - p) of first-time work (at most 0.99). `since` is when
#: the time began to differ from the standard (null: it does not, or not surely). `hours_per_month` is machine time that
#: the standard leaves out (negative: has too much), `cost_per_month` its cost. `coverage` is the share of later jobs
#: that ranges learned earlier caught at the work center.
TIMES_COLUMNS: Mapping[str, Any] = {
    "row": pl.String, "material": pl.String, "step": pl.Int64, "name": pl.String, "work_center": pl.String,
    "machine": pl.String, "quantity": pl.Float64, "jobs": pl.Int64, "reports": pl.Int64, "enough": pl.Boolean,
    "standard_minutes": pl.Float64, "run_minutes": pl.Float64, "p10": pl.Float64, "p50": pl.Float64, "p90": pl.Float64,
    "growth": pl.Float64, "run_variation": pl.Float64, "time_error": pl.Float64,
    "standard_setup_minutes": pl.Float64, "setup_minutes": pl.Float64, "setup_p10": pl.Float64,
    "setup_p50": pl.Float64, "setup_p90": pl.Float64, "setup_share": pl.Float64, "setup_variation": pl.Float64,
    "yield_share": pl.Float64, "rework_share": pl.Float64,
    "differs": pl.Boolean, "since": INSTANT, "hours_per_month": pl.Float64, "cost_per_month": pl.Float64,
    "coverage": pl.Float64, "method": pl.String,
}  # fmt: skip

#: One row for each work center, and for each step with enough jobs: hours that a job lies there before it is begun.
QUEUE_COLUMNS: Mapping[str, Any] = {
    "work_center": pl.String, "material": pl.String, "step": pl.Int64, "jobs": pl.Int64, "mean_hours": pl.Float64,
    "p10_hours": pl.Float64, "p50_hours": pl.Float64, "p90_hours": pl.Float64,
}  # fmt: skip

#: One row for each learning curve that shows (Wright 1936): minutes of a unit fall as (units made so far)^exponent,
#: with 95 % confidence between `low` and `high`; `learning_rate` is what is left of them when the units have doubled.
CURVE_COLUMNS: Mapping[str, Any] = {
    "material": pl.String, "step": pl.Int64, "name": pl.String, "jobs": pl.Int64, "units": pl.Float64,
    "exponent": pl.Float64, "low": pl.Float64, "high": pl.Float64, "learning_rate": pl.Float64,
}  # fmt: skip

#: One row for each skill and level with at least three people: how long they take, as a multiple of the usual time,
#: with 95 % confidence between `low` and `high`. Nobody is named.
LEVEL_COLUMNS: Mapping[str, Any] = {
    "skill": pl.String, "level": pl.Int64, "people": pl.Int64, "factor": pl.Float64, "low": pl.Float64,
    "high": pl.Float64,
}  # fmt: skip

#: One row for each kind of work that one person did, shown to that person only: her time as a multiple of what the
#: same work usually takes.
OWN_COLUMNS: Mapping[str, Any] = {
    "work": pl.String, "reports": pl.Int64, "minutes": pl.Float64, "factor": pl.Float64, "low": pl.Float64,
    "high": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TimeRange:
    """How long something takes, in minutes: the mean, and the percentiles between which 80 % lie.

    `jobs` were learned from; `sure` is whether they are enough, else it is a guess from similar work.
    """

    material: str
    step: int
    machine: str
    quantity: float
    mean: float
    p10: float
    p50: float
    p90: float
    jobs: int
    sure: bool


@dataclass(frozen=True, kw_only=True)
class TimeAlarm:
    """A time that differs from its standard, in words; minutes are for each unit."""

    row: str
    material: str
    step: int
    low: float
    high: float
    standard: float
    sentence: str


class Clockwork(Protocol):
    """The learned model behind the table."""

    @property
    def routing(self) -> Mapping[str, pl.DataFrame]:
        """The tables that learned times are taken over into, as they were: operations, operation_machines, machines."""

    def predict(
        self, material: str, step: int, machine: str | None, quantity: float | None, factor: float, per: str
    ) -> TimeRange:
        """How long a piece of work takes."""

    def usual_machine(self, material: str, step: int) -> str:
        """Where a step is mostly done; times of the step in all are those there."""

    def quantiles(self, rows: pl.DataFrame, quantile: str | float) -> pl.DataFrame:
        """Minutes of some rows of the table at a quantile: `run`, `setup`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Times:
    """What the floor's reports say about times, with ranges that hold.

    The frames have the columns declared in this module. `faults` says what was put aside or doubtful in the reports,
    with their rows. `model` predicts.
    """

    factory_name: str
    currency: str
    timezone: str
    frame: pl.DataFrame
    queues: pl.DataFrame
    curves: pl.DataFrame
    levels: pl.DataFrame
    alarms: tuple[TimeAlarm, ...]
    faults: tuple[Fault, ...]
    assumptions: tuple[str, ...]
    model: Clockwork
    origin: Origin

    def predict(
        self, material: str, step: int, machine: str | None = None, *, quantity: float | None = None,
        person_level: int | None = None, per: str = "job",
    ) -> TimeRange:  # fmt: skip
        """How long the run of a step takes, without its setup.

        Parameters
        ----------
        machine
            Where; the one where the step is mostly done if not given.
        quantity
            Units; those of a usual job if not given.
        person_level
            Level of skill of whoever does it, where levels are known.
        per
            ``job``: all run minutes of a job of this quantity at the step. ``report``: one stretch of work that makes
            this quantity, as reported on the floor.

        Raises
        ------
        ModelError
            The factory has no such step, or the quantity is not above zero.
        """
        factor = 1.0
        if person_level is not None:
            known = self.levels.filter(pl.col("level") == person_level)
            factor = float(known["factor"].mean()) if known.height else 1.0  # type: ignore[arg-type]
        return self.model.predict(material, step, machine, quantity, factor, per)

    @property
    def differences(self) -> pl.DataFrame:
        """The rows that differ surely from their standard, the most harmful first."""
        harm = [pl.col(name).abs() for name in ("cost_per_month", "hours_per_month")]
        return self.frame.filter(pl.col("differs") & (pl.col("machine") == "")).sort(
            *harm, "row", descending=[True, True, False]
        )

    @property
    def too_few(self) -> pl.DataFrame:
        """The rows with too few jobs to judge."""
        return self.frame.filter(~pl.col("enough") & (pl.col("machine") == ""))

    def stale_because(self, factory: Factory) -> list[str]:
        """The tables that were read and have changed since; empty when the times still hold."""
        return [name for name, seen in self.origin.reads.items() if factory.table(name).hash != seen]

    def __repr__(self) -> str:
        """The times in one line."""
        steps = self.frame.filter(pl.col("machine") == "")
        return (
            f"Times of {self.factory_name}: {steps.height:,} steps from {steps['jobs'].sum():,} jobs, "
            f"{self.differences.height:,} differ from their standard, {self.too_few.height:,} with too few jobs to say"
        )
