"""Results that more than one feature reads: frozen values that know where they came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.model.faults import Fault

if TYPE_CHECKING:
    from linewright.model.factory import Factory

INSTANT = pl.Datetime("us", "UTC")

#: One row for each operation of the plan. `operation` is ``job/step``; `start` is the start of the run.
#: `setup_start` to `end` is the time on the machine; minutes are working time, without pauses.
#: `waits_for` names the rule that kept it from starting earlier, `waits_for_operation` and `waits_for_name` what.
#: `load` is shared by operations that an oven treats together, empty elsewhere.
OPERATION_COLUMNS: Mapping[str, Any] = {
    "operation": pl.String, "job": pl.String, "material": pl.String, "step": pl.Int64, "name": pl.String,
    "machine": pl.String, "work_center": pl.String, "quantity": pl.Float64,
    "setup_start": INSTANT, "start": INSTANT, "end": INSTANT,
    "setup_minutes": pl.Float64, "changeover_minutes": pl.Float64, "run_minutes": pl.Float64,
    "people": pl.List(pl.String), "setup_people": pl.List(pl.String), "load": pl.String,
    "waits_for": pl.String, "waits_for_operation": pl.String, "waits_for_name": pl.String,
    "kwh": pl.Float64, "pinned": pl.Boolean,
}  # fmt: skip

#: One row for each job: a work order, or a new lot the plan proposes. `order` is the demand that it serves first.
JOB_COLUMNS: Mapping[str, Any] = {
    "job": pl.String, "work_order": pl.String, "order": pl.String, "material": pl.String, "quantity": pl.Float64,
    "release": INSTANT, "due": INSTANT, "finish": INSTANT,
}  # fmt: skip

#: One row for each thing with a date to keep: orders, and work orders with a due date of their own (`kind`).
#: `late_days` is 0 when it is in time; `finish` is null when it could not be planned, and `reason` then says why.
ORDER_COLUMNS: Mapping[str, Any] = {
    "order": pl.String, "kind": pl.String, "customer": pl.String, "material": pl.String, "quantity": pl.Float64,
    "due": INSTANT, "finish": INSTANT, "late_days": pl.Float64, "late_cost_per_day": pl.Float64,
    "late_cost": pl.Float64, "reason": pl.String,
}  # fmt: skip

#: One row for each supply given to a need. `consumer_kind` is order or job, `step` the consuming step of a job.
#: `supply_kind` is stock, work_order, job (new lot), purchase, planned_purchase or assumed;
#: `available` is its date (null for jobs, whose finish counts), `transit_days` the transport after that.
PEGGING_COLUMNS: Mapping[str, Any] = {
    "consumer_kind": pl.String, "consumer": pl.String, "step": pl.Int64, "material": pl.String,
    "quantity": pl.Float64, "supply_kind": pl.String, "supply": pl.String, "available": INSTANT,
    "transit_days": pl.Float64,
}  # fmt: skip

#: What can keep an operation from starting earlier.
CAUSES = (
    "nothing", "predecessor", "machine", "changeover", "person", "tool",
    "calendar", "material", "release", "pin", "policy",
)  # fmt: skip


#: Costs that differ by less than this, in any currency, are the same.
SMALLEST_COIN = 0.01


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each part of the total counts; 1 means its cost as it is, 0 leaves it out."""

    lateness: float = 1.0
    changeovers: float = 1.0
    overtime: float = 1.0
    early_stock: float = 1.0
    energy: float = 1.0
    instability: float = 1.0
    preference: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What made a result: the verb, code version, seed, options, and the hash of every table that it read."""

    made_by: str
    code_version: str
    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A proven limit: no plan of these rows can have an objective below `value`.

    `kind` names the argument (job, load, exact, none), `meaning` says it in plain words. `parts` are the least that
    parts of the total can be, each counted with its weight (hours for tardiness); `late` is the least lateness of each
    order that is late even if nothing else was made, in the same unit.
    """

    value: float
    kind: str
    meaning: str
    parts: Mapping[str, float] = field(default_factory=dict)
    late: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """A wish that could not be held, such as a pin, with the reason."""

    rule: str
    row: str
    reason: str


#: Who draws a plan: "html" for notebooks and "svg" for figures. A door fills it in, so that results know no screens.
DRAWERS: dict[str, Callable[[Plan], str]] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A verified production plan.

    `objective` is what was minimised: ``cost`` (currency), ``makespan`` or ``tardiness`` (hours); `value` is the
    plan's figure and `bound` what is proven about it. `costs` holds the unweighted parts of the total in currency.
    The frames have the columns declared in this module.
    """

    factory_name: str
    currency: str
    timezone: str
    start: datetime
    objective: str
    value: float
    costs: Mapping[str, float]
    weights: Weights
    bound: Bound
    operations: pl.DataFrame
    jobs: pl.DataFrame
    orders: pl.DataFrame
    pegging: pl.DataFrame
    relaxed: tuple[Relaxed, ...]
    faults: tuple[Fault, ...]
    assumptions: tuple[str, ...]
    origin: Origin
    verified: bool = False

    @property
    def gap(self) -> float | None:
        """How far the plan may be above the best possible one, as a share of its value; None when nothing is known."""
        if self.value <= 0 or (self.objective == "cost" and 0 <= self.value - self.bound.value < SMALLEST_COIN):
            return 0.0
        return (self.value - self.bound.value) / self.value if self.bound.kind != "none" else None

    @property
    def proven(self) -> bool:
        """Whether no better plan exists."""
        gap = self.gap
        return gap is not None and gap <= 1e-9

    @property
    def late_orders(self) -> pl.DataFrame:
        """The orders that finish after they are due, worst cost first."""
        late = self.orders.filter(pl.col("late_days") > 0)
        return late.sort(["late_cost", "late_days", "order"], descending=[True, True, False])

    @property
    def end(self) -> datetime:
        """When the last operation ends."""
        last = self.operations.get_column("end").max()
        return last if isinstance(last, datetime) else self.start

    @property
    def makespan_hours(self) -> float:
        """Hours from the plan's start to its last operation's end."""
        return (self.end - self.start).total_seconds() / 3600

    def stale_because(self, factory: Factory) -> list[str]:
        """The tables that the plan read and that have changed since; empty when the plan still holds."""
        return [name for name, seen in self.origin.reads.items() if factory.table(name).hash != seen]

    def gantt(self) -> str:
        """The plan as an SVG figure.

        Raises
        ------
        LookupError
            Nothing that can draw is installed.
        """
        if "svg" not in DRAWERS:
            raise LookupError("nothing that draws plans is installed")
        return DRAWERS["svg"](self)

    def _repr_html_(self) -> str | None:
        """The plan in a notebook: a sentence, its figure and its late orders."""
        return DRAWERS["html"](self) if "html" in DRAWERS else None

    def __repr__(self) -> str:
        """The plan in one line."""
        late = self.late_orders
        worst = f" (worst {_duration(float(late.get_column('late_days').max()))})" if late.height else ""  # type: ignore[arg-type]
        machines = self.operations.get_column("machine").n_unique()
        gap = self.gap
        quality = "proven optimal" if self.proven else "gap unknown" if gap is None else f"gap {100 * gap:.1f} %"
        checked = "verified" if self.verified else "not verified"
        return (
            f"Plan of {self.factory_name}: {self.operations.height:,} operations on {machines} machines, "
            f"{late.height} {'order' if late.height == 1 else 'orders'} late{worst}, {quality}, {checked}, "
            f"seed {self.origin.seed}"
        )


def _duration(days: float) -> str:
    hours = 24 * days
    return f"{days:.1f} days" if hours >= 48 else f"{hours:.1f} h"
