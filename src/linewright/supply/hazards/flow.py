"""The kernel that moves goods through the network, step by step, along many paths at once.

Each step has rounds. A round asks what each pool could have at most (`able`), plans from the customer down to the
first material what to make (`plan`), and makes it from the first material up, rationing what is short (`make`).
Every round moves only what is there, so the whole is a feasible plan: what it loses is never less than what a linear
program that knows the future loses. Paths lie side by side in lanes, so that one instruction works on several of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import kernel, lean_kernel

#: How many paths lie side by side.
LANES = 16
#: More than any stock: no limit.
PLENTY = 1e18


@lean_kernel
def able(
    level: Any, lasting: int, rate_left: Any, first: Any, input_first: Any, input_pool: Any, input_value: Any,
    could: Any, flow: Any,
) -> None:  # fmt: skip
    """What each pool could hold if all its inputs were its own (`could`), and each activity make (`flow`).

    Only the first `lasting` pools bring in what they hold: all of them, or capacities alone to see what can last.
    """
    for pool in range(first.size - 1):
        for lane in range(LANES):
            could[pool, lane] = level[pool, lane] if pool < lasting else 0.0
        for activity in range(first[pool], first[pool + 1]):
            for lane in range(LANES):
                flow[activity, lane] = rate_left[activity, lane]
            for at in range(input_first[activity], input_first[activity + 1]):
                other, inverse = input_pool[at], 1.0 / input_value[at]
                for lane in range(LANES):
                    most = could[other, lane] * inverse
                    flow[activity, lane] = most if most < flow[activity, lane] else flow[activity, lane]
            for lane in range(LANES):
                could[pool, lane] += flow[activity, lane]


@lean_kernel
def plan(
    level: Any, goal: Any, first: Any, share: Any, input_first: Any, input_pool: Any, input_value: Any,
    flow: Any, made: Any, want: Any, rest: Any,
) -> None:  # fmt: skip
    """Plan what to make (`made`) for what is wanted and for stocks below their goals; `want` becomes each pool's use.

    A pool's need goes to its activities as in the steady plan; what they cannot make goes to those that can make more.
    `want` holds what customers want, and nothing else, when it begins.
    """
    for pool in range(first.size - 2, -1, -1):
        begin, end = first[pool], first[pool + 1]
        for lane in range(LANES):
            need = want[pool, lane] + goal[pool] - level[pool, lane]
            rest[lane] = need if need > 0.0 else 0.0
        for activity in range(begin, end):
            part = share[activity]
            for lane in range(LANES):
                amount = rest[lane] * part
                made[activity, lane] = amount if amount < flow[activity, lane] else flow[activity, lane]
        if end > begin + 1:
            for activity in range(begin, end):
                for lane in range(LANES):
                    rest[lane] -= made[activity, lane]
            for activity in range(begin, end):
                for lane in range(LANES):
                    spare = flow[activity, lane] - made[activity, lane]
                    more = spare if spare < rest[lane] else rest[lane]
                    more = more if more > 0.0 else 0.0
                    made[activity, lane] += more
                    rest[lane] -= more
        for activity in range(begin, end):
            for at in range(input_first[activity], input_first[activity + 1]):
                other, quantity = input_pool[at], input_value[at]
                for lane in range(LANES):
                    want[other, lane] += made[activity, lane] * quantity


@lean_kernel
def make(
    level: Any, rate_left: Any, first: Any, input_first: Any, input_pool: Any, input_value: Any,
    user_first: Any, user_activity: Any, user_value: Any, made: Any, want: Any, left: Any,
) -> None:  # fmt: skip
    """Make what is planned as far as the inputs go; a short pool serves its most worthy users first.

    Levels and rates are updated in place.
    """
    for pool in range(first.size - 1):
        for activity in range(first[pool], first[pool + 1]):
            for lane in range(LANES):
                level[pool, lane] += made[activity, lane]
                rate_left[activity, lane] -= made[activity, lane]
            for at in range(input_first[activity], input_first[activity + 1]):
                other, quantity = input_pool[at], input_value[at]
                for lane in range(LANES):
                    rest = level[other, lane] - made[activity, lane] * quantity
                    level[other, lane] = rest if rest > 0.0 else 0.0
        short = 0
        for lane in range(LANES):
            short += 1 if level[pool, lane] < want[pool, lane] else 0
        if short:
            for lane in range(LANES):
                # Lanes that are not short stay exactly as they are, so that no path depends on its neighbours.
                left[lane] = level[pool, lane] if level[pool, lane] < want[pool, lane] else PLENTY
            for at in range(user_first[pool], user_first[pool + 1]):
                activity, quantity = user_activity[at], user_value[at]
                for lane in range(LANES):
                    most = left[lane] / quantity
                    made[activity, lane] = most if most < made[activity, lane] else made[activity, lane]
                    rest = left[lane] - made[activity, lane] * quantity
                    left[lane] = rest if rest > 0.0 else 0.0


@lean_kernel
def begin(
    level: Any, rate_left: Any, unmet: Any, groups: int, step_days: float, stock: Any, rate: Any, demand: Any
) -> None:
    """A new step: capacities and rates are whole again, and customers want their due."""
    for group in range(groups):
        for lane in range(LANES):
            level[group, lane] = stock[group] * step_days
    for activity in range(rate.size):
        for lane in range(LANES):
            rate_left[activity, lane] = rate[activity] * step_days
    for sale in range(demand.size):
        for lane in range(LANES):
            unmet[sale, lane] = demand[sale] * step_days


@lean_kernel
def ask(want: Any, unmet: Any, serve: bool) -> bool:
    """Set what is wanted at the start of a round, which is what is unmet or nothing; whether there is any of it."""
    below = want.shape[0] - unmet.shape[0]
    for pool in range(below):
        for lane in range(LANES):
            want[pool, lane] = 0.0
    waiting = 0
    for sale in range(unmet.shape[0]):
        for lane in range(LANES):
            want[below + sale, lane] = unmet[sale, lane] if serve else 0.0
            waiting += 1 if unmet[sale, lane] > 0.0 else 0
    return waiting > 0


@lean_kernel
def sell(level: Any, unmet: Any) -> None:
    """Hand over what reached the customers' pools."""
    below = level.shape[0] - unmet.shape[0]
    for sale in range(unmet.shape[0]):
        for lane in range(LANES):
            rest = unmet[sale, lane] - level[below + sale, lane]
            unmet[sale, lane] = rest if rest > 0.0 else 0.0
            level[below + sale, lane] = 0.0


@kernel
def run(
    blocks: int, steps: int, step_days: float, rounds: int, groups: int, stock: Any, demand: Any, margin: Any,
    rate: Any, share: Any, first: Any, input_first: Any, input_pool: Any, input_value: Any,
    user_first: Any, user_activity: Any, user_value: Any,
    entry_first: Any, entry_node: Any, entry_lane: Any, entry_share: Any,
    hit_first: Any, hit_row: Any, hit_left: Any, lost: Any, lost_margin: Any,
) -> None:  # fmt: skip
    """Walk blocks of paths through all steps; `lost` (sales, paths) and `lost_margin` (steps, paths) are filled.

    `entry_*` are the nodes that are down for a share of a step, those of block b and step s from
    `entry_first[b * steps + s]`. `hit_*` say what each node scales, and to which share: an activity's rate, or, from
    -1 downwards, the capacity of a group. The first pools are the groups, filled anew in each step.
    """
    pools = first.size - 1
    level, could, want = np.empty((pools, LANES)), np.empty((pools, LANES)), np.empty((pools, LANES))
    rate_left, flow, made = np.empty((rate.size, LANES)), np.empty((rate.size, LANES)), np.empty((rate.size, LANES))
    unmet = np.empty((demand.size, LANES))
    spare = np.empty(LANES)
    goals, no_goals = np.zeros(pools), np.zeros(pools)
    for pool in range(groups, pools):
        goals[pool] = stock[pool]
    for block in range(blocks):
        for pool in range(pools):
            for lane in range(LANES):
                level[pool, lane] = stock[pool]
        for step in range(steps):
            begin(level, rate_left, unmet, groups, step_days, stock, rate, demand)
            for entry in range(entry_first[block * steps + step], entry_first[block * steps + step + 1]):
                node, lane = entry_node[entry], entry_lane[entry]
                for at in range(hit_first[node], hit_first[node + 1]):
                    remains = 1.0 - entry_share[entry] * (1.0 - hit_left[at])
                    if hit_row[at] >= 0:
                        rate_left[hit_row[at], lane] *= remains
                    else:
                        level[-1 - hit_row[at], lane] *= remains
            for turn in range(rounds + 1):
                # The last round fills the stocks again. The first serves customers by ways that can last, so that
                # the stock of what is down is spared; the others take it too.
                serve = turn < rounds
                if not ask(want, unmet, serve) and serve:
                    continue
                lasting = groups if turn == 0 or not serve else pools
                able(level, lasting, rate_left, first, input_first, input_pool, input_value, could, flow)
                plan(
                    level, no_goals if serve else goals, first, share, input_first, input_pool, input_value,
                    flow, made, want, spare,
                )  # fmt: skip
                make(
                    level, rate_left, first, input_first, input_pool, input_value,
                    user_first, user_activity, user_value, made, want, spare,
                )  # fmt: skip
                sell(level, unmet)
            for sale in range(demand.size):
                for lane in range(LANES):
                    lost[sale, block * LANES + lane] += unmet[sale, lane]
                    lost_margin[step, block * LANES + lane] += unmet[sale, lane] * margin[sale]
