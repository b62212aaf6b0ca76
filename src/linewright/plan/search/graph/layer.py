"""The layer that shortens plans of shops in which a disjunctive graph is the whole truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.graph.dates import dated, with_deliveries
from linewright.plan.search.graph.elites import Elites
from linewright.plan.search.graph.nodes import MOST_TIME, graph_of, longest_possible, unit_of
from linewright.plan.search.graph.start import remaining
from linewright.plan.search.layer import Found
from linewright.plan.search.traits import traits_of
from linewright.shop.arrays import Arrays, Shop
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
    """Tabu search for the makespan, by generations of elites where the shop is small enough.

    `arrays` may hold more than the shop: what comes behind the shop's own operations is left out of what is found.
    """

    def __init__(self, shop: Shop, arrays: Arrays, seed: int, target_seconds: float) -> None:
        self.size = shop.size
        self.unit = unit_of(arrays)
        graph = graph_of(arrays, self.unit)
        patience = NEVER if self.size >= ONE_TRAJECTORY else PATIENCE_EACH * self.size
        more = np.arange(self.size, graph.order.size)
        left = remaining(graph, np.append(topological(packed(shop.arrays)), more))
        self.target = int(np.ceil(target_seconds / self.unit - 1e-6))
        self.elites = Elites(graph, left, seed, patience=patience)
        self.moves = min(max(WORK_EACH // self.size, LEAST_MOVES), MOST_MOVES)
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
        order, mode = best.order.astype(np.int64), best.mode.astype(np.int64)
        return [(order[order < self.size], mode[: self.size], np.zeros(self.size, np.int64))]


class DateLayer(GraphLayer):
    """The same for the most that any order is late; where nothing has to be late it finds plans in which nothing is."""

    def adopt(self, choice: Choice, value: float) -> None:
        """What other layers find is judged by another measure: this one goes its own way."""


def date_layer(shop: Shop, seed: int) -> DateLayer | None:
    """A layer that keeps dates; None where a disjunctive graph does not describe the shop, or nothing has a date."""
    which = dated(shop.arrays)
    if not (shop.size and which.size and _is_plain(shop)):
        return None
    arrays = with_deliveries(shop.arrays)
    if longest_possible(arrays) // unit_of(arrays) >= MOST_TIME:
        return None
    return DateLayer(shop, arrays, seed, float(shop.arrays.demands.due[which].max()))


def _is_plain(shop: Shop) -> bool:
    """Whether heads and tails with a machine for each operation are the whole truth."""
    traits = traits_of(shop.arrays)
    return traits.is_disjunctive and not (traits.changeovers or traits.setups or traits.chosen_people)


def graph_layer(shop: Shop, weights: Any, seed: int, bound: float) -> GraphLayer | None:
    """A layer for the makespan; None for another objective, or a shop that a disjunctive graph does not describe.

    Parameters
    ----------
    weights
        Weights of the parts of an evaluation, see :mod:`linewright.shop.evaluate`.
    bound
        A makespan in hours at which the search may stop.
    """
    only_makespan = weights[MAKESPAN] > 0 and not np.delete(weights, [MAKESPAN, PIN_SLIP]).any()
    if (
        not (shop.size and only_makespan and _is_plain(shop))
        or longest_possible(shop.arrays) // unit_of(shop.arrays) >= MOST_TIME
    ):
        return None
    return GraphLayer(shop, shop.arrays, seed, bound * 3600)
