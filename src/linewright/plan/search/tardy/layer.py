"""The layer as the search sees it: adopt a plan, take turns, hand back what became better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.plan.search.chance import new_chance
from linewright.plan.search.tardy.decode import SLACK, SWITCHING, WAITING, decode, new_room
from linewright.plan.search.tardy.propagate import new_scratch
from linewright.plan.search.tardy.records import copied, new_plan, tardy_shop
from linewright.plan.search.tardy.rounds import HEATS, SIZES, copy_plan, windows
from linewright.plan.search.tardy.shake import shake
from linewright.plan.search.tardy.timing import follow, retime
from linewright.plan.search.traits import traits_of

if TYPE_CHECKING:
    from linewright.plan.search.tardy.records import TardyPlan
    from linewright.shop.arrays import Shop
    from linewright.shop.state import Choice

#: Operations timed in a round; dispatching one costs as much as timing so many.
WORK_EACH_ROUND, DISPATCH_WORK = 100_000, 8
#: Look-ahead of the first rules, in mean runs of slack and mean changeovers, and waiting for each second of way.
SLACKS, SWITCHINGS, WAITINGS = (2.0, 4.0, 6.0, 10.0, 20.0), (0.2, 0.35, 0.6, 1.2), (0.05, 0.5)
#: Late acceptance of dispatched plans remembers so many values.
MEMORY = 20
#: Plans dispatched without a better one after which only windows are searched.
MOST_IDLE = 100


def tardy_layer(shop: Shop, weights: Any, seed: int) -> TardyLayer | None:
    """A layer for a shop of always-open machines with one operation at a time; None for any other.

    `weights` are those of the parts of an evaluation. Prices of energy that change over the day, and what it costs to
    move what an earlier plan had, are not seen here: such plans have to be judged by the timetable.
    """
    traits = traits_of(shop.arrays)
    if not shop.size or not traits.is_disjunctive or traits.chosen_people:
        return None
    layer = TardyLayer(shop, weights, seed)
    return layer if layer.records.demands.size > 1 or traits.changeovers else None


class TardyLayer:
    """Priorities of jobs first, windows of time after; the best plan so far is `best`, its value `value`."""

    def __init__(self, shop: Shop, weights: Any, seed: int) -> None:
        arrays = shop.arrays
        self.records = tardy_shop(arrays, weights)
        self.best = new_plan(self.records)
        self.value = float("inf")
        self.chance = new_chance(seed)
        self._trial = copied(self.best)
        self._dispatched = copied(self.best)
        self._scratch = new_scratch(self.records)
        self._room = new_room(self.records, arrays, weights)
        self._order = np.zeros(shop.size, np.int64)
        self._bias = np.zeros(int(arrays.operations.job.max()) + 1)
        self._rule = np.zeros(3)
        self._history = np.zeros(MEMORY)
        self._values = np.full(3, np.inf)
        self._idle = 0
        self._arms = np.zeros(len(SIZES) * len(HEATS))
        self._scales = scales_of(self.records)

    def adopt(self, choice: Choice, value: float) -> None:
        """Go on from a choice that somebody else found; its value is known again from its times."""
        del value
        self.value = float(follow(self.records, self.best, choice.order, choice.mode))

    def turn(self, rounds: int) -> list[tuple[Any, Any, Any]]:
        """Search for so many rounds; order, ways and holds of the best plan where it is better than before."""
        before = self.value
        if not self._rule.any():
            rounds -= self._first_rules()
        if self._idle < MOST_IDLE:
            share = max(rounds - 1, 1)
            self._shake(share)
            rounds -= share
        if rounds > 0:
            self.value = windows(
                self.records, self.best, self._trial, self._scratch, self.chance, self._scales, self._arms,
                WORK_EACH_ROUND, rounds, self.value,
            )  # fmt: skip
        return [self._answer()] if self.value < before - 1e-9 else []

    def _first_rules(self) -> int:
        """Dispatch by each rule of a grid; the number of rounds that this was worth."""
        run, changeover = mean_run(self.records), mean_changeover(self.records)
        for slack in SLACKS:
            for switching in SWITCHINGS:
                for waiting in WAITINGS:
                    rule = np.zeros(3)
                    rule[SLACK], rule[SWITCHING] = 1 / (slack * run), 1 / (switching * changeover)
                    rule[WAITING] = waiting
                    value = decode(self.records, self._trial, self._room, rule, self._bias)
                    if value < self._values[1]:
                        self._rule, self._values[:2] = rule, value
                        copy_plan(self._trial, self._dispatched)
        self._history[:] = self._values[1]
        self._take(self._dispatched, float(self._values[1]))
        rules = len(SLACKS) * len(SWITCHINGS) * len(WAITINGS)
        self._values[2] = 0
        return rules * DISPATCH_WORK * self._order.size // WORK_EACH_ROUND

    def _shake(self, rounds: int) -> None:
        """Dispatch with changed priorities for as long as this often brings a better plan."""
        before = self._values[1]
        times = max(rounds * WORK_EACH_ROUND // (DISPATCH_WORK * self._order.size), 1)
        shake(
            self.records, self._dispatched, self._trial, self._room, self._rule, self._bias, self._history,
            self._values, self.chance, times,
        )  # fmt: skip
        better = self._values[1] < min(before, self.value) - 1e-9
        self._idle = 0 if better else self._idle + times
        if better:
            self._take(self._dispatched, float(self._values[1]))

    def _take(self, plan: TardyPlan, value: float) -> None:
        if value < self.value:
            copy_plan(plan, self.best)
            self.value = value

    def _answer(self) -> tuple[Any, Any, Any]:
        """Order, ways and holds of the best plan."""
        retime(self.records, self.best, self._order)
        size = self._order.size
        return self._order.copy(), self.best.nodes.way[:size].astype(np.int64), np.zeros(size, np.int64)


def mean_run(shop: Any) -> float:
    """Mean run seconds of all ways."""
    return max(float(shop.ways.run.mean()), 1.0)


def mean_changeover(shop: Any) -> float:
    """Mean seconds of those changeovers that take any."""
    seconds = shop.switches.seconds[shop.switches.seconds > 0]
    return max(float(seconds.mean()), 1.0) if seconds.size else 1.0


def scales_of(shop: Any) -> Any:
    """The cost of a mean run's delay of a mean demand (or of a mean changeover), and the step of the delay table."""
    late = shop.demands.late[:-1]
    unit = float(late[late > 0].mean()) * mean_run(shop) if (late > 0).any() else 0.0
    if unit <= 0:
        seconds = mean_changeover(shop) * float(shop.machines.second_cost.max())
        unit = max(float(shop.switches.cost.mean()) + seconds, 1e-6)
    return np.array([unit, max(mean_run(shop) / 2, 1.0)])
