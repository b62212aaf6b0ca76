"""The layer that takes a window of the plan and lets constraint programming order it anew."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.plan.exact.size import COMPLEX, PLAIN
from linewright.plan.exact.window import Window, solve_window
from linewright.plan.search.slack import latest_ends
from linewright.plan.search.traits import traits_of
from linewright.shop.arrays import CHANGEOVER, MACHINE, PERSON, TOOL
from linewright.shop.evaluate import CHANGEOVERS, LATENESS, MAKESPAN, PREFERENCE, TARDINESS, evaluate
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.shop.arrays import Arrays, Shop

#: Deterministic time for each window.
EFFORT = 0.4

Found = tuple[Any, Any, Any]


class WindowLayer:
    """Constraint programming on windows in time and machines, accepted only through the timetable."""

    def __init__(self, shop: Shop, weights: Any, move_cost: float, seed: int) -> None:
        self.shop, self.weights, self.move_cost = shop, np.asarray(weights, np.float64), float(move_cost)
        self.random, self.seed, self.turns = np.random.default_rng(seed), seed, 0
        self.mode_cost = shop.arrays.modes.cost * self.weights[PREFERENCE]
        self.fed: dict[int, list[int]] = {}
        for feed, operation in enumerate(shop.arrays.feeds.operation.tolist()):
            self.fed.setdefault(operation, []).append(feed)
        self.demand = np.repeat(np.arange(shop.arrays.demands.size - 1), np.diff(shop.arrays.demands.first_feed))
        self.arrays, self.state = packed(shop.arrays), new_state(shop.arrays)
        self._state = packed(self.state)
        self.choice = Choice(*(np.zeros(shop.size, np.int64) for _ in range(4)))
        self.value = np.inf
        traits = traits_of(shop.arrays)
        complicated = traits.changeovers or traits.crews or traits.chosen_people or traits.calendars
        self.most = COMPLEX if complicated else PLAIN

    def adopt(self, choice: Choice, value: float) -> bool:
        """Take a choice as the new starting point; False when it cannot be timed."""
        for mine, theirs in zip(self.choice, choice, strict=True):
            mine[:] = theirs
        found = self._timed(self.choice)
        self.value = min(value, found) if found < np.inf else np.inf
        self.choice.mode[:] = self.state.work.mode[:-1]
        return found < np.inf

    def turn(self, rounds: int) -> list[Found]:
        """Solve so many windows; the order, modes and holds if they are better than what was adopted."""
        better = False
        for _ in range(rounds):
            if self.value == np.inf:
                break
            self.turns += 1
            better = self._try_window() or better
        return [(self.choice.order.copy(), self.choice.mode.copy(), self.choice.hold.copy())] if better else []

    def _try_window(self) -> bool:
        """One window around something that costs money; whether the whole plan is better with it."""
        chosen = self._choose()
        if chosen.size < 2:
            return False
        window = self._window(chosen)
        seed = self.seed * 7919 + self.turns
        answer = solve_window(self.shop.arrays, window, effort=EFFORT, seed=seed)
        if answer is None:
            return False
        trial = Choice(*(part.copy() for part in self.choice))
        trial.mode[chosen], trial.hold[chosen] = answer[1], 0
        # The window's operations keep its places in the order, in the sequence of their new starts.
        place = np.empty(self.shop.size, np.int64)
        place[trial.order] = np.arange(self.shop.size)
        slots = np.sort(place[chosen])
        place[chosen[np.lexsort((place[chosen], answer[0]))]] = slots
        trial.order[:] = in_order(self.shop.arrays, place)
        value = self._timed(trial)
        if value < self.value - 1e-9:
            self.choice, self.value = trial, value
            return True
        self._timed(self.choice)
        return False

    def _timed(self, choice: Choice) -> float:
        """The exact value of a choice; its timetable stays in `state`."""
        if timetable(self.arrays, self._state, packed(choice)) != PLACED:
            return float("inf")
        return float((evaluate(self.arrays, self._state, self.move_cost) * self.weights).sum())

    def _choose(self) -> Any:
        """Operations near each other in time on a few machines, around one that had to wait."""
        arrays, work = self.shop.arrays, self.state.work[:-1]
        operations, modes = arrays.operations[:-1], arrays.modes
        free = ~operations.running & (operations.pin < 0) & (self.choice.load < 0)
        waits = np.isin(work.cause, (MACHINE, CHANGEOVER, PERSON, TOOL)) & free
        pool = np.flatnonzero(waits if waits.any() else free)
        if not pool.size:
            return pool
        seed = int(self.random.choice(pool))
        machine = modes.machine[work.mode]
        used = np.unique(machine[free])
        own = np.unique(modes.machine[operations.first_mode[seed] : arrays.operations.first_mode[seed + 1]])
        others = np.setdiff1d(used, own)
        count = int(self.random.integers(0, min(others.size, 8) + 1))
        machines = np.append(own, self.random.permutation(others)[:count])
        inside = np.flatnonzero(free & np.isin(machine, machines))
        distance = np.abs(work.start[inside] - work.start[seed])
        return np.sort(inside[np.argsort(distance, kind="stable")[: self.most]])

    def _window(self, chosen: Any) -> Window:
        """What the current plan leaves to the chosen operations."""
        arrays, work = self.shop.arrays, self.state.work[:-1]
        latest, rate, behind, behind_rate = latest_ends(self.arrays, self._state, self.choice.order, self.weights)
        machine, count = arrays.modes.machine[work.mode], arrays.machines.size - 1
        inside = np.zeros(self.shop.size, np.bool_)
        inside[chosen] = True
        free, family = np.zeros(count, np.int64), arrays.machines.family[:-1].copy()
        due, cost = np.full(count, NEVER), np.zeros(count)
        place = np.empty(self.shop.size, np.int64)
        place[self.choice.order] = np.arange(self.shop.size)
        for at in np.unique(machine[chosen]).tolist():
            own = np.flatnonzero(machine == at)
            own = own[np.argsort(place[own])]
            first, last = place[own[inside[own]]].min(), place[own[inside[own]]].max()
            before = own[place[own] < first]
            if before.size and arrays.machines.capacity[at] == 1:
                free[at] = work.end[before].max()
                known = before[arrays.operations.family[before] >= 0]
                family[at] = arrays.operations.family[known[-1]] if known.size else family[at]
            final = own[place[own] == last][0]
            due[at], cost[at] = behind[final], behind_rate[final]
        whole, whole_rate = np.minimum(latest, behind), np.where(behind < latest, behind_rate, rate)
        own_due, own_rate = self._dates(chosen, inside, whole, whole_rate)
        return Window(
            operations=chosen, release=self._releases(chosen, inside), due=own_due, rate=own_rate, free=free,
            family=family, machine_due=due, machine_rate=cost, work=work, mode_cost=self.mode_cost,
            changeover_weight=float(self.weights[CHANGEOVERS]), together=bool(self.weights[MAKESPAN] > 0),
        )  # fmt: skip

    def _dates(self, chosen: Any, inside: Any, whole: Any, whole_rate: Any) -> tuple[Any, Any]:
        """For each operation the tightest date of its own demands and of what waits for it outside the window."""
        arrays, work = self.shop.arrays, self.state.work
        operations, demands = arrays.operations, arrays.demands
        due, rate = np.full(chosen.size, NEVER), np.zeros(chosen.size)
        last = work.end[:-1].max() if self.weights[MAKESPAN] > 0 else NEVER
        for at, operation in enumerate(chosen.tolist()):
            dates = [(last, float(self.weights[MAKESPAN]))]
            for feed in self.fed.get(operation, ()):
                demand = demands[self.demand[feed]]
                cost = demand.late_rate * self.weights[LATENESS] + self.weights[TARDINESS]
                dates.append((int(demand.due - arrays.feeds.lag[feed]), float(cost)))
            for step in range(operations.first_next[operation], operations.first_next[operation + 1]):
                follower = arrays.next_operation[step]
                if not inside[follower]:
                    ran = work.end[follower] - work.start[follower]
                    dates.append((int(whole[follower] - ran), float(whole_rate[follower])))
            due[at], rate[at] = min((date for date in dates if date[1] > 0), default=(NEVER, 0.0))
        return due, rate

    def _releases(self, chosen: Any, inside: Any) -> Any:
        """When each operation may run by its own dates and by what comes before from outside the window."""
        arrays, work = self.shop.arrays, self.state.work
        operations = arrays.operations
        release = np.maximum(operations.release[chosen], operations.material_ready[chosen])
        for at, operation in enumerate(chosen.tolist()):
            for arc in range(operations.first_arc[operation], operations.first_arc[operation + 1]):
                before = arrays.arcs[arc]
                if not inside[before.operation]:
                    shared = min(float(before.transfer), 1.0)
                    ran = work.end[before.operation] - work.start[before.operation]
                    ready = work.start[before.operation] + int(shared * ran) + before.wait
                    release[at] = max(release[at], ready)
        return np.maximum(release, 0)


def in_order(shop: Arrays, place: Any) -> Any:
    """Operations by their wanted places, each after all that it waits for."""
    operations, left = shop.operations, np.diff(shop.operations.first_arc)
    heap = [(int(place[at]), at) for at in np.flatnonzero(left == 0).tolist()]
    heapify(heap)
    first_next, followers = operations.first_next.tolist(), shop.next_operation.tolist()
    order = []
    while heap:
        at = heappop(heap)[1]
        order.append(at)
        for follower in followers[first_next[at] : first_next[at + 1]]:
            left[follower] -= 1
            if left[follower] == 0:
                heappush(heap, (int(place[follower]), follower))
    return np.array(order, np.int64)


def window_layer(shop: Shop, weights: Any, move_cost: float, seed: int) -> WindowLayer | None:
    """The layer for a shop; None when there is nothing to order or no solver is installed."""
    from importlib.util import find_spec

    if shop.size < 2 or find_spec("ortools") is None:
        return None
    return WindowLayer(shop, weights, move_cost, seed)
