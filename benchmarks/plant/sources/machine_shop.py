"""A real job shop of 2012: routings, times, setups, people and waiting, taken from its reports.

Reports without minutes although their window lasts an hour are left out of times; rework is left out of everything
but the scrap; a step is a kind of work ("Turning", "Lapping") of one job.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from benchmarks.plant.sources.forms import Statistic, concentration, figure, quantiles, shares
from linewright.io.machine_shop.log import read_log
from linewright.io.machine_shop.standards import finished_cases

FOLDER = "machine_shop_2012"
SOURCE = (
    "D. Levy, Production analysis with process mining technology, 4TU.ResearchData 2014, "
    "doi 10.4121/uuid:68726926-5ac5-4fab-b873-ee76ea412399 (January and February 2012)"
)
LICENCE = "4TU General Terms of Use: may be used with citation, no warranty; only statistics are taken"

#: A day in the middle of the log, on which work in process is counted.
MIDDLE = datetime(2012, 1, 31)
STEP = ["case", "part", "kind"]

#: A kind of work that is set up this often counts as one that needs setups.
OFTEN = 0.1


def statistics(folder: Path) -> dict[str, Statistic]:
    """All statistics of the shop."""
    log, _ = read_log(folder / "joblog_jan_feb.csv")
    first = log.filter(~pl.col("again"))
    return {**routings(first), **times(first), **setups(first), **mix(first), **people(first), **flow(first, log)}


def routings(first: pl.DataFrame) -> dict[str, Statistic]:
    """Steps of a job and machines of a step."""
    whole = first.join(finished_cases(first), on="case", how="semi")
    steps = whole.group_by("case").agg(pl.col("kind").n_unique())["kind"]
    jobs = first.group_by("part", "kind").agg(pl.col("case").n_unique().alias("jobs"), pl.col("machine").n_unique())
    often = jobs.filter(pl.col("jobs") >= 3)
    return {
        "steps_per_job": shares("kinds of work in a finished job", steps),
        "machines_per_step": shares("machines used for a kind of work of a part with 3 jobs or more", often["machine"]),
    }  # fmt: skip


def times(first: pl.DataFrame) -> dict[str, Statistic]:
    """Lot sizes, run minutes of a unit, scrap."""
    lots = first.group_by("case").agg(pl.col("order_qty").first()).filter(pl.col("order_qty") > 0)
    runs = first.filter(~pl.col("setup") & (pl.col("report_type") == "D"))
    steps = runs.group_by(STEP).agg(pl.col("reported_minutes").sum(), pl.col("order_qty").first())
    timed = steps.filter((pl.col("reported_minutes") > 0) & (pl.col("order_qty") > 0))
    counts = runs.group_by("kind").agg(pl.col("qty_good").sum(), pl.col("qty_scrap").sum())
    counts = counts.filter(pl.col("qty_good") + pl.col("qty_scrap") >= 20)
    return {
        "lot_size": quantiles("units of a job", lots["order_qty"]),
        "run_minutes_per_unit": quantiles(
            "run minutes of a step of a job, divided by its units",
            (timed["reported_minutes"] / timed["order_qty"]).to_list(),
        ),
        "run_minutes_per_step": quantiles("run minutes of a step of a job", timed["reported_minutes"]),
        "scrap_share": quantiles(
            "scrapped units among good and scrapped ones, by kind of work",
            (counts["qty_scrap"] / (counts["qty_good"] + counts["qty_scrap"])).to_list(),
        ),
    }


def setups(first: pl.DataFrame) -> dict[str, Statistic]:
    """Which kinds of work are set up, how often and how long, after the same part and after another one."""
    work = first.filter(pl.col("report_type") != "B")
    share = work.filter(pl.col("setup"))["reported_minutes"].sum() / work["reported_minutes"].sum()
    stays = _stays(first)
    kinds = stays.group_by("kind").agg((pl.col("minutes") > 0).mean().alias("share"))
    often = kinds.filter(pl.col("share") >= OFTEN)
    mine = stays.join(often, on="kind", how="semi").filter(pl.col("part_before").is_not_null())
    same = mine.filter(pl.col("part") == pl.col("part_before"))["minutes"]
    other = mine.filter(pl.col("part") != pl.col("part_before"))["minutes"]
    steps = first.select(STEP).unique()
    return {
        "setup_kinds": figure("share of steps of kinds that are set up in a tenth of their stays or more",
                              steps.join(often, on="kind", how="semi").height / steps.height, steps.height),
        "setup_share_of_time": figure("setup minutes among all minutes of work", share, work.height),
        "setup_after_same_part": figure("share of stays of such kinds with a setup, after the same part",
                                        (same > 0).mean(), same.len()),
        "setup_after_other_part": figure("the same, after another part", (other > 0).mean(), other.len()),
        "setup_minutes": quantiles("minutes of a setup after the same part", same.filter(same > 0)),
        "changeover_minutes": quantiles("minutes of a setup after another part", other.filter(other > 0)),
    }  # fmt: skip


def _stays(first: pl.DataFrame) -> pl.DataFrame:
    """One row for each unbroken stay of a job on a machine, with its setup minutes and the part before."""
    ordered = first.filter(pl.col("start").is_not_null() & pl.col("machine").is_not_null()).sort(
        "machine", "start", maintain_order=True
    )
    new = ((pl.col("case") != pl.col("case").shift(1)) | (pl.col("machine") != pl.col("machine").shift(1))).fill_null(
        value=True
    )
    stays = (
        ordered.with_columns(stay=new.cum_sum())
        .group_by("stay", maintain_order=True)
        .agg(
            pl.col("machine").first(),
            pl.col("kind").first(),
            pl.col("part").first(),
            pl.col("reported_minutes").filter(pl.col("setup")).sum().alias("minutes"),
        )
    )
    return stays.with_columns(part_before=pl.col("part").shift(1).over("machine"))


def mix(first: pl.DataFrame) -> dict[str, Statistic]:
    """Which parts make up the jobs, and how unevenly machines are loaded."""
    jobs = first.group_by("part").agg(pl.col("case").n_unique())["case"]
    machines = first.filter(pl.col("machine").is_not_null() & (pl.col("reported_minutes") > 0))
    busy = machines.group_by("machine").agg(pl.col("reported_minutes").sum(), pl.col("part").n_unique())
    used = busy.filter(pl.col("reported_minutes") >= 60)
    return {
        "parts": concentration("share of the jobs that the most frequent parts have", jobs),
        "parts_per_machine": quantiles("parts made on one machine", used["part"]),
        "relative_load": quantiles(
            "minutes of work on a machine, divided by those of the busiest",
            (used["reported_minutes"] / used["reported_minutes"].max()).to_list(),
        ),
    }


def people(first: pl.DataFrame) -> dict[str, Statistic]:
    """What a worker can do, who sets up, and how often one serves several machines."""
    reports = first.group_by("worker", "kind").agg(pl.len().alias("reports"))
    common = reports.filter(pl.col("reports") >= 0.05 * pl.col("reports").sum().over("worker"))
    workers = first["worker"].n_unique()
    setters = first.filter(pl.col("setup"))["worker"].n_unique()
    runs = first.filter(~pl.col("setup") & (pl.col("reported_minutes") > 0) & pl.col("end").is_not_null())
    runs = runs.sort("worker", "start", "end", maintain_order=True).with_columns(
        free=pl.col("end").cum_max().shift(1).over("worker")
    )
    side_by_side = (runs["start"] < runs["free"]).fill_null(value=False).mean()
    hour = first.filter(pl.col("start").is_not_null())["start"].dt.hour()
    return {
        "kinds_per_worker": shares("kinds of work in at least a twentieth of a worker's reports",
                                   common.group_by("worker").len()["len"]),
        "setter_share": figure("share of the workers who report setups", setters / workers, workers),
        "side_by_side_share": figure("share of runs that start while the worker's last one still goes on",
                                     side_by_side, runs.height),
        "workers_per_machine": figure("workers for each machine", workers / first["machine"].n_unique(), workers),
        "second_shift_share": figure("share of reports that start from 15:00 to 23:00",
                                     ((hour >= 15) & (hour < 23)).mean(), hour.len()),
        "night_shift_share": figure("share of reports that start from 23:00 to 7:00",
                                    ((hour >= 23) | (hour < 7)).mean(), hour.len()),
    }  # fmt: skip


def flow(first: pl.DataFrame, log: pl.DataFrame) -> dict[str, Statistic]:
    """Lead time over work, steps that overlap, and the share of jobs in process."""
    jobs = log.group_by("case").agg(pl.col("start").min(), pl.col("end").max(), pl.col("reported_minutes").sum())
    whole = jobs.join(finished_cases(log), on="case", how="semi").filter(pl.col("reported_minutes") >= 60)
    factor = (whole["end"] - whole["start"]).dt.total_minutes() / whole["reported_minutes"]
    steps = first.group_by(STEP).agg(pl.col("start").min(), pl.col("end").max()).drop_nulls()
    # Steps that begin in the same minute have no order of their own. Any will do (the share is 0.397 to 0.400); this
    # one is kept, since the published plants were drawn with its value.
    steps = steps.sort("case", "start", "kind", descending=[False, False, True])
    follows = steps["start"].is_not_null() & (steps["case"] == steps["case"].shift(1)).fill_null(value=False)
    overlapping = (steps["start"] < steps["end"].shift(1)).fill_null(value=False).filter(follows)
    known = jobs.filter(pl.col("end") > MIDDLE)
    return {
        "flow_factor": quantiles("time from a job's first to its last report, divided by its minutes of work", factor),
        "overlap_share": figure("share of steps that begin before the step before has ended", overlapping.mean(),
                                overlapping.len()),
        "started_share": figure("share of jobs in process among all that were not finished on 31 January",
                                (known["start"] < MIDDLE).mean(), known.height),
    }  # fmt: skip
