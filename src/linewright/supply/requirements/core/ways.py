"""Kernels that choose how a lot is got: in time if possible, preferred ways first, within weekly capacities."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import lean_kernel
from linewright.supply.requirements.core.records import NEVER_DAY


@lean_kernel
def day_before(days: Any, day: int) -> int:
    """The working day at or before a day; days outside the table are taken as they are."""
    return days[day].before if 0 <= day < days.size else day


@lean_kernel
def day_after(days: Any, day: int) -> int:
    """The working day at or after a day; days outside the table are taken as they are."""
    return days[day].after if 0 <= day < days.size else day


@lean_kernel
def lead_days(way: Any, quantity: float) -> int:
    """Whole days from the start of a lot to its receipt."""
    return int(np.ceil(min(way.lead + way.lead_per_unit * quantity, 36500.0) - 1e-9))


@lean_kernel
def lot_size(way: Any, wanted: float) -> float:
    """The least allowed lot that covers what is wanted."""
    size = max(wanted, way.minimum)
    return np.ceil(size / way.multiple - 1e-9) * way.multiple if way.multiple > 0 else size


@lean_kernel
def earliest(days: Any, fence: int, way: Any, quantity: float) -> tuple[int, int]:
    """Start and receipt of the earliest lot that this way can give; NEVER_DAY when it may not be started any more."""
    release = day_after(days, max(fence, way.first_day))
    if release > way.last_day:
        return NEVER_DAY, NEVER_DAY
    return release, day_after(days, release + lead_days(way, quantity))


@lean_kernel
def earliest_of_all(items: Any, ways: Any, days: Any, fence: int, item: int) -> int:
    """The first day on which any way can deliver; NEVER_DAY when there is none."""
    best = NEVER_DAY
    for at in range(items[item].first_way, items[item + 1].first_way):
        best = min(best, earliest(days, fence, ways[at], ways[at].minimum)[1])
    return best


@lean_kernel
def week_of(used: Any, day: int) -> int:
    """The week in which a receipt uses capacity; everything past the horizon counts in the last."""
    return min(max(day // 7, 0), used.shape[1] - 1)


@lean_kernel
def room(used: Any, way: Any, day: int, wanted: float) -> float:
    """The lot that fits into the capacity of a day's week, 0 when none does."""
    size = lot_size(way, wanted)
    if way.capacity_row < 0:
        return size
    left = way.capacity - used[way.capacity_row, week_of(used, day)]
    if size > left:
        size = np.floor(left / way.multiple + 1e-9) * way.multiple if way.multiple > 0 else left
    return size if size >= way.minimum and size > 1e-9 else 0.0


@lean_kernel
def lot_at(work: Any, at: int) -> Any:
    """A lot by its position in both logs."""
    return work.earlier_lots[at] if at < work.ends[2] else work.lots[at - work.ends[2]]


@lean_kernel
def add_lot(work: Any, item: int, at: int, release: int, day: int, quantity: float) -> float:
    """Write a lot to the log, and its use of capacity; return its quantity."""
    end = work.ends[0] - work.ends[2]
    work.lots[end].day = day
    work.lots[end].release = release
    work.lots[end].way = at
    work.lots[end].quantity = quantity
    work.ends[0] += 1
    work.scratch[work.places[item].lots].left = quantity
    work.places[item].lots += 1
    row = work.ways[at].capacity_row
    if row >= 0:
        work.used[row, week_of(work.used, day)] += quantity
    return quantity


@lean_kernel
def in_time(work: Any, at: int, target: int, wanted: float) -> tuple[int, int, float]:
    """Start, receipt and quantity of a lot that comes by the target day; quantity 0 when this way cannot."""
    way = work.ways[at]
    day = day_before(work.days, target)
    quantity = room(work.used, way, day, wanted) if day >= 0 else 0.0
    release = day_before(work.days, day - lead_days(way, quantity))
    if release < max(work.terms[0].fence, way.first_day) or release > way.last_day:
        quantity = 0.0
    return release, day, quantity


@lean_kernel
def soonest(work: Any, at: int, target: int, wanted: float) -> tuple[int, int, float]:
    """Start, receipt and quantity of the first lot that comes on the target day or after it; NEVER_DAY without one.

    Whoever may not be asked any more when it would be time is asked on the last day, for delivery on the target day.
    """
    way = work.ways[at]
    fence = work.terms[0].fence
    size = lot_size(way, wanted)
    release, day = earliest(work.days, fence, way, size)
    if day == NEVER_DAY:
        return release, day, size
    first = day
    if way.capacity_row < 0:
        day = max(day, day_before(work.days, target))
        last = min(day - lead_days(way, size), way.last_day)
        return (max(release, day_before(work.days, last)) if day > first else release), day, size
    day = day_after(work.days, max(day, target))
    while day < work.terms[0].horizon:
        quantity = room(work.used, way, day, wanted)
        if quantity > 0:
            if day > first:
                # It is placed as late as its lead allows, but while the source may still be asked.
                last = min(day - lead_days(way, quantity), way.last_day)
                release = max(release, day_before(work.days, last))
            return release, day, quantity
        day = day_after(work.days, (day // 7 + 1) * 7)
    return NEVER_DAY, NEVER_DAY, 0.0


@lean_kernel
def get(work: Any, item: int, target: int, oldest: int, wanted: float, tiny: float) -> None:
    """Plan lots that cover what is wanted on the target day, none of them older than the oldest day.

    First whoever delivers in time, in the order of preference; then limited ways in earlier weeks; then whoever
    delivers soonest, late. What is still open is short.
    """
    begin, end = work.items[item].first_way, work.items[item + 1].first_way
    this_week = day_before(work.days, target) // 7
    for back in range(this_week + 1):
        by = target if back == 0 else (this_week - back) * 7 + 6
        limited = False
        if back > 0 and day_before(work.days, by) < oldest:
            break
        for at in range(begin, end):
            if wanted > tiny and (back == 0 or work.ways[at].capacity_row >= 0):
                release, day, quantity = in_time(work, at, by, wanted)
                limited = True
                if quantity > 0:
                    wanted -= add_lot(work, item, at, release, day, quantity)
        if not limited or wanted <= tiny:
            break
    while wanted > tiny:
        best, best_release, best_day, best_quantity = -1, 0, NEVER_DAY, 0.0
        for at in range(begin, end):
            release, day, quantity = soonest(work, at, target, wanted)
            if day < best_day:
                best, best_release, best_day, best_quantity = at, release, day, quantity
        if best < 0:
            return
        wanted -= add_lot(work, item, best, best_release, best_day, best_quantity)
