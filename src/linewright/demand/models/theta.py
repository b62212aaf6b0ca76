"""The dynamic optimised Theta model, for many series at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewright.demand.models.fit import Fit
from linewright.demand.models.level import ALPHAS, fading, levels_of
from linewright.demand.models.panel import Floats, Panel

#: A weight of the trend above this would be a theta above 20.
MOST_TREND = 0.95


@dataclass(frozen=True, eq=False)
class Line:
    """The straight line through all periods up to each: its mean, slope, and place before the first period."""

    average: Floats
    slope: Floats
    begin: Floats


def dynamic_theta(panel: Panel, horizon: int) -> Fit:
    """Fit the model of Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016), equations 11 to 16.

    With the level run from 0 and the effect of its true start kept apart, the forecast one step ahead is linear in
    that start and in the trend's weight 1 - 1/theta. So both come from least squares for each smoothing parameter of
    a grid, and no iteration is needed.
    """
    line, count = _running_line(panel), len(panel.first)
    best_loss, chosen = np.full(count, np.inf), np.zeros((3, count))
    for rate in ALPHAS:
        loss, start, weight = _least_squares(panel, rate, line)
        better = loss < best_loss
        best_loss[better] = loss[better]
        chosen[:, better] = np.stack([np.full(count, rate), start, weight])[:, better]
    alpha, start, weight = chosen
    levels = levels_of(panel, alpha, start)
    errors = np.zeros_like(panel.values)
    # The first two periods have no line yet.
    left = np.exp(np.log1p(-alpha) * (np.maximum(panel.age[:-1], 0) + 1))
    fitted = levels[:-1] + weight * _trend(alpha, left, line.begin[:-1], line.slope[:-1])
    errors[1:] = np.where(panel.age[1:] >= 2, panel.values[1:] - fitted, 0.0)
    return Fit(_points(panel, alpha, weight, levels[-1], line, horizon), errors)


def _running_line(panel: Panel) -> Line:
    number = np.maximum(panel.age + 1, 1).astype(np.float64)
    totals = np.cumsum(panel.values, axis=0)
    moments = np.cumsum(panel.values * number, axis=0)
    average = totals / number
    slope = 6 * (2 * moments - (number + 1) * totals) / (number * np.maximum(number * number - 1, 1))
    slope[number == 1] = 0.0
    return Line(average, slope, average - (number + 1) / 2 * slope)


def _trend(alpha: Floats | float, left: Floats, begin: Floats, slope: Floats) -> Floats:
    """What the line adds to the level one step ahead, with full weight (equation 12)."""
    return left * begin + (1 - left * (1 - alpha)) / alpha * slope


def _least_squares(panel: Panel, alpha: float, line: Line) -> tuple[Floats, Floats, Floats]:
    """The squared error, the best start of the level and the best weight of the trend for one parameter."""
    counted = panel.age[1:] >= 2
    left = fading(alpha, panel)[:-1]
    trend = _trend(alpha, left, line.begin[:-1], line.slope[:-1]) * counted
    gaps = (panel.values[1:] - levels_of(panel, alpha)[:-1]) * counted
    left *= counted
    square, a, b, c, p, q = (
        np.einsum("tn,tn->n", *pair)
        for pair in ((gaps, gaps), (left, left), (left, trend), (trend, trend), (gaps, left), (gaps, trend))
    )
    area = a * c - b * b
    regular = area > 1e-9 * a * c
    weight = np.clip(np.where(regular, (a * q - b * p) / np.where(regular, area, 1.0), 0.0), 0.0, MOST_TREND)
    start = np.divide(p - b * weight, a, out=np.zeros_like(a), where=a > 0)
    loss = square - 2 * (start * p + weight * q) + a * start**2 + 2 * b * start * weight + c * weight**2
    return loss, start, weight


def _points(panel: Panel, alpha: Floats, weight: Floats, level: Floats, line: Line, horizon: int) -> Floats:
    points = np.empty((horizon, len(alpha)))
    average, slope = line.average[-1], line.slope[-1]
    for step in range(horizon):
        periods = panel.lengths + step
        begin = average - (periods + 1) / 2 * slope
        points[step] = level + weight * _trend(alpha, (1 - alpha) ** periods, begin, slope)
        # The forecast stands in for the value that is not known yet (equations 14 to 16).
        level = alpha * points[step] + (1 - alpha) * level
        slope = ((periods - 1) * slope + 6 * (points[step] - average) / (periods + 1)) / (periods + 2)
        average = (periods * average + points[step]) / (periods + 1)
    return points
