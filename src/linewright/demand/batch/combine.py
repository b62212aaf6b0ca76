"""How the forecasts of several methods become one: by their errors at rolling origins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linewright.demand.batch.rolling import Trial
from linewright.demand.models.panel import Floats, Ints
from linewright.demand.models.pool import Candidates

#: Weights fall with this power of the error: twice the error, a sixteenth of the weight.
POWER = 4.0
#: The error of all series counts like so many trials of the series itself.
SHARED_TRIALS = 2.0
#: Equal weights count like so many scaled forecasts when weights are learnt from all series together.
EQUAL_FORECASTS = 20.0


def weights_by_error(candidates: Candidates, tried: Sequence[Trial]) -> Floats:
    """A weight for each method and series (methods × series) from its mean absolute scaled error.

    Weights by inverse errors go back to Bates & Granger (1969). A series has few trials, so that its errors are
    drawn towards those of all series. A method that was never tried has no weight; without trials all are equal.
    """
    errors = np.zeros(candidates.points.shape[::2])
    trials = np.zeros_like(errors)
    for trial in tried:
        rows = _rows(candidates.names, trial)
        scaled = np.abs(trial.candidates.points - trial.actual) / trial.candidates.scale
        errors[rows, trial.series] += scaled.mean(axis=1)
        trials[rows, trial.series] += 1
    seen = trials.sum(axis=1)
    if not seen.any():
        return np.full_like(errors, 1 / len(errors))
    shared = np.divide(errors.sum(axis=1), seen, out=np.full(len(errors), np.inf), where=seen > 0)
    # A series that is forecast without error at every trial must not divide by zero.
    own = (errors + SHARED_TRIALS * shared[:, None]) / (trials + SHARED_TRIALS) + 1e-12
    weights = (own / own.min(axis=0)) ** -POWER
    return weights / weights.sum(axis=0)


def weights_of_all(candidates: Candidates, tried: Sequence[Trial]) -> Floats:
    """Weights that all series share (methods × series), by least squares without negative weights.

    Each empty period says little about one series, and a lot about all of them: how far demand falls or rises, too,
    as the weights need not add up to one. Equal weights are the prior; the minimum is found by cyclic descent.
    """
    methods = len(candidates.names)
    equal = np.full(methods, 1 / methods)
    products, targets = EQUAL_FORECASTS * np.eye(methods), EQUAL_FORECASTS * equal
    for trial in tried:
        scaled, actual = _scaled(trial)
        products = products + scaled @ scaled.T
        targets = targets + scaled @ actual
    weights = equal
    for _ in range(200):
        weights = weights.copy()
        for method in range(methods):
            rest = targets[method] - products[method] @ weights + products[method, method] * weights[method]
            weights[method] = max(rest / products[method, method], 0.0)
    return np.repeat(weights[:, None], candidates.points.shape[2], axis=1)


def combined(candidates: Candidates, weights: Floats) -> Floats:
    """The weighted sum of the methods (horizon × series)."""
    return np.asarray(np.einsum("mn,mhn->hn", weights, candidates.points))


def combined_then(names: tuple[str, ...], weights: Floats, trial: Trial) -> Floats:
    """What the weighted methods said at a trial; methods that it did not know yet leave their weight to the others."""
    total = weights[:, trial.series].sum(axis=0)
    known = weights[_rows(names, trial), trial.series]
    sums = known.sum(axis=0)
    equal = np.full_like(known, 1 / len(known))
    shares = np.where(sums > 0, known / np.where(sums > 0, sums, 1.0), equal)
    return combined(trial.candidates, shares * total)


def _rows(names: tuple[str, ...], trial: Trial) -> Ints:
    """The places of a trial's methods among all (methods × 1)."""
    return np.array([names.index(name) for name in trial.candidates.names], dtype=np.int64)[:, None]


def _scaled(trial: Trial) -> tuple[Floats, Floats]:
    """Forecasts (methods × all) and what came, divided by the scale of their series.

    A series that had not moved yet has no scale to judge by. Scales below the median count as the median: a series
    that has hardly moved would outweigh hundreds of others with its first demand.
    """
    candidates = trial.candidates
    if not candidates.moved.any():
        return np.zeros((len(candidates.names), 0)), np.zeros(0)
    scale = candidates.scale[:, candidates.moved]
    scale = np.maximum(scale, np.median(scale))
    points = candidates.points[:, :, candidates.moved] / scale
    return points.reshape(len(points), -1), (trial.actual[:, candidates.moved] / scale).ravel()
