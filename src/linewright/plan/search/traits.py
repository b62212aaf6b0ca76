"""What a shop has that decides which ways of searching fit it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewright.shop.arrays import Arrays
from linewright.shop.working_time import NEVER


@dataclass(frozen=True)
class Traits:
    """The features of a shop; a way of searching says which of them it can honour in its own estimates."""

    alternatives: bool
    changeovers: bool
    setups: bool
    calendars: bool
    chosen_people: bool
    crews: bool
    tools: bool
    ovens: bool
    several_places: bool
    longest_waits: bool
    transfers: bool
    transports: bool
    fixed: bool
    several_feeds: bool
    due_dates: bool

    @property
    def is_disjunctive(self) -> bool:
        """Whether heads and tails on a disjunctive graph are exact: one operation at a time on always-open machines."""
        return not (
            self.calendars or self.crews or self.tools or self.ovens or self.several_places or self.longest_waits
            or self.transfers or self.transports or self.fixed
        )  # fmt: skip


def traits_of(shop: Arrays) -> Traits:
    """Look at the arrays of a shop once."""
    operations, modes, arcs = shop.operations[:-1], shop.modes, shop.arcs
    machines = shop.machines[np.unique(modes.machine)]
    people = np.unique(modes.person[modes.person >= 0])
    families = operations.family[operations.family >= 0]
    return Traits(
        alternatives=bool(modes.size > operations.size),
        changeovers=bool(families.size) and bool((shop.switches.seconds > 0).any() or (shop.switches.cost > 0).any()),
        setups=bool((modes.setup > 0).any()),
        calendars=bool(machines.calendar.any() or shop.people.calendar[people].any()),
        chosen_people=bool(people.size),
        crews=bool(shop.seats.size),
        tools=bool(shop.holds.size),
        ovens=bool(machines.batch.any()),
        several_places=bool((machines.capacity > 1).any()),
        longest_waits=bool((operations.longest_wait >= 0).any()),
        transfers=bool((arcs.transfer < 1.0).any()),
        transports=bool((shop.transit > 0).any()),
        fixed=bool((operations.pin >= 0).any() or operations.running.any()),
        several_feeds=bool((np.diff(shop.operations.first_arc) > 1).any()),
        due_dates=bool((shop.demands.due[:-1] < NEVER).any()),
    )
