"""Heads and tails: the longest ways from the start to each operation and from it to the end.

After a move only what is ranked behind it can have another head, and only what is ranked before it another tail.
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.graph.nodes import NONE, SEVERAL
from linewright.shop.kernels import lean_kernel


@lean_kernel
def makespan(graph: Any) -> int:
    """The last end of all."""
    latest = 0
    for at in range(graph.ends.size):
        latest = max(latest, graph.ends[at])
    return latest


@lean_kernel
def renew_heads(nodes: Any, lists: Any, links: Any, order: Any, ends: Any, first: int) -> None:
    """Work out the heads, and the moments at which jobs are ready, of all operations from a rank on.

    To look which of them change costs more than it saves: the processor guesses wrong half of the time.
    """
    for at in range(first, order.size):
        operation = order[at]
        ready = nodes[operation].release
        step = nodes[operation].step_before
        if step >= 0:
            ready = max(ready, nodes[step].head + nodes[step].run + nodes[operation].wait_before)
        elif step == SEVERAL:
            for link in range(lists[operation].first_before, lists[operation].first_after):
                step = links[link].operation
                ready = max(ready, nodes[step].head + nodes[step].run + links[link].wait)
        nodes[operation].ready = ready
        before = nodes[operation].before
        if before >= 0:
            ready = max(ready, nodes[before].head + nodes[before].run)
        nodes[operation].head = ready
        if nodes[operation].step_after == NONE:
            ends[nodes[operation].wait_after] = ready + nodes[operation].run


@lean_kernel
def renew_tails(nodes: Any, lists: Any, links: Any, order: Any, last: int) -> None:
    """Work out the tails, and what rests of the jobs, of all operations up to a rank."""
    for at in range(last, -1, -1):
        operation = order[at]
        rest = 0
        step = nodes[operation].step_after
        if step >= 0:
            rest = nodes[step].tail + nodes[step].run + nodes[operation].wait_after
        elif step == SEVERAL:
            for link in range(lists[operation].first_after, lists[operation + 1].first_before):
                step = links[link].operation
                rest = max(rest, nodes[step].tail + nodes[step].run + links[link].wait)
        nodes[operation].rest = rest
        after = nodes[operation].after
        if after >= 0:
            rest = max(rest, nodes[after].tail + nodes[after].run)
        nodes[operation].tail = rest


@lean_kernel
def all_times(graph: Any) -> None:
    """Heads and tails of all operations, in topological order."""
    renew_heads(graph.nodes, graph.lists, graph.links, graph.order, graph.ends, 0)
    renew_tails(graph.nodes, graph.lists, graph.links, graph.order, graph.order.size - 1)
