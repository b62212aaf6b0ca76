"""Plan a task, and plan it again after a change, touching only what the change reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.supply.requirements.records import LOT, NEED, PEG, REST, SCRATCH, Task, Work


class Log:
    """Lots and pegs, written once and never changed, so that plans made from each other share them."""

    def __init__(self, lots: int, pegs: int) -> None:
        self.lots = np.empty(lots, LOT)
        self.pegs = np.empty(pegs, PEG)
        self.ends = np.zeros(2, np.int64)

    def grow(self) -> None:
        """Make room for more."""
        for name, end in (("lots", int(self.ends[0])), ("pegs", int(self.ends[1]))):
            old = getattr(self, name)
            # Only the log that ran full needs to grow; which one it was, the fuller one tells.
            if end * 2 >= old.size or old.size < 1 << 16:
                new = np.empty(old.size * 2, old.dtype)
                new[:end] = old[:end]
                setattr(self, name, new)


@dataclass(frozen=True)
class Solution:
    """The lots and pegs of every item: `places` says where they are in the log, and how many."""

    task: Task
    log: Log
    places: Any

    def lots_of(self, item: int) -> Any:
        """The planned lots of an item."""
        first = int(self.places["first_lot"][item])
        return self.log.lots[first : first + int(self.places["lots"][item])]

    def pegs_of(self, item: int) -> Any:
        """The pegs of an item's needs."""
        first = int(self.places["first_peg"][item])
        return self.log.pegs[first : first + int(self.places["pegs"][item])]

    def demands_of(self, item: int) -> Any:
        """The demands of an item."""
        first = int(self.places["first_demand"][item])
        return self.task.demands[first : first + int(self.places["demands"][item])]

    def all_lots(self) -> tuple[Any, Any]:
        """Every lot, item by item, and the item of each."""
        return gathered(self.log.lots, self.places["first_lot"], self.places["lots"])

    def all_pegs(self) -> tuple[Any, Any]:
        """Every peg, item by item, and the item of each."""
        return gathered(self.log.pegs, self.places["first_peg"], self.places["pegs"])

    def changed(self, demands: Mapping[int, Any]) -> Solution:
        """The solution after the demands of some items are replaced; equal to planning everything again.

        Parameters
        ----------
        demands
            For each item its new DEMAND rows, sorted by day and urgency.
        """
        places = self.places.copy()
        end = self.task.demands.size
        dirty = np.zeros(self.task.blocks, np.bool_)
        for item, new in demands.items():
            places["first_demand"][item], places["demands"][item] = end, new.size
            end += new.size
            dirty[self.task.block_of[item]] = True
        task = replace(self.task, demands=np.concatenate([self.task.demands, *demands.values()]), places=places)
        fresh = Solution(task, self.log, places)
        _run(fresh, dirty)
        return fresh


def gathered(rows: Any, first: Any, count: Any) -> tuple[Any, Any]:
    """Rows of a log item by item, and the item of each."""
    item = np.repeat(np.arange(count.size), count)
    offset = np.arange(item.size) - np.repeat(np.cumsum(count) - count, count)
    return rows[first[item] + offset], item


def solve(task: Task) -> Solution:
    """Plan every item."""
    size = max(1024, 2 * (task.demands.size + task.lines.size + task.supplies.size + task.count))
    solution = Solution(task, Log(size, size if task.pegging else 1), task.places.copy())
    _run(solution, np.ones(task.blocks, np.bool_))
    return solution


def _run(solution: Solution, dirty: Any) -> None:
    from linewright.supply.requirements.blocks import plan_blocks

    task, log = solution.task, solution.log
    needs, block = 4096, 0
    used = np.zeros((task.capacity_rows, int(task.terms["horizon"][0]) // 7 + 1))
    rest = np.empty(task.supplies.size, REST)
    bins = np.empty(int(task.terms["horizon"][0]) + 2, np.int64)
    while block < task.blocks:
        work = Work(
            items=task.items, lines=task.lines, demands=task.demands, supplies=task.supplies, ways=task.ways,
            alternates=task.alternates, days=task.days, terms=task.terms, lots=log.lots, pegs=log.pegs, ends=log.ends,
            places=solution.places, rest=rest, used=used, needs=np.empty(needs, NEED),
            scratch=np.empty(needs, SCRATCH), bins=bins,
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
