"""Energy of blocks, and its price where tariffs change with the hour."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from linewright.model.factory import Factory
from linewright.model.verify.facts.case import Block, Case, Placed
from linewright.model.verify.facts.rounding import HOUR, instant
from linewright.model.verify.facts.windows import Windows, last_wins


class Prices:
    """The price of energy at one site, piece by piece."""

    def __init__(self, factory: Factory, site: str) -> None:
        # Rows of the site come after those for everywhere, so that they win.
        rows = sorted((row for row in factory.tariffs if row.site in {"", site}), key=lambda row: row.site != "")
        pieces = last_wins([(instant(row.start), instant(row.end)) for row in rows])
        self._usual = factory.settings.price_per_kwh
        self._starts = [start for start, _, _ in pieces]
        self._ends = [end for _, end, _ in pieces]
        self._extra = [rows[number].eur_per_kwh - self._usual for _, _, number in pieces]
        lengths = (end - start for start, end, _ in pieces)
        self._before = [0.0, *accumulate(length * extra for length, extra in zip(lengths, self._extra, strict=True))]

    def mean(self, windows: Windows, start: int, end: int) -> float:
        """The mean price over the working time between two moments; the usual one when there is none."""
        worked = windows.worked(start, end) if self._starts else 0
        if worked <= 0:
            return self._usual
        extra = sum(self._until(last) - self._until(first) for first, last in windows.pieces(start, end))
        return self._usual + extra / worked

    def _until(self, moment: int) -> float:
        """What the price is above the usual one, summed over all seconds before a moment."""
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return 0.0
        return self._before[index] + (min(moment, self._ends[index]) - self._starts[index]) * self._extra[index]


class Energy:
    """What blocks use and what that costs."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._prices: dict[str, Prices] = {}

    def kwh(self, block: Block, operation: Placed) -> float:
        """Energy of one operation: an equal share of the machine's, and that of its own units."""
        setup, run = self._machine_kwh(block)
        return (setup + run) / len(block.members) + operation.units * operation.step.kwh_per_unit

    def cost(self, block: Block) -> float:
        """Cost of a block's energy, each phase at its own mean price."""
        setup, run = self._machine_kwh(block)
        run += sum(member.units * member.step.kwh_per_unit for member in block.members)
        if not setup and not run:
            return 0.0
        site, first = self._case.places.site_of(block.machine), block.first
        if site not in self._prices:
            self._prices[site] = Prices(self._case.factory, site)
        price, own = (
            self._prices[site],
            self._case.calendars.common([self._case.places.machine_calendar(block.machine)]),
        )
        # A phase that uses nothing needs no price.
        cost = setup * price.mean(own, first.setup_start, first.start) if setup else 0.0
        return cost + (run * price.mean(own, first.start, first.end) if run else 0.0)

    def _machine_kwh(self, block: Block) -> tuple[float, float]:
        setup_hours = (block.setup_seconds + block.changeover_seconds) / HOUR
        return block.machine.setup_kw * setup_hours, block.machine.run_kw * block.run_seconds / HOUR
