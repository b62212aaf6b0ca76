"""The hazards of a factory's network: what its tables say, what its deliveries taught, and what is assumed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from linewright.supply.hazards.causes import Hazards, Shock
from linewright.supply.hazards.learn import Learned, learn_recovery
from linewright.supply.hazards.recovery import ASSUMED_SPREAD, Recovery
from linewright.supply.network.arrays import Network

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.tables import Hazard

HOURS_PER_YEAR = 8766.0
#: Stops a year where no row says anything, by kind of node; the report names them as an assumption. Places are not
#: thought to stop unless a row says so, as what stands there is counted by itself.
USUAL_STOPS = {"supplier": 0.1, "lane": 0.1, "machine": 1.0, "person": 0.5, "site": 0.0, "region": 0.0}
OTHER_STOPS = 0.1
MOST_STOPS = 366.0


def hazards_of(factory: Factory, network: Network, learned: Learned | None = None) -> Hazards:
    """What may stop each node, from the tables hazards, suppliers and machines.

    A row of hazards comes first, then a machine's mean times between failures and to repair or a supplier's days to
    recover, then what was learned from receipts, then an assumption that is named. A hazard of a region that is no node
    of the network is a shock of that place.

    Parameters
    ----------
    learned
        What :func:`~linewright.supply.hazards.learn.learn_recovery` found in the receipts; None leaves it out.

    Raises
    ------
    ModelError
        A figure is out of its range.
    """
    return _Reader(factory, network, learned).run()


def hazards_now(factory: Factory, network: Network, start: datetime) -> Hazards:
    """The hazards of a factory, with what its receipts and overdue purchases teach about its suppliers.

    Parameters
    ----------
    start
        Until when an open purchase that was promised earlier is counted as overdue.
    """
    receipts = factory.receipts.content
    if not receipts.get_column("promised").is_not_null().any():
        return hazards_of(factory, network)
    overdue = factory.purchases.frame.filter((pl.col("due") < start) & (pl.col("supplier") != ""))
    return hazards_of(factory, network, learn_recovery(receipts, overdue.select("supplier", promised="due"), start))


@dataclass
class _Reader:
    """Reads one factory, and counts what nobody gave."""

    factory: Factory
    network: Network
    learned: Learned | None
    assumed_stops: Counter[str] = field(default_factory=Counter)
    assumed_spread: int = 0
    taught: int = 0
    lost: list[str] = field(default_factory=list)

    def run(self) -> Hazards:
        """Every node, then the shocks."""
        rows = {(row.kind, row.name): row for row in self.factory.hazards}
        nodes = list(zip(self.network.node_kinds, self.network.node_names, strict=True))
        figures = [self._figures(at, kind, name, rows.get((kind, name))) for at, (kind, name) in enumerate(nodes)]
        shocks = []
        for key, row in rows.items():
            if key in nodes:
                continue
            if row.kind == "region" and row.name in self.network.place:
                shocks.append(Shock(row.name, row.stops_per_year, self._recovery(row, 28.0)))
            else:
                self.lost.append(f"hazard of {row.kind} {row.name}: nothing in the network depends on it.")
        return Hazards.of(
            self.network, [rate for rate, _ in figures], [recovery for _, recovery in figures], shocks, self._told()
        )

    def _figures(self, node: int, kind: str, name: str, row: Hazard | None) -> tuple[float, Recovery]:
        """Stops a year and the recovery of one node."""
        machine = self.factory.machines.get(name) if kind == "machine" else None
        silence = self.learned.by_supplier.get(name) if self.learned and kind == "supplier" else None
        usual = float(self.network.recover_days[node])
        if row is not None and row.recover_days is not None:
            recovery = self._recovery(row, usual)
        elif machine is not None and machine.mttr_hours is not None:
            recovery = _around_mean(machine.mttr_hours / 24)
            self.assumed_spread += 1
        elif silence is not None and not self._supplier_says(name):
            recovery = silence.recovery
            self.taught += 1
        else:
            recovery = self._recovery(row, usual)
        if row is not None:
            return row.stops_per_year, recovery
        if machine is not None and machine.mtbf_hours is not None:
            return min(HOURS_PER_YEAR / (machine.mtbf_hours + (machine.mttr_hours or 0.0)), MOST_STOPS), recovery
        if silence is not None:
            return min(silence.stops_per_year, MOST_STOPS), recovery
        self.assumed_stops[kind] += 1
        return USUAL_STOPS.get(kind, OTHER_STOPS), recovery

    def _supplier_says(self, name: str) -> bool:
        supplier = self.factory.suppliers.get(name)
        return supplier is not None and supplier.recover_days is not None

    def _recovery(self, row: Hazard | None, usual: float) -> Recovery:
        median = usual if row is None or row.recover_days is None else row.recover_days
        worst = None if row is None else row.recover_days_worst
        if worst is None or worst < median:
            self.assumed_spread += worst is None
            worst = None
        return Recovery.of(median, worst)

    def _told(self) -> list[str]:
        told = [
            f"No hazard is given for {count:,} of kind {kind}: {USUAL_STOPS.get(kind, OTHER_STOPS):g} stops a year "
            "are assumed."
            for kind, count in sorted(self.assumed_stops.items())
        ]
        if self.assumed_spread:
            told.append(
                f"No worst time to recover is given for {self.assumed_spread:,} of the hazards: "
                f"{ASSUMED_SPREAD:g} times the median is assumed for 1 stop in 20."
            )
        if any(machine.mtbf_hours is not None for machine in self.factory.machines):
            told.append("Times between failures of machines count round the clock.")
        if self.taught:
            told.append(f"The recovery of {self.taught:,} suppliers was learned from receipts.")
        return told + self.lost


def _around_mean(mean_days: float) -> Recovery:
    """Log-normal with this mean, when the 95 % point is the assumed multiple of the median."""
    shape = Recovery.of(1.0)
    median = mean_days / shape.mean_days
    return Recovery.of(median)
