"""The disjunctive graph as arrays: one record for each operation, so that what a move reads lies together."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linewright.shop.arrays import Arrays, records

_INT = np.int32
#: In place of the one step before or after: there is none, or there are several, which `links` lists.
NONE, SEVERAL = -1, -2
#: `head` is the earliest start, `tail` the longest way from the end to the end of all; `ready` is the head as far as
#: release and job decide it, `rest` the tail as far as the job does. `before` and `after` are the neighbours on the
#: machine, `place` the position there; `step_before` and `step_after` those in the job, with the seconds that must
#: pass in between. `rank` is the position in a topological order. An operation that nothing waits for has in
#: `wait_after` its position among the `ends`. The sixteen numbers fill one line of the processor's cache.
NODE = np.dtype(
    [
        ("head", _INT), ("tail", _INT), ("run", _INT), ("ready", _INT), ("rest", _INT), ("release", _INT),
        ("machine", _INT), ("before", _INT), ("after", _INT), ("place", _INT), ("mode", _INT), ("rank", _INT),
        ("step_before", _INT), ("step_after", _INT), ("wait_before", _INT), ("wait_after", _INT),
    ],
    align=True,
)  # fmt: skip
#: The other operation of an arc, and the seconds that must pass in between.
LINK = np.dtype([("operation", _INT), ("wait", _INT)], align=True)
#: A machine that may do an operation, and its run seconds there.
WAY = np.dtype([("machine", _INT), ("run", _INT)], align=True)
#: Where the modes of an operation begin, and its links to the steps before and to those after.
LISTS = np.dtype([("first_mode", _INT), ("first_before", _INT), ("first_after", _INT)], align=True)
#: Times beyond this could overflow when a head, a run and a tail are added up.
MOST_TIME = 1 << 29


class Graph(NamedTuple):
    """What stays the same during a search, and the nodes, whose times and neighbours change.

    `lists` has one record more than operations, `ways` one for each mode. ``links[first_before:first_after]`` are the
    steps that an operation waits for, the rest up to the next one's `first_before` those that wait for it.
    `first_place[machine]` is where the machine's part of `sequence` begins, and `loads[machine]` how many operations
    stand there. `order` lists operations topologically; `ends` holds the end of every operation that nothing waits for.
    """

    nodes: Any
    lists: Any
    links: Any
    ways: Any
    first_place: Any
    sequence: Any
    loads: Any
    order: Any
    ends: Any


def graph_of(shop: Arrays, unit: int = 1) -> Graph:
    """The graph of a shop whose machines are always open and do one operation at a time, without a plan yet.

    Times are counted in a unit of so many seconds.
    """
    operations, modes, arcs = shop.operations, shop.modes, shop.arcs
    size = operations.size - 1
    before, after = np.diff(operations.first_arc), np.diff(operations.first_next)
    ends = np.cumsum(before + after)
    lists = records(LISTS, size + 1, first_mode=operations.first_mode)
    lists.first_before[1:] = ends
    lists.first_after[:-1] = ends - after
    lists.first_after[-1] = 2 * arcs.size
    links = records(LINK, 2 * arcs.size)
    owner = np.repeat(np.arange(size), before)
    at = np.arange(arcs.size) - operations.first_arc[owner] + lists.first_before[owner]
    links.operation[at], links.wait[at] = arcs.operation, arcs.wait // unit
    # Every arc stands once more with the operation that comes first.
    by_first = np.lexsort((owner, arcs.operation))
    first = arcs.operation[by_first]
    at = np.arange(arcs.size) - operations.first_next[first] + lists.first_after[first]
    links.operation[at], links.wait[at] = owner[by_first], arcs.wait[by_first] // unit
    machines = shop.machines.size - 1
    return Graph(
        nodes=_nodes(shop, unit, lists, links, before, after),
        lists=lists,
        links=links,
        ways=records(WAY, modes.size, machine=modes.machine, run=(modes.run + modes.setup) // unit),
        first_place=np.concatenate([[0], np.cumsum(np.bincount(modes.machine, minlength=machines))]),
        sequence=np.zeros(modes.size, np.int32),
        loads=np.zeros(machines, np.int64),
        order=np.zeros(size, np.int32),
        ends=np.zeros(np.count_nonzero(after == 0), np.int32),
    )


def _nodes(shop: Arrays, unit: int, lists: Any, links: Any, before: Any, after: Any) -> Any:
    """Nodes that know their job, and no machine yet."""
    operations = shop.operations[:-1]
    nodes = records(NODE, operations.size, release=np.maximum(operations.release, operations.material_ready) // unit)
    nodes.step_before = np.where(before > 1, SEVERAL, NONE)
    nodes.step_after = np.where(after > 1, SEVERAL, NONE)
    one = np.flatnonzero(before == 1)
    link = lists.first_before[one]
    nodes.step_before[one], nodes.wait_before[one] = links.operation[link], links.wait[link]
    one = np.flatnonzero(after == 1)
    link = lists.first_after[one]
    nodes.step_after[one], nodes.wait_after[one] = links.operation[link], links.wait[link]
    last = np.flatnonzero(after == 0)
    nodes.wait_after[last] = np.arange(last.size)
    return nodes


def unit_of(shop: Arrays) -> int:
    """The most seconds of which every time in a shop is a multiple, so that times in this unit are small."""
    operations = shop.operations[:-1]
    times = np.concatenate([
        shop.modes.run, shop.modes.setup, shop.arcs.wait, operations.release, operations.material_ready,
    ])  # fmt: skip
    return max(int(np.gcd.reduce(times)), 1) if times.size else 1


def longest_possible(shop: Arrays) -> int:
    """Seconds in which every plan that does not idle on purpose has ended."""
    operations, modes = shop.operations[:-1], shop.modes
    longest = np.zeros(operations.size, np.int64)
    np.maximum.at(longest, modes.operation, modes.run + modes.setup)
    begins = np.maximum(operations.release, operations.material_ready).max(initial=0)
    return int(begins + longest.sum() + shop.arcs.wait.sum())
