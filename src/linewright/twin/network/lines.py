"""Which networks are lines or assembly trees, so that the recursion gives what the event kernel would."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from linewright.twin.network.arrays import FIFO, LEAVES, NO_LIMIT
from linewright.twin.network.build import Compiled

#: Parts for which departures are computed at a time.
BLOCK = 4096
#: Parts that a machine does at a time, at most.
LONGEST = 256


def why_not_a_line(compiled: Compiled) -> str:
    """Empty if the recursion applies to a network, else the first thing that stands against it."""
    return next(_obstacles(compiled), "")


def _obstacles(compiled: Compiled) -> Iterator[str]:
    plant, names = compiled.plant, compiled.names
    steps, stations, machines = plant.steps[:-1], plant.stations[:-1], plant.machines[:-1]
    checks = [
        (np.diff(plant.stations.first_machine) > 1, names.stations, "has several machines"),
        (stations.plain == 0, names.stations, "has conditions for the choice of a job"),
        (stations.rule != FIFO, names.stations, "has another rule than first come, first served"),
        (stations.preemptive == 1, names.stations, "can be interrupted"),
        (np.bincount(steps.station, minlength=stations.size) > 1, names.stations, "does several steps"),
        (np.diff(plant.machines.first_plan) > 0, names.machines, "has planned maintenance"),
        (machines.off_after >= 0, names.machines, "is switched off"),
        (np.diff(plant.steps.first_branch) > 0, names.steps, "branches"),
        (np.diff(plant.steps.first_due) > 0, names.steps, "ends a time limit"),
        (steps.done_share < 1, names.steps, "may be skipped"),
        (steps.transport >= 0, names.steps, "has transport before it"),
        (steps.cascade >= 0, names.steps, "cascades"),
    ]
    joined = {int(plant.stores[store].station) for store in range(plant.stores.size)}
    for at, station in enumerate(names.stations):
        if at in joined and _only_joins(compiled, at):
            checks[1][0][at] = False
        if at not in set(steps.station.tolist()):
            yield f"station {station} does nothing"
    for wrong, which, reason in checks:
        for row in np.flatnonzero(wrong):
            yield f"{which[int(row)]} {reason}"
    if (plant.modes.calendar == 1).any() or (plant.modes.crew >= 0).any() or (plant.modes.age > 0).any():
        yield "failures go by the calendar, wait for a crew or have an age at the start"
    if (plant.joins.quantity != 1).any() or (plant.stores.quantity != 1).any():
        yield "an assembly takes several parts of a kind"
    if plant.starts.size or (plant.job_types.loop >= 0).any():
        yield "jobs are inside at the start, or cards limit them"
    ends = sum(int(kind.store) < 0 for kind in plant.job_types)
    if ends != 1:
        yield "there are several products"
    yield from _sources(compiled)


def _only_joins(compiled: Compiled, station: int) -> bool:
    plant = compiled.plant
    record, steps = plant.stations[station], plant.steps[:-1]
    here = steps.station == station
    return bool(record.matrix < 0 and record.pool < 0 and record.batch == 0 and not (steps.same[here] >= 0).any())


def _sources(compiled: Compiled) -> Iterator[str]:
    plant = compiled.plant
    first = [int(plant.steps[int(kind.first_step)].station) for kind in plant.job_types]
    for source in plant.sources[:-1]:
        if plant.job_types.size > 1:
            yield "parts arrive at random into an assembly"
        if source.law < 0 or source.jobs != 1 or source.most < NO_LIMIT:
            yield "jobs come from a list, in batches, or not for ever"
        if plant.stations[first[int(source.job_type)]].places < NO_LIMIT:
            yield "the first queue is limited"


def new_line(compiled: Compiled, *, seed: int = 0, replication: int = 0, block: int = BLOCK) -> Any:
    """A line at its start; only where :func:`why_not_a_line` has nothing against it."""
    from linewright.twin.network.arrays import LUCK, MODE_STATE, zeros
    from linewright.twin.network.recursion import COUNTERS, NODE, Line, begin_line

    plant = compiled.plant
    order, after, places = _order(compiled)
    nodes = zeros(NODE, len(order) + 1)
    at_node = {step: node for node, step in enumerate(order)}
    before: list[int] = []
    modes: list[Any] = []
    for node, step in enumerate(order):
        record, source = nodes[node], plant.steps[step]
        machine = int(plant.stations[int(source.station)].first_machine)
        kind = plant.job_types[int(source.job_type)]
        record.law, record.factor = source.law, kind.pieces if source.per == 1 else 1.0
        record.fixed, record.cause, record.speed = source.fixed, source.cause, plant.machines[machine].speed
        record.first_mode, record.first_before = len(modes), len(before)
        modes += list(
            plant.modes[int(plant.machines[machine].first_mode) : int(plant.machines[machine + 1].first_mode)]
        )
        record.after, record.places = at_node.get(after[step], -1), min(places[step], NO_LIMIT)
        if record.places == NO_LIMIT:
            record.after = -1
        before += [at_node[other] for other in order if after[other] == step]
        record.source = -1
        if step == kind.first_step:
            _set_source(plant, record, int(source.job_type))
    nodes[-1].first_mode, nodes[-1].first_before = len(modes), len(before)
    finite = [int(record.places) for record in nodes[:-1] if record.after >= 0]
    history = max([0, *finite]) + 1
    counters = zeros(COUNTERS, 1)
    counters.seed[0], counters.replication[0] = seed, replication
    luck = zeros(LUCK, 2 * nodes.size)
    luck.block = -1
    line = Line(
        nodes=nodes, before=np.array(before, np.int64), laws=plant.laws, table=plant.table,
        modes=np.array([tuple(mode) for mode in modes], plant.modes.dtype).view(np.recarray),
        mode_states=zeros(MODE_STATE, len(modes)), luck=luck, counters=counters,
        departure=np.zeros(len(order) * (history + block)), released=np.zeros(block), waited=np.zeros(block),
        history=np.array([history, 0, min([LONGEST, *(places + 1 for places in finite)])]),
        width=np.array([history + block]),
    )  # fmt: skip
    begin_line(line)
    return line


def _set_source(plant: Any, record: Any, job_type: int) -> None:
    for source in plant.sources[:-1]:
        if source.job_type == job_type:
            record.source, record.source_cause, record.first = source.law, source.cause, source.first


def _order(compiled: Compiled) -> tuple[list[int], dict[int, int], dict[int, int]]:
    """Steps in the order of the flow, the step after each, and the places before that one."""
    plant = compiled.plant
    after: dict[int, int] = {}
    places: dict[int, int] = {}
    for step, record in enumerate(plant.steps[:-1]):
        if record.then != LEAVES:
            after[step] = int(record.then)
            places[step] = int(plant.stations[int(plant.steps[after[step]].station)].places)
        else:
            store = int(plant.job_types[int(record.job_type)].store)
            after[step] = _joining(plant, store) if store >= 0 else -1
            places[step] = int(plant.stores[store].places) if store >= 0 else NO_LIMIT
    order: list[int] = []
    left = set(after)
    while left:
        # A step is next when all steps that lead to it are placed.
        free = sorted(step for step in left if not any(after[other] == step for other in left))
        order += free
        left -= set(free)
    return order, after, places


def _joining(plant: Any, store: int) -> int:
    for step in range(plant.steps.size - 1):
        joins = plant.joins[int(plant.steps[step].first_join) : int(plant.steps[step + 1].first_join)]
        if any(join.store == store for join in joins):
            return step
    return -1


def departures(line: Any, parts: int) -> tuple[Any, Any, Any]:
    """For the next parts: when each leaves, when it came in, and how long it waited in queues.

    In an assembly tree, "came in" is the start at the first machine in the order of the flow.
    """
    from linewright.twin.network.recursion import run_line

    left, came, waited = (np.empty(parts) for _ in range(3))
    block, done = line.released.size, 0
    last = (line.nodes.size - 2) * int(line.width[0]) + int(line.history[0])
    while done < parts:
        now = min(block, parts - done)
        run_line(line, now)
        left[done : done + now] = line.departure[last : last + now]
        came[done : done + now] = line.released[:now]
        waited[done : done + now] = line.waited[:now]
        done += now
    return left, came, waited


def departures_until(line: Any, moment: float) -> tuple[Any, Any, Any]:
    """The same for all parts that come in up to a moment, and a few more."""
    if math.isinf(moment):
        raise ValueError("a line runs for ever: give a moment")
    blocks = [departures(line, line.released.size)]
    while blocks[-1][1][-1] <= moment:
        blocks.append(departures(line, line.released.size))
    left, came, waited = (np.concatenate(columns) for columns in zip(*blocks, strict=True))
    return left, came, waited
