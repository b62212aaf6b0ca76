"""Kernels that go through the precedence graph once: how early work can be, and how much must follow it.

Every figure here is a relaxation, so it stays true whatever the plan chooses: resources are not shared, each
operation takes its best way, and a crew is there whenever enough of its people are.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from linewright.shop.block import include
from linewright.shop.kernels import kernel
from linewright.shop.working_time import NEVER, backward, forward, open_moment


@kernel
def shortest_travel(shop: Any, before: int, operation: int) -> int:
    """The shortest transport between any machines of two operations."""
    if shop.transit.size == 1:
        return 0
    operations, machines, modes = shop.operations, shop.machines, shop.modes
    shortest = NEVER
    for one in range(operations[before].first_mode, operations[before + 1].first_mode):
        here = machines[modes[one].machine].site
        for other in range(operations[operation].first_mode, operations[operation + 1].first_mode):
            there = machines[modes[other].machine].site
            shortest = min(shortest, shop.transit[here, there] if here >= 0 and there >= 0 else 0)
            if shortest == 0:
                return 0
    return shortest


@kernel
def travel_to_demand(shop: Any, operation: int, demand: int) -> int:
    """The shortest transport from any machine of an operation to where its demand must be ready."""
    site = shop.demands[demand].site
    shortest = NEVER
    for mode in range(shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode):
        here = shop.machines[shop.modes[mode].machine].site
        shortest = min(shortest, shop.transit[here, site] if here >= 0 and site >= 0 else 0)
    return shortest


@kernel
def least_run(shop: Any, operation: int, share: float) -> int:
    """Seconds of a share of the run in the fastest mode."""
    shortest = NEVER
    for mode in range(shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode):
        run = shop.modes[mode].run
        shortest = min(shortest, run if share >= 1.0 else ceil(run * share))
    return shortest


@kernel
def meeting(shop: Any, mode: int, crew: int, used: Any) -> int:
    """List the calendars that surely meet in the run of a mode; return how many."""
    count = include(used, 0, shop.machines[shop.modes[mode].machine].calendar)
    if shop.modes[mode].person >= 0:
        count = include(used, count, shop.people[shop.modes[mode].person].calendar)
    return include(used, count, crew)


@kernel
def earliest(shop: Any, calendars: Any, crew: Any, order: Any) -> tuple[Any, Any, Any]:
    """The earliest setup, run start and end of every operation, whatever the plan.

    `calendars` are the shop's with those of crews behind them, `crew` the one of each operation (0: none needed).
    All functions of time used are monotone, so the best mode may be taken for each figure on its own.
    """
    operations, arcs, modes = shop.operations, shop.arcs, shop.modes
    count = operations.size - 1
    block, start, end = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
    used = np.zeros(4, np.int64)
    for at in range(order.size):
        operation = order[at]
        record = operations[operation]
        ready = max(0, record.release, record.material_ready, record.pin)
        for arc in range(record.first_arc, operations[operation + 1].first_arc):
            before = arcs[arc].operation
            passed = end[before]
            if arcs[arc].transfer < 1.0:
                passed = first_batch(shop, calendars, crew, before, start[before], arcs[arc].transfer, used)
            ready = max(ready, passed + arcs[arc].wait + shortest_travel(shop, before, operation))
        block[operation] = start[operation] = end[operation] = NEVER
        for mode in range(record.first_mode, operations[operation + 1].first_mode):
            setup, run = modes[mode].setup, modes[mode].run
            used[0] = shop.machines[modes[mode].machine].calendar
            begin = max(ready, forward(calendars, used, min(used[0], 1), 0, setup))
            meet = meeting(shop, mode, crew[operation], used)
            begin = open_moment(calendars, used, meet, begin, run, record.may_pause)
            finish = forward(calendars, used, meet, begin, run) if begin < NEVER else NEVER
            finish = max(finish, last_batch(shop, calendars, end, operation, mode, used, meet))
            start[operation], end[operation] = min(start[operation], begin), min(end[operation], finish)
            used[0] = shop.machines[modes[mode].machine].calendar
            set_up = backward(calendars, used, min(used[0], 1), begin, setup) if begin < NEVER else NEVER
            block[operation] = min(block[operation], max(set_up, 0))
        if end[operation] >= NEVER:
            # The calendars end before: count hours round the clock from here on, which can only be too early.
            start[operation] = block[operation] = min(start[operation], ready)
            end[operation] = ready + least_run(shop, operation, 1.0)
    return block, start, end


@kernel
def first_batch(shop: Any, calendars: Any, crew: Any, before: int, begin: int, share: float, used: Any) -> int:
    """When an operation that begins at `begin` can have passed on its first transfer batch."""
    moment = NEVER
    for mode in range(shop.operations[before].first_mode, shop.operations[before + 1].first_mode):
        meet = meeting(shop, mode, crew[before], used)
        moment = min(moment, forward(calendars, used, meet, begin, ceil(shop.modes[mode].run * share)))
    return moment if moment < NEVER else begin


@kernel
def last_batch(shop: Any, calendars: Any, end: Any, operation: int, mode: int, used: Any, meet: int) -> int:
    """When the last transfer batches that an operation receives can be worked; 0 where it receives none."""
    moment = 0
    for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
        share = shop.arcs[arc].transfer
        if share < 1.0:
            before = shop.arcs[arc].operation
            arrival = end[before] + shop.arcs[arc].wait + shortest_travel(shop, before, operation)
            moment = max(moment, forward(calendars, used, meet, arrival, ceil(shop.modes[mode].run * share)))
    return moment


@kernel
def following(shop: Any, order: Any) -> Any:
    """Seconds that must pass after the end of each operation until the last one ends."""
    operations, arcs = shop.operations, shop.arcs
    tail = np.zeros(operations.size - 1, np.int64)
    for at in range(order.size - 1, -1, -1):
        operation = order[at]
        for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
            before = arcs[arc].operation
            lag = arcs[arc].wait + shortest_travel(shop, before, operation)
            tail[before] = max(tail[before], lag + least_run(shop, operation, arcs[arc].transfer) + tail[operation])
    return tail


@kernel
def latest(shop: Any, order: Any, due: Any) -> tuple[Any, Any]:
    """The latest end of each operation that keeps the most urgent demand it feeds in time, and that demand.

    `due` is a moment for each demand, NEVER for those that do not count; -1 marks operations that feed none.
    """
    operations, arcs, demands = shop.operations, shop.arcs, shop.demands
    moment = np.full(operations.size - 1, NEVER, np.int64)
    whose = np.full(operations.size - 1, -1, np.int64)
    for demand in range(demands.size - 1):
        if due[demand] >= NEVER:
            continue
        for feed in range(demands[demand].first_feed, demands[demand + 1].first_feed):
            operation = shop.feeds[feed].operation
            last = due[demand] - shop.feeds[feed].lag - travel_to_demand(shop, operation, demand)
            if last < moment[operation]:
                moment[operation], whose[operation] = last, demand
    for at in range(order.size - 1, -1, -1):
        operation = order[at]
        if whose[operation] < 0:
            continue
        for arc in range(operations[operation].first_arc, operations[operation + 1].first_arc):
            before = arcs[arc].operation
            last = moment[operation] - least_run(shop, operation, arcs[arc].transfer)
            last -= arcs[arc].wait + shortest_travel(shop, before, operation)
            if last < moment[before]:
                moment[before], whose[before] = last, whose[operation]
    return moment, whose


@kernel
def finishes(shop: Any, end: Any) -> Any:
    """The earliest finish of every demand when operations end as early as they can."""
    demands = shop.demands
    finish = np.zeros(demands.size - 1, np.int64)
    for demand in range(demands.size - 1):
        finish[demand] = max(demands[demand].ready, 0)
        for feed in range(demands[demand].first_feed, demands[demand + 1].first_feed):
            operation = shop.feeds[feed].operation
            moment = end[operation] + shop.feeds[feed].lag + travel_to_demand(shop, operation, demand)
            finish[demand] = max(finish[demand], moment)
    return finish
