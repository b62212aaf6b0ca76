"""Whether a time has moved away from its standard, and since when.

Each job gives the log of its minutes over those that the standard allows. First a single change of level is looked
for: the split with the largest likelihood ratio (Hinkley 1970) counts when its standardised difference is beyond a
limit that chance alone passes once in a hundred series. Then the level after it (or of all jobs) is compared with the
standard, on values that are pulled in to three times their median absolute deviation, so that one lost report makes
no alarm. Some type in a usual time, some a mean, which is larger where times are skewed: a standard is wrong only
when it lies on the same side of both. The mean of the log is judged by Student's t, the mean itself by Cox's interval
for log-normal times (Zhou & Gao 1997). Over all steps together at most one alarm in a hundred is false (Benjamini &
Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats

from linewright.times.minutes.terms import Floats

#: A step with fewer jobs is not judged.
LEAST_JOBS = 6
#: A level lasts for at least so many jobs.
LEAST_SEGMENT = 4
#: Differences below this share do no harm.
LEAST_SHARE = 0.05
FALSE_SHARE = 0.01
#: A normal standard deviation over the median distance from the running median of five values, by drawing a million.
RUNNING = 2.03


@dataclass(frozen=True)
class Level:
    """Where a time stands now against its standard, on the log scale.

    `first` is the number of the first job of this level (0: it has always been so), `mean` the level of the log of
    times with its 95 % interval, `chance` that of such a level if the standard were the usual or the mean time.
    """

    first: int
    mean: float
    low: float
    high: float
    chance: float


def level_now(logs: Floats) -> Level | None:
    """The level of the latest jobs, in the order of time; None where there are too few."""
    if len(logs) < LEAST_JOBS:
        return None
    pulled = _pulled_in(logs)
    first, chance_of_change = _change(pulled)
    latest = pulled[first:]
    mean, free = float(latest.mean()), len(latest) - 1
    variance = max(float(latest.var(ddof=1)), 1e-12)
    error = np.sqrt(variance / len(latest))
    reach = float(stats.t.ppf(0.975, free) * error)
    usual = mean / error
    average = (mean + variance / 2) / np.sqrt(variance / len(latest) + variance**2 / (2 * free))
    weaker = min(abs(usual), abs(average)) if usual * average > 0 else 0.0
    # A level that was sought out is no surer than the change that it begins with.
    chance = max(float(2 * stats.t.sf(weaker, free)), chance_of_change)
    return Level(first, mean, mean - reach, mean + reach, chance)


def _pulled_in(logs: Floats) -> Floats:
    """Single odd values pulled in towards the median of their neighbours, which a change of level moves along."""
    window = 5
    padded = np.pad(logs, window // 2, mode="reflect") if len(logs) > window else logs
    middle = (
        np.median(np.lib.stride_tricks.sliding_window_view(padded, window), axis=1)
        if len(logs) > window
        else np.full(len(logs), np.median(logs))
    )
    spread = (RUNNING if len(logs) > window else 1.4826) * float(np.median(np.abs(logs - middle)))
    return middle + np.clip(logs - middle, -3 * spread, 3 * spread) if spread > 0 else logs


def _change(values: Floats) -> tuple[int, float]:
    """The first value of the latest level and the chance of such a change without one; 0 where none stands out."""
    count = len(values)
    if count < 2 * LEAST_SEGMENT:
        return 0, 0.0
    ends = np.arange(LEAST_SEGMENT, count - LEAST_SEGMENT + 1)
    statistic = _standardised(values, ends)
    best = int(np.argmax(statistic))
    if statistic[best] <= _limit(count):
        return 0, 0.0
    # As many tests as splits (Bonferroni).
    return int(ends[best]), min(1.0, len(ends) * float(2 * stats.t.sf(statistic[best], count - 2)))


def _standardised(values: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The difference of means before and after each split of a series (or of each row), in its standard errors."""
    count = values.shape[-1]
    sums, squares = np.cumsum(values, axis=-1), (values**2).sum(axis=-1, keepdims=True)
    before, after = sums[..., ends - 1] / ends, (sums[..., -1:] - sums[..., ends - 1]) / (count - ends)
    within = squares - ends * before**2 - (count - ends) * after**2
    error = np.sqrt(np.maximum(within, 1e-12) / (count - 2) * (1 / ends + 1 / (count - ends)))
    return np.abs(after - before) / error


@lru_cache(maxsize=512)
def _limit(count: int) -> float:
    """What the largest standardised difference of so many values without a change exceeds once in a hundred times.

    Found by drawing: there is no closed form for short series. Longer series than 60 have nearly the same limit.
    """
    count = min(count, 60)
    draws = np.random.default_rng(count).standard_normal((4000, count))
    ends = np.arange(LEAST_SEGMENT, count - LEAST_SEGMENT + 1)
    return float(np.quantile(_standardised(draws, ends).max(axis=1), 0.99))


def believed(levels: Sequence[Level | None]) -> list[bool]:
    """Which levels surely differ from their standard, and by enough to matter."""
    from linewright.times.estimates.curves import discoveries

    chances = [1.0 if level is None else level.chance for level in levels]
    sure = discoveries(chances, FALSE_SHARE)
    return [
        level is not None and found and abs(level.mean) > np.log1p(LEAST_SHARE)
        for level, found in zip(levels, sure, strict=True)
    ]
