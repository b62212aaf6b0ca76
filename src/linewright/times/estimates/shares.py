"""Shares of something in something else, leaning on similar work where little is known."""

from __future__ import annotations

import numpy as np
import polars as pl

from linewright.times.minutes.terms import Floats

#: The weight of the group where it cannot be told from the data, in trials.
USUAL_WEIGHT = 50.0
LEAST_WEIGHT, MOST_WEIGHT = 2.0, 1000.0


def shrunken_shares(hits: Floats, trials: Floats) -> Floats:
    """Each share, drawn to that of all: the posterior mean of a beta-binomial model.

    The weight of the whole, in trials, is the moment estimate from how much shares differ beyond chance (Kleinman
    1973).
    """
    total = trials.sum()
    if total <= 0:
        return np.zeros(len(hits))
    whole = hits.sum() / total
    weight = USUAL_WEIGHT
    known = trials > 0
    if 0 < whole < 1 and known.sum() > 1:
        share = hits[known] / trials[known]
        spread = float((trials[known] * (share - whole) ** 2).sum())
        binomial = whole * (1 - whole)
        free = float(total - (trials[known] ** 2).sum() / total)
        # The expectation of `spread` is binomial · (groups - 1) · (1 - r) + binomial · free · r, solved for r.
        groups = int(known.sum()) - 1
        alike = (spread / binomial - groups) / max(free - groups, 1e-9)
        weight = (1 - alike) / alike if alike > 0 else MOST_WEIGHT
    weight = min(max(weight, LEAST_WEIGHT), MOST_WEIGHT)
    return np.asarray((hits + weight * whole) / (trials + weight))


def yields(reports: pl.DataFrame) -> pl.DataFrame:
    """The share of good units of each material and kind of work."""
    counted = reports.filter(pl.col("kind") == "run").group_by("material", "kind_of_work", maintain_order=True).agg(
        pl.col("good").sum(), units=(pl.col("good") + pl.col("scrap")).sum()
    )  # fmt: skip
    scrap = shrunken_shares((counted["units"] - counted["good"]).to_numpy(), counted["units"].to_numpy())
    return counted.select("material", "kind_of_work", yield_share=1 - pl.Series(scrap))


def rework_shares(reports: pl.DataFrame, rework: pl.DataFrame) -> pl.DataFrame:
    """The chance that a run must be done again, after each run, of each material at a work center.

    It is the share of all run minutes that was rework: with a chance of p after each run, repeats included, the extra
    work is p / (1 - p) of the first. Hours are the trials, as minutes of one report are all rework or none.
    """
    keys = ["material", "work_center"]
    first = (
        reports.filter(pl.col("kind") == "run")
        .group_by(keys, maintain_order=True)
        .agg(hours=pl.col("minutes").sum() / 60)
    )
    again = rework.filter(pl.col("kind") == "run").group_by(keys).agg(again=pl.col("minutes").sum() / 60)
    both = first.join(again, on=keys, how="left", maintain_order="left").with_columns(pl.col("again").fill_null(0.0))
    share = shrunken_shares(both["again"].to_numpy(), (both["hours"] + both["again"]).to_numpy())
    return both.select(*keys, rework_share=pl.Series(np.minimum(share, 0.99)))


def setup_shares(jobs: pl.DataFrame, setups: pl.DataFrame) -> pl.DataFrame:
    """The share of jobs at each material and kind of work that had a setup."""
    keys = ["work_order", "material", "step", "kind_of_work"]
    had = jobs.select(*keys, "reports").join(
        setups.select(*keys, had=pl.lit(1.0)).unique(keys), on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    counted = had.group_by("material", "kind_of_work", maintain_order=True).agg(pl.col("had").sum(), count=pl.len())
    share = shrunken_shares(counted["had"].to_numpy(), counted["count"].cast(pl.Float64).to_numpy())
    return counted.select("material", "kind_of_work", setup_share=pl.Series(share))
