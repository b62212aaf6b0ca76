"""Simulate many years of a network: which stops come, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.errors import ModelError
from linewright.supply.hazards.base_plan import Walk
from linewright.supply.hazards.causes import Hazards
from linewright.supply.hazards.stops import Calendar, Downs, draw_downs, draw_events

#: How often a step looks for another way to serve what is still unmet.
ROUNDS = 2
#: Paths of one task: enough to be worth sending, few enough to be spread.
CHUNK = 512


@dataclass(frozen=True)
class Paths:
    """What became of each path.

    `numbers` (R) are the paths. `lost` (R, S) are the units lost of each product sold, `lost_margin` (R, steps) the
    currency lost in each step, `stops` (R, causes) how often each cause happened.
    """

    numbers: Any
    lost: Any
    lost_margin: Any
    stops: Any

    @property
    def losses(self) -> Any:
        """The currency lost along each path (R)."""
        return self.lost_margin.sum(axis=1)


@dataclass(frozen=True)
class Task:
    """A chunk of paths with all that it takes to simulate it, in any process."""

    walk: Walk
    hazards: Hazards
    calendar: Calendar
    numbers: Any
    seed: int
    rounds: int = ROUNDS


def simulate_paths(
    walk: Walk,
    hazards: Hazards,
    numbers: Any,
    *,
    seed: int,
    calendar: Calendar | None = None,
    rounds: int = ROUNDS,
    chunk: int = CHUNK,
    executor: Executor | None = None,
) -> Paths:
    """Simulate the paths with these numbers; neither the chunks nor the executor change any figure.

    Parameters
    ----------
    numbers
        Integers from 0 to 2^32 - 1; a path with the same number and seed meets the same stops in every network.
    chunk
        How many paths one task has.
    executor
        Anything with the protocol of `concurrent.futures.Executor`: threads, processes, or a Dask cluster's
        `Client.get_executor()`. None works in this process.
    """
    if not 0 <= seed < 2**64:
        raise ModelError([f"seed {seed}: use a whole number from 0 to 2^64 - 1"])
    calendar = calendar or Calendar()
    numbers = np.asarray(numbers, np.int64)
    tasks = [
        Task(walk, hazards, calendar, numbers[begin : begin + chunk], seed, rounds)
        for begin in range(0, numbers.size, chunk)
    ]
    if executor is None:
        done = [run_task(task) for task in tasks]
    else:
        waiting = [executor.submit(run_task, task) for task in tasks]
        done = [future.result() for future in waiting]
    return joined(done, walk, hazards, calendar)


def run_task(task: Task) -> Paths:
    """Simulate one chunk."""
    calendar = task.calendar
    events = draw_events(task.hazards, task.numbers, calendar, task.seed)
    downs = draw_downs(task.hazards, events, task.numbers, calendar, task.seed)
    stops = np.zeros((task.numbers.size, len(task.hazards.cause_names)), np.uint16)
    np.add.at(stops, (events.path, events.cause), 1)
    lost, lost_margin = walk_paths(task.walk, downs, task.numbers.size, calendar, task.rounds)
    return Paths(task.numbers, lost, lost_margin, stops)


def walk_paths(walk: Walk, downs: Downs, paths: int, calendar: Calendar, rounds: int = ROUNDS) -> tuple[Any, Any]:
    """Move the goods along paths whose downs are given: units lost (R, S) and currency lost (R, steps)."""
    from linewright.supply.hazards import flow

    lanes = flow.LANES
    blocks = -(-paths // lanes)
    key = downs.path // lanes * calendar.steps + downs.step
    order = np.argsort(key, kind="stable")
    first = np.searchsorted(key[order], np.arange(blocks * calendar.steps + 1))
    lost = np.zeros((walk.sold.size, blocks * lanes))
    lost_margin = np.zeros((calendar.steps, blocks * lanes))
    inputs, users, hits = walk.inputs, walk.users, walk.hits
    flow.run(
        blocks, calendar.steps, float(calendar.step_days), rounds, walk.groups, walk.stock, walk.demand, walk.margin,
        walk.rate, walk.share, walk.first_activity, inputs.first, inputs.index, inputs.value,
        users.first, users.index, users.value,
        first, downs.node[order], downs.path[order] % lanes, downs.share[order],
        hits.first, hits.index, hits.value, lost, lost_margin,
    )  # fmt: skip
    return np.ascontiguousarray(lost.T[:paths]), np.ascontiguousarray(lost_margin.T[:paths])


def joined(parts: Sequence[Paths], walk: Walk, hazards: Hazards, calendar: Calendar) -> Paths:
    """Chunks one after the other."""
    if not parts:
        none = np.zeros(0, np.int64)
        shape = (walk.sold.size, calendar.steps, len(hazards.cause_names))
        return Paths(none, *(np.zeros((0, width)) for width in shape))
    names = ("numbers", "lost", "lost_margin", "stops")
    return Paths(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
