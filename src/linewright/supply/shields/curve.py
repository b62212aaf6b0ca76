"""What each amount of money buys: stops that are still felt, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from linewright.model.stress_results import CURVE_COLUMNS
from linewright.supply.network.arrays import Network
from linewright.supply.shields.budget import EXPECTED, WORST_CASES, Protection, Risk
from linewright.supply.shields.cheapest import choose
from linewright.supply.shields.options import Option
from linewright.supply.stress.events import Event


def pareto(
    network: Network, options: Sequence[Option], events: Sequence[Event], probabilities: Any, *,
    steps: int = 6, risk: Risk = WORST_CASES, gap: float = 0.01,
) -> pl.DataFrame:  # fmt: skip
    """The least risk for budgets from nothing to what closes every stop (`CURVE_COLUMNS`).

    Parameters
    ----------
    network, options, events, probabilities, risk, gap
        As for `protect`.
    steps
        How many steps there are from nothing to everything.
    """
    everything = choose(network, options, events, gap=gap).cost
    plan = Protection(network, options, events, probabilities)
    rows = []
    for budget in np.linspace(0.0, everything, steps + 1).tolist():
        units, goal, bound = plan.within(budget, risk, gap)
        lost = plan.losses(units)
        felt = int((lost > plan.nothing).sum())
        expected = Risk(measure=EXPECTED).of(lost, plan.chances)
        apart = 0.0 if goal <= plan.nothing else max(0.0, 1 - bound / goal)
        rows.append((budget, plan.offers.price_of(units), felt, expected, risk.of(lost, plan.chances), apart))
    return pl.DataFrame(rows, schema=dict(CURVE_COLUMNS), orient="row")
