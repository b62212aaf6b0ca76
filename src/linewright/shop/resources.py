"""Machines, people, tools, calendars and changeovers as arrays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.arrays import (
    CALENDAR_INDEX,
    MACHINE_RECORD,
    OVERTIME,
    PERSON_RECORD,
    QUALIFIED,
    SWITCH,
    WINDOW,
    Calendars,
    records,
)
from linewright.shop.windows import WindowMaker, Windows
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.model.factory import Factory

ALWAYS = 1 << 50


class CalendarBook:
    """Collects the calendars that machines and people use; position 0 is round the clock."""

    def __init__(self, factory: Factory, start: datetime, horizon_days: int) -> None:
        self.maker = WindowMaker(factory, start, horizon_days)
        self.positions: dict[tuple[str, str], int] = {("", ""): 0}
        self.windows = [Windows(np.array([-ALWAYS], np.int64), np.array([ALWAYS], np.int64))]
        self.known = {
            name for table in (factory.shifts, factory.calendar_exceptions) for name in table.column("calendar")
        }

    def position(self, calendar: str, timezone: str) -> int:
        """The position of a calendar in a time zone; new ones are expanded."""
        if calendar not in self.known:
            return 0
        key = (calendar, timezone)
        if key not in self.positions:
            self.positions[key] = len(self.windows)
            self.windows.append(self.maker.windows(calendar, timezone))
        return self.positions[key]

    def arrays(self) -> tuple[Calendars, Any]:
        """All calendars, one behind the other, and their priced overtime."""
        costs = [window for windows in self.windows for window in windows.overtime]
        first = offsets([windows.start.size for windows in self.windows])
        index = records(
            CALENDAR_INDEX, first.size, first_window=first,
            first_cost=offsets([len(windows.overtime) for windows in self.windows]),
        )  # fmt: skip
        start = np.concatenate([windows.start for windows in self.windows])
        end = np.concatenate([windows.end for windows in self.windows])
        overtime = records(
            OVERTIME, len(costs), start=[cost[0] for cost in costs], end=[cost[1] for cost in costs],
            rate=[cost[2] / 3600 for cost in costs],
        )  # fmt: skip
        return Calendars(index, records(WINDOW, start.size, start=start, end=end)), overtime


def offsets(sizes: list[int]) -> Any:
    """Where each ragged list begins, and the end of the last."""
    return np.concatenate([[0], np.cumsum(np.array(sizes, np.int64))]).astype(np.int64)


def site_positions(factory: Factory) -> dict[str, int]:
    """Sites by name."""
    return {name: at for at, name in enumerate(factory.sites.frame.get_column("site").to_list())}


def site_timezones(factory: Factory) -> dict[str, str]:
    """The time zone of each site that has its own."""
    return {site.site: site.timezone for site in factory.sites if site.timezone}


def machine_arrays(factory: Factory, book: CalendarBook, families: dict[str, int], matrices: Any, most: int) -> Any:
    """Every machine, in the table's order."""
    zones, sites = site_timezones(factory), site_positions(factory)
    centers = {center.work_center: center for center in factory.work_centers}
    rows = list(factory.machines)
    center_sites = [centers[row.work_center].site if row.work_center in centers else "" for row in rows]
    default = factory.settings.timezone
    return records(
        MACHINE_RECORD,
        len(rows) + 1,
        calendar=[book.position(r.calendar, zones.get(s, default)) for r, s in zip(rows, center_sites, strict=True)],
        site=[sites.get(site, -1) for site in center_sites],
        capacity=[row.capacity for row in rows],
        batch=[row.batch for row in rows],
        min_load=[row.min_load for row in rows],
        family=[families.get(row.setup_family, -1) for row in rows],
        matrix=matrices,
        # More places than all the work could take at once would only be counted.
        first_place=offsets([1 if row.batch else min(row.capacity, max(most, 1)) for row in rows]),
        setup_kw=[row.setup_kw for row in rows],
        run_kw=[row.run_kw for row in rows],
        cost_per_second=[
            centers[r.work_center].cost_per_hour / 3600 if r.work_center in centers else 0.0 for r in rows
        ],
    )


def people_arrays(factory: Factory, book: CalendarBook) -> Any:
    """Every person, in the table's order."""
    zones, sites = site_timezones(factory), site_positions(factory)
    rows = list(factory.people)
    default = factory.settings.timezone
    return records(
        PERSON_RECORD,
        len(rows),
        calendar=[book.position(row.calendar, zones.get(row.site, default)) for row in rows],
        site=[sites.get(row.site, -1) for row in rows],
        cost_per_hour=[row.cost_per_hour for row in rows],
    )


def group_arrays(factory: Factory, start: datetime, wanted: list[tuple[str, int]]) -> tuple[Any, Any]:
    """For each wanted (skill, level): the people who have it, and the seconds between which it counts."""
    position = {name: at for at, name in enumerate(factory.people.frame.get_column("person").to_list())}
    zone = factory.timezone
    first, person, since, until = [0], [], [], []

    def local(day: date) -> int:
        return int((datetime.combine(day, time(), zone) - start).total_seconds())

    for skill, level in wanted:
        if not skill:
            person += list(range(len(position)))
            since += [-NEVER] * len(position)
            until += [NEVER] * len(position)
        for row in factory.skills if skill else ():
            if row.skill == skill and row.level >= level:
                person.append(position[row.person])
                since.append(local(row.since) if row.since else -NEVER)
                until.append(local(row.expires + timedelta(days=1)) if row.expires else NEVER)
        first.append(len(person))
    return integers(first), records(QUALIFIED, len(person), person=person, since=since, until=until)


def changeover_arrays(factory: Factory, families: dict[str, int]) -> tuple[Any, list[int]]:
    """Changeover matrices, and the matrix of each machine; machines with the same rows share one."""
    rows = factory.changeovers.frame.select("work_center", "machine", "from_family", "to_family", "minutes", "cost")
    scopes: dict[tuple[str, str], list[tuple[str, str, float, float]]] = {}
    for center, machine, source, target, minutes, cost in rows.iter_rows():
        scope = ("machine", machine) if machine else ("work_center", center) if center else ("all", "")
        scopes.setdefault(scope, []).append((source, target, minutes, cost))
    shared: dict[tuple[tuple[str, str], ...], int] = {}
    matrix_of = []
    for machine in factory.machines:
        widening = (("all", ""), ("work_center", machine.work_center), ("machine", machine.machine))
        used = tuple(one for one in widening if one in scopes)
        matrix_of.append(shared.setdefault(used, len(shared)))
    size = (max(len(shared), 1), len(families), len(families))
    switches = np.zeros(size, SWITCH).view(np.recarray)
    for used, at in shared.items():
        for one in used:
            _fill(switches[at], scopes[one], families)
    return switches, matrix_of


def _fill(switches: Any, rows: list[tuple[str, str, float, float]], families: dict[str, int]) -> None:
    """Write rows into a matrix, those that say least first, so that those that say most win."""
    other = ~np.eye(len(families), dtype=np.bool_)
    for source, target, minutes, price in sorted(rows, key=lambda row: (bool(row[1]), bool(row[0]))):
        if source and target:
            at: Any = (families[source], families[target])
        else:
            at = other.copy()
            at[np.arange(len(families)) != families[source] if source else np.zeros(len(families), np.bool_)] = False
            at[:, np.arange(len(families)) != families[target] if target else np.zeros(len(families), np.bool_)] = False
        switches["seconds"][at] = whole_seconds(minutes)
        switches["cost"][at] = price


def whole_seconds(minutes: Any) -> Any:
    """Minutes as whole seconds, halves rounded up."""
    return np.floor(np.asarray(minutes, np.float64) * 60 + 0.5).astype(np.int64)


def integers(values: Any) -> Any:
    """An int64 array from any numbers."""
    return np.fromiter(values, np.int64) if not isinstance(values, list) else np.array(values, np.int64)
