"""Lots that are worth a split: an order is late, and a second machine stands ready for half of what it waits for.

Equal sublots that run side by side on parallel machines are the simplest form of lot streaming (Cheng, Mukherjee and
Sarin, A review of lot streaming, International Journal of Production Research 51, 2013).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from linewright.plan.assemble import demand_finishes
from linewright.shop.bill import Bill
from linewright.shop.explosion import NEW_JOB
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.shop.state import State

#: More lots than this are not looked at.
MOST_CANDIDATES = 3
#: Half a run must be at least this share of the lateness: else the split would hardly show.
LEAST_SHARE = 0.1


def split_candidates(shop: Shop, state: State) -> list[tuple[str, str]]:
    """Orders that are late for want of a second machine, each with the material whose lot may be split in two.

    The order whose lateness costs most comes first. Released work orders stay whole, and so does what goes into an
    oven and what the lot rules hold together.
    """
    demands = shop.arrays.demands[:-1]
    late = np.where(demands.due < NEVER, demand_finishes(shop, state) - demands.due, 0)
    cost = np.where(shop.explosion.demands["kind"] == 0, np.maximum(late, 0) * demands.late_rate, 0.0)
    bill = Bill.of(shop.factory, shop.start) if (cost > 0).any() else None
    found: list[tuple[str, str]] = []
    for demand in np.argsort(-cost, kind="stable").tolist():
        if bill is None or cost[demand] <= 0 or len(found) == MOST_CANDIDATES:
            break
        job = _longest_lot(shop, state, bill, demand, int(late[demand]))
        if job is not None:
            material = shop.explosion.materials[int(shop.explosion.jobs["material"][job])]
            found.append((shop.demand_names[demand], material))
    return found


def last_chain(shop: Shop, state: State, demand: int) -> list[int]:
    """The operations that a demand waits for: the last to end, the last to end of those that it waits for, and so on.

    Empty where a dated supply comes later than all work.
    """
    arrays, end = shop.arrays, state.work.end
    feeds = arrays.feeds[arrays.demands[demand].first_feed : arrays.demands[demand + 1].first_feed]
    if not feeds.size or (end[feeds.operation] + feeds.lag).max() < arrays.demands[demand].ready:
        return []
    chain = [int(feeds.operation[np.argmax(end[feeds.operation] + feeds.lag)])]
    while True:
        row, after = arrays.operations[chain[-1]], arrays.operations[chain[-1] + 1]
        arcs = arrays.arcs[row.first_arc : after.first_arc]
        if not arcs.size:
            return chain
        chain.append(int(arcs.operation[np.argmax(end[arcs.operation] + arcs.wait)]))


def _longest_lot(shop: Shop, state: State, bill: Bill, demand: int, late_seconds: int) -> int | None:
    """The job that holds a late order up longest and may be split; None where there is none."""
    jobs = shop.explosion.jobs
    chain = np.array(last_chain(shop, state, demand), np.int64)
    waiting = np.unique(shop.arrays.operations.job[chain])
    new = waiting[(jobs["work_order"][waiting] < 0) & (jobs["order"][waiting] == demand)]
    best, longest = None, 0
    for job in new.tolist():
        seconds = _divisible_seconds(shop, state, job)
        worth = seconds / 2 >= LEAST_SHARE * late_seconds
        if seconds > longest and worth and _may_split(shop, bill, job):
            best, longest = job, seconds
    return best


def _divisible_seconds(shop: Shop, state: State, job: int) -> int:
    """How long the longest operation of a job runs, if half of it could run on another machine; else 0."""
    arrays = shop.arrays
    own = np.flatnonzero(arrays.operations.job[:-1] == job)
    longest = int(own[np.argmax(state.work.run[own])])
    first, after = arrays.operations.first_mode[own[0]], arrays.operations.first_mode[own[-1] + 1]
    if arrays.machines.batch[arrays.modes.machine[first:after]].any():
        return 0
    modes = arrays.modes[arrays.operations[longest].first_mode : arrays.operations[longest + 1].first_mode]
    work = state.work[longest]
    # A second lot is set up once more: that must take less than what it saves.
    pays = np.unique(modes.machine).size > 1 and work.run > 2 * work.setup
    return int(work.run) if pays else 0


def _may_split(shop: Shop, bill: Bill, job: int) -> bool:
    """Whether two lots of about one half each obey the lot rules, and make no more than the one lot would."""
    pegs, jobs = shop.explosion.pegs, shop.explosion.jobs
    fed = np.flatnonzero((pegs["supply_kind"] == NEW_JOB) & (pegs["supply"] == job))
    if not fed.size:
        return False
    material, wanted = int(jobs["material"][job]), float(pegs["quantity"][fed[0]])
    half = float(math.ceil(wanted / 2)) if wanted == int(wanted) else wanted / 2
    first = bill.lot(material, half)
    if first >= wanted - 1e-9:
        return False
    return first + bill.lot(material, wanted - first) <= float(jobs["quantity"][job]) + 1e-9
