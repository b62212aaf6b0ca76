"""Energy of blocks, and its price where tariffs change with the hour."""

from __future__ import annotations

import numpy as np

from linewright.model.factory import Factory
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import FloatArray, IntArray
from linewright.model.verify.facts.rounding import HOUR, instant
from linewright.model.verify.facts.windows import Windows, last_wins


class Prices:
    """The price of energy at one site over the working time of one calendar."""

    def __init__(self, factory: Factory, site: str, windows: Windows) -> None:
        # Rows of the site come after those for everywhere, so that they win.
        rows = sorted((row for row in factory.tariffs if row.site in {"", site}), key=lambda row: row.site != "")
        self._windows, self._usual = windows, factory.settings.price_per_kwh
        pieces = [
            (first, last, rows[number].eur_per_kwh - self._usual)
            for start, end, number in last_wins([(instant(row.start), instant(row.end)) for row in rows])
            for first, last in windows.pieces(start, end)
        ]
        self._starts, self._ends = np.array([piece[:2] for piece in pieces], np.int64).reshape(-1, 2).T
        self._extra = np.array([piece[2] for piece in pieces], np.float64)
        self._before = np.concatenate([[0.0], np.cumsum((self._ends - self._starts) * self._extra)])

    def mean(self, start: IntArray, end: IntArray) -> FloatArray:
        """The mean price over the working time between two moments; the usual one when there is none."""
        worked = self._windows.worked(start, end)
        extra = self._until(end) - self._until(start)
        above: FloatArray = np.where(worked > 0, extra, 0.0) / np.maximum(worked, 1)
        return self._usual + above

    def _until(self, moment: IntArray) -> FloatArray:
        """What the price is above the usual one, summed over all working seconds before a moment."""
        if not self._starts.size:
            return np.zeros(moment.size)
        index = np.searchsorted(self._starts, moment, side="right") - 1
        at = np.maximum(index, 0)
        within = np.minimum(moment, self._ends[at]) - self._starts[at]
        return np.where(index < 0, 0.0, self._before[at] + within * self._extra[at])


class Energy:
    """What blocks use and what that costs."""

    def __init__(self, case: Case) -> None:
        self._case, blocks = case, case.blocks
        operations, machines = case.operations, case.places.machines
        setup_hours = (blocks.setup_seconds + blocks.changeover_seconds) / HOUR
        self._setup = np.array([machine.setup_kw for machine in machines])[blocks.machine] * setup_hours
        self._run = np.array([machine.run_kw for machine in machines])[blocks.machine] * blocks.run_seconds / HOUR
        self._units = operations.units * operations.real("kwh_per_unit")

    def kwh(self) -> FloatArray:
        """Energy of each operation: an equal share of the machine's, and that of its own units."""
        shared = (self._setup + self._run) / self._case.blocks.sizes
        return shared[self._case.blocks.of] + self._units

    def cost(self) -> float:
        """Cost of all energy, each phase of each block at its own mean price."""
        case, blocks, operations = self._case, self._case.blocks, self._case.operations
        setup, run = self._setup, self._run + blocks.summed(self._units)
        if not len(case.factory.tariffs):
            return case.settings.price_per_kwh * float((setup + run).sum())
        setup_start, start, end = (
            each[blocks.first] for each in (operations.setup_start, operations.start, operations.end)
        )
        total = 0.0
        known: dict[tuple[str, Windows], Prices] = {}
        for machine, at in blocks.machines():
            row = case.places.machines[machine]
            site, own = case.places.site_of(row), case.calendars.common([case.places.machine_calendar(row)])
            if (site, own) not in known:
                known[site, own] = Prices(case.factory, site, own)
            price = known[site, own]
            total += float((setup[at] * price.mean(setup_start[at], start[at])).sum())
            total += float((run[at] * price.mean(start[at], end[at])).sum())
        return total
