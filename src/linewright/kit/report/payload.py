"""What the report's board needs from a plan: its frames in board order, the machines, their nights and their load."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit import words
from linewright.kit.chains import Chains
from linewright.kit.lanes import with_lanes
from linewright.kit.load import Closed, Load
from linewright.kit.report.pack import pack
from linewright.kit.report.ranges import with_odds, with_ranges
from linewright.model.results import INSTANT, Plan
from linewright.model.run_results import Run


def payload(plan: Plan, load: Load, closed: Closed, run: Run | None = None) -> bytes:
    """Pack everything that the board shows; with a run also the ranges of operations and the odds of orders."""
    operations = board_operations(plan, load)
    orders = board_orders(plan, operations)
    meta = {**board_meta(plan), "used": used_shares(load)}
    if run is not None:
        operations = with_ranges(operations, operation_names(operations, plan), run)
        orders = with_odds(orders, plan, run)
        meta["runs"] = run.replications
    calendars, windows = distinct_calendars(load, closed)
    machines = pl.DataFrame(
        {"machine": load.machines, "work_center": load.work_centers, "calendar": calendars},
        schema={"machine": pl.String, "work_center": pl.String, "calendar": pl.Int64},
    )
    frames = {
        "operations": operations,
        "jobs": board_jobs(plan),
        "orders": orders,
        "pegging": board_pegging(plan),
        "machines": machines,
        "closed": windows,
        "days": pl.DataFrame({"midnight": load.midnights}, schema={"midnight": INSTANT}),
        "load": load_frame(load),
    }
    return pack(meta, frames, plan.start)


def operation_names(operations: pl.DataFrame, plan: Plan) -> pl.Series:
    """The names of the board's operations, whose jobs are rows of the plan's jobs."""
    jobs = plan.jobs.get_column("job").gather(operations.get_column("job").clip(0).cast(pl.UInt32))
    return operations.select(operation=pl.format("{}/{}", jobs, "step")).to_series()


def board_operations(plan: Plan, load: Load) -> pl.DataFrame:
    """The operations in the order of the board's rows: machine, lane, start.

    Names of other rows become row numbers, -1 for none: `machine` of machines, `job` of jobs, `order` of orders (the
    one that it is late for), `waits_for_operation` of operations.
    """
    rows = pl.DataFrame({"machine": load.machines}, schema={"machine": pl.String}).with_row_index("machine_row")
    ordered = with_lanes(plan.operations).join(rows, on="machine", how="left", maintain_order="left")
    ordered = ordered.sort(["machine_row", "lane", "setup_start", "end"], maintain_order=True)
    place = {name: row for row, name in enumerate(ordered.get_column("operation").to_list())}
    waits = [place.get(name, -1) for name in ordered.get_column("waits_for_operation").to_list()]
    orders = orders_of_jobs(plan)
    return ordered.with_columns(
        pl.col("machine_row").cast(pl.Int64).alias("machine"),
        places("job", plan.jobs.get_column("job")),
        pl.Series("waits_for_operation", waits, dtype=pl.Int64),
        pl.Series("order", [orders.get(job, -1) for job in ordered.get_column("job").to_list()], dtype=pl.Int64),
    ).drop("operation", "machine_row", "work_center")


def board_jobs(plan: Plan) -> pl.DataFrame:
    """The jobs, with the row of the order that each is for."""
    return plan.jobs.with_columns(places("order", plan.orders.get_column("order")))


def board_pegging(plan: Plan) -> pl.DataFrame:
    """What feeds what: the consumer as a row of orders or jobs, a supply made here as a row of jobs."""
    orders, jobs = plan.orders.get_column("order"), plan.jobs.get_column("job")
    by_name = plan.jobs.filter(pl.col("work_order") != "").select("work_order", "job")
    own = dict(by_name.iter_rows())
    supply = plan.pegging.get_column("supply").replace(own).alias("supply_job")
    for_order = pl.col("consumer_kind") == "order"
    consumer = pl.when(for_order).then(places("consumer", orders)).otherwise(places("consumer", jobs))
    rows = plan.pegging.with_columns(supply).with_columns(consumer.alias("consumer"), places("supply_job", jobs))
    bought = pl.when(pl.col("supply_job") < 0).then("supply").otherwise(pl.lit(""))
    return rows.with_columns(bought.alias("supply")).sort(["consumer_kind", "consumer"], maintain_order=True)


def places(column: str, names: pl.Series) -> pl.Expr:
    """The row of each of a column's names among others, -1 where there is none."""
    rows = pl.arange(len(names), eager=True, dtype=pl.Int64)
    return pl.col(column).replace_strict(names, rows, default=-1, return_dtype=pl.Int64).alias(column)


def orders_of_jobs(plan: Plan) -> dict[str, int]:
    """For each job the row of the order that it is for; of its own date if it has one and is for no order."""
    place = {name: row for row, name in enumerate(plan.orders.get_column("order").to_list())}
    return {
        job: place.get(order, place.get(work_order, place.get(job, -1)))
        for job, work_order, order in plan.jobs.select("job", "work_order", "order").iter_rows()
    }


def board_orders(plan: Plan, operations: pl.DataFrame) -> pl.DataFrame:
    """The orders with the row of their last operation and what they waited for, in words."""
    chains = Chains.of(plan)
    rows = operations.select(operation=pl.format("{}/{}", "job", "step")).to_series().to_list()
    place = {name: row for row, name in enumerate(rows)}
    names = plan.orders.get_column("order").to_list()
    late = plan.orders.select(pl.col("late_days").fill_null(0) > 0).to_series().to_list()
    reasons = plan.orders.get_column("reason").fill_null("").to_list()
    told = [
        reason or (chains.cause(name).words if is_late else "")
        for name, reason, is_late in zip(names, reasons, late, strict=True)
    ]
    return plan.orders.with_columns(
        pl.Series("last", [place.get(chains.last_operation(name), -1) for name in names], dtype=pl.Int64),
        pl.Series("cause", told, dtype=pl.String),
    )


def distinct_calendars(load: Load, closed: Closed) -> tuple[list[int], pl.DataFrame]:
    """The number of each machine's calendar, and the closed windows of each calendar once."""
    numbers: dict[tuple[tuple[datetime, datetime], ...], int] = {}
    calendars = [numbers.setdefault(tuple(closed.get(machine, ())), len(numbers)) for machine in load.machines]
    rows = [(number, begin, end) for windows, number in numbers.items() for begin, end in windows]
    schema: dict[str, Any] = {"calendar": pl.Int64, "begin": INSTANT, "end": INSTANT}
    return calendars, pl.DataFrame(rows, schema=schema, orient="row")


def used_shares(load: Load) -> dict[str, float]:
    """How full each work center is."""
    return dict(load.by_work_center().select("work_center", "used").iter_rows())


def load_frame(load: Load) -> pl.DataFrame:
    """Load by machine and day, machine after machine."""
    hours = {"busy": load.busy_hours, "late": load.late_hours, "open": load.open_hours}
    return pl.DataFrame({name: pl.Series(values.ravel(), dtype=pl.Float32) for name, values in hours.items()})


def board_meta(plan: Plan) -> dict[str, Any]:
    """What the board must know beside the frames: its clock, its words and the end of the plan."""
    return {
        "factory": plan.factory_name,
        "currency": plan.currency,
        "timezone": plan.timezone,
        "start": plan.start.timestamp(),
        "end": (plan.end - plan.start).total_seconds(),
        "offsets": utc_offsets(plan),
        "causes": {rule: list(told) for rule, told in words.CAUSE_WORDS.items()},
        "policies": dict(words.POLICY_WORDS),
    }


def utc_offsets(plan: Plan) -> list[tuple[float, float]]:
    """From when on (seconds since the plan's start) which offset from UTC holds, in seconds.

    Clocks change at most twice a year, so a search from day to day and then to the second finds every change.
    """
    zone = ZoneInfo(plan.timezone)
    span = max((plan.end - plan.start).days, 0) + 400

    def offset(second: float) -> float:
        moved = (plan.start + timedelta(seconds=second)).astimezone(zone).utcoffset()
        return moved.total_seconds() if moved else 0.0

    found = [(-1e12, offset(0))]
    for day in range(span):
        early, late = day * 86400, (day + 1) * 86400
        if offset(early) == offset(late):
            continue
        while late - early > 1:
            middle = (early + late) // 2
            early, late = (middle, late) if offset(middle) == offset(early) else (early, middle)
        found.append((float(late), offset(late)))
    return found
