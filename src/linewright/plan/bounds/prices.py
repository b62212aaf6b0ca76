"""Prices of a pool's time: what lateness costs at least when every second of a pool can be sold once only."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

import numpy as np

from linewright.plan.bounds.pools import Pool
from linewright.plan.bounds.queues import most_urgent_first
from linewright.shop.kernels import kernel

#: Slots into which time is cut, and the visits of pieces and slots that one pool may take.
FEWEST_SLOTS, MOST_SLOTS = 32, 160
MOST_VISITS = 20_000_000
FEWEST_ROUNDS, MOST_ROUNDS = 100, 200
#: Rounds that may bring nothing, for a number of pieces: the more there are, the smoother their demand settles.
IDLE_ROUNDS, FEWEST_IDLE = 120_000, 15
#: Step of the first round, how fast the average demand forgets, and the most overload that one round may see.
STEP, FORGET, MOST_OVERLOAD = 1.0, 0.1, 2.0
#: The lowest first price as a share of the highest.
LOWEST = 1e-3
#: First prices are also tried at a half, a quarter and so on.
MOST_HALVINGS = 12


#: A piece as the kernels take it; `slot` is the first in which it is ready.
PIECE = np.dtype(
    [("work", "f8"), ("ready", "f8"), ("last", "f8"), ("rate", "f8"), ("half", "f8"), ("slot", "i8")], align=True
)


@dataclass(frozen=True)
class Pieces:
    """Work of a pool: for each piece its seconds, when it is ready, the last end without cost, and what follows.

    That is the cost of a second of lateness for each unit of its work, the least time that it takes, and its demand.
    """

    work: Any
    ready: Any
    last: Any
    rate: Any
    lead: Any
    demand: Any


def priced_lateness(pool: Pool, pieces: Pieces) -> float:
    """Cost of lateness in a pool, at least.

    A second of the pool that a piece gets after its `last` end costs its `rate` times the seconds since then, and half
    its `lead`. As all of its work lies before its end, and not all at once, its real cost is not below the sum of this
    (Bülbül, Kaminsky and Yano, Computers & Operations Research 34 (2007) 3049-3077, for slots of one unit each).
    Handing out slots of time is a transport problem, and any prices of slots bound it from below (see :func:`sold`).
    """
    ready, work = pieces.ready, pieces.work
    slots = int(np.clip(MOST_VISITS // (FEWEST_ROUNDS * work.size), FEWEST_SLOTS, MOST_SLOTS))
    rounds = int(np.clip(MOST_VISITS // (slots * work.size), FEWEST_ROUNDS, MOST_ROUNDS))
    begun, done = int(pool.curve.until(ready.min())), int(pool.curve.until(ready.max()))
    until = done + int(work.sum())
    cuts = np.unique(pool.curve.reached(np.linspace(begun, until, slots + 1).astype(np.int64)[:-1]))
    if cuts.size < 2 or until <= begun:
        return 0.0
    start = _first_prices(pool, pieces, cuts)
    if not start.any():
        return 0.0
    room = np.diff(pool.curve.until(cuts)).astype(np.float64)
    sold_to = np.zeros(work.size, PIECE).view(np.recarray)
    sold_to.work, sold_to.ready, sold_to.last = work, ready, pieces.last
    sold_to.rate, sold_to.half = pieces.rate, pieces.lead / 2
    sold_to.slot = np.maximum(np.searchsorted(cuts, ready, side="right") - 1, 0)
    return float(sold(cuts.astype(np.float64), room, sold_to, start, rounds))


def crowding(pool: Pool, pieces: Pieces) -> float:
    """What lateness would cost if the most urgent piece was always served: a hint at how crowded a pool is."""
    if not pieces.work.size:
        return 0.0
    late = np.maximum(_served(pool, pieces) - pieces.last, 0)
    return float((late * pieces.rate * pieces.work).sum())


def _served(pool: Pool, pieces: Pieces) -> Any:
    """When each piece is done if the one with the nearest `last` is always served."""
    served = np.argsort(pieces.ready, kind="stable")
    rank = np.argsort(np.argsort(pieces.last, kind="stable"), kind="stable")
    ready = pool.curve.until(pieces.ready[served])
    done = np.empty(pieces.work.size, np.int64)
    done[served] = pool.curve.reached(most_urgent_first(ready, pieces.work[served], rank[served]))
    return done


def _first_prices(pool: Pool, pieces: Pieces, cuts: Any) -> Any:
    """What a second of each slot would save if the most urgent piece was always served.

    One more second early lets all late pieces that follow without a break move up; so the price falls over each slot
    by the rate of the late pieces in it.
    """
    done, work, ready = _served(pool, pieces), pieces.work, pieces.ready
    late = done > pieces.last
    slot = np.clip(np.searchsorted(cuts, done[late], side="left") - 1, 0, cuts.size - 2)
    weighed = np.bincount(slot, pieces.rate[late] * work[late], cuts.size - 1)
    mean = weighed / np.maximum(np.bincount(slot, work[late], cuts.size - 1), 1)
    # Before a break nothing has to hurry: there the work that is ready and not done is one piece at most.
    left = _total_until(ready, work, cuts) - _total_until(done, work, cuts)
    price = np.zeros(cuts.size)
    for at in range(cuts.size - 2, -1, -1):
        after = price[at + 1] if left[at + 1] > work.max() else 0.0
        price[at] = after + mean[at] * (cuts[at + 1] - cuts[at])
    # Prices are multiplied, so that none may be 0; the endless slot behind the last is free.
    price[:-1] = np.maximum(price[:-1], LOWEST * price.max())
    return price


def _total_until(moments: Any, work: Any, cuts: Any) -> Any:
    """The work whose moment has come at each cut."""
    order = np.argsort(moments, kind="stable")
    total = np.concatenate([[0], np.cumsum(work[order])])
    return total[np.searchsorted(moments[order], cuts, side="right")]


@kernel
def sold(moments: Any, room: Any, pieces: Any, start: Any, rounds: int) -> float:
    """The best of sum over pieces of work * min over slots (cost + price) - sum over slots of price * room.

    Slot i lasts from ``moments[i]`` to the next; the one behind the last is free and endless. Prices begin at
    `start` or a fraction of it and rise where more is asked for than there is room, as those of machines do in
    :func:`linewright.plan.bounds.weights.balanced`.
    """
    price, asked, mean = start.copy(), np.zeros(start.size), np.zeros(start.size)
    best, scale, before = 0.0, 1.0, -np.inf
    for halved in range(MOST_HALVINGS):
        value = bid(moments, room, pieces, start * 0.5**halved, asked)
        # The value is concave in the prices: once it falls, it falls all the way down to prices of 0.
        if value < before:
            break
        before = value
        if value > best:
            best, scale = value, 0.5**halved
    price *= scale
    patience, idle = max(IDLE_ROUNDS // pieces.size, FEWEST_IDLE), 0
    for turn in range(rounds):
        value = bid(moments, room, pieces, price, asked)
        idle = idle + 1 if value <= best else 0
        best = max(best, value)
        if idle > patience:
            break
        forget = FORGET if turn > 0 else 1.0
        step = STEP / sqrt(turn + 1.0)
        for slot in range(room.size):
            mean[slot] += forget * (asked[slot] - mean[slot])
            overload = mean[slot] / max(room[slot], 1.0) - 1.0
            price[slot] *= exp(step * min(overload, MOST_OVERLOAD))
    return best


@kernel
def bid(moments: Any, room: Any, pieces: Any, price: Any, asked: Any) -> float:
    """What everything costs at these prices, less what the time is worth; `asked` is the work that wants each slot."""
    asked[:] = 0.0
    value = 0.0
    for at in range(pieces.size):
        piece = pieces[at]
        cheapest, where = np.inf, room.size
        for slot in range(piece.slot, room.size + 1):
            late = max(moments[slot], piece.ready) - piece.last
            cost = price[slot]
            if late > 0.0:
                # Later slots cost at least their lateness.
                if piece.rate * late >= cheapest:
                    break
                cost += piece.rate * (late + piece.half)
            if cost < cheapest:
                cheapest, where = cost, slot
        value += piece.work * cheapest
        asked[where] += piece.work
    for slot in range(room.size):
        value -= price[slot] * room[slot]
    return value
