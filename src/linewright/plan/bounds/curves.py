"""How much a pool of machines, people or tools can have worked by any moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.shop.arrays import CALENDAR_INDEX, SETUP, WINDOW, Arrays, Calendars, records

#: Further away than any plan: about two thousand years, so that sums of many places stay inside 63 bits.
FAR = 1 << 36


@dataclass(frozen=True)
class Curve:
    """Seconds that a pool can have worked from the plan's start to a moment: straight between `moments`."""

    moments: Any
    worked: Any
    rate: Any

    def until(self, moment: Any) -> Any:
        """What can be worked until each moment."""
        at = np.clip(np.searchsorted(self.moments, moment, side="right") - 1, 0, self.rate.size - 1)
        return self.worked[at] + self.rate[at] * np.clip(moment - self.moments[at], 0, None)

    def reached(self, worked: Any) -> Any:
        """The first moment until which so much can have been worked; the end of all calendars when it is too much."""
        wanted = np.minimum(worked, self.worked[-1])
        at = np.clip(np.searchsorted(self.worked, wanted, side="left") - 1, 0, self.rate.size - 1)
        rate = np.maximum(self.rate[at], 1)
        return self.moments[at] + -(-(wanted - self.worked[at]) // rate)


def curve(calendars: Calendars, places: Iterable[tuple[int, int]]) -> Curve:
    """Add up calendars, each counted for its number of places, after the plan's start."""
    moments, change = _edges(calendars, places)
    cuts, at = np.unique(np.append(moments, [0, FAR]), return_inverse=True)
    rate = np.cumsum(np.bincount(at, np.append(change, [0, 0]), cuts.size).astype(np.int64))
    worked = np.concatenate([[0], np.cumsum(rate[:-1] * np.diff(cuts))])
    return Curve(cuts, worked, np.append(rate[:-1], 0))


class CurveBook:
    """Curves of calendars added up; the same sum is made once."""

    def __init__(self, calendars: Calendars) -> None:
        self.calendars = calendars
        self.known: dict[tuple[tuple[int, int], ...], Curve] = {}

    def sum(self, calendars: Any, places: Any) -> Curve:
        """The curve of calendars with so many places each; a calendar may come more than once."""
        distinct, at = np.unique(np.asarray(calendars, np.int64), return_inverse=True)
        total = np.zeros(distinct.size, np.int64)
        np.add.at(total, at, places)
        key = tuple(zip(distinct.tolist(), total.tolist(), strict=True))
        if key not in self.known:
            self.known[key] = curve(self.calendars, key)
        return self.known[key]


def _edges(calendars: Calendars, places: Iterable[tuple[int, int]]) -> tuple[Any, Any]:
    """Moments at which windows open and close, and how many places that adds."""
    moments, change = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for calendar, count in places:
        first, end = calendars.index.first_window[calendar : calendar + 2]
        begin, until = (np.clip(calendars.windows[side][first:end], 0, FAR) for side in ("start", "end"))
        moments += [begin, until]
        change += [np.full(begin.size, count), np.full(until.size, -count)]
    return np.concatenate(moments), np.concatenate(change)


def crew_calendars(shop: Arrays) -> tuple[Calendars, Any]:
    """The shop's calendars and, behind them, those of crews; and for each operation its crew's (0: any time).

    A crew's calendar is open while enough of its qualified people are at work, which is true whoever is chosen.
    """
    operations = shop.operations
    needed: dict[int, dict[int, int]] = {}
    owner = np.repeat(np.arange(operations.size - 1), np.diff(operations.first_seat))
    present = shop.seats.phase != SETUP
    for operation, group in zip(owner[present].tolist(), shop.seats.group[present].tolist(), strict=True):
        wanted = needed.setdefault(operation, {})
        wanted[group] = wanted.get(group, 0) + 1
    crew = np.zeros(operations.size - 1, np.int64)
    known: dict[tuple[tuple[int, int], ...], int] = {}
    starts, ends = [shop.calendars.windows.start], [shop.calendars.windows.end]
    sizes = [int(shop.calendars.windows.size)]
    calendars = int(shop.calendars.index.size) - 1
    for operation, wanted in needed.items():
        signature = tuple(sorted(wanted.items()))
        if signature not in known:
            windows = _crew_windows(shop, signature)
            known[signature] = 0 if windows is None else calendars + len(sizes) - 1
            if windows is not None:
                starts.append(windows[0])
                ends.append(windows[1])
                sizes.append(windows[0].size)
        crew[operation] = known[signature]
    first = np.concatenate([shop.calendars.index.first_window[:-1], np.cumsum(sizes)])
    start, end = np.concatenate(starts), np.concatenate(ends)
    index = records(CALENDAR_INDEX, first.size, first_window=first)
    return Calendars(index, records(WINDOW, start.size, start=start, end=end)), crew


def _crew_windows(shop: Arrays, signature: tuple[tuple[int, int], ...]) -> tuple[Any, Any] | None:
    """When enough people of every group are at work; None when that is always."""
    opened: Any = None
    cuts = []
    for group, count in signature:
        people = np.unique(shop.qualified.person[shop.first_qualified[group] : shop.first_qualified[group + 1]])
        own = shop.people.calendar[people]
        if np.count_nonzero(own == 0) < count:
            at_work = curve(shop.calendars, [(int(calendar), 1) for calendar in own])
            cuts.append((at_work, count))
    if not cuts:
        return None
    moments = np.unique(np.concatenate([at_work.moments for at_work, _ in cuts]))
    opened = np.ones(moments.size, np.bool_)
    for at_work, count in cuts:
        here = np.searchsorted(at_work.moments, moments, side="right") - 1
        opened &= at_work.rate[here] >= count
    opened = np.concatenate([[False], opened, [False]])
    change = np.flatnonzero(opened[1:] != opened[:-1])
    return moments[change[0::2]], np.append(moments, FAR)[change[1::2]]
