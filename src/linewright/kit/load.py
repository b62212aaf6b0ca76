"""How full each machine is, day by day, from the plan's bars and the machines' working time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from linewright.kit.chains import Chains
from linewright.model.factory import Factory
from linewright.model.results import Plan

#: For each machine the windows, sorted and apart, in which it does not work.
Closed = Mapping[str, Sequence[tuple[datetime, datetime]]]
Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Load:
    """Hours of each machine and local day: taken by the plan, of these for late orders, and open.

    `machines` and `work_centers` name the rows; `midnights` has one instant more than the arrays have columns.
    `last_open_hours` are those of the last day up to the plan's end, by machine.
    """

    machines: tuple[str, ...]
    work_centers: tuple[str, ...]
    midnights: tuple[datetime, ...]
    busy_hours: Array
    late_hours: Array
    open_hours: Array
    last_open_hours: Array

    @property
    def busy_days(self) -> int:
        """The number of days from the start in which 95 % of the work is done, so that a long tail does not mislead."""
        done = np.cumsum(self.busy_hours.sum(axis=0))
        return int(np.searchsorted(done, 0.95 * done[-1] - 1e-9)) + 1 if done.size and done[-1] > 0 else 0

    def by_work_center(self) -> pl.DataFrame:
        """One row for each work center, fullest first: machines, busy and open hours of the busy days, used share."""
        days = self.busy_days
        opened = self.open_hours[:, :days].sum(axis=1)
        if days == len(self.midnights) - 1:
            # What is open after the last operation is no missed chance.
            opened = opened - self.open_hours[:, -1] + self.last_open_hours
        hours = pl.DataFrame(
            {
                "work_center": self.work_centers,
                "busy_hours": self.busy_hours[:, :days].sum(axis=1),
                "open_hours": opened,
            },
            schema_overrides={"work_center": pl.String},
        )
        grouped = hours.group_by("work_center", maintain_order=True).agg(
            pl.len().alias("machines"), pl.col("busy_hours").sum(), pl.col("open_hours").sum()
        )
        used = pl.when(pl.col("open_hours") > 0).then(pl.col("busy_hours") / pl.col("open_hours")).otherwise(0.0)
        return grouped.with_columns(used.alias("used")).sort(["used", "work_center"], descending=[True, False])


class OpenTime:
    """A clock that runs only while a machine works; seconds since the plan's start in, open seconds out."""

    def __init__(self, windows: Sequence[tuple[datetime, datetime]], start: datetime) -> None:
        edges = [((begin - start).total_seconds(), (end - start).total_seconds()) for begin, end in windows]
        self.begins = np.array([begin for begin, _ in edges])
        self.ends = np.array([end for _, end in edges])
        self.closed_before = np.concatenate([[0.0], np.cumsum(self.ends - self.begins)])

    def __call__(self, moments: Array) -> Array:
        """Open seconds up to each moment."""
        if not self.begins.size:
            return moments
        last = np.searchsorted(self.begins, moments, side="right")
        still_closed = np.where(last > 0, np.maximum(0.0, self.ends[last - 1] - moments), 0.0)
        opened: Array = moments - (self.closed_before[last] - still_closed)
        return opened


def load_by_day(plan: Plan, factory: Factory | None = None, closed: Closed | None = None) -> Load:
    """Spread the plan's bars over the local days, counting a machine's hours only while it works.

    An oven counts once for each load; a machine with several places counts by the places that are taken.
    """
    closed = closed or {}
    machines = shown_machines(plan, factory)
    midnights = local_midnights(plan.start, plan.end, ZoneInfo(plan.timezone))
    edges = np.maximum(0.0, np.array([(midnight - plan.start).total_seconds() for midnight in midnights]))
    shares = pl.Series("share", machine_shares(plan, factory))
    late = pl.Series("late", late_operations(plan))
    spans = plan.operations.select("machine", *(_seconds(name, plan.start) for name in ("setup_start", "end")))
    blocks = spans.with_columns(shares, late).partition_by("machine", as_dict=True)
    days = len(midnights) - 1
    busy, late_busy, opened = (np.zeros((len(machines), days)) for _ in range(3))
    last_opened, last_day = np.zeros(len(machines)), np.array([edges[-2], (plan.end - plan.start).total_seconds()])
    for row, machine in enumerate(machines):
        clock = OpenTime(closed.get(machine, ()), plan.start)
        opened[row] = np.diff(clock(edges)) / 3600
        last_opened[row] = np.diff(clock(last_day))[0] / 3600
        block = blocks.get((machine,))
        if block is not None:
            busy[row] = _spread(block, clock, edges)
            late_busy[row] = _spread(block.filter("late"), clock, edges)
    return Load(tuple(machines), tuple(machines.values()), midnights, busy, late_busy, opened, last_opened)


def shown_machines(plan: Plan, factory: Factory | None = None) -> dict[str, str]:
    """The machines that the plan uses and their idle neighbours, with their work centers, in order of work center."""
    pairs = plan.operations.select("machine", "work_center").unique()
    used = dict(pairs.iter_rows())
    if factory is not None:
        centers = set(used.values()) - {""}
        known = factory.machines.frame.select("machine", "work_center").iter_rows()
        used |= {machine: center for machine, center in known if center in centers and machine not in used}
    return dict(sorted(used.items(), key=lambda pair: (pair[1], _counting(pair[0]))))


def local_midnights(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every local midnight from the day of `start` to the one after `end`; days of a clock change keep their length."""
    first = start.astimezone(zone).date()
    last = max(end, start).astimezone(zone).date()
    days = (last - first).days + 2
    return tuple(
        datetime.combine(first + timedelta(days=day), time(), tzinfo=zone).astimezone(UTC) for day in range(days)
    )


def machine_shares(plan: Plan, factory: Factory | None = None) -> list[float]:
    """How much of its machine each operation takes, between 0 and 1."""
    rows = plan.operations.select("machine", "material", "step", "load")
    rows = rows.with_columns(pl.lit(1.0).alias("share"), pl.len().over("machine", "load").alias("members"))
    if factory is not None:
        places = factory.operations.frame.select("material", "step", pl.col("load").alias("places"))
        sizes = factory.machines.frame.select("machine", "capacity")
        rows = rows.join(places, on=["material", "step"], how="left", maintain_order="left")
        rows = rows.join(sizes, on="machine", how="left", maintain_order="left")
        rows = rows.with_columns((pl.col("places").fill_null(1) / pl.col("capacity").fill_null(1)).alias("share"))
    together = pl.col("load").fill_null("") != ""
    return rows.select(pl.when(together).then(1 / pl.col("members")).otherwise("share")).to_series().to_list()


def late_operations(plan: Plan) -> list[bool]:
    """Whether each operation belongs to an order, or to a work order with its own date, that will be late."""
    late = set(plan.late_orders.get_column("order").to_list())
    jobs = Chains.of(plan).jobs
    verdict = {job: bool({job, row["order"], row["work_order"]} & late) for job, row in jobs.items()}
    return [verdict.get(job, False) for job in plan.operations.get_column("job").to_list()]


def _counting(name: str) -> list[tuple[int, str]]:
    """A key that sorts M-2 before M-10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _seconds(column: str, start: datetime) -> pl.Expr:
    return ((pl.col(column) - pl.lit(start)).dt.total_microseconds() / 1e6).alias(column)


def _spread(block: pl.DataFrame, clock: OpenTime, edges: Array) -> Array:
    """Hours between neighbouring edges: the open time of all bars up to an edge, less that up to the edge before.

    A bar that has begun but not ended contributes the open time since it began, so sorted sums suffice.
    """
    done = np.zeros(len(edges))
    moments = clock(edges)
    for column, sign in (("setup_start", 1.0), ("end", -1.0)):
        ordered = block.sort(column)
        times, shares = ordered.get_column(column).to_numpy(), ordered.get_column("share").to_numpy()
        position = np.searchsorted(times, edges, side="right")
        weight = np.concatenate([[0.0], np.cumsum(shares)])[position]
        passed = np.concatenate([[0.0], np.cumsum(shares * clock(times))])[position]
        done += sign * (weight * moments - passed)
    return np.diff(done) / 3600
