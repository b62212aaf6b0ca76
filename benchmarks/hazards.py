"""Ten thousand years of stops of a thousand nodes: ``python -m benchmarks.hazards [--paths N] [--nodes N] [--policy]``.

Half of the nodes recover as their rows say (log-normal), half as real vendors of medicines did: the delivery history
of USAID's Supply Chain Management System, from the folder supply/scms of LINEWRIGHT_BENCH, is learned first, and what
was learned on its first 70 % is tried on the rest. Prints seconds of CPU of each part, then the rate on a small serial
chain beside stockpyl's simulation (MIT; pip install stockpyl==1.0.2), which has more of a policy and less of a network.
With ``--policy`` it prints instead how far the simulated reaction to single stops is from the best one, a linear
program that knows the future.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl

from linewright.io.scms import read_scms
from linewright.supply.hazards import Hazards, Shock, compare, learn_lead_days, learn_recovery, simulate_stops
from linewright.supply.hazards.base_plan import walk_of
from linewright.supply.hazards.learn import Learned
from linewright.supply.hazards.recovery import Recovery
from linewright.supply.hazards.simulation import simulate_paths, walk_paths
from linewright.supply.hazards.stops import Calendar, draw_downs, draw_events
from linewright.supply.network.arrays import Network, Rows
from linewright.supply.network.generate import generate

SEED, STOPS_PER_YEAR, YEAR = 1, 0.2, Calendar(52, 7.0)


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hazards")
    parser.add_argument("--paths", type=int, default=10_000)
    parser.add_argument("--nodes", type=int, default=1_000)
    parser.add_argument("--policy", action="store_true", help="compare with linear programs instead")
    asked = parser.parse_args()
    if asked.policy:
        beside_linear_programs()
        return
    learned = real_deliveries()
    many_years(asked.nodes, asked.paths, learned)
    beside_peer()


def real_deliveries() -> Learned | None:
    """Learn from the real shipments, and try it on later ones."""
    path = Path(os.environ.get("LINEWRIGHT_BENCH", "")) / "supply" / "scms" / "scms_delivery_history.csv.gz"
    if not path.exists():
        print("no real deliveries: set LINEWRIGHT_BENCH to the folder that holds supply/scms")
        return None
    rows = read_scms(path)
    learn_lead_days(rows)
    begun = time.process_time()
    learned = learn_recovery(rows)
    spent = time.process_time() - begun
    usual = learned.usual
    print(f"{rows.height:,} real shipment lines of {len(learned.by_supplier)} vendors, learned in {spent:.2f} s CPU")
    print(
        f"  a usual vendor is silent with something overdue {usual.stops_per_year:.2f} times a year, "
        f"median {usual.recovery.median_days:.1f} days, 1 time in 20 more than {usual.recovery.worst_days:.0f}"
    )
    later_shipments(rows)
    return learned


def later_shipments(rows: pl.DataFrame) -> None:
    """How often later shipments keep the worst case that was told, by three ways to tell it."""
    rows = rows.sort("received").unique(["supplier", "ordered", "promised", "received"], maintain_order=True)
    split = rows["received"][int(rows.height * 0.7)]
    past, later = rows.filter(pl.col("received") <= split), rows.filter(pl.col("ordered") > split)
    days = ((later["received"] - later["ordered"]).dt.total_seconds() / 86400).to_numpy()
    logs = np.log(np.maximum(days, 0.5))
    learned = learn_lead_days(past)
    print(f"  lead times of {later.height} later shipments, told from the {past.height} before {split:%Y-%m-%d}:")
    for name, told in (
        ("drawn together", [learned.of(supplier) for supplier in later["supplier"]]),
        ("all as one", [learned.usual] * later.height),
    ):
        median = np.log([one.median_days for one in told])
        sigma = np.log([one.worst_days for one in told]) - median
        kept = (logs <= median + sigma).mean()
        score = np.mean(0.5 * ((logs - median) * 1.6449 / sigma) ** 2 + np.log(sigma / 1.6449))
        error = np.abs(logs - median).mean()
        print(f"    {name:16} within the 95 % point {kept:6.1%}   error of the log {error:.3f}   log score {score:.3f}")


def hazards(network: Network, learned: Learned | None) -> Hazards:
    """Every node may stop, half of them as real vendors do, and some regions are hit as a whole."""
    recoveries = [Recovery.of(float(days)) for days in network.recover_days]
    if learned is not None:
        vendors = [silence.recovery for silence in learned.by_supplier.values()]
        for node in range(0, network.nodes, 2):
            recoveries[node] = vendors[node // 2 % len(vendors)]
    shocks = [Shock(place, 0.05, Recovery.of(10, 30), 0.7) for place in sorted(set(network.place))]
    return Hazards.of(network, STOPS_PER_YEAR, recoveries, shocks)


def many_years(nodes: int, paths: int, learned: Learned | None) -> None:
    """Seconds of CPU of each part."""
    network = generate(nodes, SEED)
    risks = hazards(network, learned)
    begun = time.process_time()
    walk = walk_of(network)
    told("steady plan and order", begun)
    begun = time.process_time()
    simulate_paths(walk, risks, np.arange(1), seed=SEED)
    told("first path (compiles or loads the kernels)", begun)
    begun = time.process_time()
    for first in range(0, paths, 512):
        numbers = np.arange(first, min(first + 512, paths))
        draw_downs(risks, draw_events(risks, numbers, YEAR, SEED), numbers, YEAR, SEED)
    told("of the next line, drawing the stops", begun)
    begun = time.process_time()
    done = simulate_paths(walk, risks, np.arange(paths), seed=SEED)
    spent = told(f"{paths:,} paths x 52 weeks x {nodes:,} nodes", begun)
    print(f"  {paths * 52 * nodes / spent / 1e6:.1f} million node-weeks a second; mean loss {done.losses.mean():,.0f}")
    few = max(20, paths // 10)
    begun = time.process_time()
    report = simulate_stops(network, risks, paths=few, seed=SEED, exact=10)
    told(f"whole report of {few:,} paths, ten causes again", begun)
    print(f"  {report!r}")
    for row in report.tornado.head(3).iter_rows(named=True):
        print(f"  without {row['kind']} {row['name']}: {row['mean_less']:,.0f} less a year "
              f"({row['mean_low']:,.0f} to {row['mean_high']:,.0f})")  # fmt: skip
    richer = simulate_stops(replace(network, stock=network.stock * 1.2), risks, paths=few, seed=SEED, exact=0)
    gain = compare(report, richer).table.row(0, named=True)
    print(f"  a fifth more stock saves {gain['gain']:,.0f} a year ({gain['low']:,.0f} to {gain['high']:,.0f}, paired)")


def beside_peer() -> None:
    """A serial chain of three, here and at the peer."""
    chain = serial_chain()
    risks, paths = Hazards.of(chain, 0.5), 20_000
    walk = walk_of(chain)
    simulate_paths(walk, risks, np.arange(1), seed=SEED)
    begun = time.process_time()
    simulate_paths(walk, risks, np.arange(paths), seed=SEED)
    ours = paths * 52 * chain.nodes / (time.process_time() - begun)
    print(f"serial chain of three with stops: linewright {ours:,.0f} node-periods a CPU second")
    if not find_spec("stockpyl"):
        print("  stockpyl is not installed (pip install stockpyl==1.0.2)")
        return
    from stockpyl.disruption_process import DisruptionProcess
    from stockpyl.sim import simulation
    from stockpyl.supply_chain_network import serial_system

    system = serial_system(
        num_nodes=3, node_order_in_system=[3, 2, 1], demand_type="N", mean=20, standard_deviation=4, policy_type="BS",
        base_stock_level=[40, 40, 40], local_holding_cost=[3, 2, 1], stockout_cost=[50, 0, 0],
        shipment_lead_time=[1, 1, 1],
    )  # fmt: skip
    for node in system.nodes:
        node.disruption_process = DisruptionProcess(
            random_process_type="M", disruption_type="OP", disruption_probability=0.01, recovery_probability=0.3
        )
    begun = time.process_time()
    simulation(system, 1000, rand_seed=SEED, progress_bar=False)
    theirs = 3000 / (time.process_time() - begun)
    print(f"  stockpyl 1.0.2 {theirs:,.0f}; linewright has {ours / theirs:,.0f} times the rate")


def serial_chain() -> Network:
    """Three materials, each made of the one before, with two days of stock."""
    return Network(
        pool_names=("raw", "part", "product"), stock=np.full(3, 40.0), demand=np.array([0.0, 0.0, 20.0]),
        margin=np.array([0.0, 0.0, 50.0]), activity_names=("buy", "make", "finish"), output=np.arange(3),
        rate=np.full(3, 30.0), inputs=Rows.of([[], [(0, 1.0)], [(1, 1.0)]]), usage=Rows.of([[]] * 3), group_names=(),
        capacity=np.zeros(0), node_kinds=("stage",) * 3, node_names=("buy", "make", "finish"), place=("",) * 3,
        recover_days=np.full(3, 21.0), hits_flow=Rows.of([[(at, 0.0)] for at in range(3)]),
        hits_capacity=Rows.of([[]] * 3),
    )  # fmt: skip


def beside_linear_programs() -> None:
    """Single stops of several weeks: the loss of the simulated reaction over the least possible one."""
    from tests.supply.hazards.networks import down, least_loss

    calendar = Calendar(8, 7.0)
    print("network      stops  LP loses  simulation loses  ratio  below the LP")
    for nodes, seed in ((50, 0), (50, 1), (50, 2), (150, 0)):
        network = generate(nodes, seed)
        walk = walk_of(network)
        tried = range(0, nodes, 1 if nodes == 50 else 5)
        least, ours, below = 0.0, 0.0, 0
        for node in tried:
            gone = down(node, range(min(int(network.recover_days[node] / 2) + 1, 6)))
            best = least_loss(network, gone, calendar)
            loss = float(walk_paths(walk, gone, 1, calendar)[1].sum())
            least, ours, below = least + best, ours + loss, below + (loss < best - 1e-6 * max(1.0, best))
        print(f"{nodes:4} nodes #{seed} {len(tried):6} {least:12,.0f} {ours:12,.0f} {ours / least:6.2f} {below:6}")


def told(what: str, begun: float) -> float:
    """Print and return the seconds since then."""
    spent = time.process_time() - begun
    print(f"{what:52} {spent:7.2f} s CPU")
    return spent


if __name__ == "__main__":
    main()
