"""The time axis of an exact model: whole units, and working time only where all share one calendar."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

from linewright.plan.bounds.curves import FAR
from linewright.plan.exact.windows import Open, meet
from linewright.shop.arrays import Arrays
from linewright.shop.working_time import NEVER


@dataclass(frozen=True)
class Axis:
    """Moments of the model, `unit` seconds apart.

    With `shared`, the one calendar of all machines, moments count its working seconds, so that no work ever pauses.
    """

    unit: int
    shared: Open | None

    def at(self, moment: Any) -> Any:
        """Units until a moment (seconds since the plan's start), rounded up."""
        worked = moment if self.shared is None else self.shared.curve.until(np.maximum(moment, 0))
        return -(-worked // self.unit)

    def starts(self, units: Any) -> Any:
        """Seconds since the plan's start at which work that starts at these units starts."""
        worked = units * self.unit
        return worked if self.shared is None else self.shared.curve.reached(worked + 1) - 1

    def ends(self, units: Any) -> Any:
        """Seconds since the plan's start at which work that ends at these units ends."""
        worked = units * self.unit
        return worked if self.shared is None else self.shared.curve.reached(worked)


def axis_of(shop: Arrays, changeovers: bool, dates: list[int]) -> Axis:
    """The coarsest axis on which every number of the shop is whole; `dates` are further moments that must be."""
    shared = _shared(shop)
    modes, arcs, operations = shop.modes, shop.arcs, shop.operations
    spans = [modes.run, modes.setup, arcs.wait, arcs.longest[arcs.longest > 0], shop.transit.ravel()]
    if (arcs.transfer < 1).any():
        # Shares of a run are rounded to whole seconds.
        spans.append(np.ones(1, np.int64))
    if changeovers:
        spans.append(shop.switches.seconds.ravel())
    counted = operations[:-1]
    moments = [counted.release, counted.material_ready, counted.pin, np.array(dates, np.int64)]
    for column in (shop.qualified.since, shop.qualified.until):
        moments.append(column[np.abs(column) < NEVER])
    if shared is None:
        for calendar in used_calendars(shop) - {0}:
            windows = meet(shop.calendars, frozenset({calendar}))
            moments += [windows.start, windows.end]
        values = np.concatenate(spans + [np.maximum(moment, 0) for moment in moments])
    else:
        worked = [shared.curve.until(np.maximum(moment, 0)) for moment in moments]
        values = np.concatenate([*spans, *worked, shared.curve.worked])
    return Axis(max(gcd(*np.unique(values[values < FAR]).tolist()), 1), shared)


def used_calendars(shop: Arrays) -> set[int]:
    """The calendars of all machines and people that may be needed."""
    found = set(shop.machines.calendar[np.unique(shop.modes.machine)].tolist())
    people = np.concatenate([shop.qualified.person, shop.modes.person])
    return found | set(shop.people.calendar[np.unique(people[people >= 0])].tolist())


def _shared(shop: Arrays) -> Open | None:
    """The calendar that all work follows, if there is one and nothing but work takes time."""
    machines = set(shop.machines.calendar[np.unique(shop.modes.machine)].tolist())
    if len(machines) != 1 or 0 in machines or used_calendars(shop) - machines - {0}:
        return None
    waits = shop.arcs.wait.any() or (shop.arcs.longest >= 0).any() or shop.transit.any()
    if waits or not (shop.modes.run > 0).all():
        return None
    return meet(shop.calendars, frozenset(machines))
