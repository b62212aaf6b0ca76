"""Recognise a folder of AdventureWorks files and read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import polars as pl

from linewright.errors import SourceError
from linewright.io.adventureworks.demand import add_actuals, add_history, add_orders, add_work_orders, jobs_of
from linewright.io.adventureworks.files import NEEDED, Files, csv_files
from linewright.io.adventureworks.items import add_components, add_materials, add_stock
from linewright.io.adventureworks.routing import (
    add_equipment,
    add_operations,
    product_steps,
    tell_gaps,
    weekly_hours,
)
from linewright.io.adventureworks.supply import add_purchases, add_suppliers
from linewright.io.adventureworks.units import tell_mixed_units
from linewright.io.adventureworks.window import TIMEZONE, Window, window_of
from linewright.io.raw_tables import Gathered, only_known
from linewright.model.faults import Source
from linewright.model.raw import RawFactory


class AdventureWorksReader:
    """Reads the folder of AdventureWorks CSV files; see `Reader` for what each member means."""

    name = "adventureworks"
    title = "AdventureWorks (Microsoft's sample company) as CSV files named after its tables"
    options: Mapping[str, str] = MappingProxyType(
        {
            "start": "first day of the work orders to plan, such as 2014-05-05; without it everything is read",
            "weeks": "how many weeks of work orders from start on (4)",
            "sales": "yes: read sales orders too, and those before the start as history; no: do not (no with a start)",
        }
    )

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether the files that a plan needs are there, by name."""
        return set(NEEDED) <= set(csv_files(files))

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read everything, or the work orders of a window.

        Raises
        ------
        SourceError
            A needed file is missing or cannot be read, or an option cannot be understood.
        """
        only_known(options, self.options, self.name)
        found_files = csv_files(files)
        missing = [name for name in NEEDED if name not in found_files]
        if missing:
            raise SourceError(f"{missing[0]}.csv: is not there — export this table too, into the same folder")
        return _read(Files(found_files), options)


def _read(files: Files, options: Mapping[str, str]) -> RawFactory:
    found = Gathered()
    products, bill = files.frame("Product"), files.frame("BillOfMaterials")
    places, routing = files.frame("Location"), files.frame("WorkOrderRouting")
    work_orders, sales = files.frame("WorkOrder"), files.frame("SalesOrderHeader")
    window = window_of(options, work_orders, sales)
    found.add("settings", _settings(window), Source("AdventureWorks"))
    jobs = jobs_of(work_orders, window)
    steps = product_steps(found, files, products, routing)
    add_equipment(found, files, places, weekly_hours(jobs, steps, window), window)
    add_materials(found, files, products, bill)
    add_components(found, files, products, bill)
    tell_mixed_units(found, files, products, bill)
    add_stock(found, files, products, window)
    add_operations(found, files, products, steps, places)
    tell_gaps(found, files, products, routing, jobs)
    add_work_orders(found, files, products, work_orders, jobs, window)
    add_orders(found, files, products, sales, window)
    add_history(found, files, products, sales, window)
    add_suppliers(found, files, products, bill)
    add_purchases(found, files, products, bill, window)
    if window.whole:
        add_actuals(found, files, products, routing)
    found.assumptions.append(f"Days and shifts are in the time of the plant in Washington State ({TIMEZONE}).")
    found.faults += files.faults
    return found.raw()


def _settings(window: Window) -> pl.DataFrame:
    return pl.DataFrame(
        {"name": ["AdventureWorks"], "timezone": [TIMEZONE], "currency": ["USD"], "start": [window.instant]}
    )
