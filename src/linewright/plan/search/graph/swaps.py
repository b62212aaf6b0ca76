"""Moves inside a critical block: an operation goes right behind a later one, or right ahead of an earlier one.

The neighbourhood is N6 of Balas and Vazacopoulos (Management Science 44 (1998) 262-275); the makespan after a move is
estimated from heads and tails of what stands in between (Taillard, ORSA Journal on Computing 6 (1994) 108-117).
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.graph.nodes import SEVERAL
from linewright.shop.kernels import lean_kernel


@lean_kernel
def may_go_behind(nodes: Any, lists: Any, links: Any, operation: int, target: int) -> bool:
    """Whether no way leads from what follows an operation to the later one that it is to go behind.

    Such a way would make the head of the target at least as late as the end of a follower, and the follower's tail
    at least as long as the target with its tail.
    """
    node, head = nodes[operation], nodes[target].head
    whole_tail = nodes[target].run + nodes[target].tail
    if node.step_after >= 0:
        other = nodes[node.step_after]
        return node.step_after != target and (head < other.head + other.run or other.tail < whole_tail)
    if node.step_after == SEVERAL:
        for link in range(lists[operation].first_after, lists[operation + 1].first_before):
            other = nodes[links[link].operation]
            behind = head >= other.head + other.run and other.tail >= whole_tail
            if behind or links[link].operation == target:
                return False
    return True


@lean_kernel
def may_go_ahead(nodes: Any, lists: Any, links: Any, operation: int, target: int) -> bool:
    """Whether no way leads from the earlier one that an operation is to go ahead of to what it waits for."""
    node, end = nodes[operation], nodes[target].head + nodes[target].run
    tail = nodes[target].tail
    if node.step_before >= 0:
        other = nodes[node.step_before]
        return node.step_before != target and (other.head < end or tail < other.run + other.tail)
    if node.step_before == SEVERAL:
        for link in range(lists[operation].first_before, lists[operation].first_after):
            other = nodes[links[link].operation]
            ahead = other.head >= end and tail >= other.run + other.tail
            if ahead or links[link].operation == target:
                return False
    return True


@lean_kernel
def behind_estimate(nodes: Any, heads: Any, operation: int, target: int) -> int:
    """The longest way through what moves when an operation goes right behind a later one of its machine.

    `heads` is room for as many heads as operations stand in between.
    """
    moved = nodes[operation]
    free = nodes[moved.before].head + nodes[moved.before].run if moved.before >= 0 else 0
    at, count = moved.after, 0
    while True:
        heads[count] = max(free, nodes[at].ready)
        free = heads[count] + nodes[at].run
        count += 1
        if at == target:
            break
        at = nodes[at].after
    follower = nodes[target].after
    rest = nodes[follower].run + nodes[follower].tail if follower >= 0 else 0
    tail = max(moved.rest, rest)
    longest = max(free, moved.ready) + moved.run + tail
    rest = tail + moved.run
    while count > 0:
        count -= 1
        tail = max(nodes[at].rest, rest)
        rest = tail + nodes[at].run
        longest = max(longest, heads[count] + rest)
        at = nodes[at].before
    return longest


@lean_kernel
def ahead_estimate(nodes: Any, heads: Any, operation: int, target: int) -> int:
    """The longest way through what moves when an operation goes right ahead of an earlier one of its machine."""
    moved = nodes[operation]
    leader = nodes[target].before
    free = nodes[leader].head + nodes[leader].run if leader >= 0 else 0
    moved_head = max(free, moved.ready)
    free = moved_head + moved.run
    at, count = target, 0
    while at != operation:
        heads[count] = max(free, nodes[at].ready)
        free = heads[count] + nodes[at].run
        count += 1
        at = nodes[at].after
    rest = nodes[moved.after].run + nodes[moved.after].tail if moved.after >= 0 else 0
    longest = 0
    at = moved.before
    while count > 0:
        count -= 1
        tail = max(nodes[at].rest, rest)
        rest = tail + nodes[at].run
        longest = max(longest, heads[count] + rest)
        at = nodes[at].before
    return max(longest, moved_head + moved.run + max(moved.rest, rest))
