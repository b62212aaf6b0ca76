"""The plan without any stop, from which every event departs.

Demand that cannot be met even then would hide what a stop changes: it is named, set aside, and the rest is tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.supply.network.arrays import Network
from linewright.supply.stress.engine.balance import Balance
from linewright.supply.stress.engine.programs import loss, whole
from linewright.supply.stress.engine.solver import Solver

#: A share of a day's demand that is lost by rounding only.
SMALLEST_LOSS = 1e-9
#: A part of a day's work that counts as nothing.
NOTHING = 1e-9


@dataclass(frozen=True)
class Base:
    """A plan that runs for `most_days`, and the balance of the demand that it serves.

    `running` is the share of its rate at which each activity runs, `used` what that takes of each row. `least` is the
    running of another plan, which leaves many activities idle. `unmet` is units a day of each pool's demand that
    nothing can serve for so long.
    """

    balance: Balance
    most_days: float
    running: Any
    used: Any
    least: Any
    unmet: Any

    @classmethod
    def of(cls, network: Network, most_days: float, idle: Any = ()) -> Base:
        """Plan without any stop, and without the activities that are `idle`.

        Of all plans that serve the same demand the most central one is taken, which an interior point method finds:
        it leaves something of every rate, room and pool, so that most stops are answered nearby.
        """
        balance = Balance.of(network)
        part = whole(balance)
        one, room = np.ones(balance.activities), np.ones(balance.rows)
        one[np.asarray(idle, np.int64)] = 0.0
        corner = Solver(presolve=True).solve(loss(balance, part, one, room, most_days, day_of_margin(balance)))
        share = np.zeros(balance.rows)
        share[part.wanted] = corner.columns[balance.activities : -2]
        share[share < SMALLEST_LOSS] = 0.0
        served = replace(balance, demand=balance.demand * (1 - share))
        least = np.clip(corner.columns[: balance.activities], 0.0, 1.0)
        running = central(served, most_days, one)
        if running is None:
            running = least
        unmet = (balance.demand * share * balance.unit)[: balance.pools]
        return cls(served, most_days, running, served.matrix @ running, least, unmet)

    @property
    def scale(self) -> float:
        """The margin of all served demand of a day, 1 where there is none."""
        return day_of_margin(self.balance)

    def needs(self, event: tuple[Any, Any, Any, Any]) -> bool:
        """Whether an event takes something that both plans use."""
        activities, flow, rows, room = event
        return all(
            bool((running[activities] > flow + NOTHING).any())
            or bool((self.balance.by_row[rows] @ running > self.balance.room[rows] * room + NOTHING).any())
            for running in (self.running, self.least)
        )


def central(balance: Balance, most_days: float, one: Any) -> Any:
    """A plan in the middle of all that serve the whole demand, or None where rounding would break a row.

    `one` is the most that each activity may run.
    """
    part, room = whole(balance), np.ones(balance.rows)
    program = loss(balance, part, one, room, most_days, day_of_margin(balance))
    solved = Solver(central=True).attempt(program)
    if solved is None:
        return None
    running = np.clip(solved.columns[: balance.activities], 0.0, one)
    over = balance.matrix @ running - balance.room + balance.demand - balance.stock / most_days
    return running if over.max(initial=0.0) <= NOTHING else None


def day_of_margin(balance: Balance) -> float:
    """The margin of all demand of a day, 1 where there is none."""
    return float(balance.margin @ balance.demand) or 1.0
