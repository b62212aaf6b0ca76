"""Put the facts of a factory, or of a made-up one, into the order in which kernels read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from linewright.errors import ModelError
from linewright.supply.requirements.core.records import (
    ALTERNATE,
    BUY,
    DAY,
    DEMAND,
    ITEM,
    LINE,
    NEVER_DAY,
    PLACE,
    SUPPLY,
    TERMS,
    WAY,
    Task,
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known, row by row, each row with its item; see :mod:`linewright.supply.requirements.core.records`.

    `items` has the columns of ITEM; those that begin with ``first`` are filled in here. Ways and alternates are in
    the order of preference, demands of the same day in the order of urgency. `block` puts items together that may
    take from each other; without it each is alone. `days` are the working days; days past them all work.
    """

    items: Any
    lines: Any = field(default_factory=partial(np.zeros, 0, LINE))
    line_item: Any = field(default_factory=partial(np.zeros, 0, np.int64))
    demands: Any = field(default_factory=partial(np.zeros, 0, DEMAND))
    demand_item: Any = field(default_factory=partial(np.zeros, 0, np.int64))
    supplies: Any = field(default_factory=partial(np.zeros, 0, SUPPLY))
    supply_item: Any = field(default_factory=partial(np.zeros, 0, np.int64))
    ways: Any = field(default_factory=partial(np.zeros, 0, WAY))
    way_item: Any = field(default_factory=partial(np.zeros, 0, np.int64))
    alternates: Any = field(default_factory=partial(np.zeros, 0, ALTERNATE))
    alternate_item: Any = field(default_factory=partial(np.zeros, 0, np.int64))
    block: Any = None
    days: Any = field(default_factory=partial(np.zeros, 0, DAY))
    horizon_days: int = 364
    bucket_days: int = 7
    fence_day: int = 0
    patience_days: int = 7


@dataclass(frozen=True)
class Sorting:
    """Where the rows of the facts went: position in the task -> row of the facts."""

    lines: Any
    demands: Any
    supplies: Any
    ways: Any


def plain_items(count: int) -> Any:
    """Items without safety stock, planned lot for lot."""
    items = np.zeros(count + 1, ITEM)
    items["period_days"] = 7
    items["shelf_days"] = NEVER_DAY
    return items


def build(facts: Facts, *, pegging: bool = True) -> tuple[Task, Sorting]:
    """Sort the facts into a task.

    Raises
    ------
    ModelError
        The lines run in a circle.
    """
    count = facts.items.size - 1
    items = facts.items.copy()
    order_lines = np.argsort(facts.line_item, kind="stable")
    order_demands = np.lexsort((facts.demands["day"], facts.demand_item))
    order_supplies = np.lexsort((facts.supplies["last_day"], facts.supplies["day"], facts.supply_item))
    order_ways = np.argsort(facts.way_item, kind="stable")
    order_alternates = np.argsort(facts.alternate_item, kind="stable")
    items["first_line"] = _first(facts.line_item, count)
    items["first_supply"] = _first(facts.supply_item, count)
    items["first_way"] = _first(facts.way_item, count)
    items["first_alternate"] = _first(facts.alternate_item, count)
    first_demand = _first(facts.demand_item, count)
    lines = np.ascontiguousarray(facts.lines[order_lines])
    line_item = facts.line_item[order_lines].astype(np.int64)
    block = np.arange(count) if facts.block is None else np.unique(facts.block, return_inverse=True)[1]
    block_items, first_block, block_of = _blocks(lines["parent"], line_item, block, count)
    ways = np.ascontiguousarray(facts.ways[order_ways])
    items["safety_day"][:count] = np.clip(
        soonest_anew(lines, line_item, ways, facts.way_item[order_ways], count, facts), 0, facts.horizon_days - 1
    )
    places = np.zeros(count, PLACE)
    places["first_demand"], places["demands"] = first_demand[:-1], np.diff(first_demand)
    terms = np.zeros(1, TERMS)
    terms["horizon"], terms["bucket"] = facts.horizon_days, facts.bucket_days
    terms["fence"], terms["patience"], terms["pegging"] = facts.fence_day, facts.patience_days, pegging
    task = Task(
        items=items,
        lines=lines,
        line_item=line_item,
        lines_below=np.argsort(lines["parent"], kind="stable").astype(np.int64),
        first_below=_first(lines["parent"], count),
        places=places,
        demands=np.ascontiguousarray(facts.demands[order_demands]),
        supplies=np.ascontiguousarray(facts.supplies[order_supplies]),
        ways=ways,
        alternates=np.ascontiguousarray(facts.alternates[order_alternates]),
        block_items=block_items,
        first_block=first_block,
        block_of=block_of,
        days=facts.days,
        terms=terms,
        capacity_rows=int(ways["capacity_row"].max(initial=-1)) + 1,
    )
    return task, Sorting(order_lines, order_demands, order_supplies, order_ways)


def soonest_anew(lines: Any, line_item: Any, ways: Any, way_item: Any, count: int, facts: Facts) -> Any:
    """The first day on which each item can come if all that goes into it has to be got anew.

    From that day on its safety stock is wanted. Wanted sooner, it could only be refilled with what orders need: they
    may use it until then, and nothing that they need goes into it.
    """
    anew = np.zeros(count, np.int64)
    level = levels(lines["parent"], line_item, count)
    for depth in range(int(level.max(initial=-1)), -1, -1):
        chosen = np.flatnonzero(level[way_item] == depth)
        release = np.maximum(facts.fence_day, ways["first_day"][chosen].astype(np.int64))
        made = ways["kind"][chosen] != BUY
        parts = np.zeros(count, np.int64)
        mine = level[lines["parent"]] == depth
        np.maximum.at(parts, lines["parent"][mine], anew[line_item[mine]])
        release = np.maximum(release, np.where(made, parts[way_item[chosen]], 0))
        lead = ways["lead"][chosen] + ways["lead_per_unit"][chosen] * ways["minimum"][chosen]
        comes = _worked_after(facts.days, _worked_after(facts.days, release) + np.ceil(lead - 1e-9).astype(np.int64))
        first = np.full(count, NEVER_DAY, np.int64)
        np.minimum.at(first, way_item[chosen], comes)
        at = np.flatnonzero(level == depth)
        anew[at] = np.minimum(first[at], NEVER_DAY)
    return anew


def _worked_after(days: Any, day: Any) -> Any:
    """The working day at or after each day; days past the table all work."""
    inside = (day >= 0) & (day < days.size)
    return np.where(inside, days["after"][np.where(inside, day, 0)], day) if days.size else day


def _first(item: Any, count: int) -> Any:
    """Where the rows of each item begin, once they are sorted by item."""
    return np.concatenate([[0], np.cumsum(np.bincount(item, minlength=count))]).astype(np.int64)


def _blocks(parent: Any, component: Any, block: Any, count: int) -> tuple[Any, Any, Any]:
    """The items block by block, parents first; where each block begins; and the block of each item."""
    across = block[parent] != block[component]
    rank = levels(block[parent[across]], block[component[across]], int(block.max(initial=-1)) + 1)
    depth = levels(parent, component, count)
    order = np.lexsort((depth, block, rank[block]))
    fresh = np.concatenate([[True], np.diff(block[order]) != 0])[:count]
    first = np.append(np.flatnonzero(fresh), count).astype(np.int64)
    block_of = np.empty(count, np.int64)
    block_of[order] = np.cumsum(fresh) - 1
    return order.astype(np.int64), first, block_of


def levels(parent: Any, component: Any, count: int) -> Any:
    """Low-level codes: the longest way from the top down to each item.

    Raises
    ------
    ModelError
        There is no longest way, because the lines run in a circle.
    """
    level = np.zeros(count, np.int64)
    for _ in range(count + 1):
        deeper = level.copy()
        np.maximum.at(deeper, component, level[parent] + 1)
        if np.array_equal(deeper, level):
            return level
        level = deeper
    raise ModelError(["the bill of materials runs in a circle — remove one of its lines"])
