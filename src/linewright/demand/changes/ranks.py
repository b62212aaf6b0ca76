"""Scores of rare demand: what the rank of each value among those before it says."""

from __future__ import annotations

import numpy as np

from linewright.demand.models.panel import Floats, Panel

#: Where nearly all is zero there is hardly a spread, and a second demand would be an alarm.
LEAST_SPREAD = 0.7


def normal_scores(panel: Panel) -> Floats:
    """Each value as the normal quantile of its rank among itself and all before it (periods × series).

    Values that are alike share their mean rank. However lopsided demand is, these sequential ranks are nearly normal
    scores, or, with many zeros, less spread than that (McDonald 1990; van der Waerden scores); they are divided by
    their spread so far. Values that come later do not count, or a shift would hide itself as time goes on.
    """
    from scipy.special import ndtri

    scores = np.zeros_like(panel.values)
    squares, counted = np.zeros(len(panel.first)), np.maximum(panel.age + 1, 1)
    for row, actual in enumerate(panel.values):
        there = panel.there[row]
        before = panel.values[: row + 1]
        # Above a series its values are zero and count as below or alike, so that they are taken off again.
        above = row + 1 - counted[row]
        less = (before < actual).sum(axis=0) - above * (actual > 0)
        alike = (before == actual).sum(axis=0) - above * (actual == 0)
        rank = (less + alike / 2) / counted[row]
        score = ndtri(np.clip(rank, 1e-9, 1 - 1e-9)) * there
        squares += score * score
        scores[row] = score / np.maximum(np.sqrt(squares / counted[row]), LEAST_SPREAD)
    return scores
