"""Plan a task, and plan it again after a change, touching only what the change reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.supply.requirements.core.records import LOT, NEED, PEG, REST, SCRATCH, Task, Work

#: Room for the lots and for the pegs of changes; logs double when they are full.
LOT_ROOM, PEG_ROOM = 1 << 20, 1 << 22


class Log:
    """Lots and pegs, written once and never changed, so that plans made from each other share them.

    What a first plan wrote becomes `earlier` at the first change, and changes go on in new arrays: so a full log never
    has to copy what the first plan wrote. `ends` counts lots, pegs, earlier lots and earlier pegs. `demands` are those
    of the first plan and of all changes.
    """

    def __init__(self, lots: int, pegs: int, demands: Any) -> None:
        self.demands, self.demand_end = demands, demands.size
        self.earlier_lots, self.earlier_pegs = np.empty(0, LOT), np.empty(0, PEG)
        self.lots, self.pegs = np.empty(lots, LOT), np.empty(pegs, PEG)
        self.ends = np.zeros(4, np.int64)

    def close(self) -> None:
        """Let changes begin, if they have not yet."""
        if self.ends[2] == 0 and self.ends[0] > 0:
            self.earlier_lots, self.earlier_pegs = self.lots[: self.ends[0]], self.pegs[: self.ends[1]]
            self.ends[2:] = self.ends[:2]
            # Memory that nothing has been written to costs nothing yet.
            self.lots = np.empty(max(LOT_ROOM, self.earlier_lots.size // 2), LOT)
            self.pegs = np.empty(max(PEG_ROOM, self.earlier_pegs.size // 2), PEG)

    def grow(self) -> None:
        """Make room for more where a log is more than half full."""
        lots, pegs = (self.ends[:2] - self.ends[2:]).tolist()
        if 2 * lots >= self.lots.size or self.lots.size < LOT_ROOM:
            self.lots = _longer(self.lots, lots)
        if 2 * pegs >= self.pegs.size or self.pegs.size < LOT_ROOM:
            self.pegs = _longer(self.pegs, pegs)

    def add_demands(self, rows: Any) -> int:
        """Write demands behind all others, and return where they begin."""
        begin, end = self.demand_end, self.demand_end + rows.size
        while end > self.demands.size:
            self.demands = _longer(self.demands, begin) if self.demands.size else np.empty(1024, rows.dtype)
        self.demands[begin:end] = rows
        self.demand_end = end
        return begin


def _longer(rows: Any, used: int) -> Any:
    longer = np.empty(2 * rows.size, rows.dtype)
    longer[:used] = rows[:used]
    return longer


@dataclass(frozen=True)
class Solution:
    """The lots and pegs of every item: `places` says where they are in the log, and how many."""

    task: Task
    log: Log
    places: Any

    def lots_of(self, item: int) -> Any:
        """The planned lots of an item."""
        return _slice(self.log.earlier_lots, self.log.lots, self.places["first_lot"][item], self.places["lots"][item])

    def pegs_of(self, item: int) -> Any:
        """The pegs of an item's needs."""
        return _slice(self.log.earlier_pegs, self.log.pegs, self.places["first_peg"][item], self.places["pegs"][item])

    def demands_of(self, item: int) -> Any:
        """The demands of an item."""
        first = int(self.places["first_demand"][item])
        return self.task.demands[first : first + int(self.places["demands"][item])]

    def all_lots(self) -> tuple[Any, Any]:
        """Every lot, item by item, and the item of each."""
        return gathered(self.log.earlier_lots, self.log.lots, self.places["first_lot"], self.places["lots"])

    def all_pegs(self) -> tuple[Any, Any]:
        """Every peg, item by item, and the item of each."""
        return gathered(self.log.earlier_pegs, self.log.pegs, self.places["first_peg"], self.places["pegs"])

    def changed(self, demands: Mapping[int, Any]) -> Solution:
        """The solution after the demands of some items are replaced; equal to planning everything again.

        Parameters
        ----------
        demands
            For each item its new DEMAND rows, sorted by day and urgency.
        """
        places = self.places.copy()
        dirty = np.zeros(self.task.blocks, np.bool_)
        for item, new in demands.items():
            places["first_demand"][item], places["demands"][item] = self.log.add_demands(new), new.size
            dirty[self.task.block_of[item]] = True
        task = replace(self.task, demands=self.log.demands, places=places)
        self.log.close()
        fresh = Solution(task, self.log, places)
        _run(fresh, dirty)
        return fresh


def _slice(earlier: Any, later: Any, first: int, count: int) -> Any:
    """Some rows that follow each other in one of two logs."""
    if first < earlier.size:
        return earlier[first : first + count]
    return later[first - earlier.size : first - earlier.size + count]


def gathered(earlier: Any, later: Any, first: Any, count: Any) -> tuple[Any, Any]:
    """Rows of two logs item by item, and the item of each."""
    item = np.repeat(np.arange(count.size), count)
    at = first[item] + np.arange(item.size) - np.repeat(np.cumsum(count) - count, count)
    if not earlier.size:
        return later[at], item
    rows = earlier[np.minimum(at, earlier.size - 1)]
    fresh = at >= earlier.size
    rows[fresh] = later[at[fresh] - earlier.size]
    return rows, item


def solve(task: Task) -> Solution:
    """Plan every item."""
    size = max(1024, 2 * (task.demands.size + task.lines.size + task.supplies.size + task.count))
    solution = Solution(task, Log(size, size if task.pegging else 1, task.demands), task.places.copy())
    _run(solution, np.ones(task.blocks, np.bool_))
    return solution


def _run(solution: Solution, dirty: Any) -> None:
    from linewright.supply.requirements.core.blocks import plan_blocks

    task, log = solution.task, solution.log
    needs, block = 4096, 0
    used = np.zeros((task.capacity_rows, int(task.terms["horizon"][0]) // 7 + 1))
    rest = np.empty(task.supplies.size, REST)
    bins = np.empty(int(task.terms["horizon"][0]) + 2, np.int64)
    while block < task.blocks:
        work = Work(
            items=task.items, lines=task.lines, demands=task.demands, supplies=task.supplies, ways=task.ways,
            alternates=task.alternates, days=task.days, terms=task.terms, earlier_lots=log.earlier_lots,
            lots=log.lots, pegs=log.pegs, ends=log.ends, places=solution.places, rest=rest, used=used,
            needs=np.empty(needs, NEED), scratch=np.empty(needs, SCRATCH), bins=bins,
        )  # fmt: skip
        before = block
        block = int(
            plan_blocks(
                work, task.block_items, task.first_block, task.block_of, task.line_item, task.lines_below,
                task.first_below, dirty, block,
            )
        )  # fmt: skip
        if block < task.blocks:
            log.grow()
            needs = needs * 2 if block == before else needs
