"""The whole model of minutes: effects and trees, blended as earlier forecasts show, with ranges from their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl

from linewright.times.minutes.effects import Effects, learn_effects
from linewright.times.minutes.ranges import SHARE, Ranges, ranges_of, replayed
from linewright.times.minutes.terms import PERSON, TERMS, Floats, Term
from linewright.times.minutes.trees import LEAST_RECORDS, Trees, learn_trees

#: Where the trials stand: each learns from the first share of the records and forecasts up to the next.
TRIALS = (0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
#: The trees take half or nothing: a weight fitted to few trials is worse than equal ones (Timmermann 2006).
BLENDS = (0.0, 0.5)
#: Trials need so many records to learn from.
LEAST_TO_LEARN = 12
TREE_COLUMNS = ("material", "kind_of_work", "machine")
#: No single error counts for more than this in the mean: e to the 2 is 7 times the median.
MOST_ERROR = 2.0


@dataclass(frozen=True)
class Forecast:
    """Minutes of some records: median, mean, the ends of the range, the chance that it holds, and the level's error."""

    median: Floats
    mean: Floats
    low: Floats
    high: Floats
    level_error: Floats


@dataclass(frozen=True)
class Minutes:
    """A learned model of minutes.

    `errors` are those of the trials: group, log error, in units of expected size, minutes; `share` is that of the trees
    in the blend; `held` is the share of the last trial's records that ranges from the earlier trials caught, by work
    center and in all (""), with how many they were.
    """

    effects: Effects
    trees: Trees | None
    share: float
    ranges: Ranges
    mean_factor: dict[str, float]
    held: dict[str, tuple[float, int]]
    records: int

    def logs(self, records: pl.DataFrame) -> tuple[Floats, Floats]:
        """The log of the median minutes and the expected size of its error."""
        median, variance = self.effects.predict(records)
        if self.trees is not None and self.share:
            median = (1 - self.share) * median + self.share * self.trees.predict(records)
        return median, np.sqrt(variance)

    def forecast(self, records: pl.DataFrame, share: float = SHARE) -> Forecast:
        """The minutes of records with `quantity` above zero."""
        median, size = self.logs(records)
        group = records["work_center"].to_list()
        low, high = self.ranges.bounds(group, share)
        factor = np.array([self.mean_factor.get(name, self.mean_factor[""]) for name in group])
        _, unsure = self.effects.mean(records)
        return Forecast(
            median=np.exp(median), mean=np.exp(median) * factor, low=np.exp(median + size * np.minimum(low, 0.0)),
            high=np.exp(median + size * np.maximum(high, 0.0)), level_error=np.sqrt(unsure),
        )  # fmt: skip

    def quantile(self, records: pl.DataFrame, chance: float) -> Floats:
        """The minutes that are not exceeded with this chance."""
        median, size = self.logs(records)
        if chance == 0.5:
            return np.exp(median)
        return np.exp(median + size * self.ranges.quantile(records["work_center"].to_list(), chance))

    def nameless(self) -> Minutes:
        """The same without anything about single people."""
        trees = None if self.trees is None else self.trees.without("person")
        return replace(self, effects=self.effects.without(PERSON.name), trees=trees)


def learn_minutes(records: pl.DataFrame, *, seed: int = 0, people: bool = False) -> Minutes:
    """Learn how long work takes from records in the order of time.

    Parameters
    ----------
    records
        As `linewright.times.reports.records` makes them; at least two.
    seed
        Of the trees.
    people
        Whether who did it is known, so that people's pace is kept out of the other effects.
    """
    terms = (*TERMS, PERSON) if people else TERMS
    columns = (*TREE_COLUMNS, "person") if people else TREE_COLUMNS
    trials = _trials(records, terms, columns, seed)
    share = _best_share(trials)
    effects = learn_effects(records, terms)
    grown = learn_trees(records, columns, seed) if share else None
    errors = trials.with_columns(error=pl.col("log") - _blended(share)).with_columns(
        unit=pl.col("error") / pl.col("size")
    )
    ranges = _ranges(errors)
    return Minutes(
        effects=effects, trees=grown, share=share, ranges=ranges, mean_factor=_mean_factors(errors, effects),
        held=_held(errors), records=records.height,
    )  # fmt: skip


def _trials(records: pl.DataFrame, terms: Sequence[Term], columns: Sequence[str], seed: int) -> pl.DataFrame:
    """What would have been forecast earlier, and what came: one row for each record after the first trial's start."""
    parts = []
    for number, (first, last) in enumerate(pairwise(TRIALS)):
        past, came = (
            records[: int(first * records.height)],
            records[int(first * records.height) : int(last * records.height)],
        )
        if "until" in records.columns and came.height:
            # What had begun but not ended when the forecasts begin was not known then.
            past = past.filter((pl.col("until") <= came["moment"].min()).fill_null(value=True))
        if past.height < LEAST_TO_LEARN or not came.height:
            continue
        median, variance = learn_effects(past, terms).predict(came)
        grown = learn_trees(past, columns, seed, seeds=1).predict(came) if past.height >= LEAST_RECORDS else median
        parts.append(
            came.select(
                "work_center", "minutes", log=pl.col("minutes").log(), effects=pl.Series(median),
                trees=pl.Series(grown), size=pl.Series(np.sqrt(variance)), trial=pl.lit(number),
            )
        )  # fmt: skip
    schema = {"work_center": pl.String, "trial": pl.Int32} | dict.fromkeys(
        ("minutes", "log", "effects", "trees", "size"), pl.Float64
    )
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _blended(share: float) -> pl.Expr:
    return (1 - share) * pl.col("effects") + share * pl.col("trees")


def _best_share(trials: pl.DataFrame) -> float:
    """The share of trees with the least absolute error in minutes; more trees must earn their keep."""
    if trials.filter(pl.col("trees") != pl.col("effects")).height < LEAST_RECORDS:
        return 0.0
    errors = [float((_blended_minutes(trials, share) - trials["minutes"]).abs().sum()) for share in BLENDS]
    return BLENDS[int(np.argmin(errors))]


def _blended_minutes(trials: pl.DataFrame, share: float) -> pl.Series:
    return trials.select(_blended(share).exp().alias("blended"))["blended"]


def _ranges(errors: pl.DataFrame) -> Ranges:
    """Ranges from the trials' errors; with hardly any they are those of a normal distribution."""
    if errors.height < LEAST_TO_LEARN:
        from statistics import NormalDist

        steps = np.array([NormalDist().inv_cdf((place + 0.5) / 99) for place in range(99)])
        return Ranges({}, steps)
    group, unit = errors["work_center"].to_list(), errors["unit"].to_numpy()
    return ranges_of(group, unit, replayed(group, unit, errors["trial"].to_list()))


def _mean_factors(errors: pl.DataFrame, effects: Effects) -> dict[str, float]:
    """How much larger the mean is than the median, by work center and in all: smearing (Duan 1983) of capped errors."""
    usual = float(np.exp(effects.noise / 2))
    if errors.height < LEAST_TO_LEARN:
        return {"": usual}
    capped = errors.with_columns(times=pl.col("error").clip(-MOST_ERROR, MOST_ERROR).exp())
    whole = float(capped["times"].mean())  # type: ignore[arg-type]
    found = capped.group_by("work_center").agg(pl.col("times").sum(), pl.len())
    factors = {name: (total + 30 * whole) / (count + 30) for name, total, count in found.iter_rows()}
    return {"": whole, **factors}


def _held(errors: pl.DataFrame) -> dict[str, tuple[float, int]]:
    """The share of the last trial's records inside ranges that only knew the earlier trials."""
    if not errors.height:
        return {}
    last = errors.filter(pl.col("trial") == pl.col("trial").max())
    before = errors.filter(pl.col("trial") < pl.col("trial").max())
    if before.height < LEAST_TO_LEARN or not last.height:
        return {}
    known = _ranges(before)
    low, high = known.bounds(last["work_center"].to_list())
    inside = (last["unit"].to_numpy() >= low) & (last["unit"].to_numpy() <= high)
    told = last.select("work_center", inside=pl.Series(inside)).group_by("work_center").agg(
        pl.col("inside").mean(), count=pl.len()
    )  # fmt: skip
    return {
        "": (float(inside.mean()), len(inside)),
        **{name: (share, count) for name, share, count in told.iter_rows()},
    }
