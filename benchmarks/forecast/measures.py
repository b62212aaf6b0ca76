"""How good forecasts and ranges are."""

from __future__ import annotations

import numpy as np


def smape(came: np.ndarray, point: np.ndarray) -> float:
    """Mean symmetric percentage error, by which M3 was judged; a pair of zeros is no error."""
    sizes = np.abs(came) + np.abs(point)
    return float(200 * np.divide(np.abs(came - point), sizes, out=np.zeros_like(sizes), where=sizes > 0).mean())


def mase(past: list[np.ndarray], came: np.ndarray, point: np.ndarray, season: int) -> float:
    """Mean absolute error, divided by that of the seasonal naive forecast within the history."""
    scale = np.array([np.abs(one[season:] - one[:-season]).mean() if len(one) > season else 0.0 for one in past])
    known = scale > 0
    return float((np.abs(came - point).mean(axis=1)[known] / scale[known]).mean())


def rmsse(past: list[np.ndarray], came: np.ndarray, point: np.ndarray) -> float:
    """Root mean squared error, divided by that of the last value within the history (M5); mean over series."""
    scale = np.array([np.mean(np.diff(one) ** 2) for one in past])
    known = scale > 0
    return float(np.sqrt(((came - point) ** 2).mean(axis=1)[known] / scale[known]).mean())


def coverage(came: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """The share of values inside the range, in per cent."""
    return float(100 * ((low <= came) & (came <= high)).mean())
