"""Several nodes that stop together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linewright.supply.network.arrays import Network, Rows


@dataclass(frozen=True)
class Event:
    """Nodes (positions in the network) that stop at once, for so many days."""

    name: str
    nodes: tuple[int, ...]
    recover_days: float
    kind: str = "event"


def each_node(network: Network, nodes: Sequence[int] | None = None) -> list[Event]:
    """An event for each node, or each of those that are named, with its own recovery."""
    chosen = range(network.nodes) if nodes is None else nodes
    return [
        Event(network.node_names[at], (int(at),), float(network.recover_days[at]), network.node_kinds[at])
        for at in chosen
    ]


def each_place(network: Network) -> list[Event]:
    """An event for each region: all of its nodes stop, until the last of them has recovered."""
    places = np.array(network.place)
    events = []
    for place in sorted(set(network.place) - {""}):
        nodes = np.flatnonzero(places == place)
        longest = float(network.recover_days[nodes].max())
        events.append(Event(place, tuple(nodes.tolist()), longest, "region"))
    return events


def as_rows(events: Sequence[Event]) -> Rows:
    """The nodes of events as arrays."""
    return Rows.of([[(node, 1.0) for node in event.nodes] for event in events])
