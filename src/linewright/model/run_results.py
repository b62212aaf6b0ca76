"""What a plan looks like after a thousand runs: odds, ranges, and why machines were not making anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.model.results import INSTANT, Origin

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: Every table of a run says how many replications it rests on, with which seed, and how its intervals were made.
NOTE: Mapping[str, Any] = {"n": pl.Int64, "method": pl.String, "seed": pl.UInt64}

#: One row for each thing with a date to keep: `planned` is the plan's finish, `on_time` the share of runs in which it
#: is in time, between `low` and `high` with 95 % confidence (Wilson); `p50`, `p80`, `p95` are finishes that so many
#: runs keep; `late_days` and `late_cost` are means over all runs.
RUN_ORDER_COLUMNS: Mapping[str, Any] = {
    "order": pl.String, "kind": pl.String, "customer": pl.String, "material": pl.String, "quantity": pl.Float64,
    "due": INSTANT, "planned": INSTANT, "on_time": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "p50": INSTANT, "p80": INSTANT, "p95": INSTANT,
    "late_days": pl.Float64, "late_cost": pl.Float64, **NOTE,
}  # fmt: skip

#: One row for each operation: the plan's times, and the 10th, 50th and 90th percentile of start and end.
RUN_OPERATION_COLUMNS: Mapping[str, Any] = {
    "operation": pl.String, "job": pl.String, "machine": pl.String, "planned_start": INSTANT, "planned_end": INSTANT,
    "start_p10": INSTANT, "start_p50": INSTANT, "start_p90": INSTANT,
    "end_p10": INSTANT, "end_p50": INSTANT, "end_p90": INSTANT, **NOTE,
}  # fmt: skip

#: One row for each machine and figure: a share of its working time, hours or kWh (`unit`), with the mean over the runs
#: and its 95 % interval. Figures are the states (run, setup, down, blocked, waiting, standby, off, start_up), and the
#: losses of OEE (availability, performance, quality, oee) by ISO 22400-2.
RUN_MACHINE_COLUMNS: Mapping[str, Any] = {
    "machine": pl.String, "work_center": pl.String, "figure": pl.String, "unit": pl.String,
    "mean": pl.Float64, "low": pl.Float64, "high": pl.Float64, **NOTE,
}  # fmt: skip

#: One row for each figure of the whole run: on-time share, late cost, makespan, throughput, WIP, lead time, energy,
#: carbon; `chance` and `error` are the standard deviations that chance and unsure mean times bring.
RUN_TOTAL_COLUMNS: Mapping[str, Any] = {
    "figure": pl.String, "unit": pl.String, "mean": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "p5": pl.Float64, "p95": pl.Float64, "chance": pl.Float64, "error": pl.Float64, **NOTE,
}  # fmt: skip

#: One row for each cause: hours that it added to the last finishes on average, and the orders that it made late.
RUN_CAUSE_COLUMNS: Mapping[str, Any] = {
    "cause": pl.String, "name": pl.String, "hours": pl.Float64, "events": pl.Float64, **NOTE,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """A plan that was run many times.

    `mode` says how the floor followed the plan: strict, skip, repair or replan. `worst` are numbers of replications,
    the costliest first; each can be opened as a plan. The frames have the columns declared in this module.
    """

    factory_name: str
    currency: str
    timezone: str
    start: datetime
    mode: str
    replications: int
    orders: pl.DataFrame
    operations: pl.DataFrame
    machines: pl.DataFrame
    totals: pl.DataFrame
    causes: pl.DataFrame
    worst: tuple[int, ...]
    assumptions: tuple[str, ...]
    origin: Origin
    stopped: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)

    def total(self, figure: str) -> Mapping[str, Any]:
        """One figure of the whole run, as a row of `totals`.

        Raises
        ------
        KeyError
            There is no such figure.
        """
        rows = self.totals.filter(pl.col("figure") == figure)
        if not rows.height:
            raise KeyError(f"no figure {figure}; there are {', '.join(self.totals['figure'])}")
        return rows.row(0, named=True)

    @property
    def on_time_share(self) -> float:
        """The share of orders in time, on average over the runs."""
        return float(self.total("on_time")["mean"])

    def stale_because(self, factory: Factory) -> list[str]:
        """The tables that the run read and that have changed since."""
        return [name for name, seen in self.origin.reads.items() if factory.table(name).hash != seen]

    def __repr__(self) -> str:
        """The run in one line."""
        doubtful = self.orders.filter(pl.col("on_time") < 0.9).height
        share = self.total("on_time") if self.orders.height else None
        kept = (
            f"{100 * share['mean']:.1f} % of orders in time ({100 * share['low']:.1f} to {100 * share['high']:.1f})"
            if share
            else "no dates to keep"
        )
        return (
            f"Run of {self.factory_name}: {self.replications:,} replications, {self.mode}, {kept}, "
            f"{doubtful} {'order' if doubtful == 1 else 'orders'} below 90 %, seed {self.origin.seed}"
        )
