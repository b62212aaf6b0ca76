"""Kernels that look for the best place of one operation: every way, and in it every gap that is worth a look.

While an operation is out, the heads and tails of all others are exact, and so is the length of the longest path
through it in any gap (Mastrolilli and Gambardella, Journal of Scheduling 3 (2000) 3-20, for one resource). With
several resources a place is a moment: on each of them it goes behind all that end until then. Another pair of gaps
can only be worse: it starts no earlier, or has more behind it.
"""

from __future__ import annotations

from typing import Any

from linewright.plan.search.chance import below
from linewright.plan.search.reinsert.passes import FAR, least_rest, ready_moment
from linewright.plan.search.reinsert.queues import first_after
from linewright.shop.kernels import kernel


@kernel
def is_forbidden(uses: Any, tabu: Any, operation: int, way: int, now: int) -> bool:
    """Whether a way uses a resource that the operation left a short while ago."""
    for slot in range(uses.shape[1]):
        resource = uses[way, slot].resource
        if resource >= 0 and tabu[operation, resource] > now:
            return True
    return False


@kernel
def is_where_it_was(links: Any, queues: Any, cursor: Any, operation: int, nobody: int) -> bool:
    """Whether the gaps under the cursor are those that the operation was taken from."""
    for slot in range(links.shape[1]):
        link = links[operation, slot]
        if link.resource >= 0:
            at = cursor[slot]
            if (queues[link.resource, at - 1] if at > 0 else nobody) != link.before:
                return False
    return True


@kernel
def explore(board: Any, operation: int, floor: int, now: int, aspired: int) -> None:
    """Keep in `pick` the best place of an operation that is out, if it is better than the one there.

    `floor` is the makespan without the operation. A way that is tabu counts only below the span `aspired`.
    """
    pick, cursor, lean, queues, sizes = board.pick[0], board.cursor, board.lean, board.queues, board.queue_size
    nodes, arcs, ways, uses, links = board.nodes, board.arcs, board.ways, board.uses, board.links
    tabu, chance, old_way, nobody = board.tabu, board.chance, board.way[operation], links.shape[0] - 1
    ready, tail = ready_moment(nodes, arcs, lean, operation), least_rest(nodes, board.nexts, lean, operation)
    jobs_end = 0
    for at in range(nodes[operation].first_arc, nodes[operation + 1].first_arc):
        jobs_end = max(jobs_end, lean[arcs[at].operation].end)
    for way in range(nodes[operation].first_way, nodes[operation + 1].first_way):
        run = ways[way].run
        least = ready + run + tail
        if max(least, floor) > pick.span or (max(least, floor) == pick.span and least > pick.via):
            break
        forbidden = is_forbidden(uses, tabu, operation, way, now)
        if forbidden and max(least, floor) >= aspired:
            continue
        # The first moment that counts: what is over by then costs nothing, and all that it waits for is over.
        lag = 0
        for slot in range(cursor.size):
            lag = max(lag, uses[way, slot].lag)
        bound = max(jobs_end, ready - lag)
        for slot in range(cursor.size):
            resource = uses[way, slot].resource
            cursor[slot] = first_after(queues[resource], sizes[resource], lean, bound) if resource >= 0 else 0
        while True:
            head, behind, following = ready, tail, FAR
            for slot in range(cursor.size):
                resource, at = uses[way, slot].resource, cursor[slot]
                if resource < 0:
                    continue
                head = max(head, (lean[queues[resource, at - 1]].end if at > 0 else 0) + uses[way, slot].lag)
                if at < sizes[resource]:
                    follower = queues[resource, at]
                    behind = max(behind, lean[follower].rest + links[follower, slot].lag)
                    following = min(following, lean[follower].end)
            via = head + run + behind
            span = max(via, floor)
            if (span < pick.span or (span == pick.span and via <= pick.via)) and (not forbidden or span < aspired):
                same = way == old_way
                if not same or not is_where_it_was(links, queues, cursor, operation, nobody):
                    pick.ties = pick.ties + 1 if span == pick.span and via == pick.via else 1
                    if pick.ties == 1 or below(chance, pick.ties) == 0:
                        pick.operation, pick.way, pick.bound = operation, way, bound
                    pick.via, pick.span = via, span
            if behind == tail or following >= FAR:
                break
            bound = following
            least = max(ready, bound) + run + tail
            if max(least, floor) > pick.span or (max(least, floor) == pick.span and least > pick.via):
                break
            for slot in range(cursor.size):
                resource = uses[way, slot].resource
                if resource >= 0:
                    while cursor[slot] < sizes[resource] and lean[queues[resource, cursor[slot]]].end <= bound:
                        cursor[slot] += 1
