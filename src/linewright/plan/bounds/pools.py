"""Pools: machines, people or tools that certain work cannot leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.plan.bounds.curves import Curve, curve
from linewright.shop.arrays import RUN, SETUP, Shop

#: Sets of machines that are looked at, those with the most alternatives to check first.
MOST_SETS = 300


@dataclass(frozen=True)
class Pool:
    """What a set of resources can work, and the `work` (seconds times places) of each of its `operations`."""

    name: str
    curve: Curve
    operations: Any
    work: Any


@dataclass(frozen=True)
class Occupation:
    """For each mode: its machine, and seconds times places that it takes there at least."""

    operation: Any
    machine: Any
    work: Any

    @classmethod
    def of(cls, shop: Shop) -> Occupation:
        """Read modes.

        On one place an operation takes its setup and run. On several it takes its load as often; so it does in an
        oven, where the loads of those that share one sum up to the places at most and the longest run counts.
        """
        modes, machines = shop.arrays.modes, shop.arrays.machines
        capacity = machines.capacity[modes.machine]
        places = np.minimum(shop.arrays.operations.load[modes.operation], capacity)
        return cls(modes.operation, modes.machine, np.where(capacity > 1, places, 1) * (modes.setup + modes.run))


def pools(shop: Shop) -> Iterator[Pool]:
    """Every pool worth a look."""
    yield from machine_pools(shop)
    yield from people_pools(shop)
    yield from tool_pools(shop)


def machine_pools(shop: Shop) -> Iterator[Pool]:
    """Each set of machines that some operation is bound to, and all machines, with the operations that cannot leave."""
    arrays, size = shop.arrays, shop.size
    taken = Occupation.of(shop)
    least = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(least, taken.operation, taken.work)
    bound = _bound_to(taken, size)
    if not bound:
        return
    sets = sorted(bound, key=lambda machines: -int(least[bound[machines]].sum()))[:MOST_SETS]
    everything = frozenset().union(*bound)
    masks = {machines: sum(1 << machine for machine in machines) for machines in bound}
    for machines in dict.fromkeys([*sets, everything]):
        mask = masks.get(machines, sum(1 << machine for machine in machines))
        inside = [bound[other] for other, own in masks.items() if own & ~mask == 0]
        operations = np.sort(np.concatenate(inside))
        places = [(int(arrays.machines.calendar[at]), int(arrays.machines.capacity[at])) for at in machines]
        name = _shortened("the {} machines ", [shop.machine_names[machine] for machine in sorted(machines)])
        yield Pool(name, curve(arrays.calendars, _summed(places)), operations, least[operations])


def _bound_to(taken: Occupation, size: int) -> dict[frozenset[int], Any]:
    """The operations of each distinct set of machines."""
    first = np.searchsorted(taken.operation, np.arange(size + 1)).tolist()
    machine = taken.machine.tolist()
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for operation in range(size):
        found[tuple(machine[first[operation] : first[operation + 1]])].append(operation)
    merged: dict[frozenset[int], list[int]] = defaultdict(list)
    for machines, operations in found.items():
        merged[frozenset(machines)] += operations
    return {machines: np.array(operations, np.int64) for machines, operations in merged.items()}


def _summed(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Calendars once each, with all places that follow them."""
    total: dict[int, int] = defaultdict(int)
    for calendar, count in places:
        total[calendar] += count
    return list(total.items())


def _shortened(counted: str, names: list[str]) -> str:
    """A few names in full, many with their number."""
    if len(names) <= 3:
        return ", ".join(names)
    return counted.format(len(names)) + f"{names[0]}, {names[1]}, ..., {names[-1]}"


def people_pools(shop: Shop) -> Iterator[Pool]:
    """Each set of people who qualify for a seat, with all seats that only they can take."""
    arrays, size = shop.arrays, shop.size
    groups = [
        frozenset(arrays.qualified.person[arrays.first_qualified[at] : arrays.first_qualified[at + 1]].tolist())
        for at in range(arrays.first_qualified.size - 1)
    ]
    taken = Occupation.of(shop)
    run, setup = (np.full(size, np.iinfo(np.int64).max) for _ in range(2))
    # In an oven the same people may serve all that is inside: their share of the load is what is surely theirs.
    capacity = np.where(arrays.machines.batch, arrays.machines.capacity, 1)[taken.machine]
    np.minimum.at(run, taken.operation, arrays.modes.run // capacity)
    np.minimum.at(setup, taken.operation, arrays.modes.setup // capacity)
    owner = np.repeat(np.arange(size), np.diff(arrays.operations.first_seat))
    phase = arrays.seats.phase
    held = np.where(phase != SETUP, run[owner], 0) + np.where(phase != RUN, setup[owner], 0)
    for people in dict.fromkeys(groups):
        inside = np.array([group <= people for group in groups], np.bool_)[arrays.seats.group]
        work = np.bincount(owner[inside], held[inside], size).astype(np.int64)
        operations = np.flatnonzero(work)
        if operations.size:
            places = _summed([(int(arrays.people.calendar[person]), 1) for person in people])
            name = _shortened("the {} people ", [shop.person_names[person] for person in sorted(people)])
            yield Pool(name, curve(arrays.calendars, places), operations, work[operations])


def tool_pools(shop: Shop) -> Iterator[Pool]:
    """Each tool, with all operations that hold it."""
    arrays, size = shop.arrays, shop.size
    held = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(held, arrays.modes.operation, arrays.modes.setup + arrays.modes.run)
    owner = np.repeat(np.arange(size), np.diff(arrays.operations.first_hold))
    for tool in np.unique(arrays.holds.tool).tolist():
        mine = arrays.holds.tool == tool
        work = held[owner[mine]] * arrays.holds.quantity[mine]
        pieces = int(arrays.tools[tool])
        yield Pool(f"tool {shop.tool_names[tool]}", curve(arrays.calendars, [(0, pieces)]), owner[mine], work)
