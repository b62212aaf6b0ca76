"""What to buy by one program over all events at once, in the units of the network, for small cases."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from linewright.supply.shields.options import RECOVERY, SOURCE, STOCK, widened
from tests.supply.stress.oracles import pooled, stopped


def cheapest(network, options, events):
    """The least cost with which no event loses anything: all shorter recoveries tried, one program for each."""
    recoveries = [option for option in options if option.kind == RECOVERY]
    rest = [option for option in options if option.kind != RECOVERY]
    best = np.inf
    for days in product(*(range(int(option.most) + 1) for option in recoveries)):
        paid = sum(
            option.cost + option.cost_per_unit * sooner
            for option, sooner in zip(recoveries, days, strict=True)
            if sooner
        )
        sooner = dict(zip((option.at for option in recoveries), days, strict=True))
        windows = [
            event.recover_days - (sooner.get(event.nodes[0], 0) if len(event.nodes) == 1 else 0) for event in events
        ]
        found = _program(network, rest, events, windows, None)
        best = min(best, paid + found)
    return best


def least_risk(network, options, events, chances, budget, tail):
    """The least expected loss (tail 0) or the least mean of the worst cases, for options without recoveries."""
    windows = [event.recover_days for event in events]
    return _program(network, options, events, windows, (np.asarray(chances), budget, tail))


def _event_rows(network, wide, options, days, capacity, place):
    """What one event takes from pools, groups and further sources."""
    begin, each, columns = place
    net, hours = pooled(wide)
    sources = [at for at, option in enumerate(options) if option.kind == SOURCE]
    balance = sparse.lil_array((wide.pools, columns))
    balance[:, begin : begin + wide.activities] = net
    balance[:, begin + wide.activities : begin + each] = -np.eye(wide.pools)
    room = sparse.lil_array((wide.groups, columns))
    room[:, begin : begin + wide.activities] = hours
    opened = sparse.lil_array((max(1, len(sources)), columns))
    for number, at in enumerate(sources):
        opened[number, begin + network.activities + number], opened[number, at] = 1.0, -days
    for at, option in enumerate(options):
        if option.kind == STOCK:
            balance[option.at, at] = -1.0
        elif option.kind != SOURCE:
            room[option.at, at] = -days * capacity[option.at] / network.capacity[option.at]
    return balance, room, opened


def _program(network, options, events, windows, risk):
    """One mixed-integer program: units and switches of the options, then running and losses of each event."""
    wide = widened(network, options)
    count, pools, activities, groups = len(options), wide.pools, wide.activities, wide.groups
    each = activities + pools
    further = 1 + len(events)
    columns = 2 * count + further + each * len(events)
    most = np.array([min(option.most, 1e5) for option in options])
    upper = np.full(columns, np.inf)
    upper[:count], upper[count : 2 * count] = most, 1.0
    blocks, right = [], []

    def rows(matrix, limits):
        blocks.append(sparse.csr_array(matrix))
        right.append(np.asarray(limits, float))

    switch = sparse.lil_array((count, columns))
    for at in range(count):
        switch[at, at], switch[at, count + at] = 1.0, -most[at]
    rows(switch, np.zeros(count))
    for scenario, (event, days) in enumerate(zip(events, windows, strict=True)):
        begin = 2 * count + further + each * scenario
        rate, capacity = stopped(wide, event.nodes)
        upper[begin : begin + activities] = rate * days
        upper[begin + activities : begin + each] = wide.demand * days if risk else 0.0
        balance, room, opened = _event_rows(network, wide, options, days, capacity, (begin, each, columns))
        rows(balance, wide.stock - wide.demand * days)
        rows(opened, np.zeros(opened.shape[0]))
        if groups:
            rows(room, capacity * days)
        if risk:
            lost = sparse.lil_array((1, columns))
            lost[0, begin + activities : begin + each] = wide.margin
            lost[0, 2 * count], lost[0, 2 * count + 1 + scenario] = -1.0, -1.0
            rows(lost, [0.0])
    price = np.array([*(option.cost_per_unit for option in options), *(option.cost for option in options)])
    cost = np.zeros(columns)
    if risk:
        chances, budget, tail = risk
        cost[2 * count] = 1.0 if tail else 0.0
        upper[2 * count] = np.inf if tail else 0.0
        cost[2 * count + 1 : 2 * count + further] = chances / (1 - tail)
        rows(np.concatenate([price, np.zeros(columns - price.size)])[None, :], [budget])
    else:
        cost[: 2 * count] = price
    whole = np.zeros(columns)
    whole[count : 2 * count] = 1
    found = milp(
        cost, integrality=whole, bounds=Bounds(np.zeros(columns), upper), options={"mip_rel_gap": 1e-9},
        constraints=LinearConstraint(sparse.vstack(blocks), -np.inf, np.concatenate(right)),
    )  # fmt: skip
    return found.fun if found.status == 0 else np.inf
