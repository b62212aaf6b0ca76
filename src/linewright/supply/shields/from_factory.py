"""What a factory may buy against stops: its own list, and more stock of anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.supply.network.of_factory import FactoryNetwork
from linewright.supply.shields.options import CAPACITY, RECOVERY, SOURCE, STOCK, Option

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import Shield
    from linewright.supply.hazards.causes import Hazards

#: Where neither a price nor a cost is known, a unit in stock costs this much a year.
LEAST_COST = 0.01


def options_of(factory: Factory, built: FactoryNetwork, *, more_stock: bool = True) -> tuple[list[Option], list[str]]:
    """The rows of the table shields as options, and sentences about rows that fit nowhere and about what was added.

    Costs are those of a year. With `more_stock` any material may also be held, at its price times the yearly share of
    holding stock, unless a row of the table says what its stock costs.
    """
    options: list[Option] = []
    told: list[str] = []
    listed: set[int] = set()
    for row in factory.shields:
        option = _option(factory, built, row)
        if isinstance(option, str):
            told.append(f"Shield {row.shield} is left out: {option}.")
            continue
        options.append(option)
        if option.kind == STOCK:
            listed.add(option.at)
    if more_stock:
        added = [option for option in _stocks(factory, built) if option.at not in listed]
        options += added
        told.append(
            f"More stock of {len(added):,} materials may be held at "
            f"{100 * factory.settings.stock_cost_share_per_year:g} % of its price a year."
        )
    return options, told


def first_chances(hazards: Hazards, nodes: Sequence[int]) -> Any:
    """The chance that the first stop of a year is that of each of these nodes.

    With Poisson stops of rates r(i) a year it is r(i) / r x (1 - exp(-r)), r their sum; what is left is a year without.
    """
    rates = np.asarray(hazards.stops_per_year, np.float64)[list(nodes)]
    total = float(rates.sum())
    return rates / total * -np.expm1(-total) if total > 0 else rates


def _option(factory: Factory, built: FactoryNetwork, row: Shield) -> Option | str:
    """One row as an option, or what is wrong with it."""
    most = float("inf") if row.most is None else row.most
    if row.kind in {STOCK, SOURCE} and row.material not in built.pool_of:
        return f"nothing that is wanted needs {row.material or 'a material without a name'}"
    if row.kind == STOCK:
        return Option(
            name=row.shield, kind=STOCK, at=built.pool_of[row.material], cost=row.cost,
            cost_per_unit=row.cost_per_unit, most=most,
        )  # fmt: skip
    if row.kind == SOURCE:
        # The table counts units a week, the network units a day.
        return Option(
            name=row.shield, kind=SOURCE, at=built.pool_of[row.material], cost=row.cost,
            cost_per_unit=row.cost_per_unit * 7, most=most / 7,
        )  # fmt: skip
    if row.kind == CAPACITY:
        group = _group(factory, built, row.work_center)
        if group is None:
            return f"work center {row.work_center or 'without a name'} has no machine that is needed"
        return Option(
            name=row.shield, kind=CAPACITY, at=group, cost=row.cost, cost_per_unit=row.cost_per_unit, most=most
        )
    try:
        node = built.network.node(row.supplier, "supplier")
    except KeyError:
        return f"nothing that is wanted comes from {row.supplier or 'a supplier without a name'}"
    return Option(name=row.shield, kind=RECOVERY, at=node, cost=row.cost, cost_per_unit=row.cost_per_unit, most=most)


def _group(factory: Factory, built: FactoryNetwork, work_center: str) -> int | None:
    """The capacity group that has most of a work center's machines."""
    machines = {row.machine for row in factory.machines if row.work_center == work_center}
    network = built.network
    counts: dict[int, int] = {}
    for node, (kind, name) in enumerate(zip(network.node_kinds, network.node_names, strict=True)):
        if kind == "machine" and name in machines:
            for group in network.hits_capacity.index[
                network.hits_capacity.first[node] : network.hits_capacity.first[node + 1]
            ].tolist():
                counts[group] = counts.get(group, 0) + 1
    return max(counts, key=lambda group: (counts[group], -group)) if counts else None


def _stocks(factory: Factory, built: FactoryNetwork) -> list[Option]:
    share = factory.settings.stock_cost_share_per_year
    price = {row.material: row.cost for row in factory.materials}
    for source in factory.sources:
        if source.price > 0:
            price[source.material] = min(price.get(source.material) or source.price, source.price)
    return [
        Option(
            name=f"more {material}", kind=STOCK, at=pool,
            cost_per_unit=max(price.get(material, 0.0) * share, LEAST_COST),
        )
        for material, pool in built.pool_of.items()
    ]  # fmt: skip
