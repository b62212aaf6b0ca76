"""Lines and assembly trees without an event list: when part k leaves machine i follows from parts and machines before.

With block after service and `b` places between machines i and i+1, the departure of part k is
``D[i, k] = max(start + time at the machine, D[i + 1, k - b - 1])`` with ``start = max(D[i, k - 1], D[i - 1, k])``
(Lindley 1952 for one machine; Buzacott and Shanthikumar, *Stochastic Models of Manufacturing Systems*, 1993, ch. 5 for
lines; an assembly machine has several machines before it). Repairs lengthen the time at the machine, as failures count
running time. The random numbers are those of the event kernel and so are the operations on them, in the same order:
the departures are equal to the last bit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linewright.shop.distributions import FIXED, sample
from linewright.shop.kernels import lean_kernel
from linewright.twin.network.kernel.compiled import inlined_kernel, inner_kernel
from linewright.twin.network.kernel.luck import draw

#: A machine: `ahead` places and the machine after it (-1: none); `first_before` to the next are the machines before;
#: `source` is the law of arrivals (-1: none), `saturated` says that work never lacks.
NODE = np.dtype(
    [
        ("law", np.int64), ("factor", np.float64), ("fixed", np.float64), ("speed", np.float64), ("cause", np.uint64),
        ("first_mode", np.int64), ("places", np.int64), ("after", np.int64), ("first_before", np.int64),
        ("source", np.int64), ("source_cause", np.uint64), ("first", np.float64),
    ],
    align=True,
)  # fmt: skip
#: The moment of the last arrival, and how far the counters are.
COUNTERS = np.dtype(
    [("seed", np.uint64), ("replication", np.int64), ("part", np.int64), ("arrived", np.float64)], align=True
)


class Line(NamedTuple):
    """A line in the order of the flow, and its state.

    `departure` is [machine, history + part of this block], one row of `width` behind the other; `history` holds its
    columns, the parts of the block before, and how many parts a machine may do at a time; `released`, `waited` belong
    to the parts of the block: when they came in, and how long they waited in queues.
    """

    nodes: Any
    before: Any
    laws: Any
    table: Any
    modes: Any
    mode_states: Any
    luck: Any
    counters: Any
    departure: Any
    released: Any
    waited: Any
    history: Any
    width: Any


@lean_kernel
def run_line(line: Any, parts: int) -> None:
    """Compute the departures of the next `parts` parts; the last ones of the block before are moved to the front.

    Machine after machine does a few parts, no more than the least buffer has places and one: then all that blocks them
    is known, and what belongs to a machine stays in registers.
    """
    counters = line.counters[0]
    history, count, width = line.history[0], line.nodes.size - 1, line.width[0]
    done = line.history[1]
    for node in range(count):
        for column in range(history):
            line.departure[node * width + column] = line.departure[node * width + column + done]
    line.history[1] = parts
    for part in range(parts):
        line.waited[part] = 0.0
    first = 0
    while first < parts:
        end = min(parts, first + line.history[2])
        for node in range(count):
            record = line.nodes[node]
            befores = line.nodes[node + 1].first_before - record.first_before
            modes = line.nodes[node + 1].first_mode - record.first_mode
            if record.source < 0 and befores <= 1 and modes <= 1 and line.laws[record.law].kind == FIXED:
                fixed_times(line, node, first, end, befores, modes)
            else:
                any_times(line, node, first, end)
        counters.part += end - first
        first = end


@inlined_kernel
def fixed_times(line: Any, node: int, first: int, end: int, befores: int, modes: int) -> None:
    """A machine with one fixed time and at most one failure mode does the parts from `first` to `end`."""
    record, width = line.nodes[node], line.width[0]
    departure = line.departure
    time = line.laws[record.law].one * record.factor + record.fixed
    if record.speed != 1.0:
        time /= record.speed
    own = node * width + line.history[0]
    before = line.before[record.first_before] * width + line.history[0] if befores == 1 else own
    after = record.after * width + line.history[0] - 1 - record.places if record.after >= 0 else -1
    mode = record.first_mode
    left = line.mode_states[mode].left if modes == 1 else np.inf
    last = departure[own + first - 1]
    for part in range(first, end):
        start = last
        if befores == 1:
            ready = departure[before + part]
            start = max(last, ready)
            line.waited[part] += start - ready
        if left >= time:
            left -= time
            last = start + time
        else:
            line.mode_states[mode].left = left
            last = work_with_failures(line, mode, 1, start, time)
            left = line.mode_states[mode].left
        if after >= 0:
            last = max(last, departure[after + part])
        departure[own + part] = last
        if node == 0:
            line.released[part] = start
    if modes == 1:
        line.mode_states[mode].left = left


@inner_kernel
def any_times(line: Any, node: int, first: int, end: int) -> None:
    """A machine of any kind does the parts from `first` to `end`."""
    counters, record, width, history = line.counters[0], line.nodes[node], line.width[0], line.history[0]
    befores = line.nodes[node + 1].first_before
    modes = line.nodes[node + 1].first_mode - record.first_mode
    last = line.departure[node * width + history + first - 1]
    for part in range(first, end):
        at, number = history + part, counters.part + part - first
        ready = -np.inf
        for before in range(record.first_before, befores):
            ready = max(ready, line.departure[line.before[before] * width + at])
        if record.source >= 0:
            ready = arrival(line, node, number)
        start = max(last, ready)
        if ready >= 0:
            line.waited[part] += start - ready
        else:
            ready = start
        if node == 0:
            line.released[part] = ready
        time = draw(
            line.laws, line.table, record.law, line.luck, node, counters.seed, record.cause, 0, counters.replication,
            number,
        )  # fmt: skip
        time = time * record.factor + record.fixed
        if record.speed != 1.0:
            time /= record.speed
        if modes == 0:
            last = start + time
        else:
            last = work_with_failures(line, record.first_mode, modes, start, time)
        if record.after >= 0:
            last = max(last, line.departure[record.after * width + at - 1 - record.places])
        line.departure[node * width + at] = last


@inner_kernel
def arrival(line: Any, node: int, number: int) -> float:
    """When a part arrives at a machine from outside."""
    counters, record = line.counters[0], line.nodes[node]
    if number == 0 and record.first >= 0:
        counters.arrived = record.first
    else:
        counters.arrived += draw(
            line.laws, line.table, record.source, line.luck, line.nodes.size - 1 + node, counters.seed,
            record.source_cause, 0, counters.replication, number,
        )  # fmt: skip
    return counters.arrived


@inner_kernel
def work_with_failures(line: Any, first: int, modes: int, start: float, work: float) -> float:
    """When work ends that begins at `start` and is interrupted by the failures of some modes."""
    counters = line.counters[0]
    time = start
    while True:
        ahead, failing = work, -1
        for mode in range(first, first + modes):
            if line.mode_states[mode].left < ahead:
                ahead, failing = line.mode_states[mode].left, mode
        for mode in range(first, first + modes):
            line.mode_states[mode].left -= ahead
        work -= ahead
        time += ahead
        if failing < 0:
            return time
        record, state = line.modes[failing], line.mode_states[failing]
        time += sample(
            line.laws[record.repair], line.table, counters.seed, record.repair_cause, counters.replication, state.number
        )
        state.number += 1
        new_uptime(line, failing)


@inner_kernel
def new_uptime(line: Any, mode: int) -> None:
    """Draw the running time to the next failure of a mode."""
    counters, record = line.counters[0], line.modes[mode]
    line.mode_states[mode].left = sample(
        line.laws[record.uptime], line.table, counters.seed, record.cause, counters.replication,
        line.mode_states[mode].number,
    )  # fmt: skip


@lean_kernel
def begin_line(line: Any) -> None:
    """Draw the first uptimes."""
    for mode in range(line.modes.size):
        new_uptime(line, mode)
