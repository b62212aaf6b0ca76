"""The least that energy and alternatives can cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.model.results import Weights
from linewright.plan.bounds.changeovers import least_changeovers
from linewright.shop.arrays import Arrays


def least_prices(shop: Arrays) -> Any:
    """The lowest energy price that each machine can ever pay."""
    machines, prices = shop.machines, shop.prices
    least = machines.price[:-1].copy()
    for machine in range(least.size):
        points = prices[machines.first_point[machine] : machines.first_point[machine + 1]]
        worked = np.diff(points.worked)
        if (worked > 0).any():
            least[machine] = min(least[machine], float((np.diff(points.spent)[worked > 0] / worked[worked > 0]).min()))
    return np.maximum(least, 0.0)


def mode_money(shop: Arrays, weights: Weights) -> Any:
    """For each mode the least energy and the preference that it costs, weighted.

    In an oven the machine's energy counts once for all that is inside. As loads sum up to its capacity at most, each
    operation's own load as a share of the capacity, times its own run, never adds up to more.
    """
    modes, machines, operations = shop.modes, shop.machines, shop.operations
    machine = machines[modes.machine]
    load = operations.load[modes.operation]
    share = np.where(machine.batch, np.minimum(load / machine.capacity, 1.0), 1.0)
    own = (modes.setup * machine.setup_kw + modes.run * machine.run_kw) / 3600 * share
    kwh = own + operations.kwh[modes.operation]
    return weights.energy * kwh * least_prices(shop)[modes.machine] + weights.preference * modes.cost


def least_money(shop: Arrays, weights: Weights) -> dict[str, float]:
    """The sum over operations of their cheapest mode, shared out to energy and preference; and changeovers."""
    if shop.operations.size < 2:
        return {"energy": 0.0, "preference": 0.0, "changeovers": 0.0}
    preferred = weights.preference * shop.modes.cost
    first = shop.operations.first_mode[:-1]
    together = float(np.minimum.reduceat(mode_money(shop, weights), first).sum())
    # The cheapest mode may be dear in one part; each part alone is at least its own cheapest.
    preference = float(np.minimum.reduceat(preferred, first).sum())
    changeovers = weights.changeovers * least_changeovers(shop)
    return {"energy": together - preference, "preference": preference, "changeovers": changeovers}
