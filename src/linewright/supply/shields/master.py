"""The master problem: what to buy, as far as the cuts say by now (Benders, *Numerische Mathematik* 4:238-252, 1962).

Columns: the part of each option that is bought, whether it is bought at all where that costs something, and a switch
for each whole day by which a recovery may be shorter; then whatever else a goal adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from linewright.errors import NoAnswer
from linewright.supply.shields.completion import Cut
from linewright.supply.shields.offers import Offers
from linewright.supply.silent import silent_highs
from linewright.supply.stress.engine.solver import INFINITY, TOLERANCE

#: Numbers of a row below this share of its greatest are left out.
SMALL = 1e-8


@dataclass(frozen=True)
class Bought:
    """Units of each option, the value of the goal, and its proven bound."""

    units: Any
    value: float
    bound: float


class Master:
    """A mixed-integer program that stays in HiGHS and gains cuts.

    `further` columns (lower bounds, costs) stand after those of the options. Without `spend`, what is bought is paid
    for in the goal; with it, all purchases together cost `spend` at most.
    """

    def __init__(
        self, offers: Offers, further: tuple[Any, Any] = ((), ()), spend: float | None = None, gap: float = 1e-4
    ) -> None:
        self.offers, self.spend = offers, spend
        self.highs = silent_highs()
        tight = dict.fromkeys(("mip_feasibility_tolerance", "primal_feasibility_tolerance"), TOLERANCE)
        for name, value in {"mip_rel_gap": gap, "mip_abs_gap": 0.0, "random_seed": 0, **tight}.items():
            self.highs.setOptionValue(name, value)
        fixed = np.flatnonzero((offers.cost > 0) & (offers.most > 0))
        self.switched = fixed[~np.isin(fixed, offers.recoveries)]
        self.days = [int(offers.most[option]) for option in offers.recoveries]
        self.first_day = (
            offers.count + self.switched.size + np.concatenate([[0], np.cumsum(self.days)]).astype(np.int64)
        )
        self.first_further = int(self.first_day[-1])
        # Purchases are counted in shares of the dearest thing, so that no cost is too great for a tolerance.
        self.scale = (
            1.0
            if spend is not None
            else float((offers.cost + offers.cost_per_unit * offers.most).max(initial=0.0)) or 1.0
        )
        self._columns(further)
        self._rows()

    def _columns(self, further: tuple[Any, Any]) -> None:
        """Units, switches, days and the goal's own columns."""
        offers = self.offers
        price = np.concatenate([offers.cost_per_unit * offers.most, offers.cost[self.switched], self._day_costs()])
        price[offers.recoveries] = 0.0
        self.price = price
        lower, cost = (np.asarray(each, np.float64) for each in further)
        upper = np.concatenate([np.ones(price.size), np.full(cost.size, INFINITY)])
        upper[: offers.count] = offers.most > 0
        upper[offers.recoveries] = 0.0
        costs = np.concatenate([price / self.scale if self.spend is None else np.zeros(price.size), cost])
        lowers = np.concatenate([np.zeros(price.size), lower])
        nothing = np.zeros(0)
        self.highs.addCols(
            costs.size, costs, lowers, upper, 0, nothing.astype(np.int32), nothing.astype(np.int32), nothing
        )
        self.whole = np.arange(offers.count, price.size, dtype=np.int32)

    def _day_costs(self) -> Any:
        """What each day by which a recovery is shorter costs; the first one also what it costs to have it at all."""
        offers, costs = self.offers, []
        for option, days in zip(offers.recoveries, self.days, strict=True):
            of_option = np.full(days, offers.cost_per_unit[option])
            of_option[:1] += offers.cost[option]
            costs.append(of_option)
        return np.concatenate([*costs, np.zeros(0)])

    def _rows(self) -> None:
        """Nothing without its switch, no day before the one before it, and the money there is."""
        offers = self.offers
        for at, option in enumerate(self.switched):
            self._add(0.0, [offers.count + at, option], [1.0, -1.0])
        for at, days in enumerate(self.days):
            for day in range(days - 1):
                column = int(self.first_day[at]) + day
                self._add(0.0, [column, column + 1], [1.0, -1.0])
        if self.spend is not None and self.price.size:
            # In shares of the budget; when there is none, whatever costs anything is out.
            share = self.price / self.spend if self.spend > 0 else np.where(self.price > 0, 1e6, 0.0)
            self._add(-1.0 if self.spend > 0 else 0.0, np.arange(self.price.size), -share)

    def _add(self, least: float, columns: Any, values: Any) -> None:
        """A row that is at least something."""
        index, value = np.asarray(columns, np.int32), np.asarray(values, np.float64)
        self.highs.addRow(least, INFINITY, index.size, index, value)

    def add(self, cut: Cut, further: tuple[Any, Any] = ((), ())) -> None:
        """Add a cut; a recovery that is shorter than it assumes makes it void. `further`: columns and their numbers."""
        saved, void = cut.saved * self.offers.most, self._void(cut)
        columns, values = np.arange(saved.size), saved
        if void is not None:
            columns, values = np.append(columns, void), np.append(values, max(cut.asked, 0.0))
        columns = np.concatenate([columns, self.first_further + np.asarray(further[0], np.int64)])
        values = np.concatenate([values, np.asarray(further[1], np.float64)])
        size = max(1e-300, float(values.max(initial=0.0)))
        # HiGHS drops very small numbers, so what options could do by them at most is taken off what is asked.
        small = values < SMALL * size
        asked = cut.asked - float(values[: saved.size][small[: saved.size]].sum())
        self._add(asked / size, columns[~small], values[~small] / size)

    def _void(self, cut: Cut) -> int | None:
        """The switch of the day that makes a cut void, if there is one."""
        where = np.flatnonzero(self.offers.recoveries == cut.recovery)
        if not where.size or cut.shorter >= self.days[int(where[0])]:
            return None
        return int(self.first_day[where[0]]) + cut.shorter

    def hold(self) -> None:
        """Keep the switches as they were in the last answer, so that only amounts are left to choose."""
        held = np.round(np.array(self.highs.getSolution().col_value)[self.whole])
        self.highs.changeColsBounds(self.whole.size, self.whole, held, held)

    def release(self) -> None:
        """Let the switches be chosen again."""
        self.highs.changeColsBounds(self.whole.size, self.whole, np.zeros(self.whole.size), np.ones(self.whole.size))

    def solve(self, whole: bool) -> Bought:
        """Solve it, with whole switches or (faster, and a bound too) with shares of them.

        Raises
        ------
        NoAnswer
            Whatever is bought, a cut cannot be kept.
        """
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        kinds = np.full(self.whole.size, int(kind), np.uint8)
        self.highs.changeColsIntegrality(self.whole.size, self.whole, kinds)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NoAnswer("no purchase closes what is exposed, within what the shields allow")
        columns, offers = np.array(self.highs.getSolution().col_value), self.offers
        units = np.clip(columns[: offers.count], 0.0, 1.0) * offers.most
        units[units < 1e-12 * offers.most] = 0.0
        if whole:
            switches = columns[offers.count : offers.count + self.switched.size]
            units[self.switched[switches < 0.5]] = 0.0
        for at, option in enumerate(offers.recoveries):
            switches = columns[self.first_day[at] : self.first_day[at + 1]]
            units[option] = float((switches > 1 - 1e-6).sum())
        information = self.highs.getInfo()
        value = information.objective_function_value
        bound = information.mip_dual_bound if whole and self.whole.size else value
        return Bought(units, value * self.scale, min(bound, value) * self.scale)
