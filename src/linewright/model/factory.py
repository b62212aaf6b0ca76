"""The factory: what we own and know, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, cast
from zoneinfo import ZoneInfo

import polars as pl

from linewright.model import tables as t
from linewright.model.faults import Fault, ranked
from linewright.model.records import SCHEMAS
from linewright.model.table import Table


@dataclass(frozen=True, eq=False)
class Factory:
    """One connected description of a plant, its people and its supply network.

    `faults` is what was wrong with the data; rows with an error are already left out.
    `assumptions` are sentences about what the reader took for granted.
    """

    tables: Mapping[str, Table[Any]]
    faults: tuple[Fault, ...] = ()
    assumptions: tuple[str, ...] = ()

    @classmethod
    def of(cls, **tables: list[dict[str, Any]] | pl.DataFrame) -> Factory:
        """Make a factory from rows that are known to be right, as in tests and examples.

        Instants must be timezone-aware. Use :func:`linewright.model.intake.assemble` for data that must be checked.
        """
        made = {name: Table.of(name, cast(Any, rows)) for name, rows in tables.items()}
        return cls(_complete(made))

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, Table[Any]], faults: Iterable[Fault] = (), assumptions: Iterable[str] = ()
    ) -> Factory:
        """Make a factory from tables; those that are missing are empty."""
        return cls(_complete(tables), ranked(faults), tuple(assumptions))

    def table(self, name: str) -> Table[Any]:
        """A table by its name."""
        return self.tables[name]

    def with_tables(self, **changed: Table[Any]) -> Factory:
        """The same factory with some tables replaced."""
        return replace(self, tables=MappingProxyType({**self.tables, **changed}))

    def with_settings(self, **changed: Any) -> Factory:
        """The same factory with some of its settings changed."""
        return self.with_tables(settings=Table.of("settings", [asdict(replace(self.settings, **changed))]))

    @property
    def settings(self) -> t.Settings:
        """The factory's own row: name, time zone, currency and defaults."""
        rows = self.tables["settings"]
        return next(iter(rows)) if len(rows) else t.Settings()

    @property
    def name(self) -> str:
        """The factory's name."""
        return self.settings.name

    @property
    def timezone(self) -> ZoneInfo:
        """The time zone in which people type and read dates."""
        return ZoneInfo(self.settings.timezone)

    def start(self, now: datetime) -> datetime:
        """The moment at which planning starts, to the second: the settings', or `now`.

        Parameters
        ----------
        now
            A timezone-aware instant, used when the settings name none.
        """
        chosen = self.settings.start or now
        if chosen.tzinfo is None:
            raise ValueError("a timezone-aware instant is needed")
        return chosen.astimezone(UTC).replace(microsecond=0)

    def hashes(self, names: Iterable[str]) -> dict[str, str]:
        """The content hash of some tables, for a result's origin."""
        return {name: self.tables[name].hash for name in names}

    # One typed attribute for each table: `factory.machines["M4"].idle_kw`.
    @property
    def sites(self) -> Table[t.Site]:  # noqa: D102
        return self.tables["sites"]

    @property
    def shifts(self) -> Table[t.Shift]:  # noqa: D102
        return self.tables["shifts"]

    @property
    def calendar_exceptions(self) -> Table[t.CalendarException]:  # noqa: D102
        return self.tables["calendar_exceptions"]

    @property
    def work_centers(self) -> Table[t.WorkCenter]:  # noqa: D102
        return self.tables["work_centers"]

    @property
    def machines(self) -> Table[t.Machine]:  # noqa: D102
        return self.tables["machines"]

    @property
    def repair_crews(self) -> Table[t.RepairCrew]:  # noqa: D102
        return self.tables["repair_crews"]

    @property
    def failure_modes(self) -> Table[t.FailureMode]:  # noqa: D102
        return self.tables["failure_modes"]

    @property
    def tools(self) -> Table[t.Tool]:  # noqa: D102
        return self.tables["tools"]

    @property
    def people(self) -> Table[t.Person]:  # noqa: D102
        return self.tables["people"]

    @property
    def skills(self) -> Table[t.Skill]:  # noqa: D102
        return self.tables["skills"]

    @property
    def materials(self) -> Table[t.Material]:  # noqa: D102
        return self.tables["materials"]

    @property
    def components(self) -> Table[t.Component]:  # noqa: D102
        return self.tables["components"]

    @property
    def substitutes(self) -> Table[t.Substitute]:  # noqa: D102
        return self.tables["substitutes"]

    @property
    def stock(self) -> Table[t.Stock]:  # noqa: D102
        return self.tables["stock"]

    @property
    def operations(self) -> Table[t.Operation]:  # noqa: D102
        return self.tables["operations"]

    @property
    def operation_machines(self) -> Table[t.OperationMachine]:  # noqa: D102
        return self.tables["operation_machines"]

    @property
    def operation_crews(self) -> Table[t.OperationCrew]:  # noqa: D102
        return self.tables["operation_crews"]

    @property
    def operation_tools(self) -> Table[t.OperationTool]:  # noqa: D102
        return self.tables["operation_tools"]

    @property
    def changeovers(self) -> Table[t.Changeover]:  # noqa: D102
        return self.tables["changeovers"]

    @property
    def customers(self) -> Table[t.Customer]:  # noqa: D102
        return self.tables["customers"]

    @property
    def orders(self) -> Table[t.Order]:  # noqa: D102
        return self.tables["orders"]

    @property
    def work_orders(self) -> Table[t.WorkOrder]:  # noqa: D102
        return self.tables["work_orders"]

    @property
    def demand_history(self) -> Table[t.Demand]:  # noqa: D102
        return self.tables["demand_history"]

    @property
    def forecast(self) -> Table[t.Forecast]:  # noqa: D102
        return self.tables["forecast"]

    @property
    def suppliers(self) -> Table[t.Supplier]:  # noqa: D102
        return self.tables["suppliers"]

    @property
    def lanes(self) -> Table[t.Lane]:  # noqa: D102
        return self.tables["lanes"]

    @property
    def sources(self) -> Table[t.Source]:  # noqa: D102
        return self.tables["sources"]

    @property
    def purchases(self) -> Table[t.Purchase]:  # noqa: D102
        return self.tables["purchases"]

    @property
    def hazards(self) -> Table[t.Hazard]:  # noqa: D102
        return self.tables["hazards"]

    @property
    def shields(self) -> Table[t.Shield]:  # noqa: D102
        return self.tables["shields"]

    @property
    def tariffs(self) -> Table[t.Tariff]:  # noqa: D102
        return self.tables["tariffs"]

    @property
    def actuals(self) -> Table[t.Actual]:  # noqa: D102
        return self.tables["actuals"]

    @property
    def receipts(self) -> Table[t.Receipt]:  # noqa: D102
        return self.tables["receipts"]

    def __repr__(self) -> str:
        """The factory's name and its filled tables."""
        filled = ", ".join(f"{len(rows):,} {name}" for name, rows in self.tables.items() if len(rows))
        return f"Factory {self.name}: {filled}" + (f"; {len(self.faults)} faults" if self.faults else "")


def _complete(tables: Mapping[str, Table[Any]]) -> Mapping[str, Table[Any]]:
    unknown = set(tables) - set(SCHEMAS)
    if unknown:
        raise KeyError(f"unknown table: {', '.join(sorted(unknown))}")
    return MappingProxyType({name: tables.get(name) or Table.of(name, []) for name in t.TABLES})
