"""Kernels that time a plan of this layer as a whole; the times are those of the timetable on such a shop."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import kernel, lean_kernel
from linewright.shop.working_time import NEVER


@lean_kernel
def timed_node(shop: Any, nodes: Any, operation: int) -> tuple[int, int, float, int]:
    """Start, end, cost and family afterwards of an operation, from those before it on its machine and in its job."""
    step, node = shop.steps[operation], nodes[operation]
    way, machine, earlier = shop.ways[node.way], shop.machines[node.machine], nodes[node.before]
    moment = step.ready
    for link in range(step.first_before, shop.steps[operation + 1].first_before):
        moment = max(moment, nodes[shop.befores[link].operation].end + shop.befores[link].wait)
    free, cost, family = earlier.end + way.setup, way.cost, earlier.family_after
    if step.family >= 0:
        if family >= 0:
            switch = shop.switches[machine.matrix, family, step.family]
            free += switch.seconds
            cost += switch.cost + switch.seconds * machine.second_cost
        family = step.family
    start = max(moment, free)
    return start, start + way.run, cost, family


@lean_kernel
def set_node(nodes: Any, operation: int, start: int, end: int, cost: float, family: int) -> None:
    """Write what was computed for an operation."""
    node = nodes[operation]
    node.start, node.end, node.cost, node.family_after = start, end, cost, family


@lean_kernel
def link_after(shop: Any, nodes: Any, operation: int, before: int, way: int) -> None:
    """Put an operation that stands nowhere behind another (or behind a machine's beginning)."""
    node, after = nodes[operation], nodes[before].after
    node.before, node.after, node.way, node.machine = before, after, way, shop.ways[way].machine
    nodes[before].after = operation
    if after >= 0:
        nodes[after].before = operation


@lean_kernel
def unlink(nodes: Any, operation: int) -> None:
    """Take an operation out of its machine's sequence."""
    before, after = nodes[operation].before, nodes[operation].after
    nodes[before].after = after
    if after >= 0:
        nodes[after].before = before


@lean_kernel
def clear(shop: Any, nodes: Any) -> None:
    """Empty all machines."""
    count = shop.steps.size - 1
    for machine in range(nodes.size - count):
        node = nodes[count + machine]
        node.start, node.end, node.cost, node.before, node.after = 0, 0, 0.0, -1, -1
        node.machine, node.family_after = machine, shop.machines[machine].family


@kernel
def follow(shop: Any, plan: Any, order: Any, ways: Any) -> float:
    """Place operations in the order given, each at the end of its machine; the plan's value.

    An open way (-1) becomes the one that ends first, as in the timetable.
    """
    nodes, count = plan.nodes, shop.steps.size - 1
    clear(shop, nodes)
    last = np.arange(count, nodes.size)
    for at in range(order.size):
        operation = order[at]
        first, end = shop.steps[operation].first_way, shop.steps[operation + 1].first_way
        chosen, best_end = ways[operation], NEVER
        if chosen < 0:
            for way in range(first, end):
                link_after(shop, nodes, operation, last[shop.ways[way].machine], way)
                finish = timed_node(shop, nodes, operation)[1]
                unlink(nodes, operation)
                if finish < best_end or (finish == best_end and shop.ways[way].cost < shop.ways[chosen].cost):
                    chosen, best_end = way, finish
        link_after(shop, nodes, operation, last[shop.ways[chosen].machine], chosen)
        last[shop.ways[chosen].machine] = operation
        start, finish, cost, family = timed_node(shop, nodes, operation)
        set_node(nodes, operation, start, finish, cost, family)
    return value_of(shop, plan)


@kernel
def retime(shop: Any, plan: Any, order: Any) -> float:
    """Time the sequences anew from nothing and write a fitting order; the value, infinite for a circle."""
    nodes, count = plan.nodes, shop.steps.size - 1
    waiting = np.empty(count, np.int64)
    found = 0
    for operation in range(count):
        waiting[operation] = shop.steps[operation + 1].first_before - shop.steps[operation].first_before
        waiting[operation] += int(nodes[operation].before < count)
        if waiting[operation] == 0:
            order[found] = operation
            found += 1
    at = 0
    while at < found:
        operation = order[at]
        at += 1
        start, end, cost, family = timed_node(shop, nodes, operation)
        set_node(nodes, operation, start, end, cost, family)
        after = nodes[operation].after
        if after >= 0:
            waiting[after] -= 1
            if waiting[after] == 0:
                order[found] = after
                found += 1
        for link in range(shop.steps[operation].first_after, shop.steps[operation + 1].first_after):
            follower = shop.afters[link].operation
            waiting[follower] -= 1
            if waiting[follower] == 0:
                order[found] = follower
                found += 1
    return value_of(shop, plan) if found == count else np.inf


@lean_kernel
def finish_of(shop: Any, nodes: Any, demand: int) -> int:
    """When everything that a demand waits for is there."""
    finish = shop.demands[demand].ready
    for feed in range(shop.demands[demand].first_feed, shop.demands[demand + 1].first_feed):
        finish = max(finish, nodes[shop.feeds[feed].operation].end + shop.feeds[feed].wait)
    return finish


@lean_kernel
def date_cost(shop: Any, demand: int, finish: int) -> float:
    """What it costs to meet a demand at a moment."""
    late = finish - shop.demands[demand].due
    return late * shop.demands[demand].late if late > 0 else -late * shop.demands[demand].early


@lean_kernel
def value_of(shop: Any, plan: Any) -> float:
    """The value of a plan whose times are set; demands are noted as met."""
    value = 0.0
    for demand in range(shop.demands.size - 1):
        met = plan.met[demand]
        met.finish = finish_of(shop, plan.nodes, demand)
        met.cost = date_cost(shop, demand, met.finish)
        value += met.cost
    for operation in range(shop.steps.size - 1):
        value += plan.nodes[operation].cost
    return value
