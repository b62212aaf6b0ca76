"""The most of each material that all demand could ever use up in a day."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from linewright.supply.network.arrays import Network


def most_needed(network: Network) -> Any:
    """Units of each pool that all demand takes in a day, by the sources that take most of it, without any stock.

    To fill a pool faster serves nobody, so this limits rates. Where lanes run in circles, no goods need to pass a
    place twice: the pools of a circle are taken as one.
    """
    takes = _takes(network)
    circles, circle = csgraph.connected_components(takes, directed=True, connection="strong")
    inside = circle[takes.row] == circle[takes.col]
    growth = np.ones(circles)
    np.maximum.at(growth, circle[takes.row[inside]], takes.data[inside])
    growth **= np.bincount(circle, minlength=circles) - 1
    outside = ~inside
    between = sparse.coo_array(
        (takes.data[outside], (circle[takes.row[outside]], circle[takes.col[outside]])), shape=(circles, circles)
    ).tocsr()
    demand = np.bincount(circle, weights=network.demand, minlength=circles)
    needed = demand * growth
    # Each round reaches one level further down the bill of materials, which has no circles any more.
    for _ in range(circles):
        further = growth * (demand + between @ needed)
        if np.array_equal(further, needed):
            break
        needed = further
    return needed[circle]


def _takes(network: Network) -> Any:
    """What a unit of a pool takes of each other pool at most: rows are the pools taken from."""
    pairs = network.inputs.index * network.pools + network.output[network.inputs.owner]
    order = np.lexsort((-network.inputs.value, pairs))
    fresh = np.ones(order.size, bool)
    fresh[1:] = np.diff(pairs[order]) != 0
    pairs, most = pairs[order][fresh], network.inputs.value[order][fresh]
    return sparse.coo_array((most, np.divmod(pairs, network.pools)), shape=(network.pools, network.pools))
