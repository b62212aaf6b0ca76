"""Where machines and people stand, in which time zone, and how long goods travel between sites."""

from __future__ import annotations

import numpy as np

from linewright.model.factory import Factory
from linewright.model.tables import Machine, Person, WorkCenter
from linewright.model.verify.facts.calendars import CalendarKey
from linewright.model.verify.facts.columns import IntArray, numbered
from linewright.model.verify.facts.rounding import day_seconds


class Places:
    """Machines (numbered as in their table), people and the sites between them; site 0 is the one not known."""

    def __init__(self, factory: Factory) -> None:
        self.machines: list[Machine] = list(factory.machines)
        self.position = numbered([machine.machine for machine in self.machines])
        self.people: dict[str, Person] = {row.person: row for row in factory.people}
        self._centers: dict[str, WorkCenter] = {row.work_center: row for row in factory.work_centers}
        self._zones = {row.site: row.timezone for row in factory.sites if row.timezone}
        self._factory_zone = factory.settings.timezone
        lanes = list(factory.lanes)
        named = dict.fromkeys(name for lane in lanes for name in (lane.from_site, lane.to_site) if name)
        self._sites = {name: number for number, name in enumerate(("", *named))}
        self.site = np.array([self.site_number(self.site_of(machine)) for machine in self.machines], np.int64)
        self._travel = np.full((len(self._sites),) * 2, -1, np.int64)
        for lane in lanes:
            between, seconds = (self._sites[lane.from_site], self._sites[lane.to_site]), day_seconds(lane.days)
            known = int(self._travel[between])
            self._travel[between] = seconds if known < 0 else min(seconds, known)
        # A lane from or to nowhere, or one that comes back, moves nothing.
        self._travel[0, :] = self._travel[:, 0] = 0
        np.fill_diagonal(self._travel, 0)
        self._travel[self._travel < 0] = 0

    def site_of(self, machine: Machine) -> str:
        """The site of a machine's work center, blank when it is not known."""
        center = self._centers.get(machine.work_center)
        return center.site if center else ""

    def site_number(self, site: str) -> int:
        """The number of a site; those that no lane joins with another are like one that is not known."""
        return self._sites.get(site, 0)

    def hourly_cost(self, machine: Machine) -> float:
        """Cost of an hour of a machine's work center."""
        center = self._centers.get(machine.work_center)
        return center.cost_per_hour if center else 0.0

    def zone_of(self, site: str) -> str:
        """The name of a site's time zone."""
        return self._zones.get(site, self._factory_zone)

    def machine_calendar(self, machine: Machine) -> CalendarKey:
        """The calendar of a machine and the zone in which it is read."""
        return machine.calendar, self.zone_of(self.site_of(machine))

    def person_calendar(self, name: str) -> CalendarKey:
        """The calendar of a person and the zone in which it is read; blank for somebody unknown."""
        person = self.people.get(name)
        return (person.calendar, self.zone_of(person.site)) if person else ("", self._factory_zone)

    def travel(self, start: IntArray, end: IntArray) -> IntArray:
        """Seconds between sites by the fastest lane; 0 when one is not known, they are equal, or no lane joins them."""
        return self._travel[start, end]
