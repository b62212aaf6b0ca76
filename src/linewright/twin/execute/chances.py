"""What can go wrong, as records: failures with their repairs, absent people, late supplies."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from math import erf, exp, log, log1p, sqrt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from linewright.errors import ModelError
from linewright.shop import distributions as laws
from linewright.shop.chance import identity
from linewright.shop.resources import site_timezones
from linewright.twin.execute.records import FAILURE_MODE, PERSON, SUPPLY, blank

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import FailureMode

DAY_SECONDS = 86400
#: Where only a supplier's reliability is known, a late delivery is late by this share of the lead time on average.
LATE_SHARE_OF_LEAD, LEAST_LATE_DAYS = 0.25, 1.0
LOG_NORMAL_LEAD, SOMETIMES_LATE = 1, 2


def spread(variation: Any) -> Any:
    """Sigma of a log-normal factor of mean 1 with a coefficient of variation; blank (NaN) is 0."""
    return np.sqrt(np.log1p(np.square(np.nan_to_num(np.asarray(variation, np.float64)))))


class Laws:
    """Distributions and their observed values, collected one by one."""

    def __init__(self) -> None:
        self.records: list[tuple[float, ...]] = []
        self.values: list[float] = []

    def add(self, record: tuple[float, ...]) -> int:
        """The position of one more distribution."""
        self.records.append(record)
        return len(self.records) - 1

    def observed(self, seconds: list[float]) -> int:
        """The position of an empirical distribution."""
        first = len(self.values)
        self.values += sorted(seconds)
        return self.add((laws.EMPIRICAL, 0.0, 0.0, 0.0, first, len(self.values)))

    def arrays(self) -> tuple[Any, Any]:
        """All distributions, and the values of the empirical ones."""
        return laws.of(self.records or [laws.fixed(0.0)]), np.array([*self.values, 0.0])


def failure_arrays(factory: Factory, book: Laws) -> tuple[Any, list[str], Any]:
    """Failure modes in the order of their machines, their names, and the number of repair crews of each kind.

    A machine with mtbf_hours but no mttr_hours does not fail; see `unrepaired`. Modes of one name on one machine have
    their luck each to itself.

    Raises
    ------
    ModelError
        A mode has no repair, or a distribution lacks a number.
    """
    problems = _complaints(factory)
    if problems:
        raise ModelError(problems)
    crews = {crew.repair_crew: at for at, crew in enumerate(factory.repair_crews)}
    quantity = [crew.quantity for crew in factory.repair_crews]
    own: dict[str, list[FailureMode]] = {}
    for row in factory.failure_modes:
        own.setdefault(row.machine, []).append(row)
        if row.repair_crew and row.repair_crew not in crews:
            crews[row.repair_crew] = len(quantity)
            quantity.append(1)
    records, names = [], []
    for at, machine in enumerate(factory.machines):
        times: dict[str, int] = {}
        for row in own.get(machine.machine, ()):
            times[row.mode] = times.get(row.mode, 0) + 1
            cause = (machine.machine, row.mode, *([str(times[row.mode])] if times[row.mode] > 1 else []))
            up = _law(book, row.up_distribution, row.up_hours, row.up_shape, row.up_values)
            repair = _law(book, row.repair_distribution, row.repair_hours, row.repair_shape, row.repair_values)
            age = row.age_hours * 3600
            records.append((
                at, row.clock == "calendar", up, repair, crews.get(row.repair_crew, -1),
                survived_share(book.records[up], book.values, age), int(age),
                identity("up", *cause), identity("repair", *cause),
            ))  # fmt: skip
            names.append(row.mode)
        if machine.machine not in own and machine.mtbf_hours is not None and machine.mttr_hours is not None:
            up, repair = (
                book.add(laws.exponential(hours * 3600)) for hours in (machine.mtbf_hours, machine.mttr_hours)
            )
            records.append((
                at, False, up, repair, -1, 0.0, 0,
                identity("up", machine.machine, ""), identity("repair", machine.machine, ""),
            ))  # fmt: skip
            names.append("")
    made = blank(FAILURE_MODE, len(records))
    for at, record in enumerate(records):
        made[at] = record
    return made, names, np.array(quantity, np.int64)


def _complaints(factory: Factory) -> list[str]:
    """What is missing in failure modes, each with its cure."""
    said = []
    for at, row in enumerate(factory.failure_modes):
        place = factory.failure_modes.place(at)
        name = f"{place}: failure mode {row.mode or '(without a name)'} of {row.machine}"
        if row.repair_distribution != "empirical" and row.repair_hours <= 0:
            said.append(f"{name} has no repair — fill in repair_hours, or remove the row")
        for part in ("up", "repair"):
            kind, shape = getattr(row, f"{part}_distribution"), getattr(row, f"{part}_shape")
            if kind in {"weibull", "lognormal"} and shape is None:
                said.append(f"{name}: {kind} needs a number — fill in {part}_shape")
            if kind == "empirical" and not _hours(getattr(row, f"{part}_values")):
                said.append(f"{name}: empirical needs observed hours — fill in {part}_values, such as 12;30.5;41")
    return said


def unrepaired(factory: Factory) -> list[str]:
    """Machines whose failures are left out, as nothing says how long their repair takes."""
    known = set(factory.failure_modes.column("machine"))
    return [
        row.machine
        for row in factory.machines
        if row.mtbf_hours is not None and row.mttr_hours is None and row.machine not in known
    ]


def _hours(text: str) -> list[float]:
    """Observed hours; nothing where one is not a number."""
    try:
        return [float(part) for part in text.replace(",", ".").split(";") if part.strip()]
    except ValueError:
        return []


def _law(book: Laws, kind: str, hours: float, shape: float | None, observed: str) -> int:
    seconds = hours * 3600
    if kind == "empirical":
        return book.observed([hour * 3600 for hour in _hours(observed)])
    if kind == "weibull":
        return book.add(laws.weibull(seconds, shape or 1.0))
    if kind == "lognormal":
        return book.add(laws.lognormal(seconds, shape or 0.0))
    return book.add(laws.fixed(seconds) if kind == "fixed" else laws.exponential(seconds))


def survived_share(record: tuple[float, ...], values: list[float], age: float) -> float:
    """The share of times until failure that an age has survived already: the distribution function at the age."""
    kind, one, two, _, first, last = record
    if age <= 0:
        return 0.0
    if kind == laws.EXPONENTIAL:
        return 1 - exp(-age / one)
    if kind == laws.WEIBULL:
        return float(1 - exp(-((age / one) ** two)))
    if kind == laws.LOGNORMAL:
        return 0.5 * (1 + erf((log(age) - one) / (max(two, 1e-12) * sqrt(2))))
    if kind == laws.EMPIRICAL:
        return float(np.searchsorted(values[int(first) : int(last)], age, side="right") / (last - first))
    return 0.0


def people_arrays(factory: Factory, people: Any, start: datetime, days: int) -> tuple[Any, Any]:
    """People with their absences, and the local midnights that begin their days, zone by zone."""
    made = blank(PERSON, people.size)
    zones, midnights, first = site_timezones(factory), [np.zeros(0, np.int64)], 0
    known: dict[str, tuple[int, int]] = {}
    for at, person in enumerate(factory.people):
        zone = zones.get(person.site, factory.settings.timezone)
        if person.absence_share > 0 and zone not in known:
            begin = start.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
            moments = [
                int((datetime.combine(begin + timedelta(days=day), time(), ZoneInfo(zone)) - start).total_seconds())
                for day in range(days + 4)
            ]
            known[zone] = (first, begin.toordinal())
            midnights.append(np.array(moments, np.int64))
            first += len(moments)
        made[at] = (
            people[at].calendar, people[at].site, person.absence_share, identity("absence", person.person),
            *known.get(zone, (0, 0)), -1,
        )  # fmt: skip
    return made, np.concatenate(midnights)


class Supplies:
    """Purchases and planned purchases that may come late, each once."""

    def __init__(self, factory: Factory) -> None:
        self.reliability = {row.supplier: row.reliability for row in factory.suppliers}
        self.sources: dict[str, list[Any]] = {}
        for row in factory.sources:
            self.sources.setdefault(row.material, []).append(row)
        self.supplier = {row.purchase: row.supplier for row in factory.purchases}
        self.known: dict[tuple[str, str, str], int] = {}
        self.records: list[tuple[Any, ...]] = []
        self.names: list[str] = []
        self.guessed = False

    def position(self, kind: str, supply: str, material: str) -> int:
        """The position of a supply; -1 where it cannot be late."""
        key = (kind, supply, material)
        if key not in self.known:
            law = self._law(kind, supply, material)
            self.known[key] = -1 if law is None else len(self.records)
            if law is not None:
                self.records.append((*law, identity("supply", *key)))
                self.names.append(material)
        return self.known[key]

    def _law(self, kind: str, supply: str, material: str) -> tuple[float, ...] | None:
        rows = self.sources.get(material, [])
        supplier = self.supplier.get(supply, "") if kind == "purchase" else ""
        rows = [row for row in rows if not supplier or row.supplier == supplier]
        source = min(rows, key=lambda row: (row.lead_days, row.preference)) if rows else None
        if source is not None:
            supplier = source.supplier
            if source.lead_days_sd:
                days = max(source.lead_days, source.lead_days_sd)
                sigma = sqrt(log1p((source.lead_days_sd / days) ** 2))
                return (LOG_NORMAL_LEAD, days * DAY_SECONDS, sigma, 0.0, 0.0)
        reliability = self.reliability.get(supplier)
        if reliability is None or reliability >= 1:
            return None
        self.guessed = True
        lead = source.lead_days if source is not None else 0.0
        late = max(lead * LATE_SHARE_OF_LEAD, LEAST_LATE_DAYS) * DAY_SECONDS
        return (SOMETIMES_LATE, 0.0, 0.0, 1 - reliability, late)

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """Kind, name and material of each supply that may be late, in order."""
        return tuple(key for key, at in self.known.items() if at >= 0)

    def arrays(self) -> Any:
        """All supplies as records."""
        made = blank(SUPPLY, len(self.records))
        for at, record in enumerate(self.records):
            made[at] = record
        return made
