"""Lot rules: which open needs share a lot.

Each writes for every open need the number of its group; the groups follow each other in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import lean_kernel
from linewright.supply.requirements.core.records import PERIOD, WAGNER_WHITIN
from linewright.supply.requirements.core.ways import day_before


@lean_kernel
def group_needs(
    items: Any, needs: Any, scratch: Any, days: Any, bucket_days: int, item: int, count: int, first_day: int
) -> None:  # fmt: skip
    """Number the groups of the item's needs, of which those before the first possible day count as on that day.

    A lot comes on a working day, at or before its first need, and ages from then on.
    """
    rule = items[item].rule
    longest = items[item].shelf_days
    window = min(items[item].period_days, longest) if rule == PERIOD else 0
    group, began, bucket, comes = -1, 0, -1, 0
    for need in range(count):
        if needs[need].open <= 0:
            continue
        day = max(needs[need].day, first_day, 0)
        if rule == PERIOD:
            fresh = group < 0 or day >= began + window
        else:
            fresh = group < 0 or day // bucket_days != bucket
        if fresh or (day > began and day - comes > longest):
            group += 1
            began, bucket, comes = day, day // bucket_days, day_before(days, day)
        needs[need].group = group
    if rule == WAGNER_WHITIN and group > 0:
        join_groups(items, needs, scratch, days, item, count, first_day, group + 1)


@lean_kernel
def join_groups(
    items: Any, needs: Any, scratch: Any, days: Any, item: int, count: int, first_day: int, groups: int
) -> None:  # fmt: skip
    """Join groups so that lot costs and holding costs together are least."""
    for group in range(groups):
        scratch[group].wanted = 0.0
    for need in range(count - 1, -1, -1):
        if needs[need].open > 0:
            day = max(needs[need].day, first_day, 0)
            if scratch[needs[need].group].wanted == 0:
                scratch[needs[need].group].last_day = day
            scratch[needs[need].group].day = day_before(days, day)
            scratch[needs[need].group].wanted += needs[need].open
    wagner_whitin(scratch, groups, items[item].order_cost, items[item].holding, items[item].shelf_days)
    for need in range(count):
        if needs[need].open > 0:
            needs[need].group = scratch[needs[need].group].start


@lean_kernel
def wagner_whitin(scratch: Any, count: int, order_cost: float, holding: float, longest: int) -> None:
    """Write for each of some dated needs the first need of the lot that covers it (`start`), at least total cost.

    Wagner & Whitin, *Management Science* 5(1):89-96, 1958: the least cost of covering the first needs is the least,
    over the first need of the last lot, of the least cost before it, one more lot, and holding what it brings too
    early. `holding` is the cost of one unit for one day; no lot covers needs more than `longest` days after its first.
    `scratch` has the `day` on which what each need wants has to come, `wanted`, and the `last_day` on which it is
    needed; and one row more than there are needs.
    """
    scratch[0].cost = 0.0
    for end in range(count):
        held = 0.0
        behind = 0.0
        least = np.inf
        for start in range(end, -1, -1):
            # One step back in time, everything that comes after waits that many days longer.
            if start < end:
                held += behind * holding * (scratch[start + 1].day - scratch[start].day)
            behind += scratch[start].wanted
            if start < end and (scratch[end].last_day - scratch[start].day > longest or held > least):
                break
            cost = scratch[start].cost + order_cost + held
            if cost < least:
                least = cost
                scratch[end].start = start
        scratch[end + 1].cost = least
    end = count - 1
    while end >= 0:
        start = scratch[end].start
        for at in range(start, end + 1):
            scratch[at].start = start
        end = start - 1
