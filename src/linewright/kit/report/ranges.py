"""What many runs of the plan say, for the report's board: ranges of operations, odds and dates of orders."""

from __future__ import annotations

import polars as pl

from linewright.kit.facts import doubtful_orders
from linewright.model.results import Plan
from linewright.model.run_results import Run

#: Minutes from the plan, up to which times of a run are told to the minute, and to five minutes.
FINE_MINUTES, COARSE_MINUTES = 60, 480


def with_odds(orders: pl.DataFrame, plan: Plan, run: Run) -> pl.DataFrame:
    """The board's orders with their odds: shares in hundredths of a per cent, dates in minutes from the planned finish.

    `place` is the row in the list of doubtful orders, -1 for others.
    """
    doubtful = doubtful_orders(plan, run).select("order", "kind").with_row_index("place")
    known = run.orders.select(
        "order", "kind", "p50", "p80", "p95",
        *((pl.col(name) * 10_000).round(0).fill_nan(None).cast(pl.Int64) for name in ("on_time", "low", "high")),
        expected_cost=pl.col("late_cost").fill_nan(None).round(0).cast(pl.Int64),
    ).unique(["order", "kind"], keep="first", maintain_order=True)  # fmt: skip
    rows = orders.join(known, on=["order", "kind"], how="left", maintain_order="left")
    rows = rows.join(doubtful, on=["order", "kind"], how="left", maintain_order="left")
    dates = [minutes_after(name, "finish").alias(name) for name in ("p50", "p80", "p95")]
    return rows.with_columns(pl.col("place").cast(pl.Int64).fill_null(-1), *dates)


def with_ranges(operations: pl.DataFrame, names: pl.Series, run: Run) -> pl.DataFrame:
    """The board's operations with their ranges, in minutes from the planned times.

    `early` is from the planned start (after the setup) to the 10th percentile of starts; `half` and `last` are from
    the planned end to the 50th and the 90th percentile of ends. In at least 80 % of the runs the operation is made
    between the outer two.
    """
    known = run.operations.select("operation", "start_p10", "end_p50", "end_p90").unique("operation", keep="first")
    rows = operations.with_columns(operation=names).join(known, on="operation", how="left", maintain_order="left")
    return rows.with_columns(
        early=minutes_after("start_p10", "start", down=True),
        half=minutes_after("end_p50", "end"),
        last=minutes_after("end_p90", "end"),
    ).drop("operation", "start_p10", "end_p50", "end_p90")


def rounded(moment: str, planned: str) -> pl.Expr:
    """A moment of the run as the board tells it; as it is when nothing was planned."""
    told = pl.col(planned) + pl.duration(minutes=minutes_after(moment, planned))
    return pl.coalesce(told, pl.col(moment)).alias(moment)


def minutes_after(moment: str, planned: str, *, down: bool = False) -> pl.Expr:
    """Minutes from a planned time, as fine as chance lets them be known, so that they take little room.

    They are rounded up (or down), so that a date is kept at least as often as is said: below an hour to the minute,
    below eight hours to 5 minutes, then to 15.
    """
    minutes = (pl.col(moment) - pl.col(planned)).dt.total_seconds() / 60
    step = pl.when(minutes.abs() < FINE_MINUTES).then(1).when(minutes.abs() < COARSE_MINUTES).then(5).otherwise(15)
    steps = (minutes / step).floor() if down else (minutes / step).ceil()
    return (steps * step).cast(pl.Int64)
