"""A longest way through the graph, drawn at random among those that are equally long."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.graph.nodes import NONE
from linewright.shop.kernels import lean_kernel


@lean_kernel
def latest_end(ends: Any, last_operations: Any, chance: Any) -> int:
    """An operation that ends last, drawn among all that do."""
    longest, operation, ties = -1, -1, 0
    for at in range(ends.size):
        if ends[at] > longest:
            longest, operation, ties = ends[at], last_operations[at], 1
        elif ends[at] == longest:
            ties += 1
            if below(chance, ties) == 0:
                operation = last_operations[at]
    return operation


@lean_kernel
def critical_path(graph: Any, last_operations: Any, chance: Any, path: Any) -> int:
    """Write a longest way into `path`, from its end to its start; returns how many operations it has."""
    nodes, lists, links = graph.nodes, graph.lists, graph.links
    operation = latest_end(graph.ends, last_operations, chance)
    count = 0
    while operation >= 0:
        path[count] = operation
        count += 1
        node = nodes[operation]
        chosen, ties = -1, 0
        if node.before >= 0 and nodes[node.before].head + nodes[node.before].run == node.head:
            chosen, ties = node.before, 1
        if node.ready == node.head and node.step_before != NONE:
            for link in range(lists[operation].first_before, lists[operation].first_after):
                other = links[link].operation
                if nodes[other].head + nodes[other].run + links[link].wait == node.head:
                    ties += 1
                    if ties == 1 or below(chance, ties) == 0:
                        chosen = other
        operation = chosen
    return count
