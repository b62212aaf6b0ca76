"""How long jobs lie before an operation is begun."""

from __future__ import annotations

import polars as pl

from linewright.model.times_results import QUEUE_COLUMNS

#: A group with fewer waits is not told apart.
LEAST_JOBS = 6


def queues_of(reports: pl.DataFrame) -> pl.DataFrame:
    """Hours between the last report of a job elsewhere and its first at an operation, as QUEUE_COLUMNS.

    It is calendar time: queueing, transport, nights and weekends. An operation that is begun before the one before it
    has ended has not waited.
    """
    timed = reports.filter((pl.col("work_order") != "") & pl.col("start").is_not_null() & pl.col("end").is_not_null())
    begun = timed.group_by("work_order", "material", "step", "kind_of_work", maintain_order=True).agg(
        pl.col("work_center").first(), pl.col("start").min(), pl.col("end").max()
    )
    begun = begun.sort("work_order", "start", "end", maintain_order=True).with_columns(
        before=pl.col("end").cum_max().shift(1).over("work_order")
    )
    waited = begun.filter(pl.col("before").is_not_null()).with_columns(
        hours=((pl.col("start") - pl.col("before")).dt.total_seconds() / 3600).clip(lower_bound=0.0)
    )
    centers = _told(waited, ["work_center"]).with_columns(material=pl.lit(""), step=pl.lit(None, dtype=pl.Int64))
    steps = _told(waited.filter(pl.col("step").is_not_null()), ["work_center", "material", "step"])
    found = pl.concat([centers.select(*QUEUE_COLUMNS), steps.select(*QUEUE_COLUMNS)])
    return found.filter(pl.col("jobs") >= LEAST_JOBS)


def _told(waited: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    hours = pl.col("hours")
    return (
        waited.group_by(keys, maintain_order=True)
        .agg(
            jobs=pl.len().cast(pl.Int64), mean_hours=hours.mean(),
            **{f"p{share}_hours": hours.quantile(share / 100, "linear") for share in (10, 50, 90)},
        )
        .sort(keys)
    )  # fmt: skip
