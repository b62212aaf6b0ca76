"""The shop in the compact form of this layer: only what times and values need when nothing ever closes.

On such a shop an operation starts when its machine is set up and all that it waits for is there, so a plan is one
sequence for each machine. Weights are multiplied in: every cost here is in units of the objective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from linewright.shop.arrays import records
from linewright.shop.evaluate import CHANGEOVERS, EARLY_STOCK, ENERGY, LATENESS, MAKESPAN, PREFERENCE, TARDINESS
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.shop.arrays import Arrays


def _record(**columns: type) -> np.dtype[Any]:
    return np.dtype(list(columns.items()), align=True)


_I, _S, _F = np.int64, np.int32, np.float64

#: What never changes about an operation: from when it may run, its family, and its ways, neighbours and demands.
STEP = _record(ready=_I, family=_S, first_way=_S, first_before=_S, first_after=_S, first_served=_S, job=_S)
#: A way to do an operation; `cost` is what it costs whatever comes before it on the machine.
WAY = _record(setup=_I, run=_I, cost=_F, machine=_S)
#: A neighbour in the precedence graph, and the wait between the end of one and the start of the other.
LINK = _record(operation=_S, wait=_I)
#: A machine: its changeover matrix, the family it is set up for, and what a second of changeover costs.
MACHINE = _record(matrix=_S, family=_S, second_cost=_F)
#: A changeover.
SWITCH = _record(seconds=_I, cost=_F)
#: A demand: its date, cost of a late and of an early second, earliest finish.
DEMAND = _record(due=_I, late=_F, early=_F, ready=_I, first_feed=_S)
#: A demand that an operation feeds, with the wait until it arrives.
SERVED = _record(demand=_S, lag=_I)
#: What a plan decides and what follows from it: the neighbours on the machine, way, times, the family that the
#: machine is set up for afterwards, and the cost of its way and changeover. `base` and `stage` belong to a window.
NODE = _record(
    start=_I, end=_I, cost=_F, base=_I, before=_S, after=_S, machine=_S, way=_S, family_after=_S, stage=_S, queued=_S,
    cause=_S,
)  # fmt: skip
#: When a demand is met, what it costs, and a mark for demands that are being looked at.
MET = _record(finish=_I, cost=_F, mark=_I)


class TardyShop(NamedTuple):
    """What never changes while searching; `operation_of` leads from a way back to its operation."""

    steps: Any
    ways: Any
    operation_of: Any
    befores: Any
    afters: Any
    machines: Any
    switches: Any
    demands: Any
    feeds: Any
    served: Any


class TardyPlan(NamedTuple):
    """One plan: a node for each operation, then one for each machine that stands for its empty beginning."""

    nodes: Any
    met: Any


def tardy_shop(shop: Arrays, weights: Any) -> TardyShop:
    """Take from a shop's arrays what this layer needs; its traits must be those of a disjunctive shop."""
    operations = shop.operations
    served, feeds, demands = _dates(shop, weights)
    first_served = np.searchsorted(served["operation"], np.arange(operations.size))
    after = _afters(shop)
    steps = records(
        STEP, operations.size,
        ready=np.maximum(np.maximum(operations.release, operations.material_ready), 0)[:-1],
        family=operations.family[:-1], job=operations.job[:-1], first_way=operations.first_mode,
        first_before=operations.first_arc, first_after=operations.first_next, first_served=first_served,
    )  # fmt: skip
    return TardyShop(
        steps=steps,
        ways=_ways(shop, weights),
        operation_of=shop.modes.operation.astype(np.int64),
        befores=records(LINK, shop.arcs.size, operation=shop.arcs.operation, wait=shop.arcs.wait),
        afters=after,
        machines=records(
            MACHINE, shop.machines.size, matrix=shop.machines.matrix, family=shop.machines.family,
            second_cost=weights[CHANGEOVERS] * shop.machines.cost_per_second + _setup_second(shop, weights),
        ),
        switches=_switches(shop, weights),
        demands=demands,
        feeds=feeds,
        served=records(SERVED, served["operation"].size, demand=served["demand"], lag=served["lag"]),
    )  # fmt: skip


def new_plan(shop: TardyShop) -> TardyPlan:
    """A plan in which nothing is placed yet."""
    nodes = records(NODE, shop.steps.size - 1 + shop.machines.size)
    return TardyPlan(nodes, records(MET, shop.demands.size))


def copied(plan: TardyPlan) -> TardyPlan:
    """The same plan in arrays of its own."""
    return TardyPlan(plan.nodes.copy(), plan.met.copy())


def _setup_second(shop: Arrays, weights: Any) -> Any:
    """Energy of a second of setup, at the machine's flat price: prices that change over the day are not seen here."""
    return weights[ENERGY] * shop.machines.setup_kw / 3600 * shop.machines.price


def _ways(shop: Arrays, weights: Any) -> Any:
    modes, machines = shop.modes, shop.machines[shop.modes.machine]
    kwh = (machines.setup_kw * modes.setup + machines.run_kw * modes.run) / 3600 + shop.operations.kwh[modes.operation]
    cost = weights[PREFERENCE] * modes.cost + weights[ENERGY] * kwh * machines.price
    return records(WAY, modes.size, setup=modes.setup, run=modes.run, cost=cost, machine=modes.machine)


def _switches(shop: Arrays, weights: Any) -> Any:
    made = np.zeros(shop.switches.shape, SWITCH).view(np.recarray)
    made.seconds[...] = shop.switches.seconds
    made.cost[...] = weights[CHANGEOVERS] * shop.switches.cost
    return made


def _afters(shop: Arrays) -> Any:
    """Followers of each operation in the shop's own order, with the wait of the arc between."""
    operations, arcs = shop.operations, shop.arcs
    follower = np.repeat(np.arange(operations.size - 1), np.diff(operations.first_arc))
    by_before = np.lexsort((follower, arcs.operation))
    ordered = records(LINK, arcs.size, operation=follower[by_before], wait=arcs.wait[by_before])
    first = np.searchsorted(arcs.operation[by_before], np.arange(operations.size))
    if not np.array_equal(first, operations.first_next):
        raise ValueError("followers and arcs of the shop do not agree")
    return ordered


def _dates(shop: Arrays, weights: Any) -> tuple[Any, Any, Any]:
    """Demands with a date, one more for the makespan where it counts, and who feeds them, from both ends."""
    demands = shop.demands[:-1]
    late = weights[LATENESS] * demands.late_rate + weights[TARDINESS]
    early = weights[EARLY_STOCK] * demands.early_rate
    counts = np.flatnonzero((demands.due < NEVER) & ((late > 0) | (early > 0)))
    rows = [np.arange(shop.demands.first_feed[at], shop.demands.first_feed[at + 1]) for at in counts.tolist()]
    operation = [shop.feeds.operation[row] for row in rows]
    lag = [shop.feeds.lag[row] for row in rows]
    columns = {
        "due": demands.due[counts], "late": late[counts], "early": early[counts],
        "ready": np.maximum(demands.ready[counts], 0),
    }  # fmt: skip
    if weights[MAKESPAN] > 0:
        last = np.flatnonzero(np.diff(shop.operations.first_next) == 0)
        operation.append(last)
        lag.append(np.zeros(last.size, np.int64))
        columns = {
            name: np.append(values, weights[MAKESPAN] if name == "late" else 0) for name, values in columns.items()
        }
    count = len(operation)
    sizes = np.array([row.size for row in operation], np.int64)
    operations = np.concatenate(operation) if count else np.zeros(0, np.int64)
    lags = np.concatenate(lag) if count else np.zeros(0, np.int64)
    demand = np.repeat(np.arange(count), sizes)
    made = records(DEMAND, count + 1, first_feed=np.concatenate([[0], np.cumsum(sizes)]), **columns)
    by_operation = np.argsort(operations, kind="stable")
    served = {"operation": operations[by_operation], "demand": demand[by_operation], "lag": lags[by_operation]}
    return served, records(LINK, operations.size, operation=operations, wait=lags), made
