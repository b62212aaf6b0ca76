"""What scenarios cost: events of any nodes, for any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.supply.network.arrays import Network, Rows
from linewright.supply.stress.balance import Balance, left_by
from linewright.supply.stress.full import Full


@dataclass(frozen=True)
class Losses:
    """Bounds of the loss in each scenario, in the currency; they are equal where it is known exactly."""

    lower: Any
    upper: Any


def losses(network: Network, scenarios: Rows, days: Any) -> Losses:
    """The least loss that is possible in each scenario.

    Parameters
    ----------
    network
        The supply network.
    scenarios
        The nodes that are stopped in each (row: scenario, index: node; values do not count).
    days
        How long each of them lasts, in days of 24 hours.
    """
    full = Full(Balance.of(network))
    left = left_by(network, scenarios)
    cost = np.zeros(len(scenarios))
    for scenario, length in enumerate(np.asarray(days, np.float64).tolist()):
        if length > 0:
            cost[scenario] = full.least_loss(left.of(scenario), length).cost
    return Losses(cost, cost)
