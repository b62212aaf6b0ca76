"""The two questions that an event raises, each with its program and its bounds: how long, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from linewright.supply.stress.engine import proof
from linewright.supply.stress.engine.balance import Balance
from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.programs import GIVEN_UP, Part, loss, survival
from linewright.supply.stress.engine.solver import Program, Solved, Solver

#: Days, and shares of the margin of a thousandth of a day, that count as equal.
CLOSE = 1e-7
#: A smaller part given up is rounding.
GIVEN_UP_LEAST = 1e-9


class Question(Protocol):
    """Something to ask about an event."""

    def program(self, part: Part, flow: Any, room: Any) -> Program:
        """The linear program of a part of the network, with the shares that the event leaves of it."""
        ...

    def settle(self, solver: Solver, solved: Solved) -> Solved:
        """Look again where the first answer of the solver decides nothing."""
        ...

    def bounds(self, solved: Solved, prices: proof.Prices, gain: float) -> tuple[float, float]:
        """What a solved program proves: a lower and an upper bound."""
        ...

    def close(self, lower: float, upper: float) -> bool:
        """Whether two bounds are equal for all purposes."""
        ...

    @property
    def currency(self) -> float:
        """What the prices of the program have to be multiplied with."""
        ...

    @property
    def window(self) -> tuple[float, float]:
        """The least and the most that 1 / days may be."""
        ...


@dataclass(frozen=True)
class HowLong:
    """How many days are survived without a loss: the plan proves that many, the prices that it cannot be more."""

    base: Base
    currency: float = 1.0

    @property
    def window(self) -> tuple[float, float]:
        """From the longest window on, every one."""
        return 1 / self.base.most_days, GIVEN_UP

    def program(self, part: Part, flow: Any, room: Any) -> Program:
        """Minimise 1 / days."""
        return survival(self.base.balance, part, flow, room, self.base.most_days)

    def settle(self, solver: Solver, solved: Solved) -> Solved:
        """Where something was given up, see whether that must be: its prices alone prove that no time is survived.

        If it need not be, giving up was cheaper than a very short window, and is forbidden.
        """
        given_up = solved.columns.size - 1
        if solved.columns[given_up] <= GIVEN_UP_LEAST:
            return solved
        solver.highs.changeColCost(given_up - 1, 0.0)
        solver.highs.changeColCost(given_up, 1.0)
        settled = solver.run()
        solver.highs.changeColCost(given_up - 1, 1.0)
        solver.highs.changeColCost(given_up, GIVEN_UP)
        if settled.columns[given_up] > GIVEN_UP_LEAST:
            return settled
        solver.highs.changeColBounds(given_up, 0.0, 0.0)
        settled = solver.run()
        solver.highs.changeColBounds(given_up, 0.0, 1.0)
        return settled

    def bounds(self, solved: Solved, prices: proof.Prices, gain: float) -> tuple[float, float]:
        """Days; none when the plan had to give something up."""
        inverse, given_up = solved.columns[-2:]
        days = 0.0 if given_up > GIVEN_UP_LEAST else min(self.base.most_days, 1 / float(inverse))
        return days, proof.longest(prices, gain, self.base.most_days)

    def close(self, lower: float, upper: float) -> bool:
        """Equal to a hundredth of a second, or that share of the days."""
        return upper - lower <= CLOSE * (1 + lower)


@dataclass(frozen=True)
class HowMuch:
    """The least loss of an event of so many days: the prices prove that much, the plan that it is not more."""

    base: Base
    days: float

    @property
    def currency(self) -> float:
        """The margin of a day, by which the program's costs are divided."""
        return self.base.scale

    @property
    def window(self) -> tuple[float, float]:
        """No other window."""
        return 1 / self.days, 1 / self.days

    @property
    def _balance(self) -> Balance:
        return self.base.balance

    def program(self, part: Part, flow: Any, room: Any) -> Program:
        """Minimise the loss of a day."""
        return loss(self._balance, part, flow, room, self.days, self.currency)

    def settle(self, solver: Solver, solved: Solved) -> Solved:
        """The answer as it is: something can always be lost."""
        return solved

    def bounds(self, solved: Solved, prices: proof.Prices, gain: float) -> tuple[float, float]:
        """Currency, for all of the days."""
        upper = max(0.0, solved.cost * self.currency * self.days)
        return proof.least_loss(self._balance, prices, gain, self.days), upper

    def close(self, lower: float, upper: float) -> bool:
        """Equal to a share of the loss, or of the margin of a thousandth of a day."""
        return upper - lower <= CLOSE * max(self.currency * 1e-3, lower)
