"""Independent answers: the whole network rebuilt for each event, in the formulation of the paper where it fits."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from linewright.supply.network import Network, Rows


def tiny(*, stock, demand, rate, uses, output, margin=None, capacity=(), usage=None, recover=None, hits_capacity=None):
    """A network written by hand; each activity is a node, and further nodes may take shares of groups."""
    activities, groups = len(rate), len(capacity)
    further = hits_capacity or []
    nodes = activities + len(further)
    return Network(
        pool_names=tuple(f"pool {at}" for at in range(len(stock))),
        stock=np.array(stock, float),
        demand=np.array(demand, float),
        margin=np.array(margin if margin is not None else np.ones(len(stock)), float),
        activity_names=tuple(f"activity {at}" for at in range(activities)),
        output=np.array(output),
        rate=np.array(rate, float),
        inputs=Rows.of(uses),
        usage=Rows.of(usage or [[] for _ in rate]),
        group_names=tuple(f"group {at}" for at in range(groups)),
        capacity=np.array(capacity, float),
        node_kinds=("activity",) * activities + ("machine",) * len(further),
        node_names=tuple(f"node {at}" for at in range(nodes)),
        place=("",) * nodes,
        recover_days=np.array(recover if recover is not None else [4.0] * nodes, float),
        hits_flow=Rows.of([[(at, 0.0)] for at in range(activities)] + [[] for _ in further]),
        hits_capacity=Rows.of([[] for _ in range(activities)] + [[hit] for hit in further]),
    )


def random_network(seed):
    """A small network: circles of lanes, demand in between, shared groups, no stock here and there."""
    random = np.random.default_rng(seed)
    pools, activities, groups = (int(random.integers(low, high)) for low, high in ((3, 9), (4, 14), (1, 4)))
    output = random.integers(0, pools, activities)
    # Inputs come from later pools, so that the bill of materials has an end; lanes may run both ways.
    uses = []
    for fills in output:
        below = np.arange(fills + 1, pools)
        chosen = random.permutation(below)[: int(random.integers(0, 3))]
        uses.append([(int(pool), float(random.integers(1, 4))) for pool in np.sort(chosen)])
    for lane in range(int(random.integers(0, 3))):
        one, other = random.permutation(pools)[:2]
        if lane % 2:
            one, other = other, one
        output = np.append(output, [one, other])
        uses += [[(int(other), 1.0)], [(int(one), 1.0)]]
    rate = np.where(random.random(output.size) < 0.2, np.inf, random.uniform(2, 60, output.size).round(1))
    usage = [[(int(random.integers(groups)), 0.5)] if random.random() < 0.6 else [] for _ in output]
    return tiny(
        stock=np.where(random.random(pools) < 0.3, 0.0, random.uniform(0, 80, pools).round(1)),
        demand=np.where(random.random(pools) < 0.5, 0.0, random.uniform(0, 12, pools).round(1)),
        margin=random.uniform(1, 20, pools).round(1),
        rate=rate, uses=uses, output=output, usage=usage,
        capacity=random.uniform(5, 40, groups).round(1),
        recover=random.integers(1, 12, output.size + groups),
        hits_capacity=[(group, 0.5) for group in range(groups)],
    )  # fmt: skip


def pooled(network):
    """What the activities take from pools and groups, as they are written."""
    inputs, usage, activities = network.inputs, network.usage, network.activities
    takes = sparse.coo_array((inputs.value, (inputs.index, inputs.owner)), shape=(network.pools, activities))
    gives = sparse.coo_array(
        (np.ones(activities), (network.output, np.arange(activities))), shape=(network.pools, activities)
    )
    hours = sparse.coo_array((usage.value, (usage.index, usage.owner)), shape=(network.groups, activities))
    return (takes - gives).tocsr(), hours.tocsr()


def stopped(network, nodes):
    """Rates and capacities in an event, node by node in plain loops."""
    rate, capacity, taken = network.rate.copy(), network.capacity.copy(), np.zeros(network.groups)
    for node in nodes:
        for at in range(network.hits_flow.first[node], network.hits_flow.first[node + 1]):
            activity, left = network.hits_flow.index[at], network.hits_flow.value[at]
            full = network.rate[activity]
            rate[activity] = min(rate[activity], full * left if left > 0 else 0.0)
        for at in range(network.hits_capacity.first[node], network.hits_capacity.first[node + 1]):
            taken[network.hits_capacity.index[at]] += 1 - network.hits_capacity.value[at]
    return rate, capacity * np.clip(1 - taken, 0, 1)


def least_loss(network, nodes, days, demand=None):
    """The least loss, by one program in units over the whole window."""
    demand = network.demand if demand is None else demand
    rate, capacity = stopped(network, nodes)
    net, hours = pooled(network)
    matrix = sparse.block_array([[net, -sparse.eye_array(network.pools)], [hours, None]]) if network.groups else None
    if matrix is None:
        matrix = sparse.hstack([net, -sparse.eye_array(network.pools)])
    most = np.concatenate([rate * days, demand * days])
    right = np.concatenate([network.stock - demand * days, capacity * days])
    cost = np.concatenate([np.zeros(network.activities), network.margin])
    found = linprog(cost, A_ub=matrix, b_ub=right, bounds=np.c_[np.zeros(most.size), most], method="highs")
    assert found.status == 0
    return found.fun


def survives(network, nodes, most_days, demand=None):
    """The longest window without a loss, by one program with the days as a column."""
    demand = network.demand if demand is None else demand
    rate, capacity = stopped(network, nodes)
    net, hours = pooled(network)
    limited = np.flatnonzero(np.isfinite(rate))
    one = sparse.eye_array(network.activities, format="csr")[limited]
    blocks = [[net, demand[:, None]], [one, -rate[limited][:, None]]]
    right = [network.stock, np.zeros(limited.size)]
    if network.groups:
        blocks.append([hours, -capacity[:, None]])
        right.append(np.zeros(network.groups))
    matrix = sparse.vstack([sparse.hstack([left, sparse.csr_array(days)]) for left, days in blocks])
    cost = np.append(np.zeros(network.activities), -1.0)
    bounds = [(0, None)] * network.activities + [(0, most_days)]
    found = linprog(cost, A_ub=matrix, b_ub=np.concatenate(right), bounds=bounds, method="highs")
    assert found.status == 0
    return -found.fun


def paper(network, nodes, most_days):
    """The longest window in the flows y_ij of Simchi-Levi et al. (2015), where each activity is a node with a stock."""
    pools, activities = network.pools, network.activities
    sources = [np.flatnonzero(network.output == pool) for pool in range(pools)]
    stock = network.stock[network.output] / np.bincount(network.output)[network.output]
    rate, capacity = stopped(network, nodes)
    flows, bills, entries, low = [], [], [], []
    for node in range(activities):
        for at in range(network.inputs.first[node], network.inputs.first[node + 1]):
            sent = [(int(source), node) for source in sources[network.inputs.index[at]]]
            bills.append((node, range(len(flows), len(flows) + len(sent)), network.inputs.value[at]))
            flows += sent
    days = activities + len(flows)

    def row(right, pairs):
        entries.extend((len(low), column, value) for column, value in pairs)
        low.append(right)

    for node, along, each in bills:
        row(0.0, [(node, 1.0), *((activities + flow, -1 / each) for flow in along)])
    for source in range(activities):
        sent = [(activities + flow, 1.0) for flow, (of, _) in enumerate(flows) if of == source]
        if sent:
            row(stock[source], [(source, -1.0), *sent])
    for pool in np.flatnonzero(network.demand):
        row(network.stock[pool], [*((int(node), -1.0) for node in sources[pool]), (days, network.demand[pool])])
    for node in range(activities):
        row(0.0, [(node, 1.0), (days, -rate[node])])
    for group in range(network.groups):
        users = network.usage.owner[network.usage.index == group]
        row(0.0, [*((int(node), 1.0) for node in users), (days, -capacity[group])])
    rows, columns, values = zip(*entries, strict=True)
    matrix = sparse.csr_array((values, (rows, columns)), shape=(len(low), days + 1))
    cost = np.append(np.zeros(days), -1.0)
    bounds = [(0, None)] * days + [(0, most_days)]
    found = linprog(cost, A_ub=matrix, b_ub=np.array(low), bounds=bounds, method="highs")
    assert found.status == 0
    return -found.fun
