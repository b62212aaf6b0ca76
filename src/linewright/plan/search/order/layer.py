"""The layer that improves the order of work of any shop, whatever its features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.plan.search.order.climb import (
    BEST,
    CHEAP_HOURS,
    COOLING,
    DUE_DATE,
    EXCHANGE,
    HURRY_JOB,
    IDLE,
    JOIN_FAMILY,
    KINDS,
    REASSIGN,
    REINSERT,
    TEMPERATURE,
    UNBLOCK,
    WORSE,
    WORSE_COUNT,
    climb,
)
from linewright.plan.search.order.track import new_track, packed_track
from linewright.plan.search.order.trial import start_track
from linewright.plan.search.traits import traits_of
from linewright.shop.evaluate import EARLY_STOCK, OVERTIME, evaluate
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable

if TYPE_CHECKING:
    from linewright.shop.arrays import Arrays, Shop

#: Rounds of the first cooling, by which each further one is longer, and rounds for each operation after which cooling
#: begins at the full temperature: before, a large plan has better to do than to lose what dispatch has given it.
CYCLE, LONGER, WARM_ROUNDS = 4_000, 2.0, 5
#: The temperature at the begin of a cooling, as a share of what a worse change typically costs, and how far it falls.
HOT, FALL = 1.0, 0.003

Found = tuple[Any, Any, Any]


class OrderLayer:
    """Simulated annealing over the order of work, with the exact timetable.

    It cools again and again, each time longer, from the best plan or from where it stands.

    Where pins make the timetable pass change the order by itself, they are first put where the pass has put them; what
    is handed back has been timed by the timetable pass.
    """

    def __init__(self, shop: Shop, weights: Any, move_cost: float, seed: int, stride: int = 0) -> None:
        self.shop, self.weights, self.move_cost = shop, np.asarray(weights, np.float64), float(move_cost)
        self.seed, self.turns, self.value = seed, 0, np.inf
        self.track = new_track(shop, self.weights, stride)
        self.arrays, self._track = packed(shop.arrays), packed_track(self.track)
        self.state, self.spare = new_state(shop.arrays), new_state(shop.arrays)
        self._state, self._spare = packed(self.state), packed(self.spare)
        self.choice, self.best = _empty(shop.size), _empty(shop.size)
        self._choice, self._best = packed(self.choice), packed(self.best)
        self.limited = bool((shop.arrays.operations.longest_wait >= 0).any())
        self.shares = _shares(shop.arrays, self.weights)
        self.gains = np.zeros((KINDS, 2), np.int64)
        self.figures = np.array([np.inf, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
        self.cycle, self.left = 0, 0
        self.random = np.random.default_rng(seed)

    def adopt(self, choice: Choice, value: float) -> bool:
        """Take a choice as the new starting point; False when it cannot be timed as it stands."""
        started = self._start(choice)
        if started == np.inf:
            return False
        self.value = value
        self.figures[BEST], self.figures[IDLE] = started, 0
        _copy(self.choice, self.best)
        return True

    def turn(self, rounds: int) -> list[Found]:
        """Try so many changes; the best order, its modes and its holds if it is better than what was adopted."""
        if self.value == np.inf:
            return []
        while rounds > 0:
            if self.left == 0:
                self._warm_up()
            now = min(rounds, self.left)
            self.turns += 1
            climb(
                self.arrays, self._state, self._track, self._choice, self._best, self.weights, self.move_cost,
                self.figures, self.shares, self.gains, self.limited, now, self.seed * 7919 + self.turns,
            )  # fmt: skip
            rounds, self.left = rounds - now, self.left - now
        return self._found()

    def _warm_up(self) -> None:
        """Begin the next cooling; the first one is a descent that learns what changes cost."""
        length = int(CYCLE * LONGER**self.cycle)
        if self.cycle and self.random.random() < 0.7:
            self._start(self.best)
        typical = float(np.exp(self.figures[WORSE] / self.figures[WORSE_COUNT])) if self.figures[WORSE_COUNT] else 0.0
        hot = HOT * min(1.0, length / (WARM_ROUNDS * self.shop.size)) if self.cycle else 0.0
        self.figures[TEMPERATURE] = typical * hot
        self.figures[COOLING] = FALL ** (1 / length)
        self.figures[[WORSE, WORSE_COUNT]] /= 2
        self.cycle, self.left = self.cycle + 1, length

    def _found(self) -> list[Found]:
        """The best plan if the timetable pass says that it is better than the adopted one."""
        if self.figures[BEST] >= self.value - 1e-9:
            return []
        hold = self.best.hold.copy()
        found = Choice(self.best.order.copy(), self.best.mode.copy(), self.best.load.copy(), hold)
        if timetable(self.arrays, self._spare, packed(found)) != PLACED:
            return []
        value = float((evaluate(self.arrays, self._spare, self.move_cost) * self.weights).sum())
        if value >= self.value - 1e-9:
            return []
        self.value = value
        return [(found.order, found.mode, hold)]

    def _start(self, choice: Choice) -> float:
        """Time a choice and put it into an order in which each operation is timed at its own place."""
        _copy(choice, self.choice)
        if timetable(self.arrays, self._spare, self._choice) != PLACED:
            return float("inf")
        work = self.spare.work[:-1]
        self.choice.mode[:] = work.mode
        order = self.choice.order.copy()
        if (self.shop.arrays.operations.pin >= 0).any():
            order = _pins_in_place(self.shop.arrays, order, work)
        self.choice.order[:] = _loads_together(order, self.choice.load)
        self.track.movable[:] = _movable(self.shop.arrays, self.choice)
        return float(start_track(self.arrays, self._state, self._track, self._choice, self.weights, self.move_cost))


def order_layer(shop: Shop, weights: Any, move_cost: float, seed: int) -> OrderLayer | None:
    """The layer for a shop; None when there is nothing to order."""
    return OrderLayer(shop, weights, move_cost, seed) if shop.size > 1 else None


def _empty(size: int) -> Choice:
    return Choice(*(np.zeros(size, np.int64) for _ in range(4)))


def _copy(source: Choice, target: Choice) -> None:
    for mine, theirs in zip(target, source, strict=True):
        mine[:] = theirs


def _loads_together(order: Any, load: Any) -> Any:
    """The same order with each load where its last member stands: that is where it is timed."""
    if (load < 0).all():
        return order
    place = np.arange(order.size)
    last = np.zeros(int(load.max()) + 1, np.int64)
    inside = load[order] >= 0
    np.maximum.at(last, load[order][inside], place[inside])
    key = np.where(inside, last[load[order]], place)
    return order[np.lexsort((place, key))]


def _pins_in_place(shop: Arrays, order: Any, work: Any) -> Any:
    """The same order with pinned work where the timetable pass has put it in: before what would have been in its way.

    That is the next operation on its machine, or the first that waits for it.
    """
    operations, machine = shop.operations, shop.modes.machine[work.mode]
    key = np.empty(order.size)
    key[order] = np.arange(order.size)
    pinned = np.flatnonzero((operations.pin[:-1] >= 0) & ~operations.running[:-1])
    key[pinned] = order.size
    for at in pinned[np.argsort(-work.start[pinned], kind="stable")].tolist():
        after = (machine == machine[at]) & (work.start > work.start[at])
        followers = shop.next_operation[operations.first_next[at] : operations.first_next[at + 1]]
        key[at] = min(key[after].min(initial=order.size), key[followers].min(initial=order.size)) - 0.5
    return order[np.lexsort((work.start[order], key[order]))]


def _movable(shop: Arrays, choice: Choice) -> Any:
    """Which operations may change their place: not running work, and no loads where one is below the least load."""
    movable = (~shop.operations.running[:-1]).astype(np.int64)
    inside = np.flatnonzero(choice.load >= 0)
    if inside.size:
        filled = np.bincount(choice.load[inside], shop.operations.load[inside])
        machine = shop.modes.machine[choice.mode[inside]]
        small = np.unique(machine[filled[choice.load[inside]] < shop.machines.min_load[machine]])
        movable[inside[np.isin(machine, small)]] = 0
    return movable


def _shares(shop: Arrays, weights: Any) -> Any:
    """How often each kind of change is tried in a shop with these features."""
    traits, shares = traits_of(shop), np.zeros(KINDS)
    shares[UNBLOCK], shares[REINSERT], shares[HURRY_JOB] = 4.0, 2.0, 0.5
    if traits.alternatives:
        shares[REASSIGN], shares[EXCHANGE] = 3.0, 1.0
    if traits.changeovers:
        shares[JOIN_FAMILY] = 2.0
    if weights[EARLY_STOCK] > 0 and (shop.demands.early_rate > 0).any():
        shares[DUE_DATE] = 1.0
    if weights[OVERTIME] > 0 and shop.overtime.size:
        shares[CHEAP_HOURS] = 1.0
    return shares
