"""Kernels that plan item after item, parents first: gather the needs, cover them, and plan lots for what is left.

Time-phased netting with pegging, as in Orlicky, *Material Requirements Planning*, 1975, ch. 4-6; needs are dated to
the day, and first needed is first served.
"""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.supply.requirements.core.records import DEMAND_NEED, ELSEWHERE, FOREIGN, NEVER_DAY, SAFETY_NEED, SHORT
from linewright.supply.requirements.core.rules import group_needs
from linewright.supply.requirements.core.ways import earliest_of_all, get, lot_at


@lean_kernel
def counts_for(bill: Any, ways: Any, lot: Any) -> bool:
    """Whether a parent's lot needs this bill line."""
    return ways[lot.way].kind == bill.kind and bill.first_day <= lot.release <= bill.last_day


@lean_kernel
def write_need(needs: Any, bins: Any, day: int, line: int, at: int, quantity: float) -> None:
    """Put a need at the next place of its day."""
    place = min(max(day + 1, 0), bins.size - 2)
    need = bins[place]
    bins[place] += 1
    needs[need].day = day
    needs[need].line = line
    needs[need].at = at
    needs[need].open = quantity


@lean_kernel
def gather(work: Any, item: int) -> int:
    """Write the item's needs in the order of their days and return how many there are.

    A counting sort, so that needs of the same day keep their order: demands, then lots of parents, then the safety
    stock. `bins` are a day for what is overdue, the days of the horizon, and one for the sum.
    """
    bins, needs = work.bins, work.needs
    last = bins.size - 2
    for day in range(bins.size):
        bins[day] = 0
    first_demand = work.places[item].first_demand
    demands = work.places[item].demands
    for pass_over in range(2):
        for at in range(demands):
            day = work.demands[first_demand + at].day
            if pass_over == 0:
                bins[min(max(day + 1, 0), last) + 1] += 1
            else:
                write_need(needs, bins, day, DEMAND_NEED, at, work.demands[first_demand + at].quantity)
        for line in range(work.items[item].first_line, work.items[item + 1].first_line):
            bill = work.lines[line]
            first = work.places[bill.parent].first_lot
            for at in range(work.places[bill.parent].lots):
                lot = lot_at(work, first + at)
                if counts_for(bill, work.ways, lot):
                    if pass_over == 0:
                        bins[min(max(lot.release + 1, 0), last) + 1] += 1
                    else:
                        write_need(needs, bins, lot.release, line, at, lot.quantity * bill.quantity)
        if work.items[item].safety > 0:
            if pass_over == 0:
                bins[work.items[item].safety_day + 2] += 1
            else:
                write_need(needs, bins, work.items[item].safety_day, SAFETY_NEED, 0, work.items[item].safety)
        if pass_over == 0:
            for day in range(1, bins.size):
                bins[day] += bins[day - 1]
    return bins[last]


@lean_kernel
def add_peg(work: Any, item: int, need: int, supply: int, quantity: float) -> None:
    """Write a peg to the log, and take its quantity from what is open."""
    work.needs[need].open -= quantity
    if work.terms[0].pegging:
        end = work.ends[1] - work.ends[3]
        work.pegs[end].line = work.needs[need].line
        work.pegs[end].at = work.needs[need].at
        work.pegs[end].supply = supply
        work.pegs[end].day = work.needs[need].day
        work.pegs[end].quantity = quantity
        work.ends[1] += 1
        work.places[item].pegs += 1


@lean_kernel
def tiny_of(quantity: float) -> float:
    """What is as good as nothing beside a quantity."""
    return 1e-9 + 1e-12 * quantity


@lean_kernel
def cover(work: Any, item: int, count: int, first_day: int, alone: bool) -> None:
    """Give what is there and on its way to the needs.

    A need takes what has come by its day, then what others have to spare; and then what comes later, if that is
    within the patience given or no new lot could come sooner. `alone`: it takes nothing from others.
    """
    begin, end = work.items[item].first_supply, work.items[item + 1].first_supply
    first = begin
    for need in range(count):
        day = work.needs[need].day
        latest = max(day, 0)
        tiny = tiny_of(work.needs[need].open)
        patient = False
        supply = first
        while work.needs[need].open > tiny:
            if supply == end or work.supplies[supply].day > latest:
                if patient:
                    break
                if not alone and work.needs[need].line != SAFETY_NEED:
                    borrow(work, item, need, latest, first_day, tiny)
                latest = max(latest + work.terms[0].patience, first_day)
                patient = True
                continue
            if work.rest[supply].left <= 1e-9 or work.supplies[supply].last_day < day:
                first += supply == first
            else:
                quantity = min(work.needs[need].open, work.rest[supply].left)
                work.rest[supply].left -= quantity
                add_peg(work, item, need, supply - begin, quantity)
                if work.needs[need].open <= tiny:
                    break
            supply += 1
        if work.needs[need].open <= tiny:
            work.needs[need].open = 0.0


@lean_kernel
def borrow(work: Any, item: int, need: int, day: int, first_day: int, tiny: float) -> None:
    """Take what alternates have to spare in time; substitutes only where the material itself would be late."""
    for at in range(work.items[item].first_alternate, work.items[item + 1].first_alternate):
        alternate = work.alternates[at]
        fits = alternate.first_day <= day <= alternate.last_day
        if not fits or (alternate.kind != ELSEWHERE and first_day <= day):
            continue
        for supply in range(work.items[alternate.item].first_supply, work.items[alternate.item + 1].first_supply):
            spare = min(work.rest[supply].free, work.rest[supply].left)
            comes = work.supplies[supply].day + alternate.lag
            if work.needs[need].open <= tiny:
                return
            if spare > 1e-9 and comes <= day and day - alternate.lag <= work.supplies[supply].last_day:
                quantity = min(work.needs[need].open, spare / alternate.quantity)
                work.rest[supply].left -= quantity * alternate.quantity
                work.rest[supply].free -= quantity * alternate.quantity
                add_peg(work, item, need, FOREIGN - supply, quantity)


@lean_kernel
def kept_over(work: Any, item: int, lot: int, day: int) -> float:
    """What is over of the lots from one on and still keeps on a day; what does not is taken away from them."""
    over = 0.0
    for at in range(lot, work.places[item].lots):
        if lot_at(work, work.places[item].first_lot + at).day + work.items[item].shelf_days < day:
            work.scratch[at].left = 0.0
        over += work.scratch[at].left
    return over


@lean_kernel
def plan_lots(work: Any, item: int, count: int, first_day: int) -> None:
    """Plan a lot for each group of open needs and give it out; what is over serves later needs while it keeps."""
    needs, scratch = work.needs, work.scratch
    group_needs(work.items, needs, scratch, work.days, work.terms[0].bucket, item, count, first_day)
    existing = work.items[item + 1].first_supply - work.items[item].first_supply
    lot, need = 0, 0
    while need < count:
        if needs[need].open <= 0:
            need += 1
            continue
        end, last_day = need, 0
        while end < count and (needs[end].open <= 0 or needs[end].group == needs[need].group):
            last_day = max(last_day, needs[end].day) if needs[end].open > 0 else last_day
            end += 1
        over, wanted, target = kept_over(work, item, lot, last_day), 0.0, NEVER_DAY
        for at in range(need, end):
            wanted += max(needs[at].open, 0.0)
            if wanted > over + tiny_of(wanted) and target == NEVER_DAY:
                target = max(needs[at].day, first_day, 0)
        if target < NEVER_DAY:
            oldest = last_day - work.items[item].shelf_days
            get(work, item, target, oldest, wanted - over, tiny_of(wanted))
        while need < end:
            tiny = tiny_of(needs[need].open)
            while needs[need].open > tiny and lot < work.places[item].lots:
                quantity = min(needs[need].open, scratch[lot].left)
                scratch[lot].left -= quantity
                if quantity > 0:
                    add_peg(work, item, need, existing + lot, quantity)
                lot += scratch[lot].left <= 1e-9
            if needs[need].open > tiny:
                add_peg(work, item, need, SHORT, needs[need].open)
            need += 1


@lean_kernel
def plan_item(work: Any, item: int, spare_only: bool) -> None:
    """Gather, cover, and plan lots for the rest; or only find what the item can spare for those who may take it."""
    first_day = earliest_of_all(work.items, work.ways, work.days, work.terms[0].fence, item)
    work.places[item].first_lot, work.places[item].lots = work.ends[0], 0
    work.places[item].first_peg, work.places[item].pegs = work.ends[1], 0
    count = gather(work, item)
    cover(work, item, count, first_day, spare_only)
    if not spare_only:
        plan_lots(work, item, count, first_day)
        return
    for supply in range(work.items[item].first_supply, work.items[item + 1].first_supply):
        work.rest[supply].free = work.rest[supply].left
        work.rest[supply].left = work.supplies[supply].quantity
    work.ends[1] = work.places[item].first_peg
    work.places[item].pegs = 0
