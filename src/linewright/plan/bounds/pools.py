"""Pools: machines, people or tools that certain work cannot leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.plan.bounds.curves import Curve, CurveBook
from linewright.shop.arrays import RUN, SETUP, Shop


@dataclass(frozen=True)
class Pool:
    """What a set of resources can work, and the `work` (seconds times places) of each of its `operations`.

    `held_to_the_end` is off where an operation may let go before it ends, as setters do. Where a second of one machine
    counts more than that of another, `scale` is what a second counts on average.
    """

    name: str
    curve: Curve
    operations: Any
    work: Any
    scale: float = 1.0
    held_to_the_end: bool = True

    @property
    def hours(self) -> float:
        """Hours of work that its resources have at least."""
        return float(self.work.sum()) / self.scale / 3600


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


def shortened(counted: str, names: list[str]) -> str:
    """A few names in full, many with their number."""
    if len(names) <= 3:
        return ", ".join(names)
    return counted.format(len(names)) + f"{names[0]}, {names[1]}, ..., {names[-1]}"


def people_pools(shop: Shop, curves: CurveBook) -> Iterator[Pool]:
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
            at_work = curves.sum([arrays.people.calendar[person] for person in people], 1)
            name = shortened("the {} people ", [shop.person_names[person] for person in sorted(people)])
            yield Pool(name, at_work, operations, work[operations], held_to_the_end=False)


def tool_pools(shop: Shop, curves: CurveBook) -> Iterator[Pool]:
    """Each tool, with all operations that hold it."""
    arrays, size = shop.arrays, shop.size
    held = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(held, arrays.modes.operation, arrays.modes.setup + arrays.modes.run)
    owner = np.repeat(np.arange(size), np.diff(arrays.operations.first_hold))
    for tool in np.unique(arrays.holds.tool).tolist():
        mine = arrays.holds.tool == tool
        work = held[owner[mine]] * arrays.holds.quantity[mine]
        pieces = int(arrays.tools[tool])
        yield Pool(f"tool {shop.tool_names[tool]}", curves.sum([0], pieces), owner[mine], work)
