"""Sets of machines that are looked at as one pool, and the work that cannot leave them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.plan.bounds.curves import CurveBook
from linewright.plan.bounds.pools import Occupation, Pool, shortened
from linewright.plan.bounds.weights import whole_weights
from linewright.shop.arrays import Shop

#: Sets of each sort that are looked at, those with the most work for each place first.
MOST_SETS = 40
#: Sets that operations are bound to which also come with weights; the others hardly ever say more.
MOST_BOUND_WEIGHTED = 8
#: Single machines that are looked at.
MOST_SINGLE = 200


@dataclass(frozen=True)
class Ways:
    """Each machine that an operation may take, once, with the least work there; sorted by operation."""

    first: Any
    machine: Any
    work: Any

    @classmethod
    def of(cls, shop: Shop) -> Ways:
        """Leave out that the time may depend on the person."""
        taken = Occupation.of(shop)
        machines = max(len(shop.machine_names), 1)
        key = taken.operation * machines + taken.machine
        distinct, at = np.unique(key, return_inverse=True)
        work = np.full(distinct.size, np.iinfo(np.int64).max)
        np.minimum.at(work, at, taken.work)
        first = np.searchsorted(distinct // machines, np.arange(shop.size + 1))
        return cls(first, distinct % machines, work)


def machine_pools(shop: Shop, curves: CurveBook) -> Iterator[Pool]:
    """Machines that certain work cannot leave.

    Looked at are single machines, the fullest of the sets that some operation is bound to, sets of machines that share
    no work with others, and all machines. The last two also come with weights, and so do the fullest of the first.
    """
    if not shop.size:
        return
    ways = Ways.of(shop)
    least = np.minimum.reduceat(ways.work, ways.first[:-1])
    yield from _single(shop, curves, ways)
    places = shop.arrays.machines.capacity[:-1]
    bound, apart = list(_bound_to(ways, least, places)), list(_apart(ways, least, places))
    seen = set()
    for machines in [*bound, *apart]:
        if machines.size > 1 and (key := machines.tobytes()) not in seen:
            seen.add(key)
            inside = _inside(ways, machines, places.size)
            yield _pool(shop, curves, machines, np.ones(machines.size, np.int64), inside, least[inside])
    for machines in [*bound[:MOST_BOUND_WEIGHTED], *apart]:
        if machines.size > 1:
            yield from _weighted(shop, curves, ways, machines)


def _single(shop: Shop, curves: CurveBook, ways: Ways) -> Iterator[Pool]:
    """Each machine with the operations that have no other."""
    alone = np.flatnonzero(np.diff(ways.first) == 1)
    machine, work = ways.machine[ways.first[alone]], ways.work[ways.first[alone]]
    order = np.argsort(machine, kind="stable")
    machines, first = np.unique(machine[order], return_index=True)
    groups = np.split(order, first[1:])
    load = np.bincount(machine, work, len(shop.machine_names))[machines]
    for at in np.argsort(-load, kind="stable")[:MOST_SINGLE].tolist():
        yield _pool(shop, curves, machines[at : at + 1], np.ones(1, np.int64), alone[groups[at]], work[groups[at]])


def _bound_to(ways: Ways, least: Any, places: Any) -> Iterator[Any]:
    """The distinct sets of machines of single operations that have the most work of their own for each place."""
    # Sets are told apart by sums of random numbers, one for each machine; equal sums of unequal sets only lose one.
    lot = np.random.default_rng(0).integers(1 << 60, size=places.size)
    marks = np.add.reduceat(lot[ways.machine], ways.first[:-1])
    _, example, which = np.unique(marks, return_index=True, return_inverse=True)
    load = np.bincount(which, least) / np.add.reduceat(places[ways.machine], ways.first[:-1])[example]
    for at in np.argsort(-load, kind="stable")[:MOST_SETS].tolist():
        yield ways.machine[ways.first[example[at]] : ways.first[example[at] + 1]]


def _apart(ways: Ways, least: Any, places: Any) -> Iterator[Any]:
    """The fullest sets of machines that share no operation with other machines, and last all machines together."""
    owner = np.repeat(np.arange(ways.first.size - 1), np.diff(ways.first))
    mark = np.arange(places.size)
    while True:
        # Every operation hands the smallest mark of its machines on to all of them.
        smallest = np.minimum.reduceat(mark[ways.machine], ways.first[:-1])
        after = mark.copy()
        np.minimum.at(after, ways.machine, smallest[owner])
        if (after == mark).all():
            break
        mark = after[after]
    load = np.bincount(smallest, least, places.size) / np.bincount(mark, places, places.size).clip(1)
    everything = np.unique(ways.machine)
    for at in np.argsort(-load, kind="stable")[: MOST_SETS - 1].tolist():
        if load[at] > 0 and (members := np.flatnonzero(mark == at)).size < everything.size:
            yield members
    yield everything


def _inside(ways: Ways, machines: Any, count: int) -> Any:
    """Operations that cannot leave the machines."""
    member = np.zeros(count, np.bool_)
    member[machines] = True
    return np.flatnonzero(np.logical_and.reduceat(member[ways.machine], ways.first[:-1]))


def _weighted(shop: Shop, curves: CurveBook, ways: Ways, machines: Any) -> Iterator[Pool]:
    """The machines as one pool in which a second of each has its own weight.

    An operation that runs on machine m works off w[m] a second, of work that is its least w * time over its machines.
    So every plan is a way to serve this pool, whatever the weights, and they may be chosen to make it tight.
    """
    count = len(shop.machine_names)
    inside = _inside(ways, machines, count)
    length = np.diff(ways.first)[inside]
    if not (length > 1).any():
        return
    modes = np.repeat(ways.first[inside] - np.cumsum(length) + length, length) + np.arange(length.sum())
    position = np.full(count, -1)
    position[machines] = np.arange(machines.size)
    first = np.concatenate([[0], np.cumsum(length)])
    machine, work = position[ways.machine[modes]], ways.work[modes]
    weight = whole_weights(first, machine, work, *_speeds(shop, curves, machines, int(work.sum())))
    least = np.minimum.reduceat(weight[machine] * work, first[:-1])
    yield _pool(shop, curves, machines, weight, inside[least > 0], least[least > 0])


def _speeds(shop: Shop, curves: CurveBook, machines: Any, work: int) -> tuple[Any, Any]:
    """The share of time that each machine's places are at work while so much is worked, and its places."""
    capacity, calendar = (shop.arrays.machines[side][machines] for side in ("capacity", "calendar"))
    until = int(curves.sum(calendar, capacity).reached(work)) + 1
    share = {at: float(curves.sum([at], 1).until(until)) / until for at in set(calendar.tolist())}
    return capacity * np.array([max(share[at], 1e-9) for at in calendar.tolist()]), capacity


def _pool(shop: Shop, curves: CurveBook, machines: Any, weight: Any, operations: Any, work: Any) -> Pool:
    capacity, calendar = (shop.arrays.machines[side][machines] for side in ("capacity", "calendar"))
    heavy = machines[weight > weight.max() / 100]
    name = shortened("the {} machines ", [shop.machine_names[at] for at in heavy.tolist()])
    scale = float((weight * capacity).sum() / capacity[weight > 0].sum())
    return Pool(name, curves.sum(calendar, weight * capacity), operations, work, scale)
