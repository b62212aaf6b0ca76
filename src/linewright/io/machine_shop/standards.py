"""Routings and standard times, worked out from the log.

The log names no routing, and its parts are families ("Cable Head"), so a routing is what most jobs of a part had: the
kinds of work that at least half of them report, in the usual order of their first reports. Machines on which a kind of
work was done for a part are alternatives of each other.
"""

from __future__ import annotations

import polars as pl

from linewright.io.machine_shop.log import LAST_KINDS
from linewright.io.raw_tables import LINE

PART_KIND = ["part", "kind"]


def finished_cases(log: pl.DataFrame) -> pl.DataFrame:
    """The jobs that were inspected at the end, or packed."""
    return log.filter(pl.col("kind").is_in(LAST_KINDS)).select("case").unique()


def typical(log: pl.DataFrame) -> pl.DataFrame:
    """First-time work of finished jobs; for parts without a finished job, of all their jobs."""
    first_time = log.filter(~pl.col("again"))
    finished = first_time.join(finished_cases(log), on="case", how="semi", maintain_order="left")
    others = first_time.join(finished, on="part", how="anti", maintain_order="left")
    return pl.concat([finished, others])


def steps_of(log: pl.DataFrame) -> pl.DataFrame:
    """One row for each step of each part: part, step (10, 20, ...), kind, setup and run minutes."""
    sample = typical(log)
    jobs = sample.group_by("part").agg(pl.col("case").n_unique().alias("jobs"))
    first = sample.group_by(["part", "case", "kind"]).agg(pl.col("seq").min(), pl.col(LINE).min())
    rank = pl.col("seq").rank("ordinal").over("case") / pl.len().over("case")
    usual = (
        first.with_columns(rank=rank)
        .group_by(PART_KIND)
        .agg(pl.len().alias("seen"), pl.col("rank").median(), pl.col(LINE).min())
        .join(jobs, on="part")
        .filter(pl.col("seen") * 2 >= pl.col("jobs"))
        .sort("part", "rank", LINE)
        .with_columns(step=(pl.int_range(pl.len()).over("part") + 1) * 10)
    )
    steps = usual.join(_setup_minutes(sample), on=PART_KIND, how="left", maintain_order="left")
    steps = steps.join(_run_minutes(sample), on=PART_KIND, how="left", maintain_order="left")
    return steps.with_columns(pl.col("setup_minutes", "run_minutes").fill_null(0.0).round(4))


def _setup_minutes(sample: pl.DataFrame) -> pl.DataFrame:
    """The median over jobs of all setup minutes reported for a kind of work."""
    minutes = pl.col("reported_minutes").filter(pl.col("setup")).sum()
    jobs = sample.group_by([*PART_KIND, "case"]).agg(minutes.alias("setup_minutes"))
    return jobs.group_by(PART_KIND).agg(pl.col("setup_minutes").median())


def _run_minutes(sample: pl.DataFrame) -> pl.DataFrame:
    """All run minutes of the jobs divided by all their units; jobs that report no minutes say nothing about time."""
    runs = sample.filter((pl.col("report_type") == "D") & ~pl.col("setup"))
    jobs = runs.group_by([*PART_KIND, "case"]).agg(pl.col("reported_minutes").sum(), pl.col("order_qty").first())
    timed = jobs.filter((pl.col("reported_minutes") > 0) & (pl.col("order_qty") > 0))
    per_unit = pl.col("reported_minutes").sum() / pl.col("order_qty").sum()
    return timed.group_by(PART_KIND).agg(per_unit.alias("run_minutes"))


def machines_of(log: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """The machines on which each step was done: part, step, machine."""
    used = log.filter(~pl.col("again") & pl.col("machine").is_not_null())
    used = used.group_by([*PART_KIND, "machine"]).agg(pl.col(LINE).min())
    return used.join(steps.select(*PART_KIND, "step"), on=PART_KIND).sort("part", "step", LINE)


def progress(log: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """One row for each job: case, part, order_qty, status, step and done_quantity."""
    jobs = log.group_by("case", maintain_order=True).agg(
        pl.col("part").first(), pl.col("order_qty").first(), pl.col(LINE).min()
    )
    good = pl.col("qty_good").filter(~pl.col("setup")).sum()
    seen = log.filter(~pl.col("again")).group_by("case", "part", "kind").agg(good.alias("good"))
    seen = seen.join(steps.select(*PART_KIND, "step"), on=PART_KIND)
    latest = seen.sort("step").group_by("case").last().select("case", "step", "good")
    jobs = jobs.join(latest, on="case", how="left", maintain_order="left").join(
        steps.group_by("part").agg(pl.col("step").max().alias("last_step")),
        on="part",
        how="left",
        maintain_order="left",
    )
    through = (pl.col("good") >= pl.col("order_qty")).fill_null(value=False)
    at = pl.when(through).then(pl.col("step") + 10).otherwise(pl.col("step"))
    closed = pl.col("case").is_in(finished_cases(log)["case"].implode()) | (at > pl.col("last_step"))
    return jobs.with_columns(
        step=at,
        done_quantity=pl.when(through).then(0.0).otherwise(pl.col("good").fill_null(0.0)),
        status=pl.when(closed.fill_null(value=False)).then(pl.lit("closed")).otherwise(pl.lit("open")),
    )
