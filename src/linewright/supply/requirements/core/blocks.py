"""The kernel that plans block after block: everything, or only what a change reaches."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.supply.requirements.core.netting import plan_item
from linewright.supply.requirements.core.ways import lot_at


@lean_kernel
def room_needed(work: Any, block_items: Any, block_of: Any, first: int, last: int) -> tuple[int, int]:
    """At most how many needs (and lots) an item of a block can have, and how many pegs the block can write.

    Inside a block, lots of one item may be needs of a later one, and each lot there answers a need; so what all of
    the block's items need from outside bounds each of them.
    """
    needs, supplies = 0, 0
    for place in range(first, last):
        item = block_items[place]
        ways = work.items[item + 1].first_way - work.items[item].first_way
        needs += work.places[item].demands + 2 + ways * (work.used.shape[1] + 2)
        for line in range(work.items[item].first_line, work.items[item + 1].first_line):
            parent = work.lines[line].parent
            if block_of[parent] != block_of[item]:
                needs += work.places[parent].lots
        supplies += work.items[item + 1].first_supply - work.items[item].first_supply
    return needs, (last - first) * (3 * needs + supplies)


@lean_kernel
def same_lots(work: Any, item: int, first: int, count: int) -> bool:
    """Whether an item's lots are as they were."""
    if work.places[item].lots != count:
        return False
    for at in range(count):
        new, old = lot_at(work, work.places[item].first_lot + at), lot_at(work, first + at)
        if new.quantity != old.quantity or new.release != old.release or new.day != old.day or new.way != old.way:
            return False
    return True


@lean_kernel
def plan_blocks(
    work: Any, block_items: Any, first_block: Any, block_of: Any, line_item: Any, lines_below: Any, first_below: Any,
    dirty: Any, begin: int,
) -> int:  # fmt: skip
    """Plan the blocks marked dirty from one on; return the block at which the logs or the scratch became too small.

    Where an item's lots have changed, the blocks of its components become dirty too.
    """
    blocks = first_block.size - 1
    for block in range(begin, blocks):
        if not dirty[block]:
            continue
        first, last = first_block[block], first_block[block + 1]
        needs, pegs = room_needed(work, block_items, block_of, first, last)
        written = work.ends[0] - work.ends[2] + needs * (last - first)
        full = max(needs, last - first) + 1 > work.needs.size or written > work.lots.size
        if full or (work.terms[0].pegging and work.ends[1] - work.ends[3] + pegs > work.pegs.size):
            return block
        for place in range(first, last):
            item = block_items[place]
            work.scratch[place - first].first_lot = work.places[item].first_lot
            work.scratch[place - first].lots = work.places[item].lots
            work.places[item].lots = 0
            for supply in range(work.items[item].first_supply, work.items[item + 1].first_supply):
                work.rest[supply].left = work.supplies[supply].quantity
                work.rest[supply].free = 0.0
            for at in range(work.items[item].first_way, work.items[item + 1].first_way):
                for week in range(work.used.shape[1] if work.ways[at].capacity_row >= 0 else 0):
                    work.used[work.ways[at].capacity_row, week] = 0.0
        # What items of a block can spare for each other is found first; one that is alone has nobody to spare for.
        for step in range(0 if last > first + 1 else last - first, 2 * (last - first)):
            plan_item(work, block_items[first + step % (last - first)], step < last - first)
        for place in range(first, last):
            item = block_items[place]
            earlier = work.scratch[place - first]
            if not same_lots(work, item, earlier.first_lot, earlier.lots):
                for below in range(first_below[item], first_below[item + 1]):
                    dirty[block_of[line_item[lines_below[below]]]] = True
    return blocks
