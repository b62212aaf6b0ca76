"""What can stop in a factory's network: suppliers, lanes, sites, regions, machines, people with rare skills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linewright.supply.network.capacity import Capacity

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import Source

#: A skill is rare when at most so many people have it.
RARE = 2
PLURALS = {"supplier": "suppliers", "site": "sites", "region": "regions", "lane": "lanes", "machine": "machines",
           "person": "people"}  # fmt: skip
#: Days to recover where nothing is known, by kind; the report names them as an assumption.
USUAL_DAYS = {"supplier": 14.0, "site": 28.0, "region": 28.0, "lane": 7.0, "machine": 3.0, "person": 10.0}


@dataclass
class Nodes:
    """The columns of a network's nodes."""

    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    recover_days: list[float] = field(default_factory=list)
    hits_flow: list[list[tuple[int, float]]] = field(default_factory=list)
    hits_capacity: list[list[tuple[int, float]]] = field(default_factory=list)

    def add(
        self, kind: str, name: str, place: str, days: float, flow: list[tuple[int, float]],
        capacity: list[tuple[int, float]],
    ) -> None:  # fmt: skip
        """One more thing that can stop."""
        self.kinds += (kind,)
        self.names += (name,)
        self.places += (place,)
        self.recover_days.append(days)
        self.hits_flow.append(flow)
        self.hits_capacity.append(capacity)


def nodes_of(factory: Factory, capacity: Capacity, bought_on: Mapping[int, Source]) -> tuple[Nodes, list[str]]:
    """Everything that can stop, with its days to recover, and what was assumed about those."""
    return _Finder(factory, capacity, bought_on).run()


class _Finder:
    """The nodes of one factory."""

    def __init__(self, factory: Factory, capacity: Capacity, bought_on: Mapping[int, Source]) -> None:
        self.factory, self.capacity = factory, capacity
        self.nodes = Nodes()
        self.assumed: dict[str, int] = defaultdict(int)
        self.hazard_days = {(row.kind, row.name): row.recover_days for row in factory.hazards}
        self.region = {site.site: site.region for site in factory.sites}
        self.site_of = {row.supplier: row.site for row in factory.suppliers}
        self.by_supplier: dict[str, list[int]] = defaultdict(list)
        self.by_lane: dict[str, list[int]] = defaultdict(list)
        for activity, source in bought_on.items():
            self.by_supplier[source.supplier].append(activity)
            if source.lane:
                self.by_lane[source.lane].append(activity)
        centers = {center.work_center: center.site for center in factory.work_centers}
        self.machine_site = {row.machine: centers.get(row.work_center, "") for row in factory.machines}

    def run(self) -> tuple[Nodes, list[str]]:
        """Suppliers, lanes, machines, people, then the places that hold several of them."""
        recovers = {row.supplier: row.recover_days for row in self.factory.suppliers}
        for supplier, activities in self.by_supplier.items():
            place = self.region.get(self.site_of.get(supplier, ""), "")
            self._add("supplier", supplier, place, recovers.get(supplier), activities, [])
        for lane, activities in self.by_lane.items():
            self._add("lane", lane, "", None, activities, [])
        repairs = {row.machine: row.mttr_hours for row in self.factory.machines}
        for machine in self.capacity.machine_group:
            hours = repairs[machine]
            place = self.region.get(self.machine_site[machine], "")
            self._add("machine", machine, place, None if hours is None else hours / 24, [], self._left([machine]))
        self._add_people()
        self._add_places("site", {site.site: [site.site] for site in self.factory.sites})
        regions: dict[str, list[str]] = defaultdict(list)
        for site, region in self.region.items():
            if region:
                regions[region].append(site)
        self._add_places("region", regions)
        told = [
            f"No time to recover is named for {count:,} of the {PLURALS[kind]}: {USUAL_DAYS[kind]:g} days are assumed."
            for kind, count in self.assumed.items()
        ]
        return self.nodes, told

    def _add(
        self, kind: str, name: str, place: str, days: float | None, activities: list[int],
        capacity: list[tuple[int, float]],
    ) -> None:  # fmt: skip
        chosen = self.hazard_days.get((kind, name))
        chosen = days if chosen is None else chosen
        if chosen is None:
            self.assumed[kind] += 1
            chosen = USUAL_DAYS[kind]
        self.nodes.add(kind, name, place, chosen, [(activity, 0.0) for activity in activities], capacity)

    def _left(self, machines: list[str]) -> list[tuple[int, float]]:
        """The groups that these machines are in, with the share of hours that the others have."""
        gone: dict[int, float] = defaultdict(float)
        for machine in machines:
            if machine in self.capacity.machine_group:
                gone[self.capacity.machine_group[machine]] += self.capacity.machine_hours[machine]
        return [
            (group, max(0.0, 1 - hours / self.capacity.hours[group]) if self.capacity.hours[group] > 0 else 0.0)
            for group, hours in gone.items()
        ]

    def _add_people(self) -> None:
        """People whose absence counts: those with a skill that at most two have."""
        rare = {person for holders in self.capacity.holders.values() if len(holders) <= RARE for person in holders}
        for person in sorted(rare):
            self._add("person", person, "", None, [], self._left_of_people({person}))

    def _left_of_people(self, gone: set[str]) -> list[tuple[int, float]]:
        """The groups of skills that some people have, with the share of hours that the others have."""
        left = []
        for skill, holders in self.capacity.holders.items():
            group = self.capacity.skill_group[skill]
            total = self.capacity.hours[group]
            hours = sum(self.capacity.person_hours[holder] for holder in holders if holder in gone)
            if total > 0 and hours > 0:
                left.append((group, max(0.0, 1 - hours / total)))
        return left

    def _add_places(self, kind: str, places: Mapping[str, list[str]]) -> None:
        for place, sites in places.items():
            suppliers = [supplier for supplier, site in self.site_of.items() if site in sites]
            activities = [activity for supplier in suppliers for activity in self.by_supplier.get(supplier, [])]
            machines = [machine for machine, site in self.machine_site.items() if site in sites]
            people = {person.person for person in self.factory.people if person.site in sites}
            capacity = self._left(machines) + self._left_of_people(people)
            if activities or capacity:
                inside = self.region.get(place, "") if kind == "site" else place
                self._add(kind, place, inside, None, activities, capacity)
