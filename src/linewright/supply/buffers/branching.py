"""Split a programme whose optimum is not whole, until the best known placement is proven.

Branch and bound (Land & Doig, *Econometrica* 28(3):497-520, 1960): a threshold that is neither 0 nor 1 is set to each
in turn. The next programme starts from the basis of the last one, of which only limits have changed. Every node's
solution is also rounded to a placement, which is priced exactly; nodes that cannot be better than the best are not
split.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from linewright.supply.buffers.linear import Programme

#: Share of the best cost below which a better placement is not looked for.
CLOSE = 1e-8
#: Where thresholds are cut to make a placement of a solution.
CUTS = (0.5, 0.01, 0.99, 0.25, 0.75)
WHOLE = 1e-6


class Branching:
    """The search over the nodes of one programme.

    `judge` prices the values of the choices; `best` and `values` are the cheapest so far, `bound` what is proven.
    """

    def __init__(self, made: Programme, solver: Any, scale: float, judge: Callable[[dict[int, int]], float]) -> None:
        self.made, self.solver, self.scale, self.judge = made, solver, scale, judge
        size = made.cost.size
        self.low, self.high = np.zeros(size), np.ones(size)
        self.all = np.arange(size, dtype=np.int32)
        self.best, self.values = np.inf, dict[int, int]()
        self.bound, self.nodes = -np.inf, 0
        self.root: tuple[float, Any] = (-np.inf, np.zeros(size))

    def search(self, seconds: float) -> None:
        """Split until nothing is left that could be cheaper, or the time is over."""
        until = time.monotonic() + seconds
        # Each open node: its parent's bound, and the limits of the thresholds.
        thresholds = self.made.thresholds
        stack = [(-np.inf, self.low[:thresholds].copy(), self.high[:thresholds].copy())]
        closed = np.inf
        while stack:
            if self.nodes and time.monotonic() > until:
                break
            known, low, high = stack.pop()
            if known >= self._enough():
                closed = min(closed, known)
                continue
            bound, solution = self._solved(low, high)
            bound = max(bound, known)
            if solution is None or bound >= self._enough():
                closed = min(closed, bound)
                continue
            parts = self._split(solution, low, high)
            if not parts:
                closed = min(closed, bound)
            stack += [(bound, *part) for part in parts]
        self.bound = min([closed, self.best, *(known for known, _, _ in stack)])

    def _enough(self) -> float:
        """The cost from which on a node is not worth splitting."""
        return self.best - CLOSE * abs(self.best) if np.isfinite(self.best) else np.inf

    def _solved(self, low: Any, high: Any) -> tuple[float, Any]:
        """The bound and the solution of a node, no solution where it has none."""
        from linewright.supply.buffers.linear import least_cost

        thresholds = self.made.thresholds
        self.low[:thresholds], self.high[:thresholds] = low, high
        self.solver.changeColsBounds(self.all.size, self.all, self.low, self.high)
        self.solver.run()
        self.nodes += 1
        if self.solver.getModelStatus().name == "kInfeasible":
            return np.inf, None
        found = self.solver.getSolution()
        dual = np.array(found.row_dual) / self.scale
        least, rest = least_cost(self.made, dual, self.low, self.high)
        bound = self.made.offset + least
        if self.nodes == 1:
            self.root = bound, rest
        solution = np.clip(np.array(found.col_value), 0.0, 1.0)
        for cut in CUTS if self.nodes == 1 or self.nodes % 10 == 0 else CUTS[:1]:
            self._try(solution, cut)
        # What would lift this node's bound over the best cost by itself, no better placement below it has.
        slack = max(0.0, self.best - bound)
        high[rest[:thresholds] > slack] = 0.0
        low[-rest[:thresholds] > slack] = 1.0
        return bound, solution

    def _try(self, solution: Any, cut: float) -> None:
        """Price the placement that follows from a solution when its thresholds are cut somewhere."""
        values = self.made.values((solution >= cut).astype(np.float64))
        cost = self.judge(values)
        if cost < self.best:
            self.best, self.values = cost, values
            bound, rest = self.root
            self.high[rest > max(0.0, cost - bound)] = 0.0

    def _split(self, solution: Any, low: Any, high: Any) -> list[tuple[Any, Any]]:
        """Two nodes without the undecided middle of one choice, the more likely one last; none if all is whole."""
        part = solution[: self.made.thresholds]
        undecided = np.minimum(part, 1 - part)
        if undecided.max(initial=0.0) <= WHOLE:
            return []
        owner = np.repeat(np.arange(len(self.made.choices)), np.diff(self.made.first))
        choice = int(np.bincount(owner, undecided, minlength=len(self.made.choices)).argmax())
        first, last = int(self.made.first[choice]), int(self.made.first[choice + 1])
        at = first + int(undecided[first:last].argmax())
        less, more = (low.copy(), high.copy()), (low.copy(), high.copy())
        less[1][at:last] = 0.0
        more[0][first : at + 1] = 1.0
        return [less, more] if part[at] >= 0.5 else [more, less]
