"""The search as a whole: dispatch rules for a first plan at once, then whatever pays off while running.

Two ways to improve take turns: changing the order of work around what expensive orders wait for, which is best on
small shops, and dispatching anew with shaken job priorities, which is best on large ones. The way that gained more
per plan tried gets more turns. Everything depends on rounds and seed alone, never on the clock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.model.ports import Progress
from linewright.plan.search.dispatch import dispatch, tails
from linewright.plan.search.improve import MEMORY, copy_choice, improve, set_seed, value_of
from linewright.plan.stop import rounds_of
from linewright.shop.evaluate import PARTS, evaluate
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.state import Choice, State, new_state
from linewright.shop.timetable import timetable

if TYPE_CHECKING:
    from linewright.model.ports import Clock, Stop, Watcher
    from linewright.shop.arrays import Arrays, Shop

#: Scaling parameters of the ATCS rule (due-date and setup look-ahead) that are tried first.
GRID = tuple((urgency, setup) for urgency in (2.0, 0.5, 8.0, 30.0) for setup in (0.5, 2.0, 0.1))


@dataclass
class Search:
    """One search: the shop, its weights, and the best choice so far."""

    shop: Shop
    weights: Any
    move_cost: float
    seed: int
    bound: float
    stop: Stop
    clock: Clock
    watch: Watcher | None = None
    rounds: int = 0
    since_better: int = 0
    best_value: float = float("inf")
    interrupted: bool = False
    block: int = 16
    started: float = field(default=0.0, init=False)

    def run(self) -> Choice:
        """Search until told to stop, and return the best choice; Ctrl-C keeps the best so far.

        Raises
        ------
        NoAnswer
            Not even the first rule finds room for every operation.
        """
        if not hasattr(self, "arrays"):
            self.started = self.clock.seconds()
            self._prepare()
        with contextlib.suppress(_Enough):
            try:
                if not self.rounds:
                    self._first_plans()
                self._take_turns()
            except KeyboardInterrupt:
                if self.best_value == float("inf"):
                    raise
                self.interrupted = True
        return self.best

    def consider(self, order: Any, mode: Any, start: Any) -> None:
        """Time an order of work that somebody else found, as early as it goes and as it stands; keep what is best."""
        for hold in (0, start):
            self.trial.order[:], self.trial.mode[:] = order, mode
            self.trial.load[:], self.trial.hold[:] = self.best.load, hold
            self._judge()

    def progress(self) -> Progress:
        """How far the search is."""
        return Progress(
            rounds=self.rounds,
            seconds=self.clock.seconds() - self.started,
            best=self.best_value,
            bound=self.bound,
            rounds_since_better=self.since_better,
        )

    def best_starts(self) -> Any:
        """The work of the best choice, by operation: its start, end and mode."""
        timetable(self.arrays, self._first, self._best_packed)
        return self.first_state.work[:-1].copy()

    def _prepare(self) -> None:
        size = self.shop.size
        self.arrays = packed(self.shop.arrays)
        self.first_state, self.second_state = new_state(self.shop.arrays), new_state(self.shop.arrays)
        self._first, self._second = packed(self.first_state), packed(self.second_state)
        self.best, self.current, self.trial = (_empty(size) for _ in range(3))
        self._best_packed, self._current_packed, self._trial_packed = map(packed, (self.best, self.current, self.trial))
        self.tail = tails(self.arrays, topological(self.arrays))
        operations = self.shop.arrays.operations[:-1]
        self.pinned = np.flatnonzero(operations.pin >= 0)
        runs = self.shop.arrays.modes.run
        setups = self.shop.arrays.switches.seconds
        self.mean_run = float(runs.mean()) if runs.size else 1.0
        self.mean_changeover = float(setups[setups > 0].mean()) if (setups > 0).any() else 1.0
        self.unbiased = np.ones(len(self.shop.job_names))
        set_seed(self.seed)
        self.random = np.random.default_rng(self.seed)

    def _first_plans(self) -> None:
        """What the earlier plan did, where there is one, and every rule of the grid once."""
        self.rules: list[tuple[float, tuple[float, float]]] = []
        self._stay()
        for rule in GRID:
            value = self._dispatch(rule, self.unbiased)
            self.rules.append((value, rule))
            if self.best_value == float("inf"):
                raise NoAnswer(*_no_room(self.shop, self.first_state))
            self._report(1)
        self.rules.sort()

    def _stay(self) -> None:
        """Keep the order and the machines of an earlier plan; new operations come when they can.

        Loads of an oven are not kept: dispatch forms them anew.
        """
        operations, arrays = self.shop.arrays.operations[:-1], self.shop.arrays
        known = operations.earlier_machine >= 0
        if not known.any() or arrays.machines.batch[:-1].any():
            return
        self.trial.order[:] = ordered_by(arrays, np.where(known, operations.earlier_start, np.iinfo(np.int64).max))
        self.trial.load[:], self.trial.hold[:], self.trial.mode[:] = -1, 0, -1
        kept = np.flatnonzero(arrays.modes.machine == operations.earlier_machine[arrays.modes.operation])
        self.trial.mode[arrays.modes.operation[kept[::-1]]] = kept[::-1]
        self._judge()

    def _dispatch(self, rule: tuple[float, float], bias: Any) -> float:
        """Dispatch once into the trial choice and judge it; returns its value."""
        scales = np.array([rule[0], rule[1], max(self.mean_run, 1.0), max(self.mean_changeover, 1.0)])
        if not dispatch(self.arrays, self._first, self._trial_packed, scales, self.tail, bias, self.pinned):
            return float("inf")
        before = self.best_value
        self._judge()
        return self.last_value if self.best_value == before else self.best_value

    def _judge(self) -> bool:
        """Time the trial choice, and keep it when it is better than the best."""
        self.last_value = value_of(self.arrays, self._first, self._trial_packed, self.weights, self.move_cost)
        if self.last_value < self.best_value - 1e-9:
            self.best_value = self.last_value
            # Modes that were left open are fixed to those the timetable chose.
            self.trial.mode[:] = self.first_state.work.mode[:-1]
            copy_choice(self._trial_packed, self._best_packed)
            copy_choice(self._trial_packed, self._current_packed)
            return True
        return False

    def _take_turns(self) -> None:
        """Alternate between the two ways; the one that gained more gets twice the turns."""
        ways: tuple[Callable[[], None], ...] = (self._improve_block, self._shake_block)
        gains = [0.0, 0.0]
        turn = 0
        while self.shop.size > 0:
            leader = 0 if gains[0] >= gains[1] else 1
            way = leader if turn % 3 else 1 - leader
            before = self.best_value
            ways[way]()
            gains[way] = 0.7 * gains[way] + (before - self.best_value)
            turn += 1

    def _improve_block(self) -> None:
        """A block of order changes from the current choice."""
        rounds = min(self.block, max(200_000 // max(self.shop.size, 1), 2))
        self.block *= 2
        limit = rounds_of(self.stop)
        if limit is not None:
            rounds = max(min(rounds, limit - self.rounds), 1)
        history = np.full(MEMORY, self.best_value * 1.0)
        values = np.array([self.best_value, self.best_value, float(self.rounds)])
        improve(
            self.arrays, self._first, self._second, self._current_packed, self._best_packed, self._trial_packed,
            history, values, self.weights, self.move_cost, rounds,
        )  # fmt: skip
        self.since_better = 0 if values[1] < self.best_value - 1e-9 else self.since_better + rounds
        self.best_value = float(values[1])
        self._report(rounds, counted=True)

    def _shake_block(self) -> None:
        """A few dispatch runs with shaken priorities around the best rules."""
        for _ in range(4):
            rule = self.rules[int(self.random.integers(min(4, len(self.rules))))][1]
            spread = (0.1, 0.3, 0.8)[int(self.random.integers(3))]
            kept = getattr(self, "best_bias", self.unbiased)
            bias = kept * np.exp(self.random.normal(0.0, spread, kept.size) * (self.random.random(kept.size) < 0.3))
            before = self.best_value
            self._dispatch(rule, bias)
            if self.best_value < before:
                self.best_bias = bias
            self._report(1)

    def _report(self, rounds: int, *, counted: bool = False) -> None:
        """Count rounds, tell the watcher, and end the search when it is time."""
        self.rounds += rounds
        if not counted:
            improved = self.best_value < getattr(self, "_seen", float("inf")) - 1e-9
            self.since_better = 0 if improved else self.since_better + rounds
        self._seen = self.best_value
        if self.watch:
            self.watch(self.progress())
        if self.best_value <= self.bound + 1e-9 or self.stop(self.progress()):
            raise _Enough


class _Enough(Exception):
    """The search was told to stop."""


def ordered_by(arrays: Arrays, wanted: Any) -> Any:
    """Operations by their wanted moments, each after all that it waits for; running work goes first."""
    operations = arrays.operations
    size = operations.size - 1
    left = np.diff(operations.first_arc)
    heap = [(not operations[at].running, int(wanted[at]), at) for at in np.flatnonzero(left == 0).tolist()]
    heapify(heap)
    order = []
    while heap:
        at = heappop(heap)[2]
        order.append(at)
        for arc in range(operations[at].first_next, operations[at + 1].first_next):
            follower = int(arrays.next_operation[arc])
            left[follower] -= 1
            if left[follower] == 0:
                heappush(heap, (not operations[follower].running, int(wanted[follower]), follower))
    return np.array(order[:size], np.int64)


def _empty(size: int) -> Choice:
    return Choice(*(np.zeros(size, np.int64) for _ in range(4)))


def timed(shop: Shop, choice: Choice, move_cost: float) -> tuple[State, Any]:
    """The timetable of a choice and the parts of its value."""
    state = new_state(shop.arrays)
    arrays, packed_state = packed(shop.arrays), packed(state)
    if not shop.size:
        return state, evaluate(arrays, packed_state, move_cost)
    timetable(arrays, packed_state, packed(choice))
    return state, evaluate(arrays, packed_state, move_cost)


def _no_room(shop: Shop, state: State) -> tuple[str, list[str]]:
    """Which operations found no room, and what they need."""
    placed = state.work.placed[:-1]
    left = np.flatnonzero(~placed)
    if not left.size:
        limited = np.flatnonzero(shop.arrays.operations.longest_wait[:-1] >= 0)[:5].tolist()
        steps = ", ".join(shop.operation_names[at] for at in limited)
        return (
            f"The longest waits cannot be kept in any order that was tried; look at max_wait_minutes after {steps}.",
            [],
        )
    rows = []
    for at in left[:10].tolist():
        row = shop.arrays.operations[at]
        before = [
            shop.arrays.arcs[arc].operation for arc in range(row.first_arc, shop.arrays.operations[at + 1].first_arc)
        ]
        if all(placed[other] for other in before):
            rows.append(f"{shop.operation_names[at]}: {_needs(shop, at)}")
    return "These operations find no machine time, crew or tool at any moment of the calendar:", rows


def _needs(shop: Shop, operation: int) -> str:
    row, after = shop.arrays.operations[operation], shop.arrays.operations[operation + 1]
    modes = shop.arrays.modes[row.first_mode : after.first_mode]
    machines = ", ".join(shop.machine_names[at] for at in modes.machine[:3])
    hours = modes.run.min() / 3600
    said = f"needs {hours:.1f} h on {machines}"
    if not row.may_pause:
        said += " without a pause"
    seats = after.first_seat - row.first_seat
    return said + (f" with {seats} people" if seats else "")


__all__ = ["PARTS", "Search", "timed"]
