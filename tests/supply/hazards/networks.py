"""Small networks, and the linear program that no simulation can beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_array

from linewright.supply.hazards.stops import Calendar, Downs
from linewright.supply.network.arrays import Network, Rows


def network(
    pools: dict[str, tuple[float, float, float]],
    activities: Sequence[tuple[str, str, float, dict[str, float]]],
    groups: dict[str, tuple[float, dict[str, float]]] | None = None,
    place: Sequence[str] = (),
    nodes: Sequence[tuple[str, dict[str, float]]] | None = None,
) -> Network:
    """A network in words.

    Pools are (stock, demand, margin), activities (name, output, rate, inputs), groups (capacity, hours by activity).
    Each activity is a node that stops all of it; `nodes` are further ones that leave a share of some groups.
    """
    names, groups = list(pools), groups or {}
    made = [name for name, *_ in activities]
    stock, demand, margin = (np.array([pools[name][at] for name in names], np.float64) for at in range(3))
    flow = [[(at, 0.0)] for at in range(len(made))] + [[] for _ in nodes or ()]
    capacity = [[] for _ in made] + [
        [(list(groups).index(g), left) for g, left in hit.items()] for _, hit in nodes or ()
    ]
    labels = [*made, *(name for name, _ in nodes or ())]
    return Network(
        pool_names=tuple(names), stock=stock, demand=demand, margin=margin, activity_names=tuple(made),
        output=np.array([names.index(output) for _, output, *_ in activities]),
        rate=np.array([rate for _, _, rate, _ in activities], np.float64),
        inputs=Rows.of([[(names.index(pool), value) for pool, value in inputs.items()] for *_, inputs in activities]),
        usage=Rows.of(
            [[(at, hours[name]) for at, (_, hours) in enumerate(groups.values()) if name in hours] for name in made]
        ),
        group_names=tuple(groups), capacity=np.array([limit for limit, _ in groups.values()], np.float64),
        node_kinds=("source",) * len(labels), node_names=tuple(labels),
        place=tuple(place) or ("",) * len(labels), recover_days=np.full(len(labels), 7.0),
        hits_flow=Rows.of(flow), hits_capacity=Rows.of(capacity),
    )  # fmt: skip


def down(node: int, steps: Sequence[int], share: float = 1.0) -> Downs:
    """One path on which one node is down in some steps."""
    count = len(steps)
    return Downs(np.zeros(count, np.int64), np.full(count, node), np.array(steps), np.full(count, share))


def least_loss(net: Network, downs: Downs, calendar: Calendar) -> float:
    """The least margin that anybody could lose along path 0, knowing all of its future (a linear program by steps)."""
    steps, made, pools = calendar.steps, net.activities, net.pools
    width = made + 2 * pools
    balance, bound = lil_array((steps * pools, steps * width)), np.empty(steps * pools)
    limits, most = lil_array((steps * net.groups, steps * width)), np.empty(steps * net.groups)
    upper, cost = np.full(steps * width, np.inf), np.zeros(steps * width)
    for step in range(steps):
        rate, capacity = net.rate * calendar.step_days, net.capacity * calendar.step_days
        for at in np.flatnonzero(downs.step == step):
            node, gone = downs.node[at], downs.share[at]
            for rows, limit in ((net.hits_flow, rate), (net.hits_capacity, capacity)):
                for hit in range(rows.first[node], rows.first[node + 1]):
                    limit[rows.index[hit]] *= 1 - gone * (1 - rows.value[hit])
        here, stock, lost = step * width, step * width + made, step * width + made + pools
        upper[here : here + made] = rate
        for activity in range(made):
            balance[step * pools + net.output[activity], here + activity] += 1
            for at in range(net.inputs.first[activity], net.inputs.first[activity + 1]):
                balance[step * pools + net.inputs.index[at], here + activity] -= net.inputs.value[at]
            for at in range(net.usage.first[activity], net.usage.first[activity + 1]):
                limits[step * net.groups + net.usage.index[at], here + activity] += net.usage.value[at]
        most[step * net.groups : (step + 1) * net.groups] = capacity
        for pool in range(pools):
            row = step * pools + pool
            balance[row, stock + pool], balance[row, lost + pool] = -1, 1
            bound[row] = net.demand[pool] * calendar.step_days
            if step:
                balance[row, stock - width + pool] = 1
            else:
                bound[row] -= net.stock[pool]
            upper[lost + pool] = net.demand[pool] * calendar.step_days
            cost[lost + pool] = net.margin[pool]
    found = linprog(
        cost, A_ub=limits.tocsr() if net.groups else None, b_ub=most if net.groups else None,
        A_eq=balance.tocsr(), b_eq=bound, bounds=np.column_stack([np.zeros(upper.size), upper]), method="highs",
    )  # fmt: skip
    return float(found.fun)
