"""The layer that shortens plans of shops in which a disjunctive graph is the whole truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.graph.elites import Elites
from linewright.plan.search.graph.nodes import MOST_TIME, graph_of, longest_possible, unit_of
from linewright.plan.search.graph.start import remaining
from linewright.plan.search.layer import Found
from linewright.plan.search.traits import traits_of
from linewright.shop.arrays import Shop
from linewright.shop.evaluate import MAKESPAN, PIN_SLIP
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.state import Choice
from linewright.shop.working_time import NEVER

#: Tabu moves in one round at most and at least, and operations that all moves of a round go through at most.
MOST_MOVES, LEAST_MOVES, WORK_EACH = 100, 5, 1_000_000
#: Moves without a shorter plan after which a tabu search ends, for each operation.
PATIENCE_EACH = 15
#: From so many operations on one trajectory is followed, as a generation would take longer than anybody waits.
ONE_TRAJECTORY = 2500


class GraphLayer:
    """Tabu search for the makespan, by generations of elites where the shop is small enough."""

    def __init__(self, shop: Shop, seed: int, bound: float) -> None:
        arrays = packed(shop.arrays)
        self.unit = unit_of(shop.arrays)
        graph = graph_of(shop.arrays, self.unit)
        patience = NEVER if shop.size >= ONE_TRAJECTORY else PATIENCE_EACH * shop.size
        self.target = int(np.ceil(bound * 3600 / self.unit - 1e-6))
        self.elites = Elites(graph, remaining(graph, topological(arrays)), seed, patience=patience)
        self.moves = min(max(WORK_EACH // shop.size, LEAST_MOVES), MOST_MOVES)
        self.told = np.inf

    def adopt(self, choice: Choice, value: float) -> None:
        """A plan of another layer becomes one of the elites, or the new beginning of a single trajectory."""
        length = round(value * 3600 / self.unit)
        if length < self.told:
            self.told = length
            self.elites.admit(self.elites.elite(length, choice.order, choice.mode))

    def turn(self, rounds: int) -> list[Found]:
        """Search for so many rounds of a hundred moves, fewer where there are very many operations."""
        self.elites.search(rounds * self.moves, self.target)
        best = self.elites.best
        if best is None or best.length >= self.told:
            return []
        self.told = best.length
        return [(best.order.astype(np.int64), best.mode.astype(np.int64), np.zeros(best.mode.size, np.int64))]


def graph_layer(shop: Shop, weights: Any, seed: int, bound: float) -> GraphLayer | None:
    """A layer for the makespan; None for another objective, or a shop that a disjunctive graph does not describe.

    Parameters
    ----------
    weights
        Weights of the parts of an evaluation, see :mod:`linewright.shop.evaluate`.
    bound
        A makespan in hours at which the search may stop.
    """
    traits = traits_of(shop.arrays)
    only_makespan = weights[MAKESPAN] > 0 and not np.delete(weights, [MAKESPAN, PIN_SLIP]).any()
    fits = traits.is_disjunctive and not (traits.changeovers or traits.setups or traits.chosen_people)
    if not (shop.size and only_makespan and fits) or longest_possible(shop.arrays) // unit_of(shop.arrays) >= MOST_TIME:
        return None
    return GraphLayer(shop, seed, bound)
