"""Search by generations: tabu searches from many starts, then from plans between the best of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.chance import new_chance
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import Graph
from linewright.plan.search.graph.relink import Elite, between, distance, places
from linewright.plan.search.graph.start import balanced_modes, list_schedule, non_delay
from linewright.plan.search.graph.tabu import BEST, LAST_BETTER, ROUND, new_room, tabu
from linewright.shop.working_time import NEVER

#: Plans that differ by less than this (see :func:`distance`) are one and the same for the elites.
SAME = 0.15
#: Searches in a row that bring nothing new, after which all elites but the best give way to fresh starts.
MOST_IN_VAIN = 25
#: How much the remaining work of a job pulls it forward in the first plans.
PULLS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
#: By how much priorities and run times are shaken, and how often loads are balanced at most.
SPREAD, BALANCING = 0.3, 20
#: Plans from which the shortest becomes the only start, and from how many operations on there is time for one alone.
STARTS, LARGE = 6, 20_000


class Elites:
    """The state of one search: a few good plans that differ, and the tabu search that is under way."""

    def __init__(self, graph: Graph, left: Any, seed: int, size: int = 8, patience: int = 10_000) -> None:
        self.graph, self.left, self.patience, self.size = graph, left, patience, size
        self.random = np.random.default_rng(seed)
        self.room = new_room(graph, new_chance(seed))
        self.kept: list[Elite] = []
        self.best: Elite | None = None
        self.started, self.in_vain = 0, 0
        self.running = False

    def search(self, rounds: int, target: int) -> None:
        """Go on for so many tabu rounds, or until the target in seconds is reached."""
        counts = self.room.counts
        while rounds > 0 and (self.best is None or self.best.length > target):
            if not self.running:
                self._begin()
            before = int(counts[ROUND])
            tabu(self.graph, self.room, rounds, self.patience, target)
            rounds -= int(counts[ROUND]) - before
            if counts[ROUND] - counts[LAST_BETTER] >= self.patience or counts[BEST] <= target:
                self._end()
            self._note()

    def _begin(self) -> None:
        """Set the graph to a new start: a list schedule while there are few elites, else a plan between two."""
        if len(self.kept) < self.size:
            order, mode = self._fresh()
        else:
            one, other = self.random.choice(len(self.kept), 2, replace=False)
            share = float(self.random.uniform(0.3, 0.7))
            mixed = self.random.random(self.kept[0].mode.size) < share
            order, mode = between(self.kept[one], self.kept[other], share, mixed)
        self.start_from(order, mode)

    def start_from(self, order: Any, mode: Any) -> None:
        """Begin a tabu search from a plan."""
        room = self.room
        room.counts[BEST] = load(self.graph, order, mode)
        room.counts[LAST_BETTER] = room.counts[ROUND]
        room.until[:] = 0
        room.pairs[:] = 0
        room.barred[:] = 0
        room.best_order[:], room.best_mode[:] = order, mode
        self.running = True
        self._note()

    def admit(self, found: Elite) -> None:
        """Take in a plan that somebody else found; a search that has no generations goes on from it."""
        if self.patience < NEVER:
            self._keep(found)
            return
        if not self.running:
            self._begin()
        if self.best is not None and found.length < self.best.length:
            self.start_from(found.order, found.mode)

    def elite(self, length: int, order: Any, mode: Any) -> Elite:
        """A plan with the places on its machines."""
        return Elite(
            length, order.astype(np.int32), mode.astype(np.int32), places(order, self.graph.ways.machine[mode])
        )

    def _fresh(self) -> tuple[Any, Any]:
        """A first plan: where generations follow, each is another one; else the shortest of several.

        Balanced loads are the better beginning even where they are not shorter yet, so a single search has no other.
        """
        self.started += 1
        if self.patience >= NEVER:
            tries = [self._balanced(SPREAD if at else 0.0) for at in range(STARTS if self.left.size < LARGE else 1)]
            return tries[int(np.argmin([load(self.graph, order, mode) for order, mode in tries]))]
        if self.started % 2:
            return self._balanced(SPREAD if self.started > 1 else 0.0)
        mode = np.full(self.left.size, -1, np.int32)
        pull, spread = PULLS[self.started // 2 % len(PULLS)], 0.0 if self.started <= 2 * len(PULLS) else SPREAD
        return list_schedule(self.graph, self.left, pull, spread, self.room.chance, mode), mode

    def _balanced(self, spread: float) -> tuple[Any, Any]:
        """Loads balanced, and no machine waits while it has work; `spread` shakes run times and priorities."""
        mode = balanced_modes(self.graph, BALANCING, self.room.chance, spread)
        return non_delay(self.graph, self.left, spread, self.room.chance, mode), mode

    def _end(self) -> None:
        """Keep the plan that a tabu search came to, unless there are better ones or it is one of them."""
        self.running = False
        self._keep(self.elite(int(self.room.counts[BEST]), self.room.best_order, self.room.best_mode))

    def _keep(self, found: Elite) -> None:
        """Take a plan among the elites if it is good enough; of those that are nearly the same only the best stays."""
        near = [other for other in self.kept if distance(found, other) < SAME]
        full = len(self.kept) - len(near) >= self.size
        if any(other.length <= found.length for other in near) or (full and found.length >= self.kept[-1].length):
            self.in_vain += 1
        else:
            self.in_vain = 0
            self.kept = [other for other in self.kept if all(other is not double for double in near)]
            self.kept = sorted([*self.kept, found], key=lambda elite: elite.length)[: self.size]
        if self.in_vain >= MOST_IN_VAIN:
            self.kept, self.in_vain = self.kept[:1], 0

    def _note(self) -> None:
        """Remember the best plan of all."""
        if self.best is None or self.room.counts[BEST] < self.best.length:
            self.best = self.elite(int(self.room.counts[BEST]), self.room.best_order, self.room.best_mode)
