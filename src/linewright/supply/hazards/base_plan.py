"""The plan without stops, and the order in which a simulation walks through the network."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.supply.network.arrays import Network, Rows

#: A rate without a limit of its own, in units a day; large beside any flow, and small enough to be added up.
UNLIMITED = 1e15


@dataclass(frozen=True)
class Walk:
    """A network as a simulation reads it: pools from capacities and first materials to what is sold.

    An hour of a capacity group is a material that does not keep, and a sale is an activity that fills a pool above
    the one with the demand; so there is one kind of limit only. Pools (Q) are in an order in which nothing is made of
    what comes later: first the `groups` of the network, last its sales. Activity a fills the pool q with
    `first_activity[q] <= a < first_activity[q + 1]` and draws on `inputs`; `users` are the activities that draw on each
    pool, the most worthy first. `share` is how much of its pool each activity makes in the steady plan. `stock` is in
    units, or hours a day for groups; `rate` in units a day. `hits` says for each node what it scales and to which
    share: an activity, or -1 - g for group g. `sold` are the network's pools that are sold, with `demand` and `margin`.
    """

    groups: int
    stock: Any
    demand: Any
    margin: Any
    sold: Any
    first_activity: Any
    rate: Any
    share: Any
    inputs: Rows
    users: Rows
    hits: Rows
    assumptions: tuple[str, ...]


def base_flows(network: Network) -> Any:
    """The rate of each activity, in units a day, of a steady plan that loses the least margin (a linear program).

    A tiny cost of each activity keeps goods from going round in circles, and from being made for nothing.

    Raises
    ------
    NoAnswer
        The solver found no steady plan.
    """
    pools, activities = network.pools, network.activities
    sellers = np.flatnonzero(network.demand > 0)
    worth = network.margin[sellers] + 1e-3 * max(1.0, float(network.margin.max(initial=0)))
    scale = float(network.demand[sellers].mean()) if sellers.size else 1.0
    effort = 1e-6 * float(worth.max(initial=1.0)) * np.full(activities, 1 / max(activities, 1))
    # What is used and sold is made: taken - made - lost <= -demand; and hours <= capacity.
    entries = [
        (network.output, np.arange(activities), -np.ones(activities)),
        (network.inputs.index, network.inputs.owner, network.inputs.value),
        (sellers, activities + np.arange(sellers.size), -np.ones(sellers.size)),
        (pools + network.usage.index, network.usage.owner, network.usage.value),
    ]
    limits = np.concatenate([-network.demand, network.capacity]) / scale
    upper = np.concatenate([network.rate, network.demand[sellers]]) / scale
    found = _solved(np.concatenate([effort, worth]), upper, limits, entries)
    return found[:activities] * scale


def _solved(cost: Any, upper: Any, limits: Any, entries: list[tuple[Any, Any, Any]]) -> Any:
    """The x between 0 and `upper` of least cost whose rows stay below their limits, by HiGHS."""
    import highspy

    from linewright.supply.silent import silent_highs

    row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    order = np.lexsort((row, column))
    row, column, value = row[order], column[order], value[order]
    # An activity that draws twice on a pool has one entry.
    new = np.ones(row.size, bool)
    new[1:] = (np.diff(row) != 0) | (np.diff(column) != 0)
    first = np.flatnonzero(new)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = cost.size, limits.size
    program.col_cost_, program.col_lower_ = cost, np.zeros(cost.size)
    program.col_upper_ = np.minimum(upper, highspy.kHighsInf)
    program.row_lower_, program.row_upper_ = np.full(limits.size, -highspy.kHighsInf), limits
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.searchsorted(column[first], np.arange(cost.size + 1)).astype(np.int32)
    program.a_matrix_.index_ = row[first].astype(np.int32)
    program.a_matrix_.value_ = np.add.reduceat(value, first) if first.size else value
    solver = silent_highs()
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    if status not in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty}:
        raise NoAnswer(f"no steady plan of the network was found: {solver.modelStatusToString(status)}")
    # Rounding of the solver may lie just outside the bounds.
    return np.clip(np.array(solver.getSolution().col_value), 0.0, upper)


def walk_of(network: Network, flows: Any | None = None) -> Walk:
    """The order, the shares and the worth that a simulation needs.

    Parameters
    ----------
    flows
        The rates of a steady plan (A), in units a day; None finds one.
    """
    flows = base_flows(network) if flows is None else np.asarray(flows, np.float64)
    order, dropped = _order(network, flows)
    sellers = np.flatnonzero(network.demand > 0)
    place = np.empty(network.pools, np.int64)
    place[order] = network.groups + np.arange(network.pools)
    kept = np.setdiff1d(np.arange(network.activities), sorted(dropped)).astype(np.int64)
    kept = kept[np.argsort(place[network.output[kept]], kind="stable")]
    groups = np.arange(network.groups)
    inputs = [_pairs(network.inputs, at, place) + _pairs(network.usage, at, groups) for at in kept]
    inputs += [[(int(place[at]), 1.0)] for at in sellers]
    pools = network.groups + network.pools + sellers.size
    filled = np.concatenate([place[network.output[kept]], np.arange(pools - sellers.size, pools)])
    first = np.searchsorted(filled, np.arange(pools + 1)).astype(np.int64)
    margin = np.concatenate([np.zeros(pools - sellers.size), network.margin[sellers]])
    return Walk(
        groups=network.groups,
        stock=np.concatenate([network.capacity, network.stock[order], np.zeros(sellers.size)]).astype(np.float64),
        demand=network.demand[sellers].astype(np.float64),
        margin=network.margin[sellers].astype(np.float64),
        sold=sellers,
        first_activity=first,
        rate=np.concatenate([np.minimum(network.rate[kept], UNLIMITED), np.full(sellers.size, UNLIMITED)]),
        share=_shares(first, np.concatenate([flows[kept], np.ones(sellers.size)])),
        inputs=Rows.of(inputs),
        users=_users(first, Rows.of(inputs), margin),
        hits=_hits(network, kept),
        assumptions=tuple(
            f"{network.activity_names[at]}: goods would go round in a circle, so the simulation leaves it out"
            for at in sorted(dropped)
        ),
    )


def _hits(network: Network, kept: Any) -> Rows:
    """What each node scales: activities that are kept, and groups."""
    position = {int(activity): at for at, activity in enumerate(kept)}
    rows = []
    for node in range(network.nodes):
        flow, capacity = (
            slice(rows.first[node], rows.first[node + 1]) for rows in (network.hits_flow, network.hits_capacity)
        )
        activities = zip(network.hits_flow.index[flow], network.hits_flow.value[flow], strict=True)
        groups = zip(network.hits_capacity.index[capacity], network.hits_capacity.value[capacity], strict=True)
        row = [(position[int(activity)], float(left)) for activity, left in activities if int(activity) in position]
        rows.append(row + [(-1 - int(group), float(left)) for group, left in groups])
    return Rows.of(rows)


def _order(network: Network, flows: Any) -> tuple[Any, set[int]]:
    """Pools in an order in which inputs come before what is made of them, and the activities that this leaves out.

    Pools as far from the customer stand together, the most worthy for an hour of capacity last: a plan that walks from
    the customer down gives them a shared plant first.
    """
    order, dropped = _without_circles(network, flows)
    depth, worth = np.zeros(network.pools, np.int64), network.margin.astype(np.float64)
    hours = np.ones(network.pools)
    makers: list[list[int]] = [[] for _ in range(network.pools)]
    for activity, pool in enumerate(network.output):
        if activity not in dropped:
            makers[pool].append(activity)
            row = slice(network.usage.first[activity], network.usage.first[activity + 1])
            hours[pool] = network.usage.value[row].max(initial=hours[pool] if len(makers[pool]) > 1 else 1e-9)
    for pool in order[::-1]:
        for activity in makers[pool]:
            for other, quantity in _pairs(network.inputs, activity):
                depth[other] = max(depth[other], depth[pool] + 1)
                worth[other] = max(worth[other], worth[pool] / quantity)
    return np.lexsort((np.arange(network.pools), worth / hours, -depth)), dropped


def _without_circles(network: Network, flows: Any) -> tuple[list[int], set[int]]:
    """Any order in which inputs come first (Kahn 1962), and the activities without which there is one.

    Circles, such as lanes both ways, are cut at the pool whose waiting activities carry the least in the steady plan.
    """
    makers: list[list[int]] = [[] for _ in range(network.pools)]
    for activity, pool in enumerate(network.output):
        makers[pool].append(activity)
    needs = [{pool for at in row for pool, _ in _pairs(network.inputs, at)} for row in makers]
    users: list[list[int]] = [[] for _ in range(network.pools)]
    for pool, wanted in enumerate(needs):
        for other in wanted:
            users[other].append(pool)
    waiting = [len(wanted) for wanted in needs]
    free = [pool for pool, count in enumerate(waiting) if not count]
    order: list[int] = []
    dropped: set[int] = set()
    placed = np.zeros(network.pools, bool)
    while len(order) < network.pools:
        if not free:
            blocked = [(pool, _held(network, makers[pool], placed)) for pool in np.flatnonzero(~placed)]
            pool, held = min(blocked, key=lambda row: (sum(flows[at] for at in row[1]), row[0]))
            dropped.update(held)
            free.append(int(pool))
        pool = free.pop()
        placed[pool] = True
        order.append(pool)
        for user in users[pool]:
            waiting[user] -= 1
            if not waiting[user] and not placed[user]:
                free.append(user)
    return order, dropped


def _held(network: Network, makers: list[int], placed: Any) -> list[int]:
    """The activities among these that wait for a pool without a place in the order."""
    return [at for at in makers if not all(placed[pool] for pool, _ in _pairs(network.inputs, at))]


def _pairs(rows: Rows, at: int, position: Any | None = None) -> list[tuple[int, float]]:
    here = slice(rows.first[at], rows.first[at + 1])
    index = rows.index[here] if position is None else position[rows.index[here]]
    return [(int(one), float(value)) for one, value in zip(index, rows.value[here], strict=True) if value > 0]


def _shares(first: Any, flows: Any) -> Any:
    """How the need of a pool is split among its activities: as in the steady plan, evenly where that has none."""
    share = np.ones(flows.size)
    for begin, end in pairwise(first):
        total = flows[begin:end].sum()
        share[begin:end] = flows[begin:end] / total if total > 0 else 1 / max(1, end - begin)
    return share


def _users(first: Any, inputs: Rows, margin: Any) -> Rows:
    """The activities that draw on each pool, by the margin that one unit of the pool makes possible there."""
    pools = first.size - 1
    output = np.repeat(np.arange(pools), np.diff(first))
    worth = margin.copy()
    users: list[list[tuple[float, int, float]]] = [[] for _ in range(pools)]
    for pool in range(pools - 1, -1, -1):
        users[pool].sort(key=lambda user: (-user[0], user[1]))
        worth[pool] = max([worth[pool], *(user[0] for user in users[pool])])
        for activity in range(first[pool], first[pool + 1]):
            for at in range(inputs.first[activity], inputs.first[activity + 1]):
                density = worth[output[activity]] / inputs.value[at]
                users[inputs.index[at]].append((density, activity, float(inputs.value[at])))
    return Rows.of([[(activity, quantity) for _, activity, quantity in row] for row in users])
