"""The whole network as one model that stays in HiGHS: an event changes bounds, and the basis without any starts it."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.programs import whole
from linewright.supply.stress.engine.questions import Question
from linewright.supply.stress.engine.solver import Solved, Solver


class Full:
    """The whole model of each kind of question, kept from event to event."""

    def __init__(self, base: Base) -> None:
        self.part = whole(base.balance)
        self._room = base.balance.room
        self._kept: dict[type[Question], tuple[Solver, Any, Any]] = {}

    def ask(self, question: Question, event: tuple[Any, Any, Any, Any]) -> Solved:
        """Solve the question for an event: switch it on, start from the basis without it, switch it off again."""
        solver, basis, most = self._solver(question)
        activities, flow, rows, room = event
        highs = solver.highs
        self._bound(highs, activities, flow, rows, most[rows] - self._room[rows] * (1 - room))
        highs.changeColBounds(highs.getNumCol() - 2, *question.window)
        highs.setBasis(basis)
        try:
            return question.settle(solver, solver.run())
        finally:
            self._bound(highs, activities, np.ones(activities.size), rows, most[rows])

    @staticmethod
    def _bound(highs: Any, activities: Any, flow: Any, rows: Any, most: Any) -> None:
        """Set the most that activities may run, and the right sides of rows."""
        for activity, share in zip(activities.tolist(), flow.tolist(), strict=True):
            highs.changeColBounds(activity, 0.0, share)
        for row, right in zip(rows.tolist(), most.tolist(), strict=True):
            highs.changeRowBounds(row, -np.inf, right)

    def _solver(self, question: Question) -> tuple[Solver, Any, Any]:
        """The model of a kind of question, its basis and right sides without any event, made when first asked for."""
        kind = type(question)
        if kind not in self._kept:
            solver = Solver()
            program = question.program(self.part, np.ones(self.part.activities.size), np.ones(self.part.rows.size))
            solver.solve(program)
            self._kept[kind] = solver, solver.highs.getBasis(), program.most
        return self._kept[kind]
