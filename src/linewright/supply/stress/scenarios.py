"""What scenarios cost: events of any nodes, for any time.

The least loss of an event is a convex function of its days with straight pieces, as only right sides of a linear
program grow with them. Each program that is solved gives one point of it, and by its prices a line that is never above
it. A point where two lines cross is either on the function, which is then known between their two points, or gives a
new line. So a few programs for each set of nodes are enough for all of its scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.supply.network.arrays import Network, Rows
from linewright.supply.stress.curve import Curve
from linewright.supply.stress.tester import Tester, longest_window


@dataclass(frozen=True)
class Losses:
    """Bounds of the least loss in each scenario, in the currency; they are equal where it is known exactly."""

    lower: Any
    upper: Any


def losses(network: Network, scenarios: Rows, days: Any, *, within: float = 0.0) -> Losses:
    """The least loss that is possible in each scenario.

    Parameters
    ----------
    network
        The supply network.
    scenarios
        The nodes that are stopped in each (row: scenario, index: node; values do not count).
    days
        How long each of them lasts, in days of 24 hours.
    within
        How far apart the bounds may stay, as a share of what the same nodes lose in their longest scenario.
    """
    days = np.asarray(days, np.float64)
    lower, upper = np.zeros(days.size), np.zeros(days.size)
    if not days.size:
        return Losses(lower, upper)
    sets, which = _sets(scenarios)
    tester = Tester(network, sets, longest_window(days, None))
    order = np.argsort(which, kind="stable")
    for at, members in enumerate(np.split(order, np.flatnonzero(np.diff(which[order])) + 1)):
        curve = Curve(tester, at, float(days[members].max(initial=0.0)))
        lower[members], upper[members] = curve.bounds(days[members], within)
    return Losses(lower, upper)


def _sets(scenarios: Rows) -> tuple[Rows, Any]:
    """The different sets of nodes, and which of them each scenario stops."""
    known: dict[bytes, int] = {}
    lists: list[Any] = []
    which = np.zeros(len(scenarios), np.int64)
    for scenario, nodes in enumerate(np.split(scenarios.index, scenarios.first[1:-1])):
        nodes_once = np.unique(nodes)
        at = known.setdefault(nodes_once.tobytes(), len(known))
        if at == len(lists):
            lists.append(nodes_once)
        which[scenario] = at
    first = np.concatenate([[0], np.cumsum([nodes.size for nodes in lists])]).astype(np.int64)
    index = np.concatenate([*lists, np.zeros(0, np.int64)]).astype(np.int64)
    return Rows(first, index, np.ones(index.size)), which
