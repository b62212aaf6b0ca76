"""Things to buy for generated networks, for benchmarks and tests."""

from __future__ import annotations

import numpy as np

from linewright.supply.network.arrays import Network
from linewright.supply.shields.options import CAPACITY, RECOVERY, SOURCE, STOCK, Option


def offers_for(network: Network, seed: int) -> list[Option]:
    """Stock of every pool, a second source for half of them, more of every group, and sooner recovery of some nodes.

    A unit is worth what goes into it, so stock gets dearer towards the product.
    """
    random = np.random.default_rng(seed)
    worth = _worth(network)
    running = np.bincount(network.output, network.rate, network.pools)
    filled = {int(pool): int(activity) for activity, pool in enumerate(network.output)}
    options = [
        Option(name=f"stock of {network.pool_names[pool]}", kind=STOCK, at=pool, most=float(15 * running[pool]),
               cost_per_unit=float(worth[pool] * random.uniform(0.1, 0.3)))
        for pool in range(network.pools)
    ]  # fmt: skip
    for pool in np.flatnonzero(random.random(network.pools) < 0.5).tolist():
        like = filled.get(pool)
        if like is None:
            continue
        at = slice(network.inputs.first[like], network.inputs.first[like + 1])
        inputs = tuple(zip(network.inputs.index[at].tolist(), network.inputs.value[at].tolist(), strict=True))
        most = float(running[pool] * random.uniform(0.5, 1.2))
        options.append(
            Option(name=f"source of {network.pool_names[pool]}", kind=SOURCE, at=pool, most=most, inputs=inputs,
                   cost=float(most * worth[pool] * random.uniform(0.2, 1.0)),
                   cost_per_unit=float(worth[pool] * random.uniform(0.05, 0.2)))
        )  # fmt: skip
    options += [
        Option(name=f"more of {network.group_names[group]}", kind=CAPACITY, at=group,
               most=float(network.capacity[group] / 2), cost_per_unit=float(random.uniform(1, 5)))
        for group in range(network.groups)
    ]  # fmt: skip
    value = network.margin[: network.pools] @ network.demand / max(1, int((network.demand > 0).sum()))
    options += [
        Option(name=f"plan for {network.node_names[node]}", kind=RECOVERY, at=node, most=4.0,
               cost=float(value * random.uniform(0.02, 0.1)), cost_per_unit=float(value * random.uniform(0.05, 0.2)))
        for node in np.flatnonzero(random.random(network.nodes) < 0.3).tolist()
    ]  # fmt: skip
    return options


def _worth(network: Network) -> np.ndarray:
    """Currency that goes into a unit of each pool: one for what is bought, and a tenth on top at each level."""
    worth = np.ones(network.pools)
    inputs = network.inputs
    for _ in range(12):
        into = np.bincount(inputs.owner, inputs.value * worth[inputs.index], network.activities)
        dearest = np.zeros(network.pools)
        np.maximum.at(dearest, network.output, into)
        worth = 1.0 + 1.1 * dearest
    return worth
