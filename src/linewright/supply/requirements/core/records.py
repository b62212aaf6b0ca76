"""What the requirements planner works on, as arrays: items, bill lines, demands, supplies, ways and alternates.

An item is a material at a place. Days are whole days since the plan's first local midnight; day 0 is today. A ragged
list "x of each item" is the column `first_x` of the items, with one sentinel at the end. -1 means none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

#: Later than any day, and earlier: "never" and "always".
NEVER_DAY = 1 << 29
#: How needs become lots.
LOT_FOR_LOT, PERIOD, WAGNER_WHITIN = 0, 1, 2
#: Ways to get an item.
MAKE, BUY, MOVE = 0, 1, 2
#: An alternate that is the same material elsewhere is always used; a substitute only where its material is late.
ELSEWHERE, SUBSTITUTE = 0, 1
#: In place of a bill line: the need is a demand of its own, or the safety stock.
DEMAND_NEED, SAFETY_NEED = -1, -2
#: In place of a supply: nothing covers the need. From `FOREIGN` down it is supply ``FOREIGN - value`` of another item.
SHORT, FOREIGN = -1, -2


def _record(**columns: str) -> np.dtype[Any]:
    return np.dtype(list(columns.items()), align=True)


#: `holding` is what one unit costs in one day of waiting, `order_cost` what one more lot costs (rule Wagner-Whitin);
#: `shelf_days` is the longest a lot may cover; `safety` in units, wanted from `safety_day` on.
ITEM = _record(
    first_line="i8", first_supply="i8", first_way="i8", first_alternate="i8", rule="i4", period_days="i4",
    shelf_days="i4", safety_day="i4", order_cost="f8", holding="f8", safety="f8",
)  # fmt: skip
#: Sorted by component: `quantity` for one good unit of `parent`, if got by way `kind` and released on the days given.
LINE = _record(parent="i4", kind="i4", first_day="i4", last_day="i4", quantity="f8")
#: A need from outside, sorted by item, day and priority.
DEMAND = _record(day="i4", quantity="f8")
#: What is there or on its way, sorted by item, day and last day of use.
SUPPLY = _record(day="i4", last_day="i4", quantity="f8")
#: A way to get more: lead in days for a lot and for each unit of it, lot rules, the days on which it may be started,
#: the most for a week (inf: no limit) and the row in which used capacity is counted.
WAY = _record(
    kind="i4", first_day="i4", last_day="i4", capacity_row="i4", lead="f8", lead_per_unit="f8", minimum="f8",
    multiple="f8", capacity="f8",
)  # fmt: skip
#: Another item whose free supply may be used: units of it for one unit, days on the way, days on which it may be used.
ALTERNATE = _record(item="i4", kind="i4", lag="i4", first_day="i4", last_day="i4", quantity="f8")
#: A planned lot: when it comes, when it starts, how it is got.
LOT = _record(day="i4", release="i4", way="i4", quantity="f8")
#: A supply given to a need: the need's bill line (or DEMAND_NEED, SAFETY_NEED) and its place there (the parent's lot,
#: or the demand), its day, the item's supply (existing ones first, then lots; or SHORT, FOREIGN), and units needed.
PEG = _record(line="i4", at="i4", supply="i4", day="i4", quantity="f8")


#: Where an item's demands, lots and pegs are, and how many.
PLACE = _record(first_demand="i8", first_lot="i8", first_peg="i8", demands="i4", lots="i4", pegs="i4")
#: What is left of a supply, and what of that its own item does not need.
REST = _record(left="f8", free="f8")
#: The working day at or before a day, and at or after it.
DAY = _record(before="i4", after="i4")
#: `horizon` in days; no lot starts before `fence`; `patience` is how long a need waits for a supply on its way.
TERMS = _record(horizon="i4", bucket="i4", fence="i4", patience="i4", pegging="i4")
#: Scratch: the needs of one item; and numbers for groups of needs, lots and the items of a block.
NEED = _record(day="i4", line="i4", at="i4", group="i4", open="f8")
SCRATCH = _record(
    day="i4", last_day="i4", start="i4", lots="i4", wanted="f8", cost="f8", left="f8", first_lot="i8"
)  # fmt: skip


@dataclass(frozen=True)
class Task:
    """Everything that is known before planning.

    `block_items` lists the items block by block, parents first, `first_block` where each block begins: items that may
    take from each other share a block. `lines_below` lists the lines of each parent (`first_below`), `line_item` the
    component of each line. `capacity_rows` is how many ways have a weekly capacity.
    """

    items: Any
    lines: Any
    line_item: Any
    lines_below: Any
    first_below: Any
    places: Any
    demands: Any
    supplies: Any
    ways: Any
    alternates: Any
    block_items: Any
    first_block: Any
    block_of: Any
    days: Any
    terms: Any
    capacity_rows: int

    @property
    def count(self) -> int:
        """The number of items."""
        return int(self.places.size)

    @property
    def blocks(self) -> int:
        """The number of blocks."""
        return int(self.first_block.size - 1)

    @property
    def pegging(self) -> bool:
        """Whether pegs are written."""
        return bool(self.terms["pegging"][0])


class Work(NamedTuple):
    """What kernels read and write.

    The task's rows; `earlier_lots`, and logs of `lots` and `pegs` that go on where the earlier ones end; `ends`: how
    many lots and pegs there are, and how many of them are earlier; the `places` of each item; the rest of each supply;
    capacity `used` by (capacity row, week); and scratch.
    """

    items: Any
    lines: Any
    demands: Any
    supplies: Any
    ways: Any
    alternates: Any
    days: Any
    terms: Any
    earlier_lots: Any
    lots: Any
    pegs: Any
    ends: Any
    places: Any
    rest: Any
    used: Any
    needs: Any
    scratch: Any
    bins: Any
