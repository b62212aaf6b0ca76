"""Bounds by arithmetic alone: what prices prove, and whether a plan keeps every row.

Weak duality: for any prices of the rows that are not negative, what all activities could earn at most is a bound,
whoever found the prices and however roughly. So no tolerance or status of a solver is part of a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.supply.stress.engine.balance import Balance
from linewright.supply.stress.engine.programs import Part
from linewright.supply.stress.engine.solver import Program

#: Rounding of a sum, as a share of all that was added.
NOISE = 1e-12


@dataclass(frozen=True)
class Prices:
    """Prices of some rows, and what each activity that touches them would lose by running at its full rate.

    `earned` is what a day asks of the rows at these prices, less the room of groups and the best that the activities
    can do without any stop; `held` is the worth of the stock. `noise` is what the sums may be off by.
    """

    rows: Any
    price: Any
    activities: Any
    cost: Any
    earned: float
    held: float
    noise: float


def priced(balance: Balance, rows: Any, price: Any) -> Prices:
    """Add up what prices of rows mean for all activities."""
    worth = price > 0
    rows, price = rows[worth], price[worth]
    matrix = balance.by_row
    counts = matrix.indptr[rows + 1] - matrix.indptr[rows]
    first = np.cumsum(counts) - counts
    at = np.arange(counts.sum()) + np.repeat(matrix.indptr[rows] - first, counts)
    touched = np.zeros(balance.activities, bool)
    touched[matrix.indices[at]] = True
    activities = np.flatnonzero(touched)
    cost = np.bincount(matrix.indices[at], matrix.data[at] * np.repeat(price, counts), balance.activities)[activities]
    asked = balance.demand[rows] - balance.room[rows]
    earned = float(price @ asked + np.minimum(cost, 0.0).sum())
    noise = NOISE * float(price @ (balance.demand[rows] + balance.room[rows]) + np.abs(cost).sum())
    return Prices(rows, price, activities, cost, earned, float(price @ balance.stock[rows]), noise)


def stopped_gain(balance: Balance, prices: Prices, event: tuple[Any, Any, Any, Any]) -> float:
    """How much more a day asks when an event takes its part of rates and rooms away."""
    activities, flow, rows, room = event
    gain = 0.0
    if activities.size and prices.activities.size:
        at = np.minimum(np.searchsorted(prices.activities, activities), prices.activities.size - 1)
        cost = np.where(prices.activities[at] == activities, prices.cost[at], 0.0)
        gain += float(np.maximum(-cost, 0.0) @ (1 - flow))
    if rows.size and prices.rows.size:
        at = np.minimum(np.searchsorted(prices.rows, rows), prices.rows.size - 1)
        price = np.where(prices.rows[at] == rows, prices.price[at], 0.0)
        gain += float((price * balance.room[rows]) @ (1 - room))
    return gain


def longest(prices: Prices, gain: float, most_days: float) -> float:
    """No event that adds `gain` is survived for more days than this."""
    asked = prices.earned + gain - prices.noise
    return min(most_days, prices.held / asked) if asked > 0 else most_days


def line(balance: Balance, prices: Prices, gain: float) -> tuple[float, float]:
    """The slope (currency a day) and start (currency) of a line that no loss of an event that adds `gain` is below.

    Prices are currency for a row unit. A demand that costs less to lose than its price is rather lost.
    """
    too_dear = np.maximum(prices.price - balance.margin[prices.rows], 0.0) @ balance.demand[prices.rows]
    return float(prices.earned + gain - too_dear - prices.noise), -prices.held


def least_loss(balance: Balance, prices: Prices, gain: float, days: float) -> float:
    """No event that adds `gain` and lasts so long costs less than this."""
    slope, start = line(balance, prices, gain)
    return max(0.0, slope * days + start)


def excess(part: Part, program: Program, columns: Any) -> float:
    """By how much a plan breaks a bound or a row of its program, in row units.

    Rows that the part does not touch are as in the base plan, which keeps them with a longer window and so less stock.
    """
    counts = np.diff(program.first)
    used = np.bincount(program.row, program.value * np.repeat(columns, counts), minlength=part.rows.size)
    over = float((used - program.most).max(initial=0.0))
    return max(over, float(np.maximum(program.lower - columns, columns - program.upper).max(initial=0.0)))
