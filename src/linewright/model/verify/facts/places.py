"""Where machines and people stand, in which time zone, and how long goods travel between sites."""

from __future__ import annotations

from linewright.model.factory import Factory
from linewright.model.tables import Machine, Person, WorkCenter
from linewright.model.verify.facts.calendars import CalendarKey
from linewright.model.verify.facts.rounding import day_seconds


class Places:
    """Machines, people and the sites between them."""

    def __init__(self, factory: Factory) -> None:
        self.machines: dict[str, Machine] = {row.machine: row for row in factory.machines}
        self.people: dict[str, Person] = {row.person: row for row in factory.people}
        self._centers: dict[str, WorkCenter] = {row.work_center: row for row in factory.work_centers}
        self._zones = {row.site: row.timezone for row in factory.sites if row.timezone}
        self._factory_zone = factory.settings.timezone
        self._travel: dict[tuple[str, str], int] = {}
        for lane in factory.lanes:
            sites, seconds = (lane.from_site, lane.to_site), day_seconds(lane.days)
            self._travel[sites] = min(seconds, self._travel.get(sites, seconds))

    def site_of(self, machine: Machine) -> str:
        """The site of a machine's work center, blank when it is not known."""
        center = self._centers.get(machine.work_center)
        return center.site if center else ""

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

    def travel(self, start: str, end: str) -> int:
        """Seconds between two sites by the fastest lane; 0 when one is blank, they are equal, or no lane joins them."""
        return self._travel.get((start, end), 0) if start and end and start != end else 0
