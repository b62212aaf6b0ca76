"""What is learned from: reports of a run with units, and jobs at a step.

A *report* is one stretch of work with its minutes and the units that it made, as in studies of this kind of data. A
*job* is what a planner plans: all run minutes of one work order at one step, whoever and however often it was reported,
for all units that were made in them. Reports without units (a setup that went on, an inspection without result) have
no time per unit of their own; their minutes count for the job.
"""

from __future__ import annotations

import polars as pl

#: The columns of both kinds of records.
KEYS = ("work_order", "material", "step", "kind_of_work", "family", "work_center", "machine")
RECORD_COLUMNS = (*KEYS, "person", "moment", "until", "quantity", "order_quantity", "minutes", "reports", "dated")
UNITS = pl.col("good") + pl.col("scrap")
DATED = pl.coalesce("start", "end").is_not_null()


def report_records(reports: pl.DataFrame) -> pl.DataFrame:
    """One record for each run report with minutes and units, the earliest first."""
    runs = reports.filter(pl.col("kind") == "run").with_columns(
        quantity=UNITS, until=pl.coalesce("end", "moment"), reports=pl.lit(1, dtype=pl.Int64), dated=DATED
    )
    return _sorted(runs.filter(pl.col("quantity") > 0))


def job_records(reports: pl.DataFrame, kind: str = "run") -> pl.DataFrame:
    """One record for each job at a step: its minutes of a kind together, and the units of the reports that tell them.

    Where several machines or people took part, the one with most minutes is named. Reports without a work order are
    jobs of their own.
    """
    chosen = reports.filter(pl.col("kind") == kind)
    alone = pl.when(pl.col("work_order") == "").then(pl.col("position")).otherwise(-1)
    most = pl.col("minutes").arg_max()
    grouped = chosen.group_by([*KEYS[:4], alone.alias("alone")], maintain_order=True).agg(
        *(pl.col(name).get(most) for name in ("family", "work_center", "machine", "person")),
        moment=pl.col("moment").min(),
        until=pl.coalesce("end", "moment").max(),
        quantity=UNITS.sum(),
        order_quantity=pl.col("order_quantity").first(),
        minutes=pl.col("minutes").sum(),
        reports=pl.len().cast(pl.Int64),
        dated=DATED.all(),
    )
    return _sorted(grouped if kind == "setup" else grouped.filter(pl.col("quantity") > 0))


def _sorted(records: pl.DataFrame) -> pl.DataFrame:
    ordered = pl.coalesce("order_quantity", pl.max_horizontal("quantity", pl.lit(1.0)))
    return (
        records.with_columns(order_quantity=ordered)
        .select(RECORD_COLUMNS)
        .sort("moment", "work_order", "step", "until", nulls_last=False, maintain_order=True)
    )
