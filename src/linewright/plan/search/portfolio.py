"""The search: a first plan from dispatch rules, then layers that better it in turns until told to stop."""

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
from linewright.plan.search.judge import copy_choice, value_of
from linewright.plan.search.layers import members_for
from linewright.plan.search.team import Team
from linewright.plan.stop import rounds_of, seconds_of
from linewright.shop.evaluate import MAKESPAN, PARTS, PIN_SLIP, evaluate
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.state import Choice, State, new_state
from linewright.shop.timetable import timetable

if TYPE_CHECKING:
    from linewright.model.ports import Clock, Stop, Watcher
    from linewright.plan.exact import ExactAnswer
    from linewright.plan.search.aside import Aside
    from linewright.shop.arrays import Arrays, Shop

#: Scaling parameters of the ATCS rule (due-date and setup look-ahead) that are tried first.
GRID = tuple((urgency, setup) for urgency in (2.0, 0.5, 8.0, 30.0) for setup in (0.5, 2.0, 0.1))
#: From so many operations on only the first rule is tried before layers take over.
LARGE = 20_000
#: The share of a time limit after which an exact solver that has not come to an end is stopped.
ASIDE_SHARE = 0.5
#: The least time between two plans that are told while the search goes on.
TELL_SECONDS = 1.0


@dataclass
class Search:
    """One search: the shop, its weights, and the best choice so far.

    `bound` is what no plan can be below; `cores` how many threads may work at once; `aside` an exact solver that works
    on a thread of its own, None for none; `tell` is called when the best plan is a better one, at most once a second.
    """

    shop: Shop
    weights: Any
    move_cost: float
    seed: int
    bound: float
    stop: Stop
    clock: Clock
    watch: Watcher | None = None
    cores: int = 2
    aside: Aside | None = None
    tell: Callable[[], None] | None = None
    rounds: int = 0
    since_better: int = 0
    best_value: float = float("inf")
    interrupted: bool = False
    started: float = field(default=0.0, init=False)
    last_value: float = field(default=float("inf"), init=False)
    exact_bound: float | None = field(default=None, init=False)
    told: tuple[float, float] = field(default=(float("inf"), float("-inf")), init=False)
    team: Team | None = field(default=None, init=False)

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
            finally:
                self._close()
        return self.best

    def _close(self) -> None:
        """Wait for turns that are under way, and for the last word of the exact solver."""
        if self.team is not None:
            self.team.close()
            self.team = None
        if self.aside is not None:
            self.aside.end()
            self._hear_aside()

    def keep(self) -> Choice:
        """Time the earlier plan's order alone, nothing before its start there; the first rule where it does not fit.

        Raises
        ------
        NoAnswer
            There is no room for an operation.
        """
        self.started = self.clock.seconds()
        self._prepare()
        self._stay(held=True)
        if self.best_value == float("inf"):
            with contextlib.suppress(_Enough):
                self._first_plans()
        return self.best

    def consider(self, order: Any, mode: Any, start: Any) -> None:
        """Time an order of work that somebody else found, as early as it goes and as it stands; keep what is best."""
        for hold in (0, start):
            self._consider(order, mode, hold)

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
        self.first_state = new_state(self.shop.arrays)
        self._first = packed(self.first_state)
        self.best, self.trial = _empty(size), _empty(size)
        self._best_packed, self._trial_packed = packed(self.best), packed(self.trial)
        self.tail = tails(self.arrays, topological(self.arrays))
        self.pinned = np.flatnonzero(self.shop.arrays.operations[:-1].pin >= 0)
        runs = self.shop.arrays.modes.run
        setups = self.shop.arrays.switches.seconds
        self.mean_run = max(float(runs.mean()) if runs.size else 1.0, 1.0)
        self.mean_changeover = max(float(setups[setups > 0].mean()) if (setups > 0).any() else 1.0, 1.0)
        self.unbiased = np.ones(len(self.shop.job_names))

    def _first_plans(self) -> None:
        """What the earlier plan did, where there is one, and every rule of the grid once.

        Where only the makespan counts the rules differ by setups alone: one is enough, as it is for a very large shop.
        """
        tried: list[tuple[float, Any]] = []
        self._stay()
        only_makespan = not np.delete(self.weights, [MAKESPAN, PIN_SLIP]).any()
        for rule in GRID[: 1 if self.shop.size >= LARGE or only_makespan else None]:
            scales = np.array([rule[0], rule[1], self.mean_run, self.mean_changeover])
            if dispatch(self.arrays, self._first, self._trial_packed, scales, self.tail, self.unbiased, self.pinned):
                self._judge()
                tried.append((self.last_value, scales))
            if self.best_value == float("inf"):
                raise NoAnswer(*_no_room(self.shop, self.first_state))
            self.rules = [scales for _, scales in sorted(tried, key=lambda pair: pair[0])[:4]]
            self._report(1)

    def _stay(self, held: bool = False) -> None:
        """Keep the order and the machines of an earlier plan, and its starts if `held`; new ones come when they can.

        Loads of an oven are not kept: dispatch forms them anew.
        """
        operations, arrays = self.shop.arrays.operations[:-1], self.shop.arrays
        known = operations.earlier_machine >= 0
        if not known.any() or arrays.machines.batch[:-1].any():
            return
        self.trial.order[:] = ordered_by(arrays, np.where(known, operations.earlier_start, np.iinfo(np.int64).max))
        self.trial.load[:], self.trial.mode[:] = -1, -1
        self.trial.hold[:] = np.where(known, operations.earlier_start, 0) if held else 0
        kept = np.flatnonzero(arrays.modes.machine == operations.earlier_machine[arrays.modes.operation])
        self.trial.mode[arrays.modes.operation[kept[::-1]]] = kept[::-1]
        self._judge()

    def _consider(self, order: Any, mode: Any, hold: Any, load: Any = None) -> None:
        self.trial.order[:], self.trial.mode[:], self.trial.hold[:] = order, mode, hold
        self.trial.load[:] = self.best.load if load is None else load
        self._judge()

    def _judge(self) -> None:
        """Time the trial choice, and keep it when it is better than the best."""
        self.last_value = value_of(self.arrays, self._first, self._trial_packed, self.weights, self.move_cost)
        if self.last_value < self.best_value - 1e-9:
            self.best_value = self.last_value
            # Modes that were left open are fixed to those the timetable chose.
            self.trial.mode[:] = self.first_state.work.mode[:-1]
            copy_choice(self._trial_packed, self._best_packed)

    def _take_turns(self) -> None:
        """Let the layers better the plan until it is time to stop."""
        if self.shop.size == 0:
            return
        limit = rounds_of(self.stop)
        self.team = Team(members_for(self), self.cores)
        if self.aside is not None:
            # A plan in which a pin slips has a price that the exact model does not know.
            self.aside.begin(self.best_starts(), None if self.pinned.size else self.best_value)
        while self.team.members:
            left = None if limit is None else max(limit - self.rounds, 1)
            free = self.cores - int(self.aside is not None and self.aside.busy)
            best = Choice(*(part.copy() for part in self.best))
            turns = self.team.play(max(free, 1), left, best, self.best_value)
            before = self.best_value
            for member, found in turns:
                value = self.best_value
                for proposal in found:
                    self._consider(*proposal)
                member.value = min(member.value, self.best_value if found else member.value)
                self.team.reward(member, value, self.best_value)
            self._hear_aside()
            if limit is None:
                for member, _ in turns:
                    member.pace()
            # By the clock a turn counts with its rounds; the budget of a count is shared by all who took part.
            spent = sum(member.rounds for member, _ in turns)
            self._report(spent if left is None else min(spent, left), self.best_value < before - 1e-9)

    def _hear_aside(self) -> None:
        """Take in what the exact solver has found; after its share of the time its core goes to the layers."""
        limit = seconds_of(self.stop)
        if self.aside is not None and limit is not None and self.progress().seconds > ASIDE_SHARE * limit:
            self.aside.end()
        for answer in self.aside.news() if self.aside is not None else []:
            self.hear(answer)

    def hear(self, answer: ExactAnswer) -> None:
        """Take in an answer of the exact solver: its plan, as far as the timetable agrees, and its bound."""
        self.consider(answer.order, answer.mode, answer.start)
        if answer.bound > self.bound:
            self.bound, self.exact_bound = answer.bound, answer.bound

    def _report(self, rounds: int, improved: bool = True) -> None:
        """Count rounds, tell the watcher, and end the search when it is time."""
        self.rounds += rounds
        self.since_better = 0 if improved else self.since_better + rounds
        progress = self.progress()
        if self.watch:
            self.watch(progress)
        value, seconds = self.told
        if self.tell and self.best_value < value - 1e-9 and progress.seconds >= seconds + TELL_SECONDS:
            self.told = self.best_value, progress.seconds
            self.tell()
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
    made = Choice(*(np.zeros(size, np.int64) for _ in range(4)))
    made.load[:] = -1
    return made


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
