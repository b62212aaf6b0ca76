"""The supply network as flat arrays: what the stress test, the shields and the Monte Carlo all read.

A pool holds a material at a place (or after a step of its routing). An activity fills one pool at some rate by using
up others: buying from a supplier, running a step on a group of machines, moving goods on a lane. This is activity
analysis (Koopmans 1951); with one pool for each material it has the same optimum as the flow formulation of
Simchi-Levi et al., *Interfaces* 45(5):375-390, 2015, where every source of a material may serve each of its users,
because flows in a complete bipartite graph add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

#: What a node's failure scales: the rate of an activity, or the capacity of a group.
FLOW, CAPACITY = 0, 1


@dataclass(frozen=True)
class Rows:
    """Lists of (index, value), one list for each row, in compressed form: row r is `first[r]:first[r + 1]`."""

    first: Any
    index: Any
    value: Any

    @classmethod
    def of(cls, rows: list[list[tuple[int, float]]]) -> Rows:
        """Compress lists of pairs."""
        pairs = [pair for row in rows for pair in row]
        first = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        index = np.array([at for at, _ in pairs], np.int64)
        return cls(first, index, np.array([value for _, value in pairs], np.float64))

    def __len__(self) -> int:
        """The number of rows."""
        return int(self.first.size - 1)

    @property
    def owner(self) -> Any:
        """The row of each entry."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def turned(self, columns: int) -> Rows:
        """The same entries by index: row i lists the rows that named i."""
        order = np.argsort(self.index, kind="stable")
        first = np.searchsorted(self.index[order], np.arange(columns + 1))
        return Rows(first, self.owner[order], self.value[order])


@dataclass(frozen=True)
class Network:
    """A supply network; every rate is for one day of 24 hours.

    Pools (P): `stock` in units, `demand` in units/day, `margin` in currency lost with each unit of demand lost.
    Activities (A): `output` is the pool that is filled, `rate` the most in units/day (inf: no limit of its own),
    `inputs` the units of other pools that one unit uses up, `usage` the hours of capacity groups that it takes.
    Groups (G): `capacity` in hours/day (or any unit that `usage` has too).
    Nodes (N), what can stop: `kinds` and `names`, `recover_days`, and what is left while one is down:
    `hits_flow` (activity, share of its rate left) and `hits_capacity` (group, share of its capacity left); `place` is
    the region in which regional shocks hit it, "" for none.
    """

    pool_names: tuple[str, ...]
    stock: Any
    demand: Any
    margin: Any
    activity_names: tuple[str, ...]
    output: Any
    rate: Any
    inputs: Rows
    usage: Rows
    group_names: tuple[str, ...]
    capacity: Any
    node_kinds: tuple[str, ...]
    node_names: tuple[str, ...]
    place: tuple[str, ...]
    recover_days: Any
    hits_flow: Rows
    hits_capacity: Rows

    @property
    def pools(self) -> int:
        """The number of pools."""
        return len(self.pool_names)

    @property
    def activities(self) -> int:
        """The number of activities."""
        return len(self.activity_names)

    @property
    def groups(self) -> int:
        """The number of capacity groups."""
        return len(self.group_names)

    @property
    def nodes(self) -> int:
        """The number of things that can stop."""
        return len(self.node_names)

    def node(self, name: str, kind: str = "") -> int:
        """The position of a node by its name, and by its kind where names repeat.

        Raises
        ------
        KeyError
            There is no such node.
        """
        for at, (its_kind, its_name) in enumerate(zip(self.node_kinds, self.node_names, strict=True)):
            if its_name == name and kind in ("", its_kind):
                return at
        raise KeyError(f"{kind} {name}".strip())
