"""Machines as the kernel knows them: places, failure modes, power in each state, prices and carbon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.model.table import Table
from linewright.shop.money import add_prices
from linewright.shop.resources import CalendarBook, machine_arrays, whole_seconds
from linewright.twin.execute.records import MACHINE, blank

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.arrays import Shop

#: Tariffs are followed for so many days.
PRICED_DAYS = 370


def machine_records(factory: Factory, shop: Shop, failures: Any) -> tuple[Any, Any]:
    """Every machine, and the carbon curves of their working time.

    A blank power is that of the state that it stands for: blocked as idle, down as off, starting up as setup.
    """
    known, rows = shop.arrays.machines, list(factory.machines)
    made = blank(MACHINE, len(rows) + 1)
    for name in ("calendar", "matrix", "family", "first_point", "price", "setup_kw", "run_kw"):
        made[name] = known[name]
    made.single[:] = known.batch | (known.capacity == 1)
    made.first_resource[:] = known.first_place
    made.resources[:-1] = np.diff(known.first_place)
    made.first_failure[:] = np.searchsorted(failures.machine, np.arange(len(rows) + 1))
    for at, row in enumerate(rows):
        made[at].off_kw, made[at].idle_kw = row.off_kw, row.idle_kw
        made[at].blocked_kw = row.idle_kw if row.blocked_kw is None else row.blocked_kw
        made[at].down_kw = row.off_kw if row.down_kw is None else row.down_kw
        made[at].start_up_kw = row.setup_kw if row.start_up_kw is None else row.start_up_kw
        made[at].switch_off = -1 if row.switch_off_minutes is None else int(whole_seconds(row.switch_off_minutes))
        made[at].start_up = int(whole_seconds(row.start_up_minutes))
    return made, _carbon_curves(factory, shop, made)


def _carbon_curves(factory: Factory, shop: Shop, machines: Any) -> Any:
    """Carbon is followed like a price: the same curves, of a factory whose prices are kilograms."""
    tariffs = [
        {"site": row.site, "start": row.start, "end": row.end, "eur_per_kwh": row.kg_co2e_per_kwh}
        for row in factory.tariffs
    ]
    priced = factory.with_settings(price_per_kwh=factory.settings.kg_co2e_per_kwh)
    priced = priced.with_tables(tariffs=Table.of("tariffs", tariffs))
    book = CalendarBook(factory, shop.start, PRICED_DAYS)
    same = machine_arrays(factory, book, {}, [0] * len(factory.machines), 1)
    curves = add_prices(priced, same, book, shop.start)
    machines.carbon[:], machines.first_carbon[:] = same.price, same.first_point
    return curves
