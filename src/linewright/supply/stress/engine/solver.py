"""Linear programs as arrays, and one quiet HiGHS that solves them one after another on one thread.

Presolve is off: it throws a starting basis away. Statuses are not believed by themselves: whoever uses an answer bounds
it from both sides with arithmetic of its own (`proof.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from linewright.errors import NoAnswer
from linewright.supply.silent import silent_highs

INFINITY = highspy.kHighsInf
#: How far a row may be off, in its own unit.
TOLERANCE = 1e-9
#: What to try when HiGHS finds no optimum: its statuses are wrong now and then, in one method or the other.
OTHER_WAYS: tuple[Mapping[str, Any], ...] = (
    {},
    {"presolve": "on", "simplex_scale_strategy": 0},
    {"presolve": "on", "solver": "ipm", "run_crossover": "on"},
)


@dataclass(frozen=True)
class Program:
    """Minimise `cost @ x`, with `matrix @ x <= most` and `lower <= x <= upper`.

    The matrix is by columns: column c has the rows `row[first[c]:first[c + 1]]` with the numbers of `value` there.
    """

    cost: Any
    lower: Any
    upper: Any
    first: Any
    row: Any
    value: Any
    most: Any

    def pass_to(self, highs: highspy.Highs) -> None:
        """Hand it to HiGHS, array by array, which is several times as quick as through its record of a program."""
        columns, rows = self.cost.size, self.most.size
        by_column, minimise = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
        highs.passModel(
            columns, rows, self.value.size, by_column, minimise, 0.0, self.cost, self.lower, self.upper,
            np.full(rows, -INFINITY), self.most, self.first, self.row, self.value, np.zeros(columns, np.int32),
        )  # fmt: skip


@dataclass(frozen=True)
class Solved:
    """The columns of an optimal answer, and how much a unit more on the right of each row would save (0 or more)."""

    columns: Any
    prices: Any
    cost: float


class Solver:
    """One HiGHS object; it keeps the model that it was given last, so that changes to it start warm.

    `central` asks for the interior point method without crossover, which ends in the middle of all optimal answers.
    """

    def __init__(self, presolve: bool = False, central: bool = False) -> None:
        self.highs = silent_highs()
        self._set({"presolve": "on" if presolve else "off", "solver": "ipm" if central else "simplex"})
        self._set({"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE})
        if central:
            self._set({"run_crossover": "off"})

    def solve(self, program: Program) -> Solved:
        """Solve a new program.

        Raises
        ------
        NoAnswer
            HiGHS found no optimum, even from the beginning.
        """
        program.pass_to(self.highs)
        return self.run()

    def attempt(self, program: Program) -> Solved | None:
        """Solve a new program, or return None."""
        try:
            return self.solve(program)
        except NoAnswer:
            return None

    def run(self) -> Solved:
        """Solve the model as it is now, from the last basis; when that fails, from the beginning, and in other ways."""
        self.highs.run()
        for options in OTHER_WAYS:
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                break
            kept = {name: self.highs.getOptionValue(name)[1] for name in options}
            self._set(options)
            self.highs.clearSolver()
            self.highs.run()
            self._set(kept)
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NoAnswer(f"the linear program of the supply network has no optimum: {status.name[1:].lower()}")
        solution = self.highs.getSolution()
        prices = np.maximum(-np.array(solution.row_dual), 0.0)
        return Solved(np.array(solution.col_value), prices, self.highs.getInfo().objective_function_value)

    def _set(self, options: Mapping[str, Any]) -> None:
        """Set some of HiGHS's options."""
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
