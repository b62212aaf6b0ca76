"""Make forecasts of parts and wholes add up."""

from __future__ import annotations

import numpy as np

from linewright.demand.models.panel import Floats

METHODS = ("mint", "wls", "ols")


def reconciled(
    points: Floats, summing: Floats, errors: Floats, *, method: str = "mint", positive: bool = True
) -> Floats:
    """The coherent forecasts closest to the given ones: those of all parts, and of every sum of them.

    Minimum trace reconciliation (Wickramasuriya, Athanasopoulos & Hyndman 2019): b = (S' W⁻¹ S)⁻¹ S' W⁻¹ y. Negative
    parts are set to zero and the others found again until none is left (Wickramasuriya, Turlach & Hyndman 2020).

    Parameters
    ----------
    points
        Forecasts (series × horizon), in the order of the rows of `summing`.
    summing
        S (series × parts): which parts each series is the sum of.
    errors
        Errors one step ahead (periods × series), from which the weights are learnt.
    method
        ``mint`` (shrunk covariance of the errors), ``wls`` (their variances only) or ``ols`` (all alike).
    positive
        Whether no part may be negative.

    Returns
    -------
    Floats
        Forecasts (series × horizon); the sums are exact, as they are computed from the parts.
    """
    if method not in METHODS:
        message = f"method={method!r} must be one of {', '.join(METHODS)}"
        raise ValueError(message)
    weights = np.asarray(np.linalg.inv(_covariance(errors, method)), dtype=np.float64)
    parts = _solve(points, summing, weights)
    if positive:
        for step in np.flatnonzero((parts < 0).any(axis=0)):
            parts[:, step] = _positive(points[:, step], summing, weights, parts[:, step])
    return np.asarray(summing @ parts)


def _solve(points: Floats, summing: Floats, weights: Floats) -> Floats:
    projected = summing.T @ weights
    return np.asarray(np.linalg.solve(projected @ summing, projected @ points), dtype=np.float64)


def _positive(points: Floats, summing: Floats, weights: Floats, parts: Floats) -> Floats:
    """Parts without negative ones: those that would be negative are zero, the others are found again."""
    kept = parts > 0
    while kept.any():
        found = np.zeros_like(parts)
        found[kept] = _solve(points[:, None], summing[:, kept], weights)[:, 0]
        if (found >= 0).all():
            return found
        kept &= found > 0
    return np.zeros_like(parts)


def _covariance(errors: Floats, method: str) -> Floats:
    """Covariance of the errors, shrunk towards its diagonal by the estimate of Schäfer & Strimmer (2005)."""
    count, series = errors.shape
    if method == "ols" or count < 2:
        return np.eye(series)
    variances = (errors**2).mean(axis=0)
    # A series without errors would have all the weight; a millionth of the largest variance keeps it finite.
    variances = np.maximum(variances, 1e-6 * max(float(variances.max()), 1e-12))
    if method == "wls":
        return np.diag(variances)
    scaled = errors / np.sqrt(variances)
    correlation = scaled.T @ scaled / count
    noise = ((scaled**2).T @ (scaled**2) / count - correlation**2) / count
    aside = ~np.eye(series, dtype=bool)
    strength = float((correlation[aside] ** 2).sum())
    shrink = min(max(float(noise[aside].sum()) / strength, 0.0), 1.0) if strength > 0 else 1.0
    # A trace of shrinkage is always needed, as totals are sums of their parts.
    correlation[aside] *= 1 - max(shrink, 0.01)
    np.fill_diagonal(correlation, 1.0)
    deviation = np.sqrt(variances)
    return np.asarray(correlation * deviation[:, None] * deviation)
