"""When each node is down along each path.

Stops of a cause come as a Poisson process. They do not wait for each other, so that a node is up when all its stops
are over: the probability to be down after t years from a fresh start is 1 - exp(-rate * integral of P(R > s) from 0
to t), which is the M/G/infinity queue (Takacs, *Introduction to the Theory of Queues*, 1962).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.shop.chance import identities, uniforms
from linewright.supply.hazards.causes import Hazards
from linewright.supply.hazards.recovery import days_of

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Calendar:
    """The steps of every path: `steps` of `step_days` days each."""

    steps: int = 52
    step_days: float = 7.0

    @property
    def days(self) -> float:
        """The length of a path in days."""
        return self.steps * self.step_days


@dataclass(frozen=True)
class Events:
    """Stops of causes, one each: `path` (position in the chunk), `cause`, `start` and `end` in days."""

    path: Any
    cause: Any
    start: Any
    end: Any


@dataclass(frozen=True)
class Downs:
    """The part of each step for which a node is down, where there is any; sorted by path, node and step."""

    path: Any
    node: Any
    step: Any
    share: Any


def draw_events(hazards: Hazards, paths: Any, calendar: Calendar, seed: int) -> Events:
    """Every stop that begins within the calendar.

    Parameters
    ----------
    paths
        The numbers of the paths, each with random numbers of its own.
    """
    names = identities(hazards.cause_kinds, hazards.cause_names, "stop")
    rates = hazards.cause_rates / DAYS_PER_YEAR
    possible = np.flatnonzero(rates > 0)
    path: Any = np.repeat(np.arange(len(paths)), possible.size)
    cause: Any = np.tile(possible, len(paths))
    numbers = np.asarray(paths, np.uint64)
    clock, draw = np.zeros(path.size), 0
    found: list[tuple[Any, Any, Any, Any]] = []
    while path.size:
        gap, share = uniforms(seed, names[cause], numbers[path], draw)
        clock = clock - np.log1p(-gap) / rates[cause]
        within = clock < calendar.days
        path, cause, clock = path[within], cause[within], clock[within]
        found.append((path, cause, clock, share[within]))
        draw += 1
    path, cause, start, share = (
        np.concatenate([row[part] for row in found]) if found else _none() for part in range(4)
    )
    path, cause = path.astype(np.int64), cause.astype(np.int64)
    return Events(path, cause, start, start + days_of(hazards.cause_recoveries, cause, share))


def draw_downs(hazards: Hazards, events: Events, paths: Any, calendar: Calendar, seed: int) -> Downs:
    """The part of each step for which each node is down; a stop that ends after the calendar is cut off there."""
    path, node, start, end = _hits(hazards, events, paths, seed)
    order = np.lexsort((start, node, path))
    path, node, start, end = path[order], node[order], start[order], np.minimum(end[order], calendar.days)
    start, end = _apart(path * len(hazards.names) + node, start, end)
    first = np.floor(start / calendar.step_days).astype(np.int64)
    last = np.ceil(end / calendar.step_days).astype(np.int64)
    # A stop that another one covers has no length left.
    lengths = np.where(end > start, last - first, 0)
    owner = np.repeat(np.arange(path.size), lengths)
    step = first[owner] + np.arange(owner.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    begin = step * calendar.step_days
    share = (np.minimum(end[owner], begin + calendar.step_days) - np.maximum(start[owner], begin)) / calendar.step_days
    return _summed(path[owner], node[owner], step, share)


def down_shares(hazards: Hazards, paths: Any, calendar: Calendar, seed: int) -> Any:
    """The part of each step for which each node is down, as an array (paths, steps, nodes) in [0, 1]."""
    events = draw_events(hazards, paths, calendar, seed)
    downs = draw_downs(hazards, events, paths, calendar, seed)
    shares = np.zeros((len(paths), calendar.steps, len(hazards.names)))
    shares[downs.path, downs.step, downs.node] = downs.share
    return shares


def _hits(hazards: Hazards, events: Events, paths: Any, seed: int) -> tuple[Any, Any, Any, Any]:
    """The stops of nodes: their own, and those that a shock of their place brings."""
    nodes = len(hazards.names)
    own = events.cause < nodes
    parts = [(events.path[own], events.cause[own], events.start[own], events.end[own])]
    numbers = np.asarray(paths, np.uint64)
    places = np.array(hazards.places)
    for at, shock in enumerate(hazards.shocks):
        members = np.flatnonzero(places == shock.place)
        mine = np.flatnonzero(events.cause == nodes + at)
        turn = _turns(events.path[mine])
        names = identities(
            (hazards.kinds[node] for node in members), (hazards.names[node] for node in members), f"hit {shock.place}"
        )
        struck = np.zeros((mine.size, members.size), bool)
        for draw in np.unique(turn):
            here = turn == draw
            chance, _ = uniforms(seed, names[None, :], numbers[events.path[mine[here]]][:, None], int(draw))
            struck[here] = chance < shock.hit_share
        event, member = np.nonzero(struck)
        hit = mine[event]
        parts.append((events.path[hit], members[member], events.start[hit], events.end[hit]))
    path, node, start, end = (np.concatenate([part[column] for part in parts]) for column in range(4))
    return path, node, start, end


def _turns(path: Any) -> Any:
    """How many events of the same path stand before each one."""
    order = np.argsort(path, kind="stable")
    ordered = path[order]
    turns = np.empty(path.size, np.int64)
    turns[order] = np.arange(path.size) - np.searchsorted(ordered, ordered)
    return turns


def _apart(group: Any, start: Any, end: Any) -> tuple[Any, Any]:
    """Intervals of a group cut back to what no earlier one covers; they are sorted by group and start."""
    count = group.size
    if not count:
        return start, end
    # The running maximum is taken over whole numbers, the rank of each end within all ends and then of its group:
    # sums of days would round differently in each chunk.
    ascending = np.argsort(end, kind="stable")
    rank = np.empty(count, np.int64)
    rank[ascending] = np.arange(count)
    turn = np.cumsum(np.diff(group, prepend=group[:1]) != 0)
    latest = np.maximum.accumulate(turn * count + rank)
    before = np.full(count, -np.inf)
    before[1:] = np.where(turn[1:] == turn[:-1], end[ascending[latest[:-1] % count]], -np.inf)
    return np.maximum(start, before), end


def _summed(path: Any, node: Any, step: Any, share: Any) -> Downs:
    """Several stops of a node in the same step as one; the rows are sorted by path and node already."""
    order = np.lexsort((step, node, path))
    path, node, step, share = path[order], node[order], step[order], share[order]
    new = np.ones(path.size, bool)
    new[1:] = (np.diff(path) != 0) | (np.diff(node) != 0) | (np.diff(step) != 0)
    first = np.flatnonzero(new)
    total = np.add.reduceat(share, first) if first.size else share
    return Downs(path[first], node[first], step[first], np.clip(total, 0.0, 1.0))


def _none() -> Any:
    return np.zeros(0)
