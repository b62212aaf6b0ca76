"""Kernels that charge each operation and each demand with its own part of a plan's value."""

from __future__ import annotations

from typing import Any

from linewright.plan.search.order.track import (
    DELTA,
    LOGGED_DEMANDS,
    LOOSE,
    STRIDE,
    VALUE,
)
from linewright.shop.evaluate import (
    CHANGEOVERS,
    EARLY_STOCK,
    ENERGY,
    INSTABILITY,
    LATENESS,
    MAKESPAN,
    OVERTIME,
    PIN_SLIP,
    PREFERENCE,
    TARDINESS,
    demand_finish,
    energy_cost,
    is_moved,
    overtime_of,
)
from linewright.shop.kernels import kernel
from linewright.shop.working_time import NEVER


@kernel
def operation_cost(shop: Any, state: Any, operation: int, weights: Any, move_cost: float) -> float:
    """What one operation costs by itself: changeover, overtime, energy, preference, having moved, a slipped pin."""
    work, row = state.work[operation], shop.operations[operation]
    cost = shop.modes[work.mode].cost * weights[PREFERENCE]
    if weights[ENERGY] != 0:
        cost += energy_cost(shop, state, operation) * weights[ENERGY]
    if move_cost > 0 and is_moved(shop, state, operation):
        cost += move_cost * weights[INSTABILITY]
    if row.pin >= 0:
        cost += (work.start - row.pin) * weights[PIN_SLIP]
    if work.leader and (work.changeover > 0 or work.changeover_cost > 0):
        hourly = shop.machines[shop.modes[work.mode].machine].cost_per_second
        cost += (work.changeover_cost + work.changeover * hourly) * weights[CHANGEOVERS]
    if shop.overtime.size and weights[OVERTIME] != 0:
        cost += overtime_of(shop, state, operation) * weights[OVERTIME]
    return cost


@kernel
def demand_cost(shop: Any, state: Any, demand: int, weights: Any) -> float:
    """What being late or early costs for one demand."""
    row = shop.demands[demand]
    if row.due >= NEVER:
        return 0.0
    late = demand_finish(shop, state, demand) - row.due
    if late > 0:
        return late * (row.late_rate * weights[LATENESS] + weights[TARDINESS])
    return -late * row.early_rate * weights[EARLY_STOCK]


@kernel
def last_end(shop: Any, state: Any, weights: Any) -> float:
    """The makespan's part of the value."""
    if weights[MAKESPAN] == 0:
        return 0.0
    last = 0
    for operation in range(shop.operations.size - 1):
        last = max(last, state.work[operation].end)
    return last * weights[MAKESPAN]


@kernel
def charge_all(shop: Any, state: Any, track: Any, weights: Any, move_cost: float) -> float:
    """Charge everything anew; returns the value of the plan."""
    value = last_end(shop, state, weights)
    for operation in range(shop.operations.size - 1):
        track.operation_cost[operation] = operation_cost(shop, state, operation, weights, move_cost)
        value += track.operation_cost[operation]
    for demand in range(shop.demands.size - 1):
        track.demand_cost[demand] = demand_cost(shop, state, demand, weights)
        value += track.demand_cost[demand]
    track.amounts[VALUE] = value
    return value


@kernel
def charge(shop: Any, state: Any, track: Any, operation: int, weights: Any, move_cost: float) -> None:
    """Charge an operation that changed and the demands that it feeds, and note what they cost before."""
    cost = operation_cost(shop, state, operation, weights, move_cost)
    track.amounts[DELTA] += cost - track.operation_cost[operation]
    track.operation_cost[operation] = cost
    for at in range(track.first_fed[operation], track.first_fed[operation + 1]):
        demand = track.fed[at]
        slot = track.numbers[LOGGED_DEMANDS]
        track.log_demand[slot], track.log_demand_cost[slot] = demand, track.demand_cost[demand]
        track.numbers[LOGGED_DEMANDS] += 1
        cost = demand_cost(shop, state, demand, weights)
        change = cost - track.demand_cost[demand]
        track.amounts[DELTA] += change
        track.demand_cost[demand] = cost
        if change > 0 and shop.demands[demand + 1].first_feed - shop.demands[demand].first_feed > 1:
            track.amounts[LOOSE] += change


@kernel
def sum_gains(shop: Any, track: Any, order: Any) -> None:
    """For each checkpoint, what everything that is finished after it costs above its least."""
    gain, stride, position = track.gain, track.numbers[STRIDE], track.position
    cost, floor, demand_cost, demand_floor = (
        track.operation_cost, track.operation_floor, track.demand_cost, track.demand_floor,
    )  # fmt: skip
    demands, feeds = shop.demands, shop.feeds
    gain[:] = 0.0
    for at in range(order.size):
        gain[at // stride] += max(cost[order[at]] - floor[order[at]], 0.0)
    for demand in range(demands.size - 1):
        last = -1
        for feed in range(demands[demand].first_feed, demands[demand + 1].first_feed):
            last = max(last, position[feeds[feed].operation])
        if last >= 0:
            gain[last // stride] += max(demand_cost[demand] - demand_floor[demand], 0.0)
    for checkpoint in range(gain.size - 2, -1, -1):
        gain[checkpoint] += gain[checkpoint + 1]


@kernel
def hopeless(track: Any, checkpoint: int, limit: float) -> bool:
    """Whether the plan cannot get below the limit any more, whatever is saved on what still follows.

    The gains are those of a moment ago, so a plan near the limit may be given up too early: that costs a chance, no
    truth.
    """
    sure = track.amounts[DELTA] - track.amounts[LOOSE] - track.gain[checkpoint]
    return bool(track.amounts[VALUE] + sure > limit + 1e-6 * abs(limit))


@kernel
def same(first: float, second: float) -> bool:
    """Whether two values are equal but for rounding."""
    return bool(abs(first - second) <= 1e-9 * max(1.0, abs(first)))
