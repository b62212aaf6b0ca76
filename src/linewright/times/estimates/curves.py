"""Learning curves: minutes of a unit that fall with the units made so far (Wright 1936)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from linewright.model.times_results import CURVE_COLUMNS
from linewright.times.minutes.terms import Floats

#: Fewer jobs show no curve.
LEAST_JOBS = 8
#: Share of curves shown that may be none (Benjamini & Hochberg 1995).
FALSE_SHARE = 0.05


@dataclass(frozen=True)
class Curve:
    """A fitted curve: minutes of a unit go with (units so far)^exponent; `chance` is that of such a fit without one."""

    exponent: float
    low: float
    high: float
    chance: float


def fit_curve(minutes: Floats, quantity: Floats) -> Curve | None:
    """Fit a curve to jobs in the order of time, or None where they cannot show one.

    The units so far are counted to the middle of each job (the algebraic midpoint is within a per cent of it after the
    first jobs). The quantity of the job itself stands beside it where it varies, so that large jobs being quicker for
    each unit is not taken for learning.
    """
    if len(minutes) < LEAST_JOBS:
        return None
    made = np.cumsum(quantity) - quantity / 2
    columns = [np.ones(len(made)), np.log(made)]
    if np.log(quantity).std() > 0.05:
        columns.append(np.log(quantity))
    table, rates = np.column_stack(columns), np.log(minutes / quantity)
    free = len(rates) - table.shape[1]
    solved, _, rank, _ = np.linalg.lstsq(table, rates, rcond=None)
    if rank < table.shape[1] or free < 4:
        return None
    error = rates - table @ solved
    deviation = float(np.sqrt(max(error @ error, 1e-12) / free * np.linalg.inv(table.T @ table)[1, 1]))
    reach = float(stats.t.ppf(0.975, free)) * deviation
    chance = float(stats.t.cdf(solved[1] / deviation, free))
    return Curve(float(solved[1]), float(solved[1]) - reach, float(solved[1]) + reach, chance)


def curves_of(jobs: pl.DataFrame) -> pl.DataFrame:
    """The curves of all steps that show one, as CURVE_COLUMNS."""
    found = []
    steps = jobs.filter(pl.col("dated") & pl.col("step").is_not_null())
    for (material, step, name), group in steps.group_by("material", "step", "kind_of_work", maintain_order=True):
        curve = fit_curve(group["minutes"].to_numpy(), group["quantity"].to_numpy())
        if curve is not None:
            units = float(group["quantity"].sum())
            found.append((material, step, name, group.height, units, curve))
    shown = discoveries([row[-1].chance for row in found], FALSE_SHARE)
    rows = [
        (*row[:-1], row[-1].exponent, row[-1].low, row[-1].high, 2 ** row[-1].exponent)
        for row, show in zip(found, shown, strict=True)
        if show
    ]
    return pl.DataFrame(rows, schema=CURVE_COLUMNS, orient="row").sort("material", "step")


def discoveries(chances: list[float], share: float) -> list[bool]:
    """Which of many tests to believe, so that on average at most a share of those believed are wrong."""
    order = np.argsort(chances, kind="stable")
    limits = share * (np.arange(len(chances)) + 1) / max(len(chances), 1)
    below = np.flatnonzero(np.asarray(chances)[order] <= limits) if chances else np.empty(0, dtype=int)
    believed = set(order[: below.max() + 1].tolist()) if len(below) else set()
    return [place in believed for place in range(len(chances))]
