"""Bounds from load: what must be worked in a pool, from when, until when."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.bounds.pools import Pool
from linewright.plan.bounds.queues import most_urgent_first, shortest_first
from linewright.shop.working_time import NEVER

#: Pools that are served in full, those with the most promising load first.
MOST_POOLS = 60
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


def lateness_excess(
    pools: list[Pool], block: Any, latest: Any, whose: Any, finish: Any, due: Any, rate: Any
) -> tuple[float, list[Pool]]:
    """Cost of lateness that load forces beyond what each demand has on its own, and the pools that force it.

    In one pool, all operations of a demand are one piece of work, ready when the first of them is. Take a demand whose
    finish is F at least and whose operation o must end at L(o) to be in time. If its piece completes at C, the demand
    is late by C - max L or more. Of this, max(0, F - due) is counted already, and what comes on top is
    max(0, C - d) with d = max L + max(0, F - due). The k-th completion of any plan is not before the k-th of SRPT on
    the pool as one fast server, and matching sorted completions with sorted d costs least (Chu, Naval Research
    Logistics 39 (1992) 859-875). Unequal rates are cut into levels: a rate is the sum of the steps below it, and each
    step is bounded with the demands that reach it. Pools are added up only over demands that no pool had before.
    """
    counted = (whose >= 0) & (latest < NEVER)
    allowed = np.maximum(finish - due, 0) * (due < NEVER)
    gains = [(_pool_excess(pool, block, latest, whose, counted, allowed, rate), pool) for pool in pools]
    gains.sort(key=lambda gain: -gain[0])
    free = np.ones(rate.size, np.bool_)
    total = 0.0
    chosen: list[Pool] = []
    for gain, pool in gains[:MOST_POOLS]:
        if gain > 0:
            still = counted & free[whose]
            excess = _pool_excess(pool, block, latest, whose, still, allowed, rate) if chosen else gain
            if excess > 0:
                total += excess
                chosen.append(pool)
                free[whose[pool.operations[still[pool.operations]]]] = False
    return total, chosen


def _pool_excess(pool: Pool, block: Any, latest: Any, whose: Any, counted: Any, allowed: Any, rate: Any) -> float:
    """What one pool forces for the demands whose operations are counted."""
    mine = counted[pool.operations]
    operations, work = pool.operations[mine], pool.work[mine]
    if not operations.size:
        return 0.0
    demands, piece = np.unique(whose[operations], return_inverse=True)
    amount = np.zeros(demands.size, np.int64)
    np.add.at(amount, piece, work)
    ready = np.full(demands.size, NEVER)
    np.minimum.at(ready, piece, block[operations])
    limit = np.full(demands.size, -NEVER)
    np.maximum.at(limit, piece, latest[operations])
    limit += allowed[demands]
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
