"""Safety stock of real chains, placed and proven: ``python -m benchmarks.buffers [--second] [--peer] [CHAIN ...]``.

The chains are those of S. P. Willems, "Real-world multiechelon supply chains used for inventory optimization",
*Manufacturing & Service Operations Management* 10(1):19-23, 2008, as CSV in the folder supply/willems of
LINEWRIGHT_BENCH, with the optimum that a first programme of ours found (gsm_reference.csv).

Prints for each chain the cost, its distance to that optimum, whether bound and certificate prove it, and seconds of CPU
from the two files to the placement. ``--second`` solves each chain again as one plain programme without elimination
(minutes for the large ones; ``--seconds`` limits each). ``--peer`` places spanning trees of some chains beside
stockpyl's `gsm_tree` (MIT; pip install stockpyl==1.0.2), with lead times as whole days, as it wants them.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from linewright.errors import NoAnswer
from linewright.supply.buffers.certificate import breaches
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.monolithic import monolithic_cost
from linewright.supply.buffers.placement import place
from linewright.supply.buffers.willems import read_willems

#: Chains whose spanning trees the peer solves in less than a minute.
PEER_CHAINS = (3, 9, 11, 15)
#: How often ours is timed, whose milliseconds are else lost in the noise.
REPEATS = 10


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.buffers")
    parser.add_argument("chains", nargs="*", type=int, metavar="CHAIN")
    parser.add_argument("--second", action="store_true", help="solve the plain programme too")
    parser.add_argument("--seconds", type=float, default=600.0, help="most time for each plain programme (600)")
    parser.add_argument("--peer", action="store_true", help="place spanning trees beside stockpyl")
    asked = parser.parse_args()
    folder = Path(os.environ.get("LINEWRIGHT_BENCH", "")) / "supply" / "willems"
    if not (folder / "gsm_reference.csv").exists():
        raise SystemExit("set LINEWRIGHT_BENCH to the folder that holds supply/willems")
    with (folder / "gsm_reference.csv").open(encoding="utf-8") as file:
        known = {int(row["chain"]): float(row["opt_cost_integer_grid"]) for row in csv.DictReader(file)}
    warm_up(folder, min(known))
    if asked.peer:
        beside_peer(folder, [number for number in asked.chains or PEER_CHAINS if number in known])
    else:
        all_chains(folder, known, asked.chains or sorted(known), asked.seconds if asked.second else None)


def warm_up(folder: Path, number: int) -> None:
    """Load the libraries, which takes a second once."""
    place(opened(folder, number))
    monolithic_cost(opened(folder, number))


def opened(folder: Path, number: int) -> Chain:
    """One chain of the folder."""
    return read_willems(folder / f"chain_{number:02d}_stages.csv", folder / f"chain_{number:02d}_arcs.csv")


def all_chains(folder: Path, known: dict[int, float], numbers: list[int], second: float | None) -> None:
    """One line for each chain, and the sums."""
    more = f" {'plain programme':>16} {'differs':>8} {'CPU s':>7}" if second else ""
    print(f"{'chain':>5} {'stages':>6} {'arcs':>6} {'columns':>8} {'cost a year':>16} {'reference':>16} {'differs':>8} "
          f"{'proven':>6} {'by':>11} {'CPU s':>6}{more}")  # fmt: skip
    spent, proven = 0.0, 0
    for number in numbers:
        begun = time.process_time()
        placement = place(opened(folder, number))
        seconds = time.process_time() - begun
        spent += seconds
        sound = not breaches(placement)
        proven += sound
        chain, optimum = placement.chain, known[number]
        line = (
            f"{number:5} {len(chain):6} {chain.supplier.size:6} {placement.columns:8} {placement.total:16.4f} "
            f"{optimum:16.4f} {placement.total / optimum - 1:8.0e} {'yes' if sound else 'NO':>6} "
            f"{placement.method:>11} {seconds:6.2f}"
        )
        print(line + (plain(chain, placement.total, second) if second else ""), flush=True)
    print(f"{proven} of {len(numbers)} proven, {spent:.1f} s of CPU in all")


def plain(chain: Chain, total: float, seconds: float) -> str:
    """The same chain as one programme without elimination."""
    begun = time.process_time()
    try:
        cost = monolithic_cost(chain, seconds=seconds)
    except NoAnswer:
        return f" {'not in time':>16} {'':>8} {time.process_time() - begun:7.1f}"
    return f" {cost:16.4f} {cost / total - 1:8.0e} {time.process_time() - begun:7.1f}"


def beside_peer(folder: Path, numbers: list[int]) -> None:
    """Cost and CPU seconds of the same trees by both programs."""
    if find_spec("stockpyl") is None:
        raise SystemExit("stockpyl is not installed: pip install stockpyl==1.0.2")
    print(f"{'tree of':>7} {'stages':>6} {'linewright':>14} {'CPU s':>8} {'stockpyl':>14} {'CPU s':>8} {'times':>7}")
    for number in numbers:
        # Each time from numbers alone, since a chain remembers what was computed of it.
        trees = [tree_of(opened(folder, number)) for _ in range(REPEATS)]
        begun = time.process_time()
        placements = [place(tree) for tree in trees]
        ours = (time.process_time() - begun) / REPEATS
        chain, placement = trees[0], placements[0]
        cost, theirs = peer(chain)
        print(
            f"{number:7} {len(chain):6} {placement.total:14.4f} {ours:8.4f} {cost:14.4f} {theirs:8.2f} "
            f"{theirs / ours:7.0f}",
            flush=True,
        )


def tree_of(chain: Chain) -> Chain:
    """A chain without the arcs that close circles, and with whole days.

    Customers are what they were; a stage that has lost all of its own gets those of no demand.
    """
    parent = list(range(len(chain)))

    def root(stage: int) -> int:
        while parent[stage] != stage:
            stage = parent[stage]
        return stage

    kept = []
    for arc, (supplier, customer) in enumerate(zip(chain.supplier.tolist(), chain.customer.tolist(), strict=True)):
        one, other = root(supplier), root(customer)
        if one != other:
            parent[one] = other
            kept.append(arc)
    sink = ~np.isin(np.arange(len(chain)), chain.supplier[kept])
    promised = np.where(sink, np.round(np.nan_to_num(chain.promised_days, nan=0.0)), np.nan)
    return chain.changed(
        supplier=chain.supplier[kept], customer=chain.customer[kept], units=chain.units[kept],
        lead_days=np.round(chain.lead_days), promised_days=promised,
    )  # fmt: skip


def peer(chain: Chain) -> tuple[float, float]:
    """The cost by stockpyl's tree algorithm, and the CPU seconds of its solver (without building the network)."""
    from stockpyl.gsm_tree import optimize_committed_service_times, preprocess_tree, relabel_nodes
    from stockpyl.supply_chain_network import SupplyChainNetwork
    from stockpyl.supply_chain_node import SupplyChainNode

    network = SupplyChainNetwork()
    for stage in range(len(chain)):
        node = SupplyChainNode(stage, str(stage))
        node.processing_time = int(chain.lead_mean[stage])
        node.local_holding_cost = chain.holding_share * chain.value[stage]
        node.demand_bound_constant = chain.service_factor[stage]
        node.external_inbound_cst = 0
        if not chain.customers[stage].size:
            node.external_outbound_cst = int(chain.promised_days[stage])
            node.demand_source.type = "N"
            node.demand_source.mean = float(chain.demand_mean[stage])
            node.demand_source.standard_deviation = float(chain.demand_sd[stage])
        network.add_node(node)
    for supplier, customer in zip(chain.supplier.tolist(), chain.customer.tolist(), strict=True):
        network.add_edge(supplier, customer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = relabel_nodes(preprocess_tree(network))
        begun = time.process_time()
        _, cost = optimize_committed_service_times(tree)
    return float(cost), time.process_time() - begun


if __name__ == "__main__":
    main()
