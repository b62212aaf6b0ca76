"""Resources as work centers, machines, people and their skills.

A resource whose members have skills, or are asked for by skill, is a team of people; any other is a work center. A work
center has one machine with as many places as the resource has units; where that number changes over time, it has one
machine for each unit, each with its own calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linewright.io.frepple.calendars import Schedules
from linewright.io.frepple.fixture import Fixture, Record, add_rows
from linewright.io.raw_tables import Gathered

#: Places of a machine that stands for work which needs no resource; more would only make the search slower.
UNLIMITED = 200


class Resources:
    """What each resource became: machines of work centers, or members of teams."""

    def __init__(self, fixture: Fixture, schedules: Schedules) -> None:
        self.by_name = {record.name: record for record in fixture["input.resource"]}
        self.locations = {record.name: record for record in fixture["input.location"]}
        self.schedules = schedules
        self.machines: dict[str, list[str]] = {}
        self.rows: dict[str, list[dict[str, Any]]] = {"work_centers": [], "machines": [], "people": [], "skills": []}
        self.varying: list[str] = []
        self._members: dict[str, list[str]] = {}
        for record in self.by_name.values():
            self._members.setdefault(record.text("owner"), []).append(record.name)
        self._skills = list(fixture["input.resourceskill"])
        self._teams = self._find_teams(fixture)
        # Units above one that a single operation asks for cannot be spread over several machines.
        self._whole = {
            row.text("resource") for row in fixture["input.operationresource"] if row.number("quantity", 1) > 1
        }
        for record in self.by_name.values():
            if record.name in self._people:
                self._add_person(record)
            elif record.name not in self._teams and not self._pool(record.name):
                self._add_machines(record)
        for pool in self.by_name:
            if self._pool(pool) and pool not in self._teams:
                self.machines[pool] = [machine for name in self.leaves(pool) for machine in self.machines.get(name, [])]

    def is_team(self, name: str) -> bool:
        """Whether a resource is people: a team, or a single person."""
        return name in self._teams or name in self._people

    def leaves(self, name: str) -> list[str]:
        """The resource itself, or all that stand below it."""
        below = self._members.get(name, []) if name else []
        return [leaf for member in below for leaf in self.leaves(member)] if below else [name]

    def machine_for_anything(self, record: Record) -> str:
        """A machine without limit at an operation's location, for work that needs no resource."""
        location = record.text("location")
        name = f"anywhere @ {location}" if location else "anywhere"
        if name not in self.machines:
            calendar = self.schedules.name_of([(self._available(location), 1)], record)
            site = location if location in self.locations else ""
            self.rows["work_centers"].append({**record.place, "work_center": name, "site": site})
            machine = {"machine": name, "work_center": name, "calendar": calendar, "capacity": UNLIMITED}
            self.rows["machines"].append({**record.place, **machine})
            self.machines[name] = [name]
        return name

    def add(self, found: Gathered) -> None:
        """Add the tables and what was assumed."""
        for table, rows in self.rows.items():
            add_rows(found, table, rows)
        if self.varying:
            found.assumptions.append(
                f"{', '.join(self.varying)}: the number of units changes over time, so each unit is its own machine."
            )
        boundless = [row["machine"] for row in self.rows["machines"] if row["capacity"] == UNLIMITED]
        if boundless:
            found.assumptions.append(
                f"Work that needs no resource, or an infinite one, has {UNLIMITED} places: {', '.join(boundless)}."
            )

    def _pool(self, name: str) -> bool:
        return bool(self._members.get(name))

    def _find_teams(self, fixture: Fixture) -> set[str]:
        """Teams, and (in `_people`) the single persons."""
        skilled = {row.text("resource") for row in self._skills}
        asked = {row.text("resource") for row in fixture["input.operationresource"] if row.text("skill")}
        teams = {name for name in self.by_name if name in asked or set(self.leaves(name)) & skilled}
        self._people = {leaf for name in teams for leaf in self.leaves(name)}
        return {name for name in teams if self._pool(name)}

    def _available(self, location: str) -> str:
        record = self.locations.get(location)
        return record.text("available") if record else ""

    def _needs(self, record: Record, least: float) -> list[tuple[str, float]]:
        location = self._available(record.text("location"))
        return [(location, 1), (record.text("available"), 1), (record.text("maximum_calendar"), least)]

    def _add_person(self, record: Record) -> None:
        calendar = self.schedules.name_of(self._needs(record, 1), record)
        person = {"person": record.name, "calendar": calendar, "site": record.text("location")}
        cost = record.number("cost")
        self.rows["people"].append({**record.place, **person, "cost_per_hour": cost})
        for team in sorted(name for name in self._teams if record.name in self.leaves(name)):
            self.rows["skills"].append({**record.place, "person": record.name, "skill": team})
        for row in self._skills:
            if row.text("resource") == record.name:
                since, until = row.moment("effective_start"), row.moment("effective_end")
                dates = {"since": since.date() if since else None, "expires": until.date() if until else None}
                skill = {"person": record.name, "skill": row.text("skill"), **dates}
                self.rows["skills"].append({**row.place, **skill})

    def _add_machines(self, record: Record) -> None:
        center = {"work_center": record.name, "site": record.text("location"), "cost_per_hour": record.number("cost")}
        self.rows["work_centers"].append({**record.place, **center})
        for name, capacity, least in self._units(record):
            calendar = self.schedules.name_of(self._needs(record, least), record)
            machine = {"machine": name, "work_center": record.name, "calendar": calendar, "capacity": capacity}
            self.rows["machines"].append({**record.place, **machine})
            self.machines.setdefault(record.name, []).append(name)

    def _units(self, record: Record) -> Sequence[tuple[str, int, float]]:
        """The machines of a resource: name, places, and the least value of its calendar for which it is there."""
        name = record.name
        if record.text("type") == "infinite":
            return [(name, UNLIMITED, 1)]
        calendar = record.text("maximum_calendar")
        if calendar not in self.schedules.calendars:
            return [(name, max(1, int(record.number("maximum", 1))), 1)]
        levels = [level for level in self.schedules.levels(calendar) if level > 0]
        if len(levels) <= 1 or name in self._whole:
            return [(name, levels[0] if levels else 1, 1)]
        self.varying.append(name)
        return [(f"{name} {unit}", 1, unit) for unit in range(1, levels[-1] + 1)]
