"""Machine time that one operation, or all operations of a load, take together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from linewright.model.verify.facts.calendars import CalendarKey, Calendars
from linewright.model.verify.facts.changeovers import Changeovers
from linewright.model.verify.facts.columns import BoolArray, FloatArray, IntArray, offsets
from linewright.model.verify.facts.operations import Operations
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.windows import Windows


@dataclass(frozen=True, eq=False, kw_only=True)
class Blocks:
    """Blocks, machine by machine in order of start.

    `members[first_member[b]:first_member[b + 1]]` are the operations of block b, and `of` is the block of each
    operation. `first` stands for the block. `setup_seconds`, `changeover_seconds` and `run_seconds` are what the tables
    ask for, `changeover_cost` what the changeover costs beside machine time; `setup_time` and `run_time` are places in
    `windows`, which say when setup and run may go on. `family` is -1 where it is blank.
    """

    windows: list[Windows]
    machine: IntArray
    first: IntArray
    members: IntArray
    first_member: IntArray
    of: IntArray
    setup_time: IntArray
    run_time: IntArray
    setup_seconds: IntArray
    run_seconds: IntArray
    family: IntArray
    changes: BoolArray
    changeover_seconds: IntArray
    changeover_cost: FloatArray
    refused: BoolArray

    def __len__(self) -> int:
        """The number of blocks."""
        return int(self.machine.size)

    def members_of(self, block: int) -> IntArray:
        """The operations of a block."""
        return self.members[self.first_member[block] : self.first_member[block + 1]]

    @cached_property
    def sizes(self) -> IntArray:
        """The number of operations of each block."""
        return np.diff(self.first_member)

    def summed(self, values: FloatArray) -> FloatArray:
        """Sum a figure of operations over each block."""
        return np.bincount(self.of, values, minlength=len(self)).astype(np.float64)

    def machines(self) -> Iterator[tuple[int, IntArray]]:
        """Each machine that does anything, with its blocks."""
        numbers, begins = np.unique(self.machine, return_index=True)
        order = np.argsort(begins)
        ends = [*begins[order][1:].tolist(), len(self)]
        for number, begin, end in zip(numbers[order].tolist(), begins[order].tolist(), ends[: order.size], strict=True):
            yield number, np.arange(begin, end)

    def worked(self, time: IntArray, start: IntArray, end: IntArray) -> IntArray:
        """Working time between moments, each in the windows at one of the places `time`."""
        made = np.zeros(time.size, np.int64)
        for windows, at in self.by_windows(time):
            made[at] = windows.worked(start[at], end[at])
        return made

    def by_windows(self, time: IntArray) -> Iterator[tuple[Windows, IntArray]]:
        """The rows that go by the same windows, together with these."""
        order = np.argsort(time, kind="stable")
        edges = np.flatnonzero(np.append(True, time[order][1:] != time[order][:-1])) if time.size else time
        for at in np.split(order, edges[1:]) if time.size else ():
            yield self.windows[time[at[0]]], at


def read_blocks(operations: Operations, places: Places, calendars: Calendars, changeovers: Changeovers) -> Blocks:
    """Put the operations of a plan on their machines; those of a load share their time."""
    leader = _leaders(operations, places)
    first, block = np.unique(leader, return_inverse=True)
    machine = operations.machine[first]
    # Machines come in the order in which the plan names them.
    _, begun, which = np.unique(operations.machine, return_index=True, return_inverse=True)
    order = np.lexsort(
        (operations.setup_start[first], operations.end[first], operations.start[first], begun[which[first]])
    )
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    first, machine, of = first[order], machine[order], place[block]
    members = np.argsort(of, kind="stable")
    first_member = offsets(np.bincount(of, minlength=first.size))
    choice = operations.choice
    edges = first_member[:-1]

    def longest(seconds: IntArray) -> IntArray:
        return np.maximum.reduceat(seconds[members], edges) if first.size else edges

    windows, setup_time, run_time = _times(operations, machine, first, of, places, calendars)
    family = changeovers.family[operations.row[first]] if first.size else first
    running = longest(operations.running.astype(np.int64)) > 0
    row = changeovers.between_blocks(machine, family, running)
    return Blocks(
        windows=windows,
        machine=machine,
        first=first,
        members=members,
        first_member=first_member,
        of=of,
        setup_time=setup_time,
        run_time=run_time,
        setup_seconds=longest(choice.setup_seconds),
        run_seconds=longest(choice.run_seconds),
        family=family,
        changes=row >= 0,
        changeover_seconds=changeovers.seconds[row],
        changeover_cost=changeovers.cost[row],
        refused=longest(choice.refused.astype(np.int64)) > 0,
    )


def _leaders(operations: Operations, places: Places) -> IntArray:
    """For each operation the first of its block; on a machine that makes no loads each stands alone."""
    leader = np.arange(len(operations))
    batch = np.array([machine.batch for machine in places.machines], np.bool_)[operations.machine]
    loads: dict[tuple[int, str], int] = {}
    for at in np.flatnonzero(batch).tolist():
        if operations.load[at]:
            leader[at] = loads.setdefault((int(operations.machine[at]), operations.load[at]), at)
    return leader


def _times(
    operations: Operations, machine: IntArray, first: IntArray, of: IntArray, places: Places, calendars: Calendars
) -> tuple[list[Windows], IntArray, IntArray]:
    """The windows that blocks go by, and for each block the place of its setup's and its run's."""
    own = [places.machine_calendar(row) for row in places.machines]
    windows: list[Windows] = []
    places_of: dict[frozenset[CalendarKey], int] = {}

    def place(keys: frozenset[CalendarKey]) -> int:
        if keys not in places_of:
            places_of[keys] = len(windows)
            windows.append(calendars.common(keys))
        return places_of[keys]

    alone = np.array([-1] * len(own), np.int64)
    for number in np.unique(machine).tolist():
        alone[number] = place(frozenset([own[number]]))
    setup_time, run_time = alone[machine], alone[machine]
    for time, crews in ((setup_time, operations.setup_people), (run_time, operations.people)):
        wanted: dict[int, set[CalendarKey]] = {}
        for at in operations.with_people.tolist():
            keys = wanted.setdefault(int(of[at]), {own[operations.machine[at]]})
            keys.update(map(places.person_calendar, crews[at]))
        for block, keys in wanted.items():
            time[block] = place(frozenset(keys))
    return windows, setup_time, run_time
