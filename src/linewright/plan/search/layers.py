"""Which layers suit a shop and an objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linewright.plan.search.graph.layer import graph_layer
from linewright.plan.search.reinsert.layer import reinsert_layer
from linewright.plan.search.shake import ShakeLayer
from linewright.plan.search.team import Member
from linewright.plan.search.traits import traits_of
from linewright.shop.evaluate import MAKESPAN, PIN_SLIP

if TYPE_CHECKING:
    from linewright.plan.search.portfolio import Search

#: Rounds of a first turn: about a tenth of a second of work.
FEW, MANY = 20, 2000


def members_for(search: Search) -> list[Member]:
    """The layers of a search, in the order in which they take their first turns."""
    return _shortest(search) or _general(search)


def _shortest(search: Search) -> list[Member]:
    """Tabu searches where only the makespan counts; they differ by their seeds and share what they find."""
    if search.weights[MAKESPAN] <= 0 or np.delete(search.weights, [MAKESPAN, PIN_SLIP]).any():
        return []
    members = []
    for copy in range(max(search.cores, 1)):
        seed = 2 * search.seed + copy
        graph = graph_layer(search.shop, search.weights, seed, search.bound)
        if graph is not None:
            members.append(Member("tabu search", graph, FEW))
        elif traits_of(search.shop.arrays).chosen_people:
            reinsert = reinsert_layer(search.shop, seed)
            if reinsert is not None:
                members.append(Member("tabu search with people", reinsert, MANY))
    return members


def _general(search: Search) -> list[Member]:
    """What works with every feature of a shop."""
    shake = ShakeLayer(search.shop, search.rules, search.tail, search.weights, search.move_cost, search.seed)
    return [Member("dispatch with shaken priorities", shake, 1)]
