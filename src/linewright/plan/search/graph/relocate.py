"""Put an operation elsewhere on a machine, keep the topological order true, and pass the new times on."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.graph.heads import renew_heads, renew_tails
from linewright.plan.search.graph.nodes import SEVERAL
from linewright.shop.kernels import lean_kernel


@lean_kernel
def take_out(graph: Any, operation: int) -> None:
    """Remove an operation from its machine's sequence; the others close up."""
    nodes, first_place, sequence, loads = graph.nodes, graph.first_place, graph.sequence, graph.loads
    node = nodes[operation]
    base, place = first_place[node.machine], node.place
    loads[node.machine] -= 1
    for at in range(place, loads[node.machine]):
        sequence[base + at] = sequence[base + at + 1]
        nodes[sequence[base + at]].place = at
    if node.before >= 0:
        nodes[node.before].after = node.after
    if node.after >= 0:
        nodes[node.after].before = node.before


@lean_kernel
def put_in(graph: Any, operation: int, mode: int, place: int) -> None:
    """Insert an operation at a place of the machine of a mode; later ones move up."""
    nodes, ways, sequence = graph.nodes, graph.ways, graph.sequence
    node, machine = nodes[operation], ways[mode].machine
    base, load = graph.first_place[machine], graph.loads[machine]
    for at in range(load, place, -1):
        sequence[base + at] = sequence[base + at - 1]
        nodes[sequence[base + at]].place = at
    sequence[base + place] = operation
    graph.loads[machine] = load + 1
    node.machine, node.mode, node.place, node.run = machine, mode, place, ways[mode].run
    node.before = sequence[base + place - 1] if place > 0 else -1
    node.after = sequence[base + place + 1] if place < load else -1
    if node.before >= 0:
        nodes[node.before].after = operation
    if node.after >= 0:
        nodes[node.after].before = operation


@lean_kernel
def hold_followers(nodes: Any, lists: Any, links: Any, held: Any, operation: int, newest: int) -> None:
    """Hold everything that directly follows an operation."""
    node = nodes[operation]
    if node.step_after >= 0:
        held[node.step_after] = newest
    elif node.step_after == SEVERAL:
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            held[links[link].operation] = newest
    if node.after >= 0:
        held[node.after] = newest


@lean_kernel
def hold_leaders(nodes: Any, lists: Any, links: Any, held: Any, operation: int, newest: int) -> None:
    """Hold everything that an operation directly follows."""
    node = nodes[operation]
    if node.step_before >= 0:
        held[node.step_before] = newest
    elif node.step_before == SEVERAL:
        for link in range(lists[operation].first_before, lists[operation].first_after):
            held[links[link].operation] = newest
    if node.before >= 0:
        held[node.before] = newest


@lean_kernel
def order_behind(graph: Any, held: Any, spare: Any, operation: int) -> bool:
    """Rank an operation, and what must follow it, behind its new neighbour before; False when that is a circle.

    Only ranks between the two change (Pearce and Kelly, ACM Journal of Experimental Algorithmics 11 (2006) 1.7).
    An operation is held when its number in `held` is the newest, which stands behind all others.
    """
    nodes, lists, links, order = graph.nodes, graph.lists, graph.links, graph.order
    held[-1] += 1
    newest = held[-1]
    first, last = nodes[operation].rank, nodes[nodes[operation].before].rank
    held[operation] = newest
    for at in range(first, last):
        if held[order[at]] == newest:
            hold_followers(nodes, lists, links, held, order[at], newest)
    if held[order[last]] == newest:
        return False
    count, free = 0, first
    for at in range(first, last + 1):
        other = order[at]
        if held[other] == newest:
            spare[count] = other
            count += 1
        else:
            order[free], nodes[other].rank = other, free
            free += 1
    for at in range(count):
        order[free + at], nodes[spare[at]].rank = spare[at], free + at
    return True


@lean_kernel
def order_ahead(graph: Any, held: Any, spare: Any, operation: int) -> bool:
    """Rank an operation, and what must come before it, ahead of its new neighbour after; False for a circle."""
    nodes, lists, links, order = graph.nodes, graph.lists, graph.links, graph.order
    held[-1] += 1
    newest = held[-1]
    first, last = nodes[nodes[operation].after].rank, nodes[operation].rank
    held[operation] = newest
    for at in range(last, first, -1):
        if held[order[at]] == newest:
            hold_leaders(nodes, lists, links, held, order[at], newest)
    if held[order[first]] == newest:
        return False
    count, free = 0, last
    for at in range(last, first - 1, -1):
        other = order[at]
        if held[other] == newest:
            spare[count] = other
            count += 1
        else:
            order[free], nodes[other].rank = other, free
            free -= 1
    for at in range(count):
        order[free - at], nodes[spare[at]].rank = spare[at], free - at
    return True


@lean_kernel
def relocate(graph: Any, held: Any, spare: Any, operation: int, mode: int, place: int) -> bool:
    """Move an operation to a place (counted without it) of the machine of a mode, with all times; False for a circle.

    A move that would close a circle is taken back.
    """
    nodes = graph.nodes
    node = nodes[operation]
    old_before, old_after, old_mode, old_place = node.before, node.after, node.mode, node.place
    take_out(graph, operation)
    put_in(graph, operation, mode, place)
    agrees = True
    if node.before >= 0 and nodes[node.before].rank > node.rank:
        agrees = order_behind(graph, held, spare, operation)
    elif node.after >= 0 and nodes[node.after].rank < node.rank:
        agrees = order_ahead(graph, held, spare, operation)
    if not agrees:
        take_out(graph, operation)
        put_in(graph, operation, old_mode, old_place)
        return False
    first = last = node.rank
    if old_after >= 0:
        first = min(first, nodes[old_after].rank)
    if old_before >= 0:
        last = max(last, nodes[old_before].rank)
    renew_heads(nodes, graph.lists, graph.links, graph.order, graph.ends, first)
    renew_tails(nodes, graph.lists, graph.links, graph.order, last)
    return True
