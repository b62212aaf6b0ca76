"""Random shops that a disjunctive graph describes fully, and plain loops over the same graph."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import numpy as np

from linewright.model.factory import Factory
from linewright.plan.search.graph.load import load
from linewright.plan.search.graph.nodes import Graph, graph_of, unit_of
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from tests.plan.search.reinsert.people_shops import START, random_solution

Tables = dict[str, list[dict[str, Any]]]


def graph_tables(
    seed: int, *, jobs: int = 4, steps: int = 4, machines: int = 3, alternatives: bool = True, bill: bool = True
) -> Tables:
    """Jobs of up to so many steps; waits, releases, steps that wait for several others and a bill at random."""
    draw = Random(seed)
    names = [f"M{at}" for at in range(machines)]
    tables: Tables = {
        "machines": [{"machine": name} for name in names],
        "materials": [], "operations": [], "orders": [], "operation_machines": [], "components": [],
    }  # fmt: skip
    for job in range(jobs):
        material = f"P{job}"
        tables["materials"].append({"material": material})
        for step in range(1, draw.randint(max(steps - 2, 1), steps) + 1):
            after = draw.choice(["", "", "-", "1 2"]) if step > 2 else ""
            tables["operations"].append(
                {"material": material, "step": step, "machine": draw.choice(names), "after": after,
                 "run_minutes": draw.randint(1, 20), "min_wait_minutes": draw.choice([0, 0, 0, 5])}
            )  # fmt: skip
            if alternatives and draw.random() < 0.6:
                tables["operation_machines"] += [
                    {"material": material, "step": step, "machine": name, "run_minutes": draw.randint(1, 20)}
                    for name in draw.sample(names, 2)
                ]
        release = START.replace(minute=draw.choice([0, 0, 10]))
        tables["orders"].append({"order": f"O{job}", "material": material, "quantity": 1, "release": release})
        if bill and job and draw.random() < 0.3:
            tables["components"].append({"material": material, "component": "P0", "quantity": 1})
    return tables


def graph_shop(seed: int, **sizes: Any) -> Shop:
    """The compiled form of :func:`graph_tables`."""
    return compile_shop(Factory.of(**graph_tables(seed, **sizes)), START, horizon_days=30)


def planned(shop: Shop, seed: int = 0) -> tuple[Graph, int]:
    """The graph of a shop in minutes, set to a random plan, and its makespan."""
    graph = graph_of(shop.arrays, unit_of(shop.arrays))
    order, mode = random_solution(shop, seed)
    return graph, int(load(graph, order.astype(np.int32), mode.astype(np.int32)))


def copied(graph: Graph) -> Graph:
    """The same graph in arrays of its own."""
    return Graph(*(part.copy() for part in graph))


def plain(kernel: Any) -> Any:
    """The Python body of a kernel."""
    return getattr(kernel, "py_func", kernel)


def room_to_move(shop: Shop) -> tuple[Any, Any]:
    """What `relocate` needs beside the graph."""
    return np.zeros(shop.size + 1, np.int64), np.zeros(shop.size, np.int32)


def arcs_of(shop: Shop) -> list[tuple[int, int, int]]:
    """Every arc: what comes before, what after, and the wait in the unit of the graph."""
    operations, arcs, unit = shop.arrays.operations, shop.arrays.arcs, unit_of(shop.arrays)
    return [
        (int(arcs.operation[arc]), at, int(arcs.wait[arc]) // unit)
        for at in range(shop.size)
        for arc in range(operations.first_arc[at], operations.first_arc[at + 1])
    ]


def rows_of(graph: Graph) -> list[list[int]]:
    """The operations of each machine in their order."""
    first = graph.first_place
    return [graph.sequence[first[at] : first[at] + load].tolist() for at, load in enumerate(graph.loads)]


def plain_times(shop: Shop, rows: list[list[int]], mode: Any) -> tuple[list[int], list[int]] | None:
    """Heads and tails by longest ways, worked out without the graph; None when there is a circle."""
    unit, modes, operations = unit_of(shop.arrays), shop.arrays.modes, shop.arrays.operations
    run = [int(modes.run[at]) // unit for at in mode]
    arcs = arcs_of(shop) + [(one, other, 0) for row in rows for one, other in pairwise(row)]
    order: list[int] = []
    while len(order) < shop.size:
        blocked = {after for before, after, _ in arcs if before not in order}
        ready = [at for at in range(shop.size) if at not in order and at not in blocked]
        if not ready:
            return None
        order += ready
    heads = [int(max(operations.release[at], operations.material_ready[at])) // unit for at in range(shop.size)]
    tails = [0] * shop.size
    for at in order:
        heads[at] = max([heads[at], *(heads[one] + run[one] + wait for one, other, wait in arcs if other == at)])
    for at in reversed(order):
        tails[at] = max([0, *(wait + run[other] + tails[other] for one, other, wait in arcs if one == at)])
    return heads, tails


def assert_true_to_itself(shop: Shop, graph: Graph) -> None:
    """Ranks, neighbours, places, loads and times all say the same as the rows of the machines."""
    nodes, rows = graph.nodes, rows_of(graph)
    assert sorted(at for row in rows for at in row) == list(range(shop.size))
    assert nodes.rank[graph.order].tolist() == list(range(shop.size))
    arcs = arcs_of(shop) + [(one, other, 0) for row in rows for one, other in pairwise(row)]
    assert all(nodes.rank[one] < nodes.rank[other] for one, other, _ in arcs)
    for machine, row in enumerate(rows):
        assert nodes.machine[row].tolist() == [machine] * len(row)
        assert nodes.place[row].tolist() == list(range(len(row)))
        assert nodes.before[row].tolist() == [-1, *row[:-1]][: len(row)]
        assert nodes.after[row].tolist() == [*row[1:], -1][: len(row)]
    assert graph.ways.machine[nodes.mode].tolist() == nodes.machine.tolist()
    assert graph.ways.run[nodes.mode].tolist() == nodes.run.tolist()
    assert (nodes.head.tolist(), nodes.tail.tolist()) == plain_times(shop, rows, nodes.mode)
