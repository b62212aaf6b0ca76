"""A solution as flat numbers: which supply serves which need, how late, and for which orders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from linewright.supply.requirements.core.build import levels
from linewright.supply.requirements.core.records import DEMAND_NEED, FOREIGN, NEVER_DAY, SAFETY_NEED, SHORT
from linewright.supply.requirements.core.solution import Solution

#: How many orders are remembered for each supply; one more than are named, to know whether there are others.
REMEMBERED = 4
NO_ORDER = 1 << 60


@dataclass(frozen=True, eq=False)
class Numbers:
    """Lots, pegs and supplies of a solution in the order of items.

    A node is a supply that exists (by its position in the task) or, after those, a planned lot. `job_of_demand` is the
    node of the released work that a demand belongs to, -1 for others; `rank` the place of an order among all (NO_ORDER
    for other demands), both by position in the demands sorted by item.
    """

    solution: Solution
    job_of_demand: Any
    rank: Any

    @cached_property
    def lots(self) -> tuple[Any, Any]:
        """Planned lots and their items."""
        return self.solution.all_lots()

    @cached_property
    def pegs(self) -> tuple[Any, Any]:
        """Pegs and their items."""
        return self.solution.all_pegs()

    @cached_property
    def first_lot(self) -> Any:
        """The first node that is a lot of each item."""
        return self.existing + _begin(self.solution.places["lots"])

    @cached_property
    def first_demand(self) -> Any:
        """The first demand of each item."""
        return _begin(self.solution.places["demands"])

    @property
    def existing(self) -> int:
        """How many nodes are supplies that exist."""
        return int(self.solution.task.supplies.size)

    @cached_property
    def node_day(self) -> Any:
        """The day on which each node comes, as planned."""
        return np.concatenate([self.solution.task.supplies["day"], self.lots[0]["day"]]).astype(np.int64)

    @cached_property
    def node_quantity(self) -> Any:
        """The units of each node."""
        return np.concatenate([self.solution.task.supplies["quantity"], self.lots[0]["quantity"]])

    @cached_property
    def node_item(self) -> Any:
        """The item of each node."""
        first = self.solution.task.items["first_supply"]
        return np.concatenate([np.repeat(np.arange(first.size - 1), np.diff(first)), self.lots[1]])

    @cached_property
    def peg_node(self) -> Any:
        """The node that each peg takes from, -1 when it is short."""
        pegs, item = self.pegs
        first = self.solution.task.items["first_supply"]
        own, existing = pegs["supply"].astype(np.int64), np.diff(first)[item]
        node = np.where(own < existing, first[:-1][item] + own, self.first_lot[item] + own - existing)
        return np.where(own <= FOREIGN, FOREIGN - own, np.where(own == SHORT, -1, node))

    @cached_property
    def peg_demand(self) -> Any:
        """The demand that each peg serves, -1 where it is a lot or the safety stock."""
        pegs, item = self.pegs
        return np.where(pegs["line"] == DEMAND_NEED, self.first_demand[item] + pegs["at"], -1)

    @cached_property
    def peg_user(self) -> Any:
        """The node for which each peg is used up: the parent's lot, or released work; -1 for orders and the like."""
        pegs, _ = self.pegs
        line = np.maximum(pegs["line"], 0)
        by_lot = pegs["line"] >= 0
        parent = self.solution.task.lines["parent"][line] if self.solution.task.lines.size else line
        lot = self.first_lot[parent] + pegs["at"] if by_lot.any() else np.full(pegs.size, -1)
        demand = self.peg_demand
        job = self.job_of_demand[demand] if self.job_of_demand.size else np.full(pegs.size, -1)
        return np.where(by_lot, lot, np.where(demand >= 0, job, -1))

    @cached_property
    def peg_lag(self) -> Any:
        """Days on the way of what is taken from another item."""
        pegs, item = self.pegs
        lag = np.zeros(pegs.size, np.int64)
        alternates, first = self.solution.task.alternates, self.solution.task.items["first_alternate"]
        for at in np.flatnonzero(pegs["supply"] <= FOREIGN).tolist():
            other = self.node_item[self.peg_node[at]]
            own = alternates[first[item[at]] : first[item[at] + 1]]
            lag[at] = own["lag"][own["item"] == other][0]
        return lag

    @cached_property
    def peg_late(self) -> Any:
        """Days by which each supply itself comes too late for its need, as planned; NEVER_DAY when it is short."""
        pegs, _ = self.pegs
        arrives = self._arrival(np.zeros(self.node_day.size, np.int64), slice(None))
        return np.where(self.peg_node < 0, NEVER_DAY, np.maximum(arrives - pegs["day"], 0))

    @cached_property
    def slip(self) -> Any:
        """Days by which each node is later than planned because something that goes into it is late.

        From the bottom of the bills up, since what is late below makes late what is above.
        """
        slip = np.zeros(self.node_day.size, np.int64)
        pegs, _ = self.pegs
        for chosen in reversed(self._by_level):
            late = np.maximum(self._arrival(slip, chosen) - pegs["day"][chosen], 0)
            used = self.peg_user[chosen] >= 0
            np.maximum.at(slip, self.peg_user[chosen][used], np.minimum(late[used], NEVER_DAY))
        return slip

    @cached_property
    def demand_arrival(self) -> Any:
        """The day on which each demand is met in full, with all that its parts wait for; NEVER_DAY when it is not."""
        arrival = np.full(self.rank.size, -NEVER_DAY, np.int64)
        mine = self.peg_demand >= 0
        np.maximum.at(arrival, self.peg_demand[mine], self._arrival(self.slip, mine))
        return np.minimum(arrival, NEVER_DAY)

    @cached_property
    def first_order(self) -> Any:
        """The rank of the first order that each node serves, NO_ORDER where it serves none."""
        first = np.full(self.node_day.size, NO_ORDER)
        for chosen in self._by_level:
            user, demand, node = self.peg_user[chosen], self.peg_demand[chosen], self.peg_node[chosen]
            rank = np.where(user >= 0, first[user], NO_ORDER) if first.size else np.full(user.size, NO_ORDER)
            own = self.rank[demand] if self.rank.size else NO_ORDER
            np.minimum.at(first, node[node >= 0], np.minimum(rank, np.where(demand >= 0, own, NO_ORDER))[node >= 0])
        return first

    @cached_property
    def orders_of(self) -> Any:
        """For each node the ranks of the first orders that it serves, [node, REMEMBERED], NO_ORDER where fewer."""
        served = np.full((self.node_day.size, REMEMBERED), NO_ORDER)
        for chosen in self._by_level:
            node = self.peg_node[chosen]
            ranks = self._ranks(served, chosen)[node >= 0]
            node = np.repeat(node[node >= 0], REMEMBERED)
            _remember(served, node, ranks.ravel())
        return served

    def orders_of_needs(self, chosen: Any) -> Any:
        """The ranks of the orders behind the needs of some pegs, [peg, REMEMBERED]."""
        return self._ranks(self.orders_of, chosen)

    def _ranks(self, served: Any, chosen: Any) -> Any:
        user, demand = self.peg_user[chosen], self.peg_demand[chosen]
        ranks = np.where((user >= 0)[:, None], served[np.maximum(user, 0)], NO_ORDER) if served.size else None
        if ranks is None:
            ranks = np.full((user.size, REMEMBERED), NO_ORDER)
        own = np.where(demand >= 0, self.rank[np.maximum(demand, 0)] if self.rank.size else NO_ORDER, NO_ORDER)
        ranks[:, 0] = np.minimum(ranks[:, 0], own)
        return ranks

    def _arrival(self, slip: Any, chosen: Any) -> Any:
        node = self.peg_node[chosen]
        if not self.node_day.size:
            return np.full(node.size, NEVER_DAY)
        day = self.node_day[np.maximum(node, 0)] + slip[np.maximum(node, 0)] + self.peg_lag[chosen]
        return np.where(node < 0, NEVER_DAY, np.minimum(day, NEVER_DAY))

    @cached_property
    def _by_level(self) -> list[Any]:
        """The pegs of each level of the bills, products first."""
        level = self._level[self.pegs[1]]
        order = np.argsort(level, kind="stable")
        ends = np.searchsorted(level[order], np.arange(int(level.max(initial=-1)) + 2))
        return [order[begin:end] for begin, end in pairwise(ends)]

    @cached_property
    def _level(self) -> Any:
        """The level of each item; items that may take from each other follow all that any of them goes into."""
        task = self.solution.task
        parent, component, block = task.lines["parent"], task.line_item, task.block_of
        across = block[parent] != block[component]
        depth = levels(parent, component, task.count)
        rank = levels(block[parent[across]], block[component[across]], task.blocks)[block]
        return np.unique(rank * (int(depth.max(initial=0)) + 1) + depth, return_inverse=True)[1]

    @cached_property
    def is_safety(self) -> Any:
        """The pegs of safety stock."""
        return self.pegs[0]["line"] == SAFETY_NEED


def _begin(count: Any) -> Any:
    """Where each one begins when they follow each other."""
    return np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)


def _remember(served: Any, node: Any, rank: Any) -> None:
    """Keep the first few distinct ranks of each node, beside those that are already known."""
    known = np.unique(node)
    node = np.concatenate([node, np.repeat(known, served.shape[1])])
    rank = np.concatenate([rank, served[known].ravel()])
    node, rank = node[rank < NO_ORDER], rank[rank < NO_ORDER]
    if not node.size:
        return
    # One number for both sorts much faster than pairs do.
    orders = int(rank.max()) + 1
    node, rank = np.divmod(np.unique(node * orders + rank), orders)
    first = np.flatnonzero(np.concatenate([[True], np.diff(node) != 0]))
    nth = np.arange(node.size) - np.repeat(first, np.diff(np.append(first, node.size)))
    chosen = nth < served.shape[1]
    served[node[chosen], nth[chosen]] = rank[chosen]
