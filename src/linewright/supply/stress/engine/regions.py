"""What a stop can reach: whatever is made from what it fills, and the other sources of all that."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from linewright.supply.stress.engine.balance import Balance, Left

#: So many events are looked at together: enough to spread the cost of a sparse product, few enough for the memory.
TOGETHER = 256


class Regions:
    """Reaches through the network, for many events at once by products of sparse matrices."""

    def __init__(self, balance: Balance) -> None:
        network = balance.network
        inputs, usage = network.inputs, network.usage
        takes = _pattern(inputs.owner, inputs.index, (network.activities, network.pools))
        fills = _pattern(np.arange(network.activities), network.output, (network.activities, network.pools))
        # From an activity to those that take from the pool that it fills, and to those that fill the same pool.
        self.onward = (fills @ takes.T).tocsr()
        self.fills, self.filled_by = fills, fills.T.tocsr()
        self.users = _pattern(usage.index, usage.owner, (network.groups, network.activities))
        self.pools, self.activities = network.pools, network.activities

    def around(self, left: Left, events: Any) -> list[Any]:
        """The activities around each of the events: those hit, all that depends on them, and what could stand in."""
        found: list[Any] = []
        for begin in range(0, len(events), TOGETHER):
            reached = self._reached(self._hit(left, events[begin : begin + TOGETHER]))
            around = _ones(reached @ self.fills @ self.filled_by)
            around.sort_indices()
            found += np.split(around.indices.astype(np.int64), around.indptr[1:-1])
        return found

    def _hit(self, left: Left, events: Any) -> Any:
        """The activities that the events hit themselves or through a group, a row for each event."""
        flow, room = left.flow, left.room
        hit = _pattern(flow.owner, flow.index, (len(left), self.activities))
        groups = _pattern(room.owner, room.index - self.pools, (len(left), self.users.shape[0]))
        return hit[events] + groups[events] @ self.users

    def _reached(self, start: Any) -> Any:
        """All that can be reached from the start, one step of the bill of materials after the other."""
        reached = front = _ones(start)
        while front.nnz:
            next_step = _ones(front @ self.onward)
            front = _ones(next_step - next_step.multiply(reached))
            reached = _ones(reached + front)
        return reached


def _pattern(row: Any, column: Any, shape: tuple[int, int]) -> Any:
    """A sparse matrix of ones."""
    return _ones(sparse.csr_array((np.ones(row.size), (row, column)), shape=shape))


def _ones(matrix: Any) -> Any:
    """The pattern of a matrix: ones where it has an entry."""
    made = sparse.csr_array(matrix)
    made.sum_duplicates()
    made.eliminate_zeros()
    made.data = np.ones(made.data.size)
    return made
