"""Hours a day of machines and people, and which of them may stand in for each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from linewright.shop.windows import WindowMaker

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import Operation

#: Working hours a day are the mean of so many days from the start on.
MEAN_OF_DAYS = 28


@dataclass(frozen=True)
class StepTime:
    """One class of machines that may do a step: plain machine hours for each good unit at the end."""

    group: int
    hours_per_unit: float


@dataclass(frozen=True, order=True)
class StepMinutes:
    """Minutes of a step on one machine, in those of a plain machine: for a unit (or batch), and for a lot."""

    run: float
    setup: float
    fixed: float


@dataclass
class Capacity:
    """Groups of machines that always may stand in for each other, and of people who share a skill.

    A machine is in one group: machines are together when every step either allows all of them or none. A person counts
    in the group of each skill; that the same hours cannot be used twice is left out, which makes the network a little
    more able than the people are.
    """

    names: list[str] = field(default_factory=list)
    hours: list[float] = field(default_factory=list)
    machine_group: dict[str, int] = field(default_factory=dict)
    machine_hours: dict[str, float] = field(default_factory=dict)
    skill_group: dict[tuple[str, int], int] = field(default_factory=dict)
    person_hours: dict[str, float] = field(default_factory=dict)
    holders: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    machines_of_step: dict[tuple[str, int], dict[str, StepMinutes]] = field(default_factory=dict)

    @classmethod
    def of(cls, factory: Factory, start: datetime) -> Capacity:
        """Read machines, people and their calendars."""
        capacity = cls()
        hours = _Hours(factory, start)
        capacity._add_machines(factory, hours)
        capacity._add_people(factory, hours, start.astimezone(factory.timezone).date())
        return capacity

    def _add_machines(self, factory: Factory, hours: _Hours) -> None:
        centers = {center.work_center: center.site for center in factory.work_centers}
        members: dict[str, list[str]] = defaultdict(list)
        for machine in factory.machines:
            members[machine.work_center].append(machine.machine)
            a_day = hours.of(machine.calendar, centers.get(machine.work_center, ""))
            # Run times are divided by the speed, so a quick machine has more hours of a plain one.
            self.machine_hours[machine.machine] = a_day * machine.capacity * machine.speed
        self.machines_of_step = _machines_of_steps(factory, members)
        allowed_in: dict[str, list[int]] = defaultdict(list)
        sets = {frozenset(allowed): 0 for allowed in self.machines_of_step.values()}
        for number, allowed in enumerate(sets):
            for name in allowed:
                allowed_in[name].append(number)
        classes: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for name in self.machine_hours:
            if name in allowed_in:
                classes[tuple(allowed_in[name])].append(name)
        for machines in classes.values():
            for name in machines:
                self.machine_group[name] = len(self.names)
            self.names.append(_told(machines))
            self.hours.append(sum(self.machine_hours[name] for name in machines))

    def _add_people(self, factory: Factory, hours: _Hours, day: date) -> None:
        for person in factory.people:
            self.person_hours[person.person] = hours.of(person.calendar, person.site)
        wanted = {
            (skill, level)
            for operation in factory.operations
            for skill, level, crew in (
                (operation.skill, operation.skill_level, operation.crew),
                (operation.setup_skill, operation.setup_skill_level, operation.setup_crew),
            )
            if crew and skill
        }
        for skill, level in sorted(wanted):
            holders = [
                row.person for row in factory.skills
                if row.skill == skill and row.level >= level
                and (row.since is None or row.since <= day) and (row.expires is None or row.expires >= day)
            ]  # fmt: skip
            self.holders[skill, level] = holders
            self.skill_group[skill, level] = len(self.names)
            self.names.append(f"people for {skill}" + (f" from level {level}" if level > 1 else ""))
            self.hours.append(sum(self.person_hours[person] for person in holders))

    def times(self, operation: Operation, lot: float, yields: float) -> list[StepTime]:
        """The groups of machines that may do a step, each with its hours for a good unit, setup spread over a lot.

        Hours are those of a plain machine, as many of which a quick one has. So what does not go quicker there (setup,
        and run times that are named for that machine) takes more of them.

        Parameters
        ----------
        lot
            Good units of a lot.
        yields
            The share of what enters the step that ends as good units.
        """
        by_group: dict[int, list[float]] = defaultdict(list)
        batches = _batches(operation, lot, yields)
        for machine, minutes in self.machines_of_step.get((operation.material, operation.step), {}).items():
            a_lot = minutes.setup + minutes.fixed + minutes.run * batches
            by_group[self.machine_group[machine]].append(a_lot / lot * operation.load / 60)
        return [StepTime(group, float(np.mean(hours))) for group, hours in by_group.items()]

    def people(self, operation: Operation, lot: float, yields: float) -> list[tuple[int, float]]:
        """The groups of people that a step needs, each with hours for a good unit."""
        run = (operation.run_minutes * _batches(operation, lot, yields) + operation.fixed_minutes) / lot / 60
        needed = []
        if operation.crew and operation.skill:
            needed.append((self.skill_group[operation.skill, operation.skill_level], operation.crew * run))
        if operation.setup_crew and operation.setup_skill:
            hours = operation.setup_crew * operation.setup_minutes / lot / 60
            needed.append((self.skill_group[operation.setup_skill, operation.setup_skill_level], hours))
        return [(group, hours) for group, hours in needed if hours > 0]


def _batches(operation: Operation, lot: float, yields: float) -> float:
    """How many run times a lot takes: what is lost later is worked on too, and a batch that is not full takes one."""
    return max(lot / yields / operation.batch_size, 1.0 if operation.batch_size > 1 else 0.0)


class _Hours:
    """Mean working hours a day of calendars."""

    def __init__(self, factory: Factory, start: datetime) -> None:
        self.maker = WindowMaker(factory, start, MEAN_OF_DAYS)
        self.zones = {site.site: site.timezone for site in factory.sites if site.timezone}
        self.home = factory.settings.timezone
        self.known: dict[tuple[str, str], float] = {}

    def of(self, calendar: str, site: str) -> float:
        """Hours a day, 24 without a calendar."""
        zone = self.zones.get(site, self.home)
        if not calendar:
            return 24.0
        if (calendar, zone) not in self.known:
            windows = self.maker.windows(calendar, zone)
            end = MEAN_OF_DAYS * 86400
            inside = np.clip(windows.end, 0, end) - np.clip(windows.start, 0, end)
            self.known[calendar, zone] = float(inside.sum()) / 3600 / MEAN_OF_DAYS
        return self.known[calendar, zone]


def _machines_of_steps(
    factory: Factory, members: dict[str, list[str]]
) -> dict[tuple[str, int], dict[str, StepMinutes]]:
    """For each step the machines that may do it, with their minutes; of several people the quickest."""
    named: dict[tuple[str, int], dict[str, StepMinutes]] = defaultdict(dict)
    speed = {machine.machine: machine.speed for machine in factory.machines}
    usual = {(row.material, row.step): row for row in factory.operations}
    for row in factory.operation_machines:
        if (row.material, row.step) not in usual or row.machine not in speed:
            continue
        operation, its_speed = usual[row.material, row.step], speed[row.machine]
        minutes = StepMinutes(
            run=operation.run_minutes if row.run_minutes is None else row.run_minutes * its_speed,
            setup=(operation.setup_minutes if row.setup_minutes is None else row.setup_minutes) * its_speed,
            fixed=operation.fixed_minutes if row.fixed_minutes is None else row.fixed_minutes * its_speed,
        )
        best = named[row.material, row.step].get(row.machine, minutes)
        named[row.material, row.step][row.machine] = min(best, minutes)
    for (material, step), operation in usual.items():
        if (material, step) not in named:
            machines = [operation.machine] if operation.machine else members.get(operation.work_center, [])
            named[material, step] = {
                machine: StepMinutes(operation.run_minutes, operation.setup_minutes * speed[machine],
                                     operation.fixed_minutes)
                for machine in machines
            }  # fmt: skip
    return dict(named)


def _told(machines: list[str]) -> str:
    if len(machines) == 1:
        return machines[0]
    return f"{machines[0]} to {machines[-1]}" if len(machines) > 3 else ", ".join(machines)
