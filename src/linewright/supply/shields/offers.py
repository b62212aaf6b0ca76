"""Options as arrays: what a unit of each changes in the rows and rates of the stress test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.supply.network.arrays import Network
from linewright.supply.shields.options import CAPACITY, RECOVERY, SOURCE, STOCK, Option, checked, widened
from linewright.supply.stress.engine.balance import Balance
from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.proof import Prices

EVENT = tuple[Any, Any, Any, Any]


@dataclass(frozen=True)
class Offers:
    """Options beside the base plan of the network that has all further sources, none of them running yet.

    `stocks`, `sources`, `capacities` and `recoveries` are positions of options. `row` is the row of a stock or
    capacity, `activity` that of a source; `per_unit` is what a unit adds, in units of the row (for stock: days of it)
    or as a share of the rate. `most` is finite: no more than could ever serve.
    """

    options: tuple[Option, ...]
    base: Base
    stocks: Any
    sources: Any
    capacities: Any
    recoveries: Any
    row: Any
    activity: Any
    per_unit: Any
    cost: Any
    cost_per_unit: Any
    most: Any

    @classmethod
    def of(cls, network: Network, options: Sequence[Option], most_days: float) -> Offers:
        """Bring options into the units of the balance.

        Raises
        ------
        ModelError
            An option points nowhere, or its costs are negative.
        """
        checked(network, options)
        kinds = np.array([option.kind for option in options])
        at = np.array([option.at for option in options], np.int64)
        stocks, sources, capacities, recoveries = (
            np.flatnonzero(kinds == kind) for kind in (STOCK, SOURCE, CAPACITY, RECOVERY)
        )
        added = network.activities + np.arange(sources.size)
        base = Base.of(widened(network, options), most_days, idle=added)
        row, activity = np.full(at.size, -1), np.full(at.size, -1)
        row[stocks], row[capacities] = at[stocks], network.pools + at[capacities]
        activity[sources] = added
        per_unit = np.ones(at.size)
        per_unit[stocks], per_unit[capacities] = (
            1 / base.balance.unit[row[stocks]],
            1 / base.balance.unit[row[capacities]],
        )
        rate = base.balance.rate[added]
        per_unit[sources] = np.divide(1.0, rate, out=np.zeros(rate.size), where=rate > 0)
        most = np.minimum([option.most for option in options], _useful(base, stocks, sources, capacities, row, added))
        most[recoveries] = np.floor(np.minimum(most[recoveries], np.ceil(network.recover_days[at[recoveries]])))
        cost, cost_per_unit = (
            np.array([getattr(option, name) for option in options], np.float64) for name in ("cost", "cost_per_unit")
        )
        return cls(
            tuple(options), base, stocks, sources, capacities, recoveries, row, activity, per_unit, cost,
            cost_per_unit, most,
        )  # fmt: skip

    @property
    def count(self) -> int:
        """The number of options."""
        return len(self.options)

    def price_of(self, bought: Any) -> float:
        """What so many units of each cost."""
        return float(self.cost_per_unit @ bought + self.cost[bought > 0].sum())

    def with_bought(self, bought: Any) -> Base:
        """The base plan in the network that has more stock and capacity; it is as possible there."""
        balance = self.base.balance
        stock, room = balance.stock.copy(), balance.room.copy()
        np.add.at(stock, self.row[self.stocks], bought[self.stocks] * self.per_unit[self.stocks])
        np.add.at(room, self.row[self.capacities], bought[self.capacities] * self.per_unit[self.capacities])
        return replace(self.base, balance=replace(balance, stock=stock, room=room))

    def event(self, event: EVENT, bought: Any) -> EVENT:
        """An event in which the further sources run as far as they are bought."""
        activities, share, rows, room = event
        opened = np.minimum(1.0, bought[self.sources] * self.per_unit[self.sources])
        return (
            np.concatenate([activities, self.activity[self.sources]]), np.concatenate([share, opened]), rows, room,
        )  # fmt: skip

    def saved(self, prices: Prices, event: EVENT, days: float) -> Any:
        """What a unit of each option takes off the ask of a day at some prices, in a window of so many days."""
        balance = self.base.balance
        price, earning = np.zeros(balance.rows), np.zeros(balance.activities)
        price[prices.rows] = prices.price
        earning[prices.activities] = np.maximum(-prices.cost, 0.0)
        left = np.ones(balance.rows)
        left[event[2]] = event[3]
        saved = np.zeros(self.count)
        saved[self.stocks] = price[self.row[self.stocks]] / days
        saved[self.capacities] = (price * left)[self.row[self.capacities]]
        saved[self.sources] = earning[self.activity[self.sources]]
        return saved * self.per_unit


def _useful(base: Base, stocks: Any, sources: Any, capacities: Any, row: Any, added: Any) -> Any:
    """The most units of each option that could ever serve."""
    balance: Balance = base.balance
    most = np.full(row.size, np.inf)
    most[stocks] = balance.unit[row[stocks]] * base.most_days
    most[sources] = balance.rate[added]
    hours = np.abs(balance.by_row[row[capacities]]).sum(axis=1)
    most[capacities] = hours * balance.unit[row[capacities]]
    return most
