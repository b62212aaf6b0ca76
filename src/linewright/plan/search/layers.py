"""Which layers suit a shop and an objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linewright.plan.search.graph.layer import graph_layer
from linewright.plan.search.shake import ShakeLayer
from linewright.plan.search.team import Member

if TYPE_CHECKING:
    from linewright.plan.search.portfolio import Search

#: Rounds of a first turn.
FIRST_ROUNDS = 20


def members_for(search: Search) -> list[Member]:
    """The layers of a search, in the order in which they take their first turns."""
    return _tabu(search) or _general(search)


def _tabu(search: Search) -> list[Member]:
    """Two tabu searches where the makespan of a plain shop counts; they differ by their seeds and share elites."""
    members = []
    for copy in range(max(search.cores, 1)):
        layer = graph_layer(search.shop, search.weights, 2 * search.seed + copy, search.bound)
        if layer is not None:
            members.append(Member("tabu search", layer, FIRST_ROUNDS))
    return members


def _general(search: Search) -> list[Member]:
    """What works with every feature of a shop."""
    shake = ShakeLayer(search.shop, search.rules, search.tail, search.weights, search.move_cost, search.seed)
    return [Member("dispatch with shaken priorities", shake, 1)]
