"""Recognise frePPLe fixtures and read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import polars as pl

from linewright.errors import SourceError
from linewright.io.frepple.calendars import Schedules, calendars_of
from linewright.io.frepple.demand import add_demand, add_jobs
from linewright.io.frepple.fixture import Fixture, add_rows, read_fixture
from linewright.io.frepple.resources import Resources
from linewright.io.frepple.routes import Routes
from linewright.io.frepple.routing import Routing
from linewright.io.frepple.supply import Items, add_lanes, add_materials, add_places, add_purchases, add_suppliers
from linewright.io.raw_tables import Gathered, first_bytes, only_known
from linewright.model.faults import Fault, Source
from linewright.model.raw import RawFactory

#: What is read; other models (measures, preferences, ...) are named as unread.
MODELS = frozenset(
    f"{app}.{name}"
    for app, names in (
        ("common", ("parameter",)),
        (
            "input",
            (
                "buffer", "calendar", "calendarbucket", "customer", "demand", "item", "itemdistribution",
                "itemsupplier", "location", "operation", "operationmaterial", "operationplan", "operationresource",
                "resource", "resourceskill", "skill", "suboperation", "supplier",
            ),
        ),
    )
    for name in names
)  # fmt: skip

CURRENCIES = MappingProxyType({"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"})

#: Calendars are followed for so long after the last due date.
AFTER_LAST_DUE = timedelta(days=366)


class FreppleReader:
    """Reads frePPLe's Django fixtures; see `Reader` for what each member means."""

    name = "frepple"
    title = "frePPLe data as Django JSON fixtures, one or several files"
    options: Mapping[str, str] = MappingProxyType({})

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether all files are JSON lists of Django records of frePPLe's models."""
        return bool(files) and all(
            path.is_file() and ".json" in path.suffixes and _looks_like_a_fixture(first_bytes(path)) for path in files
        )

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read fixtures together, as frePPLe loads them.

        Raises
        ------
        SourceError
            A file is not a fixture.
        """
        only_known(options, self.options, self.name)
        if not files:
            raise SourceError("no file was given — name one or several .json fixtures")
        return _read(read_fixture(files), files[0])


def _looks_like_a_fixture(beginning: bytes) -> bool:
    known = (b'"input.', b'"common.parameter"', b'"forecast.')
    return beginning.lstrip().startswith(b"[") and any(mark in beginning for mark in known)


def _read(fixture: Fixture, first: Path) -> RawFactory:
    found = Gathered()
    now = fixture.parameter("currentdate")
    start = now.moment("value") if now else None
    found.add("settings", _settings(fixture, first, start), Source(first.name))
    schedules = _schedules(fixture, start)
    resources = Resources(fixture, schedules)
    items, routes = Items(fixture), Routes(fixture)
    routing = Routing(fixture, resources, found)
    add_places(found, fixture)
    add_materials(found, fixture, items, routes)
    routing.add(routes)
    add_jobs(found, fixture, routes, routing, start)
    resources.add(found)
    add_rows(found, "shifts", schedules.shifts)
    add_rows(found, "calendar_exceptions", schedules.exceptions)
    add_demand(found, fixture)
    add_suppliers(found, fixture, items)
    add_lanes(found, fixture)
    add_purchases(found, fixture, start)
    _tell(found, fixture, routes, schedules)
    found.faults += fixture.faults
    return found.raw()


def _settings(fixture: Fixture, first: Path, start: datetime | None) -> pl.DataFrame:
    symbol = fixture.parameter("currency")
    currency = CURRENCIES.get(symbol.text("value").strip(",")) if symbol else None
    aware = start.replace(tzinfo=UTC) if start else None
    cells = {"name": first.name.split(".")[0], "timezone": "UTC", "currency": currency, "start": aware}
    return pl.DataFrame({name: [cell] for name, cell in cells.items() if cell is not None})


def _schedules(fixture: Fixture, start: datetime | None) -> Schedules:
    """Calendars from the start until well after the last due date."""
    dues = [due for record in fixture["input.demand"] if (due := record.moment("due"))]
    begin = start or min(dues, default=datetime(2000, 1, 3))
    end = max([begin, *(due for due in dues if due >= begin)]) + AFTER_LAST_DUE
    return Schedules(calendars_of(fixture), begin.date(), end.date())


def _tell(found: Gathered, fixture: Fixture, routes: Routes, schedules: Schedules) -> None:
    found.assumptions.append("Fixtures name no time zone: all times are UTC.")
    if schedules.shifts:
        found.assumptions.append(
            f"Calendars are followed from {schedules.days[0]} to {schedules.days[-1]}, later their usual week repeats."
        )
    unread = {model: count for model, count in fixture.counts.items() if model not in MODELS}
    if unread:
        shown = ", ".join(f"{count:,} of {model}" for model, count in sorted(unread.items()))
        found.assumptions.append(f"Records that have no place in a factory are not read: {shown}.")
    if routes.idle:
        record = next(record for record in fixture["input.operation"] if record.name in routes.idle)
        found.faults.append(
            Fault(
                level="note", rule="operation_without_item", table="operations", where=f"{record.file}:{record.line}",
                row=record.line, value=record.name, count=len(routes.idle), cure="nothing to do, or name the item",
                message=f"{len(routes.idle)} operations make no item (such as deliveries) and are left out, "
                f"first {record.name}",
            )
        )  # fmt: skip
