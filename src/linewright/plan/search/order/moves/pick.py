"""Kernels that choose where to change a plan: at what costs money, and at what that waited for."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.track import LAST_END
from linewright.shop.arrays import CHANGEOVER, MACHINE, PERSON, POLICY, TOOL
from linewright.shop.kernels import kernel

#: Draws among demands or operations until one is found that could cost less.
DRAWS = 20


@kernel
def last_feed(shop: Any, state: Any, demand: int) -> int:
    """The operation that a demand has waited for last; -1 when it waits for none."""
    last = -1
    for feed in range(shop.demands[demand].first_feed, shop.demands[demand + 1].first_feed):
        operation = shop.feeds[feed].operation
        if last < 0 or state.work[operation].end > state.work[last].end:
            last = operation
    return last


@kernel
def costly_operation(shop: Any, state: Any, track: Any) -> int:
    """An operation that ends a demand which costs more than it must, or that is itself dear; else any."""
    size, demands = track.position.size, shop.demands.size - 1
    if track.amounts[LAST_END] > 0 and np.random.random() < 0.7:
        return int(np.argmax(state.work.end[:-1]))
    draw = np.random.random()
    if draw < 0.75 and demands:
        for _ in range(DRAWS):
            demand = np.random.randint(demands)
            if track.demand_cost[demand] > track.demand_floor[demand] + 1e-9:
                operation = last_feed(shop, state, demand)
                if operation >= 0:
                    return operation
    if draw < 0.95:
        for _ in range(DRAWS):
            operation = np.random.randint(size)
            if track.operation_cost[operation] > track.operation_floor[operation] + 1e-9:
                return operation
    return np.random.randint(size)


@kernel
def waiting_operation(shop: Any, state: Any, track: Any) -> int:
    """Walk back from a costly operation over what each waited for, and stop at one that waited for a resource."""
    operation = costly_operation(shop, state, track)
    chosen, seen = -1, 0
    for _ in range(track.position.size):
        work = state.work[operation]
        resource = work.cause in (MACHINE, CHANGEOVER, PERSON, TOOL) and work.cause_operation >= 0
        if resource or work.cause == POLICY:
            seen += 1
            # Each waiting operation of the chain is equally likely.
            if np.random.randint(seen) == 0:
                chosen = operation
        if work.cause_operation < 0:
            break
        operation = work.cause_operation
    return chosen if chosen >= 0 else operation


@kernel
def next_on_machine(shop: Any, state: Any, choice: Any, machine: int, at: int, step: int, most: int) -> int:
    """The place of the next operation on a machine after (step 1) or before (step -1) a place; -1 when none is near."""
    for _ in range(most):
        at += step
        if at < 0 or at >= choice.order.size:
            return -1
        if shop.modes[choice.mode[choice.order[at]]].machine == machine:
            return at
    return -1
