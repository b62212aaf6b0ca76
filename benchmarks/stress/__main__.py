"""Stress test, losses of scenarios and shields on generated networks, in CPU seconds of one thread."""

from __future__ import annotations

import time

import click
import numpy as np

from benchmarks.stress.naive import Flows
from linewright.model.stress_results import StressReport
from linewright.supply.network import Network, Rows
from linewright.supply.network.generate import generate
from linewright.supply.shields import Risk, choose, protect, shielded
from linewright.supply.shields.generate import offers_for
from linewright.supply.stress import each_node, losses, stress, time_to_survive

MOST_DAYS = 60.0


@click.command()
@click.option("--nodes", multiple=True, default=[1000], show_default=True, help="Sizes of the networks.")
@click.option("--seed", default=1, show_default=True, help="Seed of the networks.")
@click.option("--sample", default=5, show_default=True, help="Nodes that the peer solves; 0 leaves the peer out.")
@click.option("--scenarios", default=20_000, show_default=True, help="Stops of single nodes with lengths at random.")
@click.option("--shields/--no-shields", "with_shields", default=True, show_default=True, help="Choose shields too.")
@click.option("--budgets", is_flag=True, help="Shields for a quarter of the money as well (takes minutes).")
def main(
    nodes: tuple[int, ...], seed: int, sample: int, scenarios: int, with_shields: bool, budgets: bool
) -> None:  # fmt: skip
    """Stop every node of generated networks and print a table."""
    for size in nodes:
        network = generate(size, seed)
        report = tested(network)
        if sample:
            beside(network, report, sample)
        if scenarios:
            many(network, scenarios)
        if with_shields:
            cost = shields(network, seed)
            if budgets:
                risks(network, seed, cost / 4)


def line(what: str, seconds: float, told: str) -> None:
    """One line of the table."""
    click.echo(f"{what:44}{seconds:10.2f} CPU-s   {told}")


def tested(network: Network) -> StressReport:
    """All nodes, days and losses, certified."""
    begin = time.process_time()
    report = stress(network, most_days=MOST_DAYS)
    seconds = time.process_time() - begin
    proofs = dict(report.frame["proof"].value_counts(sort=True).iter_rows())
    line(
        f"{network.nodes} nodes: days, losses, proofs", seconds,
        f"{1000 * seconds / network.nodes:.1f} ms a node; {report.exposed.height} exposed; {proofs}; "
        f"widest gap {report.widest_gap:.1e}",
    )  # fmt: skip
    return report


def beside(network: Network, report: StressReport, sample: int) -> None:
    """A sample by the peer, and how far the answers are apart."""
    flows = Flows(network)
    chosen = np.random.default_rng(5).choice(network.nodes, sample, replace=False)
    rows = report.frame[chosen.tolist()]
    begin = time.process_time()
    days = [flows.survives(int(node), MOST_DAYS) for node in chosen]
    middle = time.process_time()
    lost = [flows.loss(int(node), recover) for node, recover in zip(chosen, rows["recover_days"], strict=True)]
    end = time.process_time()
    each = (middle - begin) / sample, (end - middle) / sample
    apart = float(np.abs(rows["survive_days"].to_numpy() - days).max())
    money = float((np.abs(rows["loss"].to_numpy() - lost) / (1 + np.abs(lost))).max())
    line(
        f"  scipy linprog, flows, {sample} of {network.nodes} nodes", end - begin,
        f"{1000 * each[0]:.0f} ms for the days + {1000 * each[1]:.0f} ms for the loss a node; all nodes would take "
        f"{sum(each) * network.nodes:,.0f} CPU-s (extrapolated); at most {apart:.1e} days and {money:.1e} of the "
        "loss apart",
    )  # fmt: skip


def many(network: Network, count: int) -> None:
    """Losses of many scenarios."""
    random = np.random.default_rng(2)
    stopped, days = random.integers(0, network.nodes, count), random.lognormal(1.5, 0.8, count)
    sets = Rows(np.arange(count + 1), stopped, np.ones(count))
    begin = time.process_time()
    found = losses(network, sets, days)
    seconds = time.process_time() - begin
    apart = float((found.upper - found.lower).max() / max(1.0, found.upper.max()))
    line(f"  losses of {count} scenarios, exact", seconds, f"{found.upper.sum():,.0f} in all; bounds {apart:.1e} apart")


def shields(network: Network, seed: int) -> float:
    """The cheapest shields, and the stress test after them."""
    options = offers_for(network, seed)
    begin = time.process_time()
    choice = choose(network, options)
    seconds = time.process_time() - begin
    after = shielded(network, options, choice.bought)
    felt = int((time_to_survive(after, most_days=MOST_DAYS) < after.recover_days - 1e-6).sum())
    line(
        f"  cheapest shields of {len(options)} options", seconds,
        f"cost {choice.cost:,.0f}, proven within {choice.gap:.2%}; {len(choice.closed)} exposed before, {felt} after, "
        f"{len(choice.left_open)} without an option",
    )  # fmt: skip
    return choice.cost


def risks(network: Network, seed: int, budget: float) -> None:
    """Shields for a budget."""
    chances = np.random.default_rng(3).uniform(0, 1 / network.nodes, network.nodes)
    for measure in ("expected loss", "worst loss"):
        begin = time.process_time()
        choice = protect(
            network, offers_for(network, seed), each_node(network), chances, budget, risk=Risk(measure=measure)
        )
        seconds = time.process_time() - begin
        line(f"  least {measure} for {budget:,.0f}", seconds, f"{choice.goal:,.0f}, proven within {choice.gap:.2%}")


if __name__ == "__main__":
    main()
