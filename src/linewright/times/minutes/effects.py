"""Hierarchical shrinkage on the log of minutes: crossed random effects with heavy-tailed errors.

The model is log(minutes) = a + b x + sum over terms of (effect + slope x) + error, where x is the centred log of the
quantity. Effects are normal with a variance that the data tell (empirical Bayes; Robinson 1991, "That BLUP is a good
thing"), so that an operation with three records leans on its family, work center and plant. Errors are Student's t with
4 degrees of freedom, as reports of the floor have outliers (Lange, Little & Taylor 1989): each record is weighted by
(4 + 1) / (4 + its squared standardised error). Posterior means and variances are found by coordinate ascent with
independent posteriors (mean-field variational Bayes; Blei, Kucukelbir & McAuliffe 2017), in time proportional to the
number of records; being conformalised later, ranges do not rest on these variances being exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from linewright.times.minutes.terms import Floats, Ints, Term, keys_of, numbered, numbers

FREEDOM = 4.0
ROUNDS = 60
#: Variances never fall to zero, so that a level can still be learned.
LEAST = 1e-5


@dataclass(frozen=True)
class Levels:
    """The effects of one term: mean and variance of each level, and of a level that was never seen."""

    term: Term
    known: Mapping[str, int]
    effect: Floats
    variance: Floats
    slope: Floats
    slope_variance: Floats
    between: float
    slope_between: float


@dataclass(frozen=True)
class Effects:
    """What was learned: `predict` gives the log of the median minutes and the variance of a new record around it."""

    intercept: float
    slope: float
    centre: float
    noise: float
    levels: tuple[Levels, ...]

    def predict(self, records: pl.DataFrame) -> tuple[Floats, Floats]:
        """The log of the median minutes, and the variance of the log around it, for each record."""
        median, unsure = self.mean(records)
        return median, unsure + self.noise

    def mean(self, records: pl.DataFrame) -> tuple[Floats, Floats]:
        """The log of the median minutes, and the variance of that itself: how sure the level is."""
        x = np.log(records["quantity"].to_numpy()) - self.centre
        median, unsure = self.intercept + self.slope * x, np.zeros(len(x))
        for one in self.levels:
            at = numbers(keys_of(records, one.term), one.known)
            seen = at >= 0
            median = median + np.where(seen, one.effect[at] + one.slope[at] * x, 0.0)
            unsure = unsure + np.where(
                seen,
                one.variance[at] + one.slope_variance[at] * x * x,
                one.between + one.slope_between * x * x,
            )
        return median, unsure

    def growth(self, records: pl.DataFrame) -> Floats:
        """The exponent with which minutes grow with the quantity, between 0 and 1."""
        slope = np.full(records.height, self.slope)
        for one in self.levels:
            at = numbers(keys_of(records, one.term), one.known)
            slope = slope + np.where(at >= 0, one.slope[at], 0.0)
        return np.clip(slope, 0.0, 1.0)

    def without(self, name: str) -> Effects:
        """The same without what was learned about the single levels of a term; its variance is kept for new ones."""
        none = np.zeros(1)
        emptied = tuple(
            replace(one, known={}, effect=none, variance=none, slope=none, slope_variance=none)
            if one.term.name == name
            else one
            for one in self.levels
        )
        return replace(self, levels=emptied)


def learn_effects(records: pl.DataFrame, terms: Sequence[Term]) -> Effects:
    """Learn from records with `minutes` and `quantity` above zero; at least two are needed."""
    logs, sizes = np.log(records["minutes"].to_numpy()), np.log(records["quantity"].to_numpy())
    centre = float(sizes.mean())
    state = _Ascent(logs, sizes - centre, [_start(records, term) for term in terms])
    for _ in range(ROUNDS):
        state.round()
    return Effects(state.intercept, state.slope, centre, state.noise, tuple(one.levels() for one in state.terms))


@dataclass
class _Fitted:
    """A term while it is being learned."""

    term: Term
    known: dict[str, int]
    at: Ints
    effect: Floats
    variance: Floats
    slope: Floats
    slope_variance: Floats
    between: float = 0.1
    slope_between: float = 0.03

    def levels(self) -> Levels:
        """What was learned, frozen."""
        return Levels(
            self.term, self.known, self.effect, self.variance, self.slope, self.slope_variance,
            self.between, self.slope_between if self.term.slope else 0.0,
        )  # fmt: skip


def _start(records: pl.DataFrame, term: Term) -> _Fitted:
    keys = keys_of(records, term)
    known = numbered(keys)
    zeros: list[Any] = [np.zeros(len(known)) for _ in range(4)]
    return _Fitted(term, known, numbers(keys, known), *zeros)


class _Ascent:
    """The rounds of coordinate ascent."""

    def __init__(self, logs: Floats, x: Floats, terms: list[_Fitted]) -> None:
        self.logs, self.x, self.terms = logs, x, terms
        self.intercept, self.slope, self.noise = float(np.median(logs)), 0.6, 0.5
        self.error = logs - self.intercept - self.slope * x

    def round(self) -> None:
        """Each part once, given the others; then the variances."""
        squares = self.error**2 + self._unsure()
        weight = (FREEDOM + 1) / (FREEDOM + squares / self.noise)
        self._fixed(weight)
        for one in self.terms:
            one.effect, one.variance, one.between = self._levels(one, one.effect, one.between, None, weight)
            if one.term.slope:
                one.slope, one.slope_variance, one.slope_between = self._levels(
                    one, one.slope, one.slope_between, self.x, weight
                )
        self.noise = max(float((weight * (self.error**2 + self._unsure())).mean()), LEAST)

    def _fixed(self, weight: Floats) -> None:
        step = float((weight * self.error).sum() / weight.sum())
        self.intercept += step
        self.error = self.error - step
        spread = float((weight * self.x**2).sum())
        if spread > LEAST:
            step = float((weight * self.x * self.error).sum()) / spread
            self.slope += step
            self.error = self.error - step * self.x

    def _levels(
        self, one: _Fitted, before: Floats, between: float, along: Floats | None, weight: Floats
    ) -> tuple[Floats, Floats, float]:
        """The shrunken effects of one term, and their variance between levels."""
        factor = np.ones(len(self.x)) if along is None else along
        error = self.error + before[one.at] * factor
        count = len(one.known)
        told = np.bincount(one.at, weight * factor**2, count) + self.noise / between
        effect = np.bincount(one.at, weight * factor * error, count) / told
        variance = self.noise / told
        self.error = error - effect[one.at] * factor
        return np.asarray(effect), np.asarray(variance), max(float((effect**2 + variance).mean()), LEAST)

    def _unsure(self) -> Floats:
        total = np.zeros(len(self.x))
        for one in self.terms:
            total = total + one.variance[one.at] + one.slope_variance[one.at] * self.x**2
        return total
