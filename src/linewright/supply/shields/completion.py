"""What is missing so that one event is survived: the cheapest purchases on top of what is bought already.

Its prices are those of the cheapest way out, so they give the deepest cut for the master: for one event alone, the
first cut says already what its survival costs at least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.supply.shields.offers import EVENT, Offers
from linewright.supply.stress.engine import proof
from linewright.supply.stress.engine.grow import joining, shares_left
from linewright.supply.stress.engine.programs import Part, loss, part_of
from linewright.supply.stress.engine.solver import Program, Solved, Solver

#: To lose a day's demand of one pool is so many times as expensive as to buy all that could help.
FORBIDDEN = 100.0
#: A smaller part of all that is offered, or of a day's demand, is rounding.
FREE = 1e-8
#: What is cheaper than this share of a middling purchase costs as much here, so that proofs rest on prices.
LEAST_PRICE = 1e-4


@dataclass(frozen=True)
class Cut:
    """`saved @ bought >= asked`, or one of the recoveries is shorter by more than `shorter` days (-1: by none)."""

    saved: Any
    asked: float
    recovery: int = -1
    shorter: int = 0


@dataclass(frozen=True)
class Missing:
    """What one event lacks: units of each option, and what is still lost when all is bought; the cut says so."""

    units: Any
    lost: float
    cut: Cut | None


class Completion:
    """Finds what is missing, event by event, in regions that grow as in the stress test."""

    def __init__(self, offers: Offers) -> None:
        self.offers = offers
        self.solver = Solver()
        fixed = np.divide(offers.cost, offers.most, out=np.zeros(offers.count), where=offers.most > 0)
        #: What a unit costs when all of an option is bought: never more than what it really costs.
        self.unit_cost = offers.cost_per_unit + fixed

    def of(self, event: EVENT, days: float, bought: Any, region: Any) -> tuple[Missing, Any]:
        """What an event of so many days lacks when some units are bought; and the region that proves it."""
        offers, base = self.offers, self.offers.with_bought(bought)
        now, idle = offers.event(event, bought), offers.event(event, np.zeros(offers.count))
        while True:
            part = part_of(base.balance, base.running, base.used, region)
            flow, room = shares_left(part, now)
            calm = loss(base.balance, part, flow, room, days, 1.0)
            buying, program = self._program(part, calm, event, days, bought)
            solved = self.solver.solve(program)
            missing = self._missing(part, solved, buying)
            bought_more = solved.columns[solved.columns.size - buying[0].size :].max(initial=0.0)
            if max(bought_more, missing.lost) <= FREE:
                return missing, region
            prices = proof.priced(offers.base.balance, part.rows, solved.prices)
            gain = proof.stopped_gain(offers.base.balance, prices, idle)
            saved = offers.saved(prices, event, days)
            asked = prices.earned + gain - prices.noise - prices.held / days
            outside = joining(base, prices, part)
            if asked - saved @ bought > 0.99 * solved.cost or not outside.size:
                return replace(missing, cut=Cut(saved, asked)), region
            region = np.union1d(region, outside)

    def _missing(self, part: Part, solved: Solved, buying: tuple[Any, Any]) -> Missing:
        """Read a solution."""
        options, full = buying
        units = np.zeros(self.offers.count)
        units[options] = solved.columns[solved.columns.size - options.size :] * full
        lost = float(solved.columns[part.activities.size :][: part.wanted.size].sum())
        return Missing(units, lost, None)

    def _program(
        self, part: Part, program: Program, event: EVENT, days: float, bought: Any
    ) -> tuple[tuple[Any, Any], Program]:
        """The program of the least loss with a column for each option that touches the part, all of it at 1."""
        offers, last = self.offers, program.first[-1]
        rows, at_row = self._in_part(part.rows, offers.row)
        sources, at_source = self._in_part(part.activities, offers.activity)
        options = np.concatenate([rows, sources])
        full = np.maximum(offers.most[options] - bought[options], 0.0)
        left = np.ones(offers.base.balance.rows)
        left[event[2]] = event[3]
        per_unit = offers.per_unit[options] * full
        added = per_unit[: rows.size] * np.where(
            offers.row[rows] < offers.base.balance.pools, 1 / days, left[offers.row[rows]]
        )
        begin = part.first[at_source]
        counts = part.first[at_source + 1] - begin
        entries = np.arange(counts.sum()) + np.repeat(begin - np.cumsum(counts) + counts, counts)
        lengths = np.concatenate([np.ones(rows.size, np.int64), counts])
        price = self.unit_cost[options] * full
        middling = float(np.median(price[price > 0])) if (price > 0).any() else 1.0
        cost = program.cost.copy()
        cost[part.activities.size : part.activities.size + part.wanted.size] = FORBIDDEN * (1 + price.sum() / middling)
        return (options, full), Program(
            cost=np.concatenate([cost, np.maximum(price / middling, LEAST_PRICE)]),
            lower=np.concatenate([program.lower, np.zeros(options.size)]),
            upper=np.concatenate([program.upper, np.ones(options.size)]),
            first=np.concatenate([program.first, last + np.cumsum(lengths)]).astype(np.int32),
            row=np.concatenate([program.row, at_row, part.row[entries]]).astype(np.int32),
            value=np.concatenate(
                [program.value, -added, part.value[entries] * np.repeat(per_unit[rows.size :], counts)]
            ),
            most=program.most,
        )

    @staticmethod
    def _in_part(some: Any, wanted: Any) -> tuple[Any, Any]:
        """The options whose row or activity is in a part, and where."""
        at = np.minimum(np.searchsorted(some, wanted), some.size - 1)
        here = np.flatnonzero((some[at] == wanted) & (wanted >= 0))
        return here, at[here]
