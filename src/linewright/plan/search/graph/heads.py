"""Heads and tails: the longest ways from the start to each operation and from it to the end.

After a move only what lies behind it can have another head, and only what lies before it another tail. Both are
passed on in topological order, and only as far as something changes.
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.graph.nodes import NONE, SEVERAL
from linewright.shop.kernels import lean_kernel


@lean_kernel
def new_head(nodes: Any, lists: Any, links: Any, operation: int) -> int:
    """The head of an operation from what comes before it; its `ready` moment is renewed."""
    node = nodes[operation]
    ready = node.release
    if node.step_before >= 0:
        other = nodes[node.step_before]
        ready = max(ready, other.head + other.run + node.wait_before)
    elif node.step_before == SEVERAL:
        for link in range(lists[operation].first_before, lists[operation].first_after):
            other = nodes[links[link].operation]
            ready = max(ready, other.head + other.run + links[link].wait)
    node.ready = ready
    if node.before >= 0:
        other = nodes[node.before]
        ready = max(ready, other.head + other.run)
    return ready


@lean_kernel
def new_tail(nodes: Any, lists: Any, links: Any, operation: int) -> int:
    """The tail of an operation from what comes after it; its `rest` is renewed."""
    node = nodes[operation]
    rest = 0
    if node.step_after >= 0:
        other = nodes[node.step_after]
        rest = other.tail + other.run + node.wait_after
    elif node.step_after == SEVERAL:
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            other = nodes[links[link].operation]
            rest = max(rest, other.tail + other.run + links[link].wait)
    node.rest = rest
    if node.after >= 0:
        other = nodes[node.after]
        rest = max(rest, other.tail + other.run)
    return rest


@lean_kernel
def all_times(graph: Any) -> None:
    """Heads and tails of all operations, in topological order."""
    nodes, lists, links, order, ends = graph.nodes, graph.lists, graph.links, graph.order, graph.ends
    for at in range(order.size):
        node = nodes[order[at]]
        node.head = new_head(nodes, lists, links, order[at])
        if node.step_after == NONE:
            ends[node.wait_after] = node.head + node.run
    for at in range(order.size - 1, -1, -1):
        nodes[order[at]].tail = new_tail(nodes, lists, links, order[at])


@lean_kernel
def mark(nodes: Any, marked: Any, operation: int) -> int:
    """Mark an operation at its rank; returns 1 when it was not marked before (-1 is no operation)."""
    if operation < 0 or marked[nodes[operation].rank]:
        return 0
    marked[nodes[operation].rank] = True
    return 1


@lean_kernel
def mark_followers(nodes: Any, lists: Any, links: Any, marked: Any, operation: int) -> int:
    """Mark the steps that wait for an operation; returns how many are new."""
    count = 0
    if nodes[operation].step_after >= 0:
        count = mark(nodes, marked, nodes[operation].step_after)
    elif nodes[operation].step_after == SEVERAL:
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            count += mark(nodes, marked, links[link].operation)
    return count


@lean_kernel
def mark_leaders(nodes: Any, lists: Any, links: Any, marked: Any, operation: int) -> int:
    """Mark the steps that an operation waits for; returns how many are new."""
    count = 0
    if nodes[operation].step_before >= 0:
        count = mark(nodes, marked, nodes[operation].step_before)
    elif nodes[operation].step_before == SEVERAL:
        for link in range(lists[operation].first_before, lists[operation].first_after):
            count += mark(nodes, marked, links[link].operation)
    return count


@lean_kernel
def pass_heads_on(graph: Any, marked: Any, first: int, count: int) -> None:
    """Renew the heads of marked operations and of all that follows from them; `marked` is by rank and ends empty.

    `first` is the lowest marked rank and `count` the number of marked ones.
    """
    nodes, lists, links, order, ends = graph.nodes, graph.lists, graph.links, graph.order, graph.ends
    at = first
    while count > 0:
        if not marked[at]:
            at += 1
            continue
        marked[at] = False
        count -= 1
        operation = order[at]
        node = nodes[operation]
        head = new_head(nodes, lists, links, operation)
        if node.step_after == NONE:
            ends[node.wait_after] = head + node.run
        if head != node.head:
            node.head = head
            count += mark_followers(nodes, lists, links, marked, operation) + mark(nodes, marked, node.after)


@lean_kernel
def pass_tails_on(graph: Any, marked: Any, last: int, count: int) -> None:
    """The same for tails, backwards from the highest marked rank."""
    nodes, lists, links, order = graph.nodes, graph.lists, graph.links, graph.order
    at = last
    while count > 0:
        if not marked[at]:
            at -= 1
            continue
        marked[at] = False
        count -= 1
        operation = order[at]
        node = nodes[operation]
        tail = new_tail(nodes, lists, links, operation)
        if tail != node.tail:
            node.tail = tail
            count += mark_leaders(nodes, lists, links, marked, operation) + mark(nodes, marked, node.before)
