"""The network as one sparse matrix in comparable units, and what is left of it in an event.

Every row is divided by the most that its pool or group can have to serve in a day, every column by its rate, so that a
tolerance means the same share of a day's work in each of them, whatever units the factory counts in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from linewright.supply.network.arrays import Network, Rows
from linewright.supply.stress.engine.needs import most_needed


@dataclass(frozen=True)
class Balance:
    """What a day of running takes and gives: `matrix @ running <= stock / days - demand`, and so on for the groups.

    `running` of each activity is between 0 and its share left (1 without a stop), as a part of its `rate` (units/day).
    Rows are the pools (`pools` of them) and then the groups. `stock` is in days of the pool's row unit, `demand` in row
    units a day, and `margin` is the currency lost with a row unit of demand; all are 0 on the rows of groups.
    `room` is what a group has in a day, 0 on pools: the right side of the rows is `room - demand + stock / days`.
    """

    network: Network
    matrix: Any
    by_row: Any
    rate: Any
    unit: Any
    stock: Any
    demand: Any
    margin: Any
    room: Any
    pools: int

    @classmethod
    def of(cls, network: Network) -> Balance:
        """Bring a network into comparable units.

        An activity never needs to fill its pool faster than all demand could use it up, whichever sources serve it;
        so that is its rate where the network gives none, or a greater one. Less than no stock is none.
        """
        needed = most_needed(network)
        rate = np.minimum(network.rate, needed[network.output])
        row_unit = np.where(needed > 0, needed, 1.0)
        group_unit = np.where(network.capacity > 0, network.capacity, 1.0)
        raw = sparse.vstack([_pool_rows(network), _rows(network.usage, network.groups, network.activities)])
        unit = np.concatenate([row_unit, group_unit])
        matrix = (sparse.diags_array(1 / unit) @ raw @ sparse.diags_array(rate)).tocsc()
        matrix.eliminate_zeros()
        matrix.sort_indices()
        nothing = np.zeros(network.groups)
        return cls(
            network=network, matrix=matrix, by_row=matrix.tocsr(), rate=rate, unit=unit,
            stock=np.concatenate([np.maximum(network.stock, 0.0) / row_unit, nothing]),
            demand=np.concatenate([network.demand / row_unit, nothing]),
            margin=np.concatenate([network.margin * row_unit, nothing]),
            room=np.concatenate([np.zeros(network.pools), network.capacity / group_unit]),
            pools=network.pools,
        )  # fmt: skip

    @property
    def activities(self) -> int:
        """The number of activities."""
        return int(self.matrix.shape[1])

    @property
    def rows(self) -> int:
        """The number of pools and groups."""
        return int(self.matrix.shape[0])


@dataclass(frozen=True)
class Left:
    """What events leave: of the rate of each activity and of the room of each group that they hit.

    Rows are events; `flow` lists (activity, share left) and `room` (row of the group in the balance, share left), each
    thing once in an event.
    """

    flow: Rows
    room: Rows

    def __len__(self) -> int:
        """The number of events."""
        return len(self.flow)

    def of(self, event: int) -> tuple[Any, Any, Any, Any]:
        """The activities that an event hits, their shares, the rows of groups that it hits, and their shares."""
        flow = slice(self.flow.first[event], self.flow.first[event + 1])
        room = slice(self.room.first[event], self.room.first[event + 1])
        return self.flow.index[flow], self.flow.value[flow], self.room.index[room], self.room.value[room]


def left_by(network: Network, events: Rows) -> Left:
    """What is left in events that stop several nodes at once (row: event, index: node).

    A flow that several stops hit keeps the least that any of them leaves, as goods pass all of them. A group loses the
    sum of what they take, as two of three machines leave one.
    """
    flow = _through(events, network.hits_flow)
    event, activity, share = flow
    order = np.lexsort((share, activity, event))
    flow_rows = _first_of_each(event[order], activity[order], share[order], len(events))
    event, group, share = _through(events, network.hits_capacity)
    taken = sparse.coo_array((1 - share, (event, group)), shape=(len(events), network.groups)).tocsr()
    taken.sum_duplicates()
    shares = np.clip(1 - taken.data, 0, 1)
    room_rows = Rows(taken.indptr.astype(np.int64), taken.indices.astype(np.int64) + network.pools, shares)
    return Left(flow_rows, room_rows)


def one_by_one(nodes: Any) -> Rows:
    """Events of one node each."""
    nodes = np.asarray(nodes, np.int64)
    return Rows(np.arange(nodes.size + 1), nodes, np.ones(nodes.size))


def _through(events: Rows, hits: Rows) -> tuple[Any, Any, Any]:
    """The entries of `hits` for the nodes of each event: event, index, value."""
    counts = np.diff(hits.first)[events.index]
    at = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    at += np.repeat(hits.first[events.index], counts)
    return np.repeat(events.owner, counts), hits.index[at], hits.value[at]


def _first_of_each(event: Any, index: Any, value: Any, events: int) -> Rows:
    """The first entry of each (event, index), where entries are sorted by both."""
    fresh = np.ones(event.size, bool)
    fresh[1:] = (np.diff(event) != 0) | (np.diff(index) != 0)
    return Rows(np.searchsorted(event[fresh], np.arange(events + 1)), index[fresh], value[fresh])


def _rows(entries: Rows, rows: int, columns: int) -> Any:
    """Lists by column as a sparse matrix."""
    return sparse.csc_array((entries.value, (entries.index, entries.owner)), shape=(rows, columns))


def _pool_rows(network: Network) -> Any:
    """What a unit of each activity takes from the pools, less what it gives."""
    activities = np.arange(network.activities)
    given = sparse.csc_array(
        (np.ones(network.activities), (network.output, activities)), shape=(network.pools, network.activities)
    )
    return _rows(network.inputs, network.pools, network.activities) - given
