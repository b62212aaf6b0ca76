"""Forecasts of customers that add up to those of their material."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from linewright.demand.changes.reaction import Reaction
from linewright.demand.history import History
from linewright.demand.models.damped import damped_trend
from linewright.demand.models.panel import Floats, Panel
from linewright.demand.reconcile import reconciled

#: Errors one step ahead that the weights are learnt from.
LATEST = 60


def add_up(
    history: History, reaction: Reaction, point: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats, Floats]:
    """Reconcile the forecasts of each material with those of its customers; ranges move with their points."""
    customers = [place for place, (_, customer) in enumerate(history.keys) if customer]
    if not customers:
        return point, low, high
    totals = {material: place for place, (material, customer) in enumerate(history.keys) if not customer}
    errors = damped_trend(Panel.of([values[-LATEST:] for values in reaction.series], 1), 1).errors
    coherent = point.copy()
    customers.sort(key=lambda place: history.keys[place])
    for material, group in groupby(customers, key=lambda place: history.keys[place][0]):
        places = [totals[material], *group]
        parts = len(places) - 1
        summing = np.vstack([np.ones((1, parts)), np.eye(parts)])
        seen = min(len(reaction.series[places[0]]), LATEST)
        coherent[places] = reconciled(point[places], summing, errors[-seen:, places])
    moved = coherent - point
    return coherent, np.maximum(low + moved, 0.0), np.maximum(high + moved, 0.0)
