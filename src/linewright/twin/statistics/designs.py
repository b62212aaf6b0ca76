"""Unsure inputs: where to try them, and how much of the spread is theirs rather than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.errors import ModelError


@dataclass(frozen=True)
class Split:
    """The variance of one run's figure, split into what chance makes and what unsure inputs make.

    `chance` and `inputs` are variances; their sum is the variance of a run whose inputs are drawn, too. `inputs` lies
    between `low` and `high` with this confidence. `trials` inputs were drawn, with `n` runs in all.
    """

    chance: float
    inputs: float
    low: float
    high: float
    confidence: float
    trials: int
    n: int
    method: str
    note: str = ""

    @property
    def inputs_share(self) -> float:
        """The share of the variance that unsure inputs make."""
        whole = self.chance + self.inputs
        return self.inputs / whole if whole > 0 else math.nan


def latin_hypercube(trials: int, inputs: int, *, seed: int) -> Any:
    """Points (trials, inputs) between 0 and 1, of which each input has one in each of its `trials` equal slices.

    McKay, Beckman & Conover (1979). Give each column to the inverse distribution of an input.
    """
    from scipy.stats import qmc

    _checked(trials, inputs)
    return qmc.LatinHypercube(inputs, seed=np.random.default_rng(seed)).random(trials)


def sobol(trials: int, inputs: int, *, seed: int) -> Any:
    """Scrambled Sobol points (trials, inputs) between 0 and 1, even in all inputs together.

    Sobol (1967), scrambled after Owen (1998). The number has to be a power of 2, or the points would not be balanced.
    """
    from scipy.stats import qmc

    _checked(trials, inputs)
    if trials & (trials - 1):
        below = 1 << (trials.bit_length() - 1)
        raise ModelError([f"{trials} Sobol points: use a power of 2, such as {below} or {2 * below}"])
    return qmc.Sobol(inputs, seed=np.random.default_rng(seed)).random_base2(trials.bit_length() - 1)


def split_nested(runs: Any, *, confidence: float = 0.95) -> Split:
    """Split the variance of runs that have chance of their own for each drawn input.

    By the law of total variance that of a run is the mean of the variance within inputs plus the variance of the means.
    The means themselves still carry chance, so the variance among them is too large by its share, which is taken off:
    the random-effects analysis of variance (Searle, Casella & McCulloch 1992, ch. 3; for simulation Sun, Apley & Staum
    2011, and Ankenman & Nelson 2012). The interval rests on the F distribution, and on Thomas & Hultquist's harmonic
    mean (1978) where trials differ in their number of runs.

    Parameters
    ----------
    runs
        For each drawn input its runs (trials, runs), or a list of arrays of several lengths. Runs must not share chance
        across trials: give each trial replication numbers of its own, or use `split_crossed`.
    """
    groups = [np.asarray(group, np.float64) for group in runs]
    sizes = np.array([group.size for group in groups])
    trials, n = len(groups), int(sizes.sum())
    if trials < 2 or n <= trials or sizes.min() < 1:
        return _unknown(trials, n, confidence, "nested")
    means = np.array([group.mean() for group in groups])
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / (n - trials)
    among = float(sizes @ (means - np.concatenate(groups).mean()) ** 2) / (trials - 1)
    typical = (n - float(sizes @ sizes) / n) / (trials - 1)
    harmonic = trials / float((1 / sizes).sum())
    unweighted = harmonic * float(means.var(ddof=1))
    bounds = _bounds(unweighted, within, harmonic, (trials - 1, n - trials), confidence)
    return Split(within, max((among - within) / typical, 0.0), *bounds, confidence, trials, n, "nested")


def split_crossed(runs: Any, *, confidence: float = 0.95) -> Split:
    """Split the variance of runs (trials, runs) in which each column has common random numbers for all inputs.

    Chance is then an effect of its own, which common numbers take out of the comparison of inputs: two-way random
    effects without repetition (Searle, Casella & McCulloch 1992, ch. 4).
    """
    runs = np.asarray(runs, np.float64)
    trials, columns = runs.shape
    if trials < 2 or columns < 2:
        return _unknown(trials, runs.size, confidence, "crossed")
    whole, of_trial, of_column = runs.mean(), runs.mean(axis=1), runs.mean(axis=0)
    rest = float(((runs - of_trial[:, None] - of_column + whole) ** 2).sum()) / ((trials - 1) * (columns - 1))
    among = columns * float(of_trial.var(ddof=1))
    common = max((trials * float(of_column.var(ddof=1)) - rest) / trials, 0.0)
    bounds = _bounds(among, rest, columns, (trials - 1, (trials - 1) * (columns - 1)), confidence)
    inputs = max((among - rest) / columns, 0.0)
    return Split(common + rest, inputs, *bounds, confidence, trials, runs.size, "crossed")


def _bounds(
    among: float, within: float, runs: float, freedom: tuple[int, int], confidence: float
) -> tuple[float, float]:
    """The interval of the variance among trials: that of its ratio to the variance within is exact (Wald 1940)."""
    from scipy.special import fdtri

    if within <= 0:
        # Without chance the variance among trials is all there is; its interval is that of a normal variance.
        from scipy.special import chdtri

        tails = ((1 - confidence) / 2, (1 + confidence) / 2)
        low, high = (freedom[0] * among / runs / float(chdtri(freedom[0], tail)) for tail in tails)
        return low, high
    ratio = among / within
    low, high = (
        within * max(ratio / float(fdtri(*freedom, tail)) - 1, 0.0) / runs
        for tail in ((1 + confidence) / 2, (1 - confidence) / 2)
    )
    return low, high


def _unknown(trials: int, n: int, confidence: float, method: str) -> Split:
    note = f"not enough: {n} runs of {trials} drawn inputs; at least 2 inputs with 2 runs are needed"
    return Split(math.nan, math.nan, math.nan, math.nan, confidence, trials, n, method, note)


def _checked(trials: int, inputs: int) -> None:
    if trials < 1 or inputs < 1:
        raise ModelError([f"{trials} points of {inputs} inputs: use 1 or more of both"])
