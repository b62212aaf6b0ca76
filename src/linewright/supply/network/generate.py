"""Networks of any size for benchmarks and tests: tiers, single to triple sources, and shared plants.

No large network with stocks and recovery times is public, so this follows the recipe that the field's papers
describe: five tiers, 60 % of the materials from one source, 30 % from two, 10 % from three, plants that share capacity.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from linewright.supply.network.arrays import Network, Rows

TIER_SHARES = (0.04, 0.12, 0.22, 0.30, 0.32)
SOURCES, SOURCE_SHARES = (1, 2, 3), (0.6, 0.3, 0.1)


def generate(nodes: int, seed: int) -> Network:
    """A network in which each node is one source of one material.

    Parameters
    ----------
    nodes
        How many nodes, at least 15; the first tier makes the products that are sold.
    seed
        The same seed gives the same network.
    """
    random = np.random.default_rng(seed)
    sizes = [max(3, round(nodes * share)) for share in TIER_SHARES]
    sizes[-1] += nodes - sum(sizes)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    output, of_tier = _materials(random, ends)
    pools = int(output.max()) + 1
    uses = _uses(random, ends, of_tier)
    wanted, running = _running(random, output, uses, sizes[0], pools)
    plants = _plants(random, ends)
    capacity = np.array([running[plant].sum() * random.uniform(1.02, 1.3) for plant in plants])
    in_plant = {int(node): at for at, plant in enumerate(plants) for node in plant}
    stock = np.zeros(pools)
    np.add.at(stock, output, running * random.uniform(0.5, 4, nodes))
    return Network(
        pool_names=tuple(f"material {at}" for at in range(pools)),
        stock=stock,
        demand=wanted,
        margin=np.where(wanted > 0, random.uniform(50, 300, pools), 0.0),
        activity_names=tuple(f"source {at}" for at in range(nodes)),
        output=output,
        rate=running * random.uniform(1.05, 1.6, nodes),
        inputs=Rows.of(uses),
        usage=Rows.of([[(in_plant[node], 1.0)] for node in range(nodes)]),
        group_names=tuple(f"plant {at}" for at in range(len(plants))),
        capacity=capacity,
        node_kinds=("source",) * nodes,
        node_names=tuple(f"source {at}" for at in range(nodes)),
        place=tuple(f"region {at}" for at in random.integers(0, max(3, nodes // 50), nodes)),
        recover_days=random.integers(1, 13, nodes).astype(np.float64),
        hits_flow=Rows.of([[(node, 0.0)] for node in range(nodes)]),
        hits_capacity=Rows.of([[] for _ in range(nodes)]),
    )


def _materials(random: np.random.Generator, ends: np.ndarray) -> tuple[np.ndarray, list[list[int]]]:
    """The material of each node, and the materials of each tier; every product of the first tier has one node."""
    output = np.empty(int(ends[-1]), np.int64)
    output[: ends[1]] = np.arange(ends[1])
    of_tier = [list(range(int(ends[1])))]
    made = int(ends[1])
    for first, last in pairwise(ends[1:]):
        waiting = random.permutation(np.arange(first, last))
        materials = []
        while waiting.size:
            sources = min(waiting.size, int(random.choice(SOURCES, p=SOURCE_SHARES)))
            output[waiting[:sources]] = made
            waiting = waiting[sources:]
            materials.append(made)
            made += 1
        of_tier.append(materials)
    return output, of_tier


def _uses(random: np.random.Generator, ends: np.ndarray, of_tier: list[list[int]]) -> list[list[tuple[int, float]]]:
    """What one unit of each node takes: one to four materials of the next tier, each of which is used at least once."""
    uses: list[list[tuple[int, float]]] = []
    for tier, (first, last) in enumerate(pairwise(ends)):
        wanted: list[set[int]] = [set() for _ in range(first, last)]
        if tier + 1 < len(of_tier):
            below = of_tier[tier + 1]
            for material, user in zip(below, random.integers(0, last - first, len(below)), strict=True):
                wanted[user].add(material)
            for chosen in wanted:
                least = min(int(random.integers(1, 5)), len(below))
                while len(chosen) < least:
                    chosen.add(int(random.choice(below)))
        uses += [[(material, float(random.integers(1, 4))) for material in sorted(chosen)] for chosen in wanted]
    return uses


def _running(
    random: np.random.Generator, output: np.ndarray, uses: list[list[tuple[int, float]]], products: int, pools: int
) -> tuple[np.ndarray, np.ndarray]:
    """The demand of each pool, and the rate at which each node runs when sources share their material evenly."""
    demand = np.zeros(pools)
    demand[:products] = random.integers(500, 1001, products)
    sources = np.bincount(output, minlength=pools)
    needed = demand.copy()
    running = np.zeros(output.size)
    # Nodes are in the order of tiers, so that a material's need is complete before its sources are reached.
    for node, takes in enumerate(uses):
        running[node] = needed[output[node]] / sources[output[node]]
        for material, quantity in takes:
            needed[material] += running[node] * quantity
    return demand, running


def _plants(random: np.random.Generator, ends: np.ndarray) -> list[np.ndarray]:
    """Two to five nodes of a tier share a plant."""
    plants = []
    for first, last in pairwise(ends):
        waiting = random.permutation(np.arange(first, last))
        while waiting.size:
            size = int(random.integers(2, 6))
            plants.append(waiting[:size])
            waiting = waiting[size:]
    return plants
