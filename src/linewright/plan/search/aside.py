"""An exact solver on a thread of its own, beside the search: it proves, and now and then it finds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.model.results import Weights
    from linewright.plan.exact import ExactAnswer
    from linewright.shop.arrays import Shop

#: Longer than anybody waits; the search ends the solver.
NO_LIMIT_SECONDS = 1e9
#: How long to wait before a solver that has not heard yet is told again to stop.
STOP_SECONDS = 0.05


class Aside:
    """Constraint programming with one worker, begun with a known plan and stopped when the search ends."""

    def __init__(self, shop: Shop, weights: Weights, objective: str, seed: int) -> None:
        self.shop, self.weights, self.objective, self.seed = shop, weights, objective, seed
        self.answers: SimpleQueue[ExactAnswer] = SimpleQueue()
        self.thread: threading.Thread | None = None
        self.ended = threading.Event()
        self.halt: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        """Whether it takes a core now."""
        return self.thread is not None and self.thread.is_alive()

    def begin(self, hint: Any, at_most: float | None) -> None:
        """Start from a known plan, once."""
        if self.thread is None:
            self.thread = threading.Thread(target=self._solve, args=(hint, at_most), daemon=True)
            self.thread.start()

    def news(self) -> list[ExactAnswer]:
        """What was found since the last call; the last answer of all carries what is proven."""
        found = []
        while True:
            try:
                found.append(self.answers.get_nowait())
            except Empty:
                return found

    def end(self) -> None:
        """Stop the solver and wait for its last answer."""
        self.ended.set()
        # A solver that has not begun yet takes no order to stop, so it is told until it has ended.
        while self.busy and self.thread is not None:
            if self.halt is not None:
                self.halt()
            self.thread.join(STOP_SECONDS)

    def _solve(self, hint: Any, at_most: float | None) -> None:
        from linewright.plan.exact import solve_exact

        answer = solve_exact(
            self.shop, self.weights, self.objective, stop_seconds=NO_LIMIT_SECONDS, workers=1, seed=self.seed,
            hint=hint, at_most=at_most, on_better=self._better, on_start=self._started,
        )  # fmt: skip
        if answer is not None:
            self.answers.put(answer)

    def _started(self, halt: Callable[[], None]) -> None:
        self.halt = halt
        if self.ended.is_set():
            halt()

    def _better(self, answer: ExactAnswer) -> bool:
        self.answers.put(answer)
        return self.ended.is_set()
