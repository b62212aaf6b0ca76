"""What a delay of an operation will cost, and what being earlier will save: a table for each operation.

An operation's start is set by one thing only: the neighbour that ends last. These causes make a tree, and when an
operation is delayed, all that hangs on it is delayed as much; so its table is the sum of the tables of its branches
and of the dates that it keeps itself. Such sums along the critical arcs of each late order are the tails of Mati,
Dauzère-Pérès and Lahlou, European Journal of Operational Research 212 (2011) 33-42, here for many delays at once.
For delays the sum is never too high; for what is earlier it is hopeful, as another neighbour may hold on.
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.tardy.timing import date_cost
from linewright.shop.kernels import kernel, lean_kernel

#: Steps of the table on each side of "no delay".
REACH = 8


@lean_kernel
def delay_cost(pressure: Any, grid: int, operation: int, delay: int) -> float:
    """Read the change in cost for a delay (negative: earlier) in seconds; straight lines between and beyond."""
    if delay == 0:
        return 0.0
    reach = pressure.shape[1] // 2
    at = min(max(delay // grid + reach, 0), 2 * reach - 1)
    low = pressure[operation, at]
    return low + (pressure[operation, at + 1] - low) * (delay / grid - (at - reach))


@lean_kernel
def cause_of(shop: Any, nodes: Any, operation: int) -> int:
    """The neighbour that sets an operation's start, -1 when nothing before it does."""
    step, node = shop.steps[operation], nodes[operation]
    for link in range(step.first_before, shop.steps[operation + 1].first_before):
        before = shop.befores[link].operation
        if nodes[before].end + shop.befores[link].wait == node.start:
            return before
    if node.start == step.ready or node.before >= shop.steps.size - 1:
        return -1
    return node.before


@kernel
def measure_pressure(shop: Any, plan: Any, order: Any, grid: int, pressure: Any) -> None:
    """Fill the table of every operation; `order` lists them so that each comes after all that sets its start."""
    nodes, reach = plan.nodes, pressure.shape[1] // 2
    pressure[:] = 0.0
    for demand in range(shop.demands.size - 1):
        met = plan.met[demand]
        for feed in range(shop.demands[demand].first_feed, shop.demands[demand + 1].first_feed):
            operation = shop.feeds[feed].operation
            arrival = nodes[operation].end + shop.feeds[feed].wait
            others = met.finish
            if arrival == met.finish:
                others = shop.demands[demand].ready
                for other in range(shop.demands[demand].first_feed, shop.demands[demand + 1].first_feed):
                    if other != feed:
                        others = max(others, nodes[shop.feeds[other].operation].end + shop.feeds[other].wait)
            for at in range(2 * reach + 1):
                delayed = max(others, arrival + (at - reach) * grid)
                pressure[operation, at] += date_cost(shop, demand, delayed) - met.cost
    for at in range(order.size - 1, -1, -1):
        cause = cause_of(shop, nodes, order[at])
        if cause >= 0:
            pressure[cause] += pressure[order[at]]
