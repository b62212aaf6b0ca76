"""Kernels that serve one queue preemptively: what even perfect sharing of a pool of capacity cannot beat.

Times here are work done: a pool that could have worked K(t) seconds until t is one server of speed 1 in K.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from linewright.shop.kernels import kernel
from linewright.shop.working_time import NEVER


@kernel
def shortest_first(ready: Any, work: Any) -> Any:
    """Completions, smallest first, when the shortest remaining work is always served (SRPT).

    `ready` is sorted. No schedule, preemptive or not, completes more pieces by any moment (Schrage, Operations
    Research 16 (1968) 687-690), so the k-th completion of any schedule is not before the k-th one returned.
    """
    heap = [work[0] for _ in range(0)]
    done = np.empty(ready.size, np.int64)
    count, moment = 0, 0
    for at in range(ready.size):
        while len(heap) > 0 and moment + heap[0] <= ready[at]:
            moment += heapq.heappop(heap)
            done[count] = moment
            count += 1
        if len(heap) > 0:
            heapq.heapreplace(heap, heap[0] - (ready[at] - moment))
        moment = max(moment, ready[at])
        heapq.heappush(heap, work[at])
    while len(heap) > 0:
        moment += heapq.heappop(heap)
        done[count] = moment
        count += 1
    return done


@kernel
def most_urgent_first(ready: Any, work: Any, rank: Any) -> Any:
    """Completion of each piece when the piece of smallest rank is always served; `ready` is sorted.

    With ranks by due date this is preemptive EDD, which keeps all due dates whenever any schedule can
    (Horn, Naval Research Logistics Quarterly 21 (1974) 177-185).
    """
    heap = [(rank[0], 0) for _ in range(0)]
    left = work.copy()
    done = np.zeros(ready.size, np.int64)
    moment = 0
    for at in range(ready.size + 1):
        until = ready[at] if at < ready.size else NEVER
        while len(heap) > 0 and moment + left[heap[0][1]] <= until:
            piece = heapq.heappop(heap)[1]
            moment += left[piece]
            done[piece] = moment
        if at < ready.size:
            if len(heap) > 0:
                left[heap[0][1]] -= until - moment
            moment = max(moment, until)
            heapq.heappush(heap, (rank[at], at))
    return done
