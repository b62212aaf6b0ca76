"""Which layers suit a shop and an objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linewright.plan.search.graph.layer import date_layer, graph_layer
from linewright.plan.search.order.layer import order_layer
from linewright.plan.search.reinsert.layer import reinsert_layer
from linewright.plan.search.shake import ShakeLayer
from linewright.plan.search.tardy.layer import tardy_layer
from linewright.plan.search.team import Member
from linewright.plan.search.traits import traits_of
from linewright.plan.search.window import window_layer
from linewright.shop.evaluate import MAKESPAN, PIN_SLIP

if TYPE_CHECKING:
    from linewright.plan.search.portfolio import Search

#: Rounds of a first turn, about a tenth of a second of work: tabu moves by the hundred, steps of reinsertion, windows
#: of late work, whole plans dispatched, windows solved.
TABU, REINSERT, TARDY, SHAKE, WINDOW = 5, 2000, 5, 1, 1
#: Operations that the exact timetable goes through in a tenth of a second.
TIMED = 500_000
#: Up to so many operations constraint programming on windows is worth a turn.
MOST_FOR_WINDOWS = 400


def members_for(search: Search) -> list[Member]:
    """The layers of a search, in the order in which they take their first turns."""
    return _shortest(search) or _punctual(search) or _general(search)


def _shortest(search: Search) -> list[Member]:
    """Tabu searches where only the makespan counts; they differ by their seeds and share what they find."""
    if search.weights[MAKESPAN] <= 0 or np.delete(search.weights, [MAKESPAN, PIN_SLIP]).any():
        return []
    members = []
    for copy in range(max(search.cores, 1)):
        seed = max(search.cores, 1) * search.seed + copy
        graph = graph_layer(search.shop, search.weights, seed, search.bound)
        if graph is not None:
            members.append(Member("tabu search", graph, TABU))
        elif traits_of(search.shop.arrays).chosen_people:
            reinsert = reinsert_layer(search.shop, seed)
            if reinsert is not None:
                members.append(Member("tabu search with people", reinsert, REINSERT))
    return members


def _punctual(search: Search) -> list[Member]:
    """Windows of late work and of changeovers where machines are always open, and dates as part of a graph."""
    small = search.shop.size <= MOST_FOR_WINDOWS
    dates = date_layer(search.shop, search.seed)
    members = []
    # Where there are several ways to search, one of each is enough for a small shop.
    for copy in range(1 if small and dates is not None else max(search.cores, 1)):
        layer = tardy_layer(search.shop, search.weights, max(search.cores, 1) * search.seed + copy)
        if layer is not None:
            members.append(Member("windows of late work", layer, TARDY))
    if members and dates is not None:
        members.append(Member("dates kept by tabu search", dates, TABU))
    return [*members, *_ordering(search, 1)] if members and small else list(members)


def _general(search: Search) -> list[Member]:
    """What works with every feature of a shop."""
    shake = ShakeLayer(search.shop, search.rules, search.tail, search.weights, search.move_cost, search.seed)
    return [Member("dispatch with shaken priorities", shake, SHAKE), *_ordering(search, max(search.cores, 1))]


def _ordering(search: Search, copies: int) -> list[Member]:
    """The order of work changed with the exact timetable, and windows of it solved anew."""
    members = []
    rounds = min(max(TIMED // search.shop.size, 10), 5_000)
    for copy in range(copies):
        order = order_layer(search.shop, search.weights, search.move_cost, copies * search.seed + copy)
        members += [] if order is None else [Member("order of work", order, rounds)]
    # Where the whole shop is solved aside its windows are, too.
    if search.shop.size <= MOST_FOR_WINDOWS and search.aside is None:
        window = window_layer(search.shop, search.weights, search.move_cost, search.seed)
        members += [] if window is None else [Member("windows solved exactly", window, WINDOW)]
    return members
