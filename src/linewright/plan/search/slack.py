"""A kernel that goes back through a timetable: until when each operation may end before it makes something late."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.evaluate import LATENESS, MAKESPAN, TARDINESS
from linewright.shop.kernels import kernel
from linewright.shop.working_time import NEVER


@kernel
def latest_ends(shop: Any, state: Any, order: Any, weights: Any) -> tuple[Any, Any, Any, Any]:
    """Latest ends and what a second later costs: of each operation by what waits for it, and by what uses its machine.

    Times between operations are taken from the timetable as they are (realised tails on the graph of steps and
    machines; Taillard, EJOR 64 (1993) 278-285, for job shops), so with calendars the result is an estimate. Returns
    (latest, rate) by demands and followers, and (latest, rate) by the next operation on the machine.
    """
    size, machines = order.size, shop.machines.size
    latest, rate = np.full(size, NEVER), np.zeros(size)
    behind, behind_rate = np.full(size, NEVER), np.zeros(size)
    next_begin, next_rate = np.full(machines, NEVER), np.zeros(machines)
    last = state.work.end[:-1].max() if weights[MAKESPAN] > 0 and size else 0
    for demand in range(shop.demands.size - 1):
        row = shop.demands[demand]
        own = row.late_rate * weights[LATENESS] + weights[TARDINESS]
        for feed in range(row.first_feed, shop.demands[demand + 1].first_feed):
            operation = shop.feeds[feed].operation
            if row.due < NEVER and own > 0 and row.due - shop.feeds[feed].lag < latest[operation]:
                latest[operation], rate[operation] = row.due - shop.feeds[feed].lag, own
    for at in range(size - 1, -1, -1):
        operation = order[at]
        work = state.work[operation]
        if weights[MAKESPAN] > 0 and last < latest[operation]:
            latest[operation], rate[operation] = last, weights[MAKESPAN]
        machine = shop.modes[work.mode].machine
        if shop.machines[machine].capacity == 1:
            behind[operation], behind_rate[operation] = next_begin[machine], next_rate[machine]
        whole, whole_rate = latest[operation], rate[operation]
        if behind[operation] < whole:
            whole, whole_rate = behind[operation], behind_rate[operation]
        if whole >= NEVER:
            continue
        next_begin[machine], next_rate[machine] = whole - (work.end - work.setup_start), whole_rate
        for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
            before = shop.arcs[arc].operation
            moment = whole - (work.end - work.start) - shop.arcs[arc].wait
            if moment < latest[before]:
                latest[before], rate[before] = moment, whole_rate
    return latest, rate, behind, behind_rate
