"""The peer: the flow formulation of Simchi-Levi et al. (2015), solved from the beginning for each node by SciPy.

Each source of a material may send to each of its users, so flows are columns of their own. The matrix is built once, in
favour of the peer; usual code builds it anew for each node.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from linewright.supply.network import Network


class Flows:
    """The whole network in flows, with the days as a column (survival) or with lost demand (loss)."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.source, self.bill, each = self._flows()
        nodes, flows = network.activities, self.source.size
        stock = network.stock / np.maximum(1, np.bincount(network.output, minlength=network.pools))
        made = sparse.eye_array(nodes, format="csr")
        bills = sparse.csr_array((1 / each, (self.bill, np.arange(flows))), shape=(network.inputs.index.size, flows))
        sent = sparse.csr_array((np.ones(flows), (self.source, np.arange(flows))), shape=(nodes, flows))
        sold = sparse.csr_array((np.ones(nodes), (network.output, np.arange(nodes))), shape=(network.pools, nodes))
        products = np.flatnonzero(network.demand)
        usage = network.usage
        hours = sparse.csr_array((usage.value, (usage.index, usage.owner)), shape=(network.groups, nodes))
        self.matrix = sparse.block_array(
            [
                [made[network.inputs.owner], -bills],
                [-made, sent],
                [-sold[products], None],
                [hours, None],
            ],
            format="csr",
        )
        self.products = products
        zeros = np.zeros(network.inputs.index.size)
        self.stock = np.concatenate([zeros, stock[network.output], network.stock[products], np.zeros(network.groups)])
        self.daily = np.concatenate(
            [zeros, np.zeros(nodes), network.demand[products], -network.capacity]
        )  # what a day takes of each right side

    def _flows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The source of each flow, the line of the bill of materials that it serves, and that line's quantity."""
        network = self.network
        by_pool = np.argsort(network.output, kind="stable")
        counts = np.bincount(network.output, minlength=network.pools)
        first = np.cumsum(counts) - counts
        wanted = network.inputs.index
        bill = np.repeat(np.arange(wanted.size), counts[wanted])
        within = np.arange(bill.size) - np.repeat(np.cumsum(counts[wanted]) - counts[wanted], counts[wanted])
        source = by_pool[first[wanted][bill] + within]
        return source, bill, network.inputs.value[bill]

    def survives(self, node: int, most_days: float) -> float:
        """The longest window without a loss when a node is down."""
        nodes = self.network.activities
        rates = sparse.hstack([sparse.eye_array(nodes), sparse.csr_array((nodes, self.source.size))])
        rate = self.network.rate.copy()
        rate[node] = 0.0
        days = sparse.csr_array(np.concatenate([self.daily, -rate])[:, None])
        matrix = sparse.hstack([sparse.vstack([self.matrix, rates]), days])
        cost = np.zeros(matrix.shape[1])
        cost[-1] = -1.0
        bounds = np.zeros((cost.size, 2))
        bounds[:, 1] = np.inf
        bounds[-1, 1] = most_days
        found = linprog(cost, A_ub=matrix, b_ub=np.concatenate([self.stock, np.zeros(nodes)]), bounds=bounds)
        return float(-found.fun)

    def loss(self, node: int, days: float) -> float:
        """The least loss in a window of so many days when a node is down."""
        products, nodes = self.products, self.network.activities
        lost = sparse.csr_array(
            (-np.ones(products.size), (self.network.inputs.index.size + nodes + np.arange(products.size),
                                       np.arange(products.size))), shape=(self.matrix.shape[0], products.size),
        )  # fmt: skip
        matrix = sparse.hstack([self.matrix, lost])
        cost = np.concatenate([np.zeros(self.matrix.shape[1]), self.network.margin[products]])
        bounds = np.zeros((cost.size, 2))
        bounds[:, 1] = np.inf
        bounds[:nodes, 1] = self.network.rate * days
        bounds[node, 1] = 0.0
        bounds[-products.size :, 1] = self.network.demand[products] * days
        found = linprog(cost, A_ub=matrix, b_ub=self.stock - self.daily * days, bounds=bounds)
        return float(found.fun)
