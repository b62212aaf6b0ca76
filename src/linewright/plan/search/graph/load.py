"""Set a graph to a given order of work."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.graph.heads import all_times, makespan
from linewright.shop.kernels import lean_kernel


@lean_kernel
def load(graph: Any, order: Any, mode: Any) -> int:
    """Line up operations on their machines in a topological order, time them, and return the makespan."""
    nodes, ways = graph.nodes, graph.ways
    graph.loads[:] = 0
    for at in range(order.size):
        operation = order[at]
        node, machine = nodes[operation], ways[mode[operation]].machine
        place = graph.loads[machine]
        node.machine, node.mode, node.run, node.place = machine, mode[operation], ways[mode[operation]].run, place
        node.before, node.after = -1, -1
        if place > 0:
            node.before = graph.sequence[graph.first_place[machine] + place - 1]
            nodes[node.before].after = operation
        graph.sequence[graph.first_place[machine] + place] = operation
        graph.loads[machine] = place + 1
        graph.order[at], node.rank = operation, at
    all_times(graph)
    return makespan(graph)
