"""Bounds from load: what must be worked in a pool, from when, until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.plan.bounds.pools import Pool
from linewright.plan.bounds.prices import Pieces, crowding, priced_lateness
from linewright.plan.bounds.queues import most_urgent_first, shortest_first
from linewright.shop.working_time import NEVER

#: Pools that are served in full, those with the most promising load first.
MOST_POOLS = 60
#: Pools whose time is priced, the most crowded ones.
MOST_PRICED = 6
#: Levels at which different costs of lateness are cut.
MOST_LEVELS = 6


def makespan_bound(pools: list[Pool], block: Any, tail: Any) -> tuple[int, Pool | None]:
    """The least makespan in seconds that a pool forces, and which pool that is.

    Every operation becomes a piece of its pool's work that is ready at its earliest setup and followed by its tail.
    Sharing the pool among pieces at will, and always serving the longest tail, is preemptive EDD, which minimises the
    latest end including tails (Jackson's preemptive schedule: Carlier, European Journal of Operational Research 11
    (1982) 42-47). A pool of several places becomes one server that works as fast as all of them together: any plan
    can be copied to it, each place getting its share of the speed. So no plan can be shorter.
    """
    best, which = 0, None
    simple = [_simple_makespan(pool, block, tail) for pool in pools]
    for at in np.argsort([-value for value in simple], kind="stable")[:MOST_POOLS].tolist():
        pool = pools[at]
        ready = pool.curve.until(block[pool.operations])
        order = np.argsort(ready, kind="stable")
        done = most_urgent_first(ready[order], pool.work[order], -tail[pool.operations][order])
        value = int((pool.curve.reached(done) + tail[pool.operations][order]).max(initial=0))
        if value > best:
            best, which = value, pool
    return best, which


def _simple_makespan(pool: Pool, block: Any, tail: Any) -> int:
    """All work of a pool one piece after the other, after the earliest begin and before the shortest tail."""
    if not pool.operations.size:
        return 0
    begun = pool.curve.until(block[pool.operations].min())
    return int(pool.curve.reached(begun + pool.work.sum()) + tail[pool.operations].min())


@dataclass(frozen=True)
class Urgency:
    """What makes operations urgent.

    Of each operation: the earliest `block`, the `latest` end that keeps its demand in time, `whose` demand that is (-1:
    nobody's) and the `lead` of its shortest run; of each demand the `rate` of a late second, and the lateness that it
    is `allowed` because it is counted already.
    """

    block: Any
    latest: Any
    whose: Any
    lead: Any
    rate: Any
    allowed: Any

    def pieces(self, pool: Pool, free: Any) -> Pieces:
        """The work of a pool for demands that are free, each demand's rate shared by the work done for it here."""
        mine = (self.whose[pool.operations] >= 0) & free[self.whose[pool.operations]]
        operations, work = pool.operations[mine], pool.work[mine]
        demand = self.whose[operations]
        shared = self.rate[demand] / np.maximum(np.bincount(demand, work, self.rate.size)[demand], 1)
        lead = self.lead[operations] if pool.held_to_the_end else np.zeros(operations.size)
        last = self.latest[operations] + self.allowed[demand]
        return Pieces(work, self.block[operations], last, shared, lead.astype(np.float64), demand)


def lateness_excess(pools: list[Pool], urgency: Urgency) -> tuple[float, list[Pool]]:
    """Cost of lateness that load forces beyond what each demand has on its own, and the pools that force it.

    Each pool is bounded in two ways (:func:`_matched` and :func:`linewright.plan.bounds.prices.priced_lateness`, the
    latter for the few that look most crowded), and the better counts. Pools are added up only over demands that no
    pool had before.
    """
    free = urgency.rate > 0
    looks = np.array([crowding(pool, urgency.pieces(pool, free)) for pool in pools])
    crowded = [pools[at] for at in np.argsort(-looks, kind="stable").tolist() if looks[at] > 0]
    gains = [(_excess(pool, urgency, free, priced=at < MOST_PRICED), at) for at, pool in enumerate(crowded)]
    gains.sort(key=lambda gain: (-gain[0], gain[1]))
    total = 0.0
    chosen: list[Pool] = []
    for gain, at in gains[:MOST_POOLS]:
        if gain > 0:
            excess = _excess(crowded[at], urgency, free, priced=at < MOST_PRICED) if chosen else gain
            if excess > 0:
                total += excess
                chosen.append(crowded[at])
                free[urgency.pieces(crowded[at], free).demand] = False
    return total, chosen


def _excess(pool: Pool, urgency: Urgency, free: Any, *, priced: bool) -> float:
    """What one pool forces for the demands that are free."""
    pieces = urgency.pieces(pool, free)
    if not pieces.work.size:
        return 0.0
    matched = _matched(pool, pieces, urgency.rate)
    return max(matched, priced_lateness(pool, pieces)) if priced else matched


def _matched(pool: Pool, pieces: Pieces, rate: Any) -> float:
    """Completions of the shortest pieces first, matched with due dates in order.

    All operations of a demand are one piece of work, ready when the first of them is. Take a demand whose finish is F
    at least and whose operation o must end at L(o) to be in time. If its piece completes at C, the demand is late by
    C - max L or more. Of this, max(0, F - due) is counted already, and what comes on top is max(0, C - d) with
    d = max L + max(0, F - due). The k-th completion of any plan is not before the k-th of SRPT on the pool as one fast
    server, and matching sorted completions with sorted d costs least (Chu, Naval Research Logistics 39 (1992)
    859-875). Unequal rates are cut into levels: a rate is the sum of the steps below it, and each step is bounded with
    the demands that reach it.
    """
    demands, piece = np.unique(pieces.demand, return_inverse=True)
    amount = np.zeros(demands.size, np.int64)
    np.add.at(amount, piece, pieces.work)
    ready = np.full(demands.size, NEVER)
    np.minimum.at(ready, piece, pieces.ready)
    limit = np.full(demands.size, -NEVER)
    np.maximum.at(limit, piece, pieces.last)
    ready = pool.curve.until(ready)
    total, below = 0.0, 0.0
    for level in _levels(rate[demands]):
        reach = np.flatnonzero(rate[demands] >= level)
        reach = reach[np.argsort(ready[reach], kind="stable")]
        done = pool.curve.reached(shortest_first(ready[reach], amount[reach]))
        late = np.maximum(done - np.sort(limit[reach]), 0)
        total += (level - below) * float(late.sum())
        below = level
    return total


def _levels(rates: Any) -> list[float]:
    """A few of the different rates, lowest first."""
    distinct = np.unique(rates[rates > 0])
    if distinct.size > MOST_LEVELS:
        distinct = np.unique(np.quantile(rates[rates > 0], np.linspace(0, 1, MOST_LEVELS), method="lower"))
    return [float(level) for level in distinct]
