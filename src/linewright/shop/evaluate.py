"""What a timetable costs: the parts of its total, its makespan and its lateness."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.arrays import BOTH, NEW, RUN
from linewright.shop.block import phase_calendars
from linewright.shop.kernels import kernel
from linewright.shop.state import OTHER_USED
from linewright.shop.working_time import NEVER, next_window

#: Positions of the parts in an evaluation. Money first; then seconds by which pins slipped, makespan, total lateness.
LATENESS, CHANGEOVERS, OVERTIME, EARLY_STOCK, ENERGY, INSTABILITY, PREFERENCE, PIN_SLIP, MAKESPAN, TARDINESS = range(10)
MONEY = 7
PARTS = 10


@kernel
def demand_finish(shop: Any, state: Any, demand: int) -> int:
    """When everything that a demand waits for is there."""
    finish = max(shop.demands[demand].ready, 0)
    for feed in range(shop.demands[demand].first_feed, shop.demands[demand + 1].first_feed):
        operation = shop.feeds[feed].operation
        site = shop.machines[shop.modes[state.work[operation].mode].machine].site
        target = shop.demands[demand].site
        travel = shop.transit[site, target] if site >= 0 and target >= 0 else 0
        finish = max(finish, state.work[operation].end + shop.feeds[feed].lag + travel)
    return finish


@kernel
def overtime_cost(shop: Any, calendar: int, used: Any, count: int, begin: int, end: int) -> float:
    """Cost of the working time of a phase, in the calendars listed, that lies in priced windows of one of them."""
    cost = 0.0
    for window in range(shop.calendars.index[calendar].first_cost, shop.calendars.index[calendar + 1].first_cost):
        moment, last = max(begin, shop.overtime[window].start), min(end, shop.overtime[window].end)
        while moment < last:
            if count == 0:
                opens, closes = moment, last
            else:
                opens, closes = next_window(shop.calendars, used, count, moment)
            if opens >= last:
                break
            moment = min(closes, last)
            cost += (moment - opens) * shop.overtime[window].rate
    return cost


@kernel
def overtime_of(shop: Any, state: Any, operation: int) -> float:
    """Overtime of one operation: its people, and its machine where it leads its block."""
    work, machines, people = state.work[operation], shop.machines, shop.people
    machine = machines[shop.modes[work.mode].machine].calendar
    cost = 0.0
    for phase in range(2):
        used = state.used[OTHER_USED]
        begin, end = (work.start, work.end) if phase == RUN else (work.setup_start, work.start)
        count = phase_calendars(shop, state, operation, phase, used)
        if begin == end:
            continue
        if work.leader:
            cost += overtime_cost(shop, machine, used, count, begin, end)
        person = shop.modes[work.mode].person
        if person >= 0 and phase == RUN:
            cost += overtime_cost(shop, people[person].calendar, used, count, begin, end)
        for seat in range(shop.operations[operation].first_seat, shop.operations[operation + 1].first_seat):
            person = state.seats[seat].person
            sits = shop.seats[seat].phase == phase or shop.seats[seat].phase == BOTH
            if sits and person >= 0 and state.seats[seat].counts:
                cost += overtime_cost(shop, people[person].calendar, used, count, begin, end)
    return cost


@kernel
def mean_price(shop: Any, machine: int, begin: int, end: int) -> float:
    """Mean price of energy over a machine's working time between two moments."""
    first, last = shop.machines[machine].first_point, shop.machines[machine + 1].first_point
    if last - first < 2:
        return shop.machines[machine].price
    worked, spent = 0.0, 0.0
    for side in range(2):
        moment = begin if side == 0 else end
        low, high = first, last - 1
        while low + 1 < high:
            middle = (low + high) >> 1
            if shop.prices[middle].moment <= moment:
                low = middle
            else:
                high = middle
        span = shop.prices[low + 1].moment - shop.prices[low].moment
        share = min(max(moment - shop.prices[low].moment, 0), span) / span
        sign = -1.0 if side == 0 else 1.0
        worked += sign * (shop.prices[low].worked + share * (shop.prices[low + 1].worked - shop.prices[low].worked))
        spent += sign * (shop.prices[low].spent + share * (shop.prices[low + 1].spent - shop.prices[low].spent))
    return spent / worked if worked > 0 else shop.machines[machine].price


@kernel
def energy_cost(shop: Any, state: Any, operation: int) -> float:
    """Cost of the energy of one operation; a load's machine counts with its leader."""
    work = state.work[operation]
    machine = shop.modes[work.mode].machine
    setup_kwh = shop.machines[machine].setup_kw * work.setup / 3600 if work.leader else 0.0
    run_kwh = shop.machines[machine].run_kw * work.run / 3600 if work.leader else 0.0
    run_kwh += shop.operations[operation].kwh
    cost = 0.0
    if setup_kwh > 0:
        cost += setup_kwh * mean_price(shop, machine, work.setup_start, work.start)
    if run_kwh > 0:
        cost += run_kwh * mean_price(shop, machine, work.start, work.end)
    return cost


@kernel
def is_moved(shop: Any, state: Any, operation: int) -> bool:
    """Whether an operation has another machine than in the earlier plan, or starts more than an hour off."""
    before = shop.operations[operation]
    if before.earlier_machine == NEW:
        return False
    work = state.work[operation]
    return shop.modes[work.mode].machine != before.earlier_machine or abs(work.start - before.earlier_start) > 3600


@kernel
def evaluate(shop: Any, state: Any, move_cost: float) -> Any:
    """All parts of a complete timetable, in the order of the positions above."""
    parts = np.zeros(PARTS, np.float64)
    for demand in range(shop.demands.size - 1):
        if shop.demands[demand].due < NEVER:
            late = demand_finish(shop, state, demand) - shop.demands[demand].due
            if late > 0:
                parts[LATENESS] += late * shop.demands[demand].late_rate
                parts[TARDINESS] += late
            else:
                parts[EARLY_STOCK] -= late * shop.demands[demand].early_rate
    for operation in range(shop.operations.size - 1):
        work = state.work[operation]
        machine = shop.modes[work.mode].machine
        parts[MAKESPAN] = max(parts[MAKESPAN], work.end)
        parts[PREFERENCE] += shop.modes[work.mode].cost
        parts[ENERGY] += energy_cost(shop, state, operation)
        if is_moved(shop, state, operation):
            parts[INSTABILITY] += move_cost
        if shop.operations[operation].pin >= 0:
            parts[PIN_SLIP] += work.start - shop.operations[operation].pin
        if work.leader:
            parts[CHANGEOVERS] += work.changeover_cost + work.changeover * shop.machines[machine].cost_per_second
        parts[OVERTIME] += overtime_of(shop, state, operation) if shop.overtime.size else 0.0
    return parts
