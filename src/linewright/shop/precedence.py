"""Kernels on the precedence graph: a topological order, and each operation's own due date and weight."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import kernel
from linewright.shop.working_time import NEVER


@kernel
def topological(shop: Any) -> Any:
    """Operations so that each comes after all that it waits for; shorter than the shop when there is a circle."""
    operations = shop.operations
    count = operations.size - 1
    open_arcs = np.empty(count, np.int64)
    order = np.empty(count, np.int64)
    found = 0
    for operation in range(count):
        open_arcs[operation] = operations[operation + 1].first_arc - operations[operation].first_arc
        if open_arcs[operation] == 0:
            order[found] = operation
            found += 1
    at = 0
    while at < found:
        operation = order[at]
        at += 1
        for arc in range(operations[operation].first_next, operations[operation + 1].first_next):
            follower = shop.next_operation[arc]
            open_arcs[follower] -= 1
            if open_arcs[follower] == 0:
                order[found] = follower
                found += 1
    return order[:found]


@kernel
def shortest_run(shop: Any, operation: int) -> int:
    """Run seconds on the fastest machine."""
    shortest = NEVER
    for mode in range(shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode):
        shortest = min(shortest, shop.modes[mode].run)
    return shortest


@kernel
def steer(shop: Any, order: Any) -> None:
    """Set the due date and weight of every operation from the demands that it feeds, backwards through the graph."""
    operations, demands, arcs = shop.operations, shop.demands, shop.arcs
    operations.due[:] = NEVER
    operations.weight[:] = 0.0
    for demand in range(demands.size - 1):
        for feed in range(demands[demand].first_feed, demands[demand + 1].first_feed):
            operation = shop.feeds[feed].operation
            latest = demands[demand].due
            if latest < NEVER:
                latest -= shop.feeds[feed].lag
            operations[operation].due = min(operations[operation].due, latest)
            operations[operation].weight = max(operations[operation].weight, demands[demand].late_rate)
    for at in range(order.size - 1, -1, -1):
        operation = order[at]
        for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
            before = arcs[arc].operation
            if operations[operation].due < NEVER:
                latest = operations[operation].due - shortest_run(shop, operation) - arcs[arc].wait
                operations[before].due = min(operations[before].due, latest)
            operations[before].weight = max(operations[before].weight, operations[operation].weight)
