"""What elimination leaves, as a linear programme over thresholds, solved with HiGHS.

Column t[v, k] says whether choice v is at least k; z[v, w, k, l] says whether v is k and w is l, for each pair that has
a cost. Then v <= w becomes t[v, k] <= t[w, k] for all k, the z of one value add up to t[v, k] - t[v, k + 1], and all
costs are linear. Where every t and z of the optimum is 0 or 1, the programme has proven the optimum; where not, it is
split (branching.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.supply.buffers.branching import Branching
from linewright.supply.buffers.problem import Problem
from linewright.supply.silent import silent_highs

#: How far from a whole number a threshold may be and still count as one.
WHOLE = 1e-6
#: What the cost of the linear programme is scaled to, so that the solver's absolute tolerances mean little.
SCALE = 1e4


@dataclass(frozen=True)
class Programme:
    """Minimise ``cost @ x + offset`` with ``row_low <= A x <= row_high`` and ``0 <= x <= 1``; A by its entries.

    Thresholds come first, choice by choice: those of choice v are `first[v]:first[v + 1]` and belong to its values
    above `low[v]`.
    """

    choices: list[int]
    low: Any
    first: Any
    cost: Any
    offset: float
    row: Any
    column: Any
    entry: Any
    row_low: Any
    row_high: Any

    @property
    def thresholds(self) -> int:
        """The number of threshold columns."""
        return int(self.first[-1])

    def values(self, solution: Any) -> dict[int, int]:
        """The value of each choice: how many of its thresholds are passed."""
        passed = np.concatenate([[0], np.cumsum(np.round(solution[: self.thresholds]))])
        reached = self.low + (passed[self.first[1:]] - passed[self.first[:-1]]).astype(np.int64)
        return dict(zip(self.choices, reached.tolist(), strict=True))


@dataclass(frozen=True)
class Solved:
    """A solution of a programme, the least that any can cost, and whether it was whole by itself."""

    values: dict[int, int]
    value: float
    bound: float
    whole: bool
    nodes: int


class _Rows:
    """Entries of a sparse matrix, collected block by block."""

    def __init__(self) -> None:
        self.row: list[Any] = []
        self.column: list[Any] = []
        self.entry: list[Any] = []
        self.low: list[Any] = []
        self.high: list[Any] = []
        self.count = 0

    def block(self, low: Any, high: Any) -> Any:
        """Add rows and return their numbers."""
        numbers = np.arange(self.count, self.count + low.size)
        self.low.append(low)
        self.high.append(high)
        self.count += low.size
        return numbers

    def put(self, row: Any, column: Any, entry: float) -> None:
        """Add one entry in each of some rows."""
        self.row.append(row)
        self.column.append(column)
        self.entry.append(np.full(len(row), entry))


def programme(problem: Problem, choices: list[int]) -> Programme:
    """Write the choices that are left as a linear programme."""
    low, high = _domains(problem, choices)
    first = np.concatenate([[0], np.cumsum([high[at] - low[at] for at in choices])]).astype(np.int64)
    start = dict(zip(choices, first.tolist(), strict=False))
    rows, costs, offset = _Rows(), [np.zeros(0)], problem.fixed
    for choice in choices:
        single = problem.single[choice][low[choice] : high[choice] + 1]
        costs.append(np.diff(single))
        offset += float(single[0])
        if not problem.pair[choice]:
            size = high[choice] - low[choice]
            numbers = rows.block(np.zeros(max(0, size - 1)), np.full(max(0, size - 1), np.inf))
            rows.put(numbers, start[choice] + np.arange(numbers.size), 1.0)
            rows.put(numbers, start[choice] + np.arange(numbers.size) + 1, -1.0)
        for other in sorted(problem.above[choice]):
            _ordered(rows, choice, other, low, high, start)
    columns = int(first[-1])
    for choice in choices:
        for other in sorted(problem.pair[choice]):
            if choice < other:
                matrix = problem.pair[choice][other]
                matrix = matrix[low[choice] : high[choice] + 1, low[other] : high[other] + 1]
                one, two = np.nonzero(np.isfinite(matrix))
                cost = matrix[one, two]
                offset += float(cost.min())
                costs.append(cost - cost.min())
                _marginal(rows, one, columns, start[choice], matrix.shape[0])
                _marginal(rows, two, columns, start[other], matrix.shape[1])
                columns += cost.size
    return Programme(
        choices, np.array([low[at] for at in choices], np.int64), first, np.concatenate(costs), offset,
        np.concatenate(rows.row), np.concatenate(rows.column), np.concatenate(rows.entry),
        np.concatenate(rows.low), np.concatenate(rows.high),
    )  # fmt: skip


class Warm:
    """A solver that is kept, so that the next programme with the same rows starts from the optimum of this one."""

    def __init__(self) -> None:
        self.made: Programme | None = None
        self.solver: Any = None

    def ready(self, made: Programme, scale: float, seconds: float) -> Any:
        """The solver with a programme in it: only its costs are new, or all of it is."""
        last, self.made = self.made, made
        if last is not None and _same_rows(last, made):
            columns = np.arange(made.cost.size, dtype=np.int32)
            self.solver.changeColsCost(columns.size, columns, made.cost * scale)
        else:
            self.solver = _solver(made, scale, seconds)
            # Elimination has left nothing to presolve; doing it anyway takes longer than the dual simplex itself.
            self.solver.setOptionValue("presolve", "off")
        return self.solver


def solve(
    made: Programme, judge: Callable[[dict[int, int]], float], *, seconds: float = 600.0, warm: Warm | None = None
) -> Solved:
    """Solve a programme as it is, and by branching where that leaves fractions; `judge` prices values exactly."""
    scale = SCALE / max(1e-300, float(np.abs(made.cost).max(initial=0.0)))
    solver = (warm or Warm()).ready(made, scale, seconds)
    solver.run()
    found = solver.getSolution()
    solution = np.clip(np.array(found.col_value), 0.0, 1.0)
    bound = made.offset + least_cost(made, np.array(found.row_dual) / scale)[0]
    whole = np.abs(solution - np.round(solution)).max(initial=0.0) < WHOLE
    if whole and solver.getModelStatus().name == "kOptimal":
        return Solved(made.values(solution), made.offset + float(made.cost @ np.round(solution)), bound, True, 0)
    branching = Branching(made, _fresh(made, scale, seconds, solver.getBasis()), scale, judge)
    branching.search(seconds)
    return Solved(branching.values, branching.best, max(bound, branching.bound), False, branching.nodes)


def least_cost(made: Programme, dual: Any, low: Any = 0.0, high: Any = 1.0) -> tuple[float, Any]:
    """The least that any solution between limits can cost, from any prices of the rows (weak duality), less the offset.

    Prices that point to a missing side of a row are cut to 0; what is left of each column's cost is paid where
    it is negative (or its least is). So the figure is a bound whatever the solver did. What is left of the columns is
    returned too.
    """
    dual = np.where((dual > 0) & np.isneginf(made.row_low), 0.0, dual)
    dual = np.where((dual < 0) & np.isposinf(made.row_high), 0.0, dual)
    side = np.where(dual >= 0, np.where(np.isfinite(made.row_low), made.row_low, 0.0), made.row_high)
    side = np.where(np.isfinite(side), side, 0.0)
    rest = made.cost - np.bincount(made.column, made.entry * dual[made.row], minlength=made.cost.size)
    return float(dual @ side + np.where(rest < 0, rest * high, rest * low).sum()), rest


def _fresh(made: Programme, scale: float, seconds: float, basis: Any) -> Any:
    """A solver for branching, so that the limits it sets are not left in the one that is kept."""
    solver = _solver(made, scale, seconds)
    solver.setOptionValue("presolve", "off")
    solver.setBasis(basis)
    return solver


def _same_rows(one: Programme, other: Programme) -> bool:
    """Whether two programmes differ in their costs only."""
    names = ("row", "column", "entry", "row_low", "row_high", "low")
    return one.choices == other.choices and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in names
    )


def _solver(made: Programme, scale: float, seconds: float) -> Any:
    """HiGHS with the programme."""
    import highspy
    from scipy.sparse import csc_matrix

    matrix = csc_matrix((made.entry, (made.row, made.column)), shape=(made.row_low.size, made.cost.size))
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = made.cost.size, made.row_low.size
    programme.col_cost_ = made.cost * scale
    programme.col_lower_, programme.col_upper_ = np.zeros(made.cost.size), np.ones(made.cost.size)
    programme.row_lower_, programme.row_upper_ = made.row_low, made.row_high
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr
    programme.a_matrix_.index_ = matrix.indices
    programme.a_matrix_.value_ = matrix.data
    solver = silent_highs(time_limit=seconds)
    solver.passModel(programme)
    return solver


def _domains(problem: Problem, choices: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The least and the most allowed value of each choice, once orders and matrices have had their say."""
    low, high = {}, {}
    for choice in choices:
        allowed = np.isfinite(problem.single[choice])
        for matrix in problem.pair[choice].values():
            allowed = allowed & np.isfinite(matrix).any(axis=1)
        where = np.flatnonzero(allowed)
        low[choice], high[choice] = int(where[0]), int(where[-1])
    changed = True
    while changed:
        changed = False
        for choice in choices:
            for other in problem.above[choice]:
                if low[other] < low[choice] or high[choice] > high[other]:
                    low[other] = max(low[other], low[choice])
                    high[choice] = min(high[choice], high[other])
                    changed = True
    return low, high


def _ordered(
    rows: _Rows, choice: int, other: int, low: dict[int, int], high: dict[int, int], start: dict[int, int]
) -> None:
    """Wherever a choice passes a threshold, one that must be at least as much passes it too."""
    values = np.arange(max(low[choice], low[other]) + 1, high[choice] + 1)
    numbers = rows.block(np.zeros(values.size), np.full(values.size, np.inf))
    rows.put(numbers, start[other] + values - low[other] - 1, 1.0)
    rows.put(numbers, start[choice] + values - low[choice] - 1, -1.0)


def _marginal(rows: _Rows, value: Any, columns: int, start: int, size: int) -> None:
    """The z of one value add up to the difference of its two thresholds."""
    side = np.zeros(size)
    side[0] = -1.0
    numbers = rows.block(side, side)
    rows.put(numbers[value], columns + np.arange(value.size), -1.0)
    rows.put(numbers[1:], start + np.arange(size - 1), 1.0)
    rows.put(numbers[:-1], start + np.arange(size - 1), -1.0)
