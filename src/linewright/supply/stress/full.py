"""The whole network as one model that stays in HiGHS: an event changes bounds, and the last basis starts the next."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.supply.stress.balance import Balance
from linewright.supply.stress.programs import loss, survival, whole
from linewright.supply.stress.solver import Solved, Solver

EVENT = tuple[Any, Any, Any, Any]


class Full:
    """The whole model, kept from event to event."""

    def __init__(self, balance: Balance) -> None:
        self.balance = balance
        self.part = whole(balance)
        self.all_running = np.ones(balance.activities)
        self.all_room = np.ones(balance.rows)
        self.scale = day_of_margin(balance)
        self.solvers: dict[str, tuple[Solver, Any]] = {}

    def least_loss(self, event: EVENT, days: float) -> Solved:
        """The least loss in an event of so many days; its cost is in the currency, for the whole event."""
        solver, basis = self._solver("loss", days)
        inverse = self.balance.activities + self.part.wanted.size
        solver.highs.changeColBounds(inverse, 1 / days, 1 / days)
        solved = self._solve(solver, basis, event)
        factor = self.scale
        return Solved(solved.columns, solved.prices * factor, solved.cost * factor * days)

    def survives(self, event: EVENT, most_days: float) -> Solved:
        """The least `1 / days`, as its cost."""
        solver, basis = self._solver("survival", most_days)
        return self._solve(solver, basis, event)

    def _solve(self, solver: Solver, basis: Any, event: EVENT) -> Solved:
        """Switch an event on, solve from the basis without it, and switch it off again."""
        activities, flow, rows, room = event
        highs, balance = solver.highs, self.balance
        free = balance.room[rows] - self.part.asked[rows]
        for activity, share in zip(activities.tolist(), flow.tolist(), strict=True):
            highs.changeColBounds(activity, 0.0, share)
        for row, most in zip(rows.tolist(), (free - balance.room[rows] * (1 - room)).tolist(), strict=True):
            highs.changeRowBounds(row, -np.inf, most)
        highs.setBasis(basis)
        try:
            return solver.run()
        finally:
            for activity in activities.tolist():
                highs.changeColBounds(activity, 0.0, 1.0)
            for row, most in zip(rows.tolist(), free.tolist(), strict=True):
                highs.changeRowBounds(row, -np.inf, most)

    def _solver(self, task: str, days: float) -> tuple[Solver, Any]:
        """The model of a task and its basis without any event, made when it is first asked for."""
        if task not in self.solvers:
            solver = Solver()
            if task == "loss":
                program = loss(self.balance, self.part, self.all_running, self.all_room, days, self.scale)
            else:
                program = survival(self.balance, self.part, self.all_running, self.all_room, days)
            solver.solve(program)
            self.solvers[task] = solver, solver.highs.getBasis()
        return self.solvers[task]


def day_of_margin(balance: Balance) -> float:
    """The margin of all demand of a day, 1 where there is none."""
    return float(balance.margin @ balance.demand) or 1.0
