"""Steady state: how much of the start to leave out, and how sure the mean of one long run is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from linewright.twin.statistics.intervals import Interval, mean_interval, not_enough, student_factor

BATCH_MEANS = "batch means"
OVERLAPPING = "overlapping batch means"
#: Batches on which it is tested whether neighbours still depend on each other, the most first; more of them see more.
TESTED_BATCHES = (256, 128, 64)
#: Batches of the interval for each tested one. Dependence of neighbours falls with the length of a batch, so that
#: batches four times as long are safe where the test just passes (after Law & Carson 1979, who take ten times).
MERGED = 4
#: One-sided quantile of the normal at 95 %, for the dependence of neighbours.
DEPENDENT = 1.645


@dataclass(frozen=True)
class Truncation:
    """How many of the first observations to leave out.

    `dropped` of `n` observations; `enough` is False where the run was still settling in its second half.
    """

    dropped: int
    n: int
    enough: bool
    method: str = "MSER-5"
    note: str = ""


@dataclass(frozen=True)
class Steady:
    """A long-run mean, with what was left out of the start and how the rest was cut into batches.

    `lag_one` is the correlation of neighbours among the batches that were tested. With replications each is one batch.
    """

    interval: Interval
    truncation: Truncation
    batches: int
    batch: int
    lag_one: float


def truncation(values: Any, *, batch: int = 5) -> Truncation:
    """Leave out as many first observations as make the mean of the rest surest (White 1997, MSER; MSER-5 by batches).

    Of all cuts d up to the middle take the one with the smallest sum of squares of the rest about its mean, divided by
    the square of its number: dropping a start that is far off lowers the sum, dropping more lowers the number.

    Parameters
    ----------
    values
        Observations of one long run (n), or of several runs (runs, n), whose average is then judged.
    batch
        How many observations are averaged first; 5 as White, Cobb and Spratt (2000) recommend.
    """
    values = np.asarray(values, np.float64)
    average = values if values.ndim == 1 else values.mean(axis=0)
    groups = average.size // batch
    if groups < 4:
        return Truncation(0, average.size, enough=False, note=_too_short(average.size, 4 * batch))
    means = average[: groups * batch].reshape(groups, batch).mean(axis=1)
    means = means - means.mean()
    # Sums from each place to the end, so that every cut costs the same.
    sums, squares = (np.cumsum(part[::-1])[::-1] for part in (means, means**2))
    left = np.arange(groups, 0, -1)
    scores = (np.maximum(squares - sums**2 / left, 0.0) / left**2)[: groups // 2 + 1]
    # A little slack keeps rounding from cutting into a constant.
    cut = int(np.argmax(scores <= scores.min() + 1e-12 * scores[0]))
    enough = cut < groups // 2
    return Truncation(
        cut * batch, average.size, enough, note="" if enough else "not enough: the run still settles in its second half"
    )


def steady_mean(
    values: Any, *, truncate: bool = True, overlapping: bool = False, confidence: float = 0.95, seed: int | None = None
) -> Steady:
    """The long-run mean of a figure from one long run (n) by batch means, or from several (runs, n) by Student's t."""
    values = np.asarray(values, np.float64)
    n = values.shape[-1]
    cut = truncation(values) if truncate else Truncation(0, n, enough=True, method="none")
    rest = values[..., cut.dropped :]
    if values.ndim == 2:
        interval = mean_interval(rest.mean(axis=1), confidence=confidence, seed=seed)
        found = Steady(interval, cut, len(rest), rest.shape[1], math.nan)
    else:
        found = batch_means(rest, overlapping=overlapping, confidence=confidence, seed=seed)
    note = found.interval.note or cut.note
    return replace(found, truncation=cut, interval=replace(found.interval, note=note))


def batch_means(values: Any, *, overlapping: bool = False, confidence: float = 0.95, seed: int | None = None) -> Steady:
    """The mean of one long run with an interval that allows for the dependence of neighbours.

    The run is cut into as many batches as pass the lag-1 test of independence, and those are merged by four. What
    dependence is left widens the interval as it would for a process of first order, as in Skart (Tafazzoli, Steiger &
    Wilson 2011). Overlapping batches use all places where a batch may begin (Meketon & Schmeiser 1984) and have 1.5
    times the degrees of freedom; they are a little narrower, and hold a little less often where the figure is skew.
    """
    values = np.asarray(values, np.float64)
    whole = Truncation(0, values.size, enough=True, method="none")
    method = OVERLAPPING if overlapping else BATCH_MEANS
    unknown = Interval(
        value=float(values.mean()) if values.size else math.nan, low=math.nan, high=math.nan, n=values.size,
        confidence=confidence, method=method, seed=seed,
    )  # fmt: skip
    if values.size < TESTED_BATCHES[-1]:
        note = _too_short(values.size, TESTED_BATCHES[-1])
        return Steady(replace(unknown, note=note), whole, 0, 0, math.nan)
    tested, lag_one = _independent_batches(values)
    if not tested:
        note = f"not enough: neighbours among {TESTED_BATCHES[-1]} batches still depend on each other; run longer"
        return Steady(replace(unknown, note=note), whole, 0, 0, lag_one)
    batches = tested // MERGED
    batch = values.size // batches
    # What does not fill the last batch is left out of the start, where it is least like the rest.
    used = values[values.size - batches * batch :]
    deviation = _overlapping_deviation(used, batch) if overlapping else _deviation(used, batch)
    # The correlation of few batches is estimated too low by one over their number.
    left = min(max(lag_one_correlation(_batched(used, batches)) + 1 / batches, 0.0), 0.9)
    widened = math.sqrt((1 + left) / (1 - left))
    half = widened * student_factor((1.5 if overlapping else 1.0) * (batches - 1), confidence) * deviation
    mean = float(used.mean())
    interval = replace(unknown, value=mean, low=mean - half, high=mean + half)
    return Steady(interval, whole, batches, batch, lag_one)


def lag_one_correlation(values: Any) -> float:
    """The correlation of each value with the next; 0 where all are equal."""
    values = np.asarray(values, np.float64)
    away = values - values.mean()
    spread = float(away @ away)
    # Rounding of equal values is no spread.
    if spread <= values.size * (1e-14 * float(np.abs(values).max(initial=0.0))) ** 2:
        return 0.0
    return float(away[1:] @ away[:-1]) / spread


def welch(runs: Any, window: int) -> pl.DataFrame:
    """The data of Welch's plot (1983): the average over runs at each step, and its moving average.

    Parameters
    ----------
    runs
        Observations (runs, n).
    window
        Steps on each side that are averaged; nearer to the start as many as there are, and none beyond n - window.
    """
    average = np.asarray(runs, np.float64).mean(axis=0)
    steps = np.arange(max(average.size - window, 0))
    reach = np.minimum(steps, window)
    sums = np.concatenate([[0.0], np.cumsum(average)])
    smooth = (sums[steps + reach + 1] - sums[steps - reach]) / (2 * reach + 1)
    return pl.DataFrame({"step": steps, "average": average[: steps.size], "smooth": smooth})


def _independent_batches(values: Any) -> tuple[int, float]:
    """The most batches whose neighbours pass as independent, 0 if none do, with their correlation."""
    correlation = math.nan
    for batches in TESTED_BATCHES:
        if values.size < batches:
            continue
        correlation = lag_one_correlation(_batched(values, batches))
        if correlation <= DEPENDENT / math.sqrt(batches):
            return batches, correlation
    return 0, correlation


def _batched(values: Any, batches: int) -> Any:
    """The means of so many batches, without what does not fill a batch at the start."""
    batch = values.size // batches
    return values[values.size - batches * batch :].reshape(batches, batch).mean(axis=1)


def _deviation(values: Any, batch: int) -> float:
    """The standard error of the mean from separate batches."""
    means = values.reshape(-1, batch).mean(axis=1)
    return float(means.std(ddof=1)) / math.sqrt(means.size)


def _overlapping_deviation(values: Any, batch: int) -> float:
    """The standard error of the mean from all batches of this length, wherever they begin."""
    n = values.size
    sums = np.concatenate([[0.0], np.cumsum(values - values.mean())])
    means = (sums[batch:] - sums[:-batch]) / batch
    return math.sqrt(batch / ((n - batch + 1) * (n - batch)) * float(means @ means))


def _too_short(n: int, least: int) -> str:
    return not_enough(n, least).replace("runs", "observations").replace("run,", "observation,")
