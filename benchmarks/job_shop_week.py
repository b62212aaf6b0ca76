"""A job shop's week a thousand times, beside SimPy: ``python -m benchmarks.job_shop_week [REPLICATIONS] [SEED]``.

The plant is generated: 100 machines in 34 work centers, 50 products of 5 to 12 steps, breakdowns of every machine
while it works, times that vary from job to job, and about 1,000 orders that come in one week, urgent dates first. Both
programs run the same model until all orders are done. SimPy (a dozen replications, then scaled up, which is said) is
the named peer; install it with the group `bench`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from linewright.shop.distributions import exponential, lognormal
from linewright.twin.network import model, stations
from linewright.twin.network.advance import advance
from linewright.twin.network.build import compile_network
from linewright.twin.network.state import fork, new_state
from linewright.twin.statistics.intervals import mean_interval, share_interval

WEEK_HOURS = 168.0
#: How much the time of a job varies (coefficient of variation).
VARIATION = 0.3
#: SimPy's replications; what a thousand would take is scaled up from them.
PEER_REPLICATIONS = 12


@dataclass(frozen=True)
class Visit:
    """A step of a product: the work center, and mean hours for the whole lot."""

    center: int
    hours: float


@dataclass(frozen=True)
class Plant:
    """A generated plant: machines in each work center, their mean hours up and down, routes, and orders.

    An order is (product, hour of its release, hour at which it is due).
    """

    machines: tuple[int, ...]
    up_hours: tuple[float, ...]
    down_hours: tuple[float, ...]
    routes: tuple[tuple[Visit, ...], ...]
    orders: tuple[tuple[int, float, float], ...]


def generate(seed: int, *, machines: int = 100, products: int = 50, orders: int = 1000, load: float = 0.9) -> Plant:
    """A plant whose work centers have to work a share `load` of a week on average, stops included.

    The work of each center is scaled to its machines, so that bottlenecks lie between 75 and 105 % of the load asked.
    """
    luck = np.random.default_rng(seed)
    sizes = _sizes(luck, machines)
    up, down = luck.uniform(15, 60, sizes.size), luck.uniform(0.5, 3, sizes.size)
    visits = [
        [(int(center), luck.lognormal(0.0, 0.5)) for center in _path(luck, sizes, int(luck.integers(5, 13)))]
        for _ in range(products)
    ]
    made = luck.integers(0, products, orders)
    work = np.zeros(sizes.size)
    for product in made:
        for center, hours in visits[product]:
            work[center] += hours
    capacity = sizes * WEEK_HOURS * up / (up + down)
    factor = load * luck.uniform(0.75, 1.05, sizes.size) * capacity / np.maximum(work, 1e-9)
    routes = tuple(tuple(Visit(center, hours * factor[center]) for center, hours in route) for route in visits)
    releases = np.sort(luck.uniform(0, WEEK_HOURS, orders))
    patience = luck.uniform(1.1, 2.5, orders)
    listed = tuple(
        (int(product), float(release), float(release + wait * sum(visit.hours for visit in routes[product])))
        for product, release, wait in zip(made, releases, patience, strict=True)
    )
    return Plant(tuple(sizes.tolist()), tuple(up.tolist()), tuple(down.tolist()), routes, listed)


def _sizes(luck: np.random.Generator, machines: int) -> np.ndarray:
    """Machines in each center: one to five, three on average, as many as asked in all."""
    sizes = np.ones(max(machines * 34 // 100, 1), np.int64)
    while sizes.sum() < machines:
        sizes[luck.choice(np.flatnonzero(sizes < 5))] += 1
    return sizes


def _path(luck: np.random.Generator, sizes: np.ndarray, steps: int) -> np.ndarray:
    """The centers of a route: large ones are visited more often, and none twice in a row."""
    path = luck.choice(sizes.size, steps, p=sizes / sizes.sum())
    for at in range(1, steps):
        if path[at] == path[at - 1]:
            path[at] = (path[at] + 1) % sizes.size
    return path


def network_of(plant: Plant) -> model.Network:
    """The plant as records of the twin, in hours."""
    return model.Network(
        name="job shop",
        stations=tuple(_stations(plant)),
        job_types=tuple(
            model.JobType(
                name=f"product {product}",
                route=tuple(
                    model.Step(station=f"center {visit.center}", time=lognormal(visit.hours, VARIATION))
                    for visit in route
                ),
                arrivals=model.Releases(
                    times=tuple(release for made, release, _ in plant.orders if made == product),
                    due=tuple(due for made, _, due in plant.orders if made == product),
                ),
            )
            for product, route in enumerate(plant.routes)
        ),
    )


def _stations(plant: Plant) -> Iterator[stations.Station]:
    for center, machines in enumerate(plant.machines):
        failure = stations.Failure(
            uptime=exponential(plant.up_hours[center]), repair=exponential(plant.down_hours[center])
        )
        yield stations.Station(name=f"center {center}", machines=machines, rule="edd", failures=(failure,))


def simpy_week(plant: Plant, seed: int) -> tuple[float, float, int]:
    """One replication in SimPy as its users write it: mean lead time in hours, share in time, work steps done.

    A work center is a priority resource, the most urgent date first; each of its machines keeps the hours of work
    that are left until it fails, and a job goes on after the repair.
    """
    import simpy

    luck = np.random.default_rng(seed)
    env = simpy.Environment()
    centers = [simpy.PriorityResource(env, machines) for machines in plant.machines]
    free = [
        [luck.exponential(plant.up_hours[at]) for _ in range(machines)] for at, machines in enumerate(plant.machines)
    ]
    spread = np.sqrt(np.log1p(VARIATION**2))
    lead, in_time, steps = [], 0, 0

    def job(product: int, release: float, due: float) -> Iterator[simpy.Event]:
        nonlocal in_time, steps
        yield env.timeout(release)
        for visit in plant.routes[product]:
            with centers[visit.center].request(priority=due) as turn:
                yield turn
                until_failure = free[visit.center].pop()
                left = visit.hours * luck.lognormal(-spread * spread / 2, spread)
                while left > until_failure:
                    yield env.timeout(until_failure)
                    left -= until_failure
                    yield env.timeout(luck.exponential(plant.down_hours[visit.center]))
                    until_failure = luck.exponential(plant.up_hours[visit.center])
                yield env.timeout(left)
                free[visit.center].append(until_failure - left)
                steps += 1
        lead.append(env.now - release)
        in_time += env.now <= due

    for order in plant.orders:
        env.process(job(*order))
    env.run()
    return float(np.mean(lead)), in_time / len(plant.orders), steps


@dataclass(frozen=True)
class Runs:
    """What many replications gave: mean lead hours (n), share in time (n), and runs in time of each order."""

    lead_hours: Any
    in_time: Any
    order_in_time: Any
    events: int
    seconds: float


def ours(plant: Plant, replications: int, seed: int) -> Runs:
    """All replications through the event kernel; the time includes everything but compiling the network."""
    compiled = compile_network(network_of(plant))
    first_of = np.cumsum([0, *(sum(made == product for made, _, _ in plant.orders) for product in range(50))])
    start = new_state(compiled, seed=seed, log=True)
    begun = time.process_time()
    lead, in_time = np.zeros(replications), np.zeros(replications)
    order_in_time = np.zeros(len(plant.orders), np.int64)
    events = 0
    for replication in range(replications):
        state = advance(compiled, fork(start, replication), jobs=len(plant.orders))
        log = state.log[: int(state.clock.logged[0])]
        kept = log.finished <= log.due
        lead[replication], in_time[replication] = (log.finished - log.arrived).mean(), kept.mean()
        order_in_time[first_of[log.job_type[kept]] + log.number[kept]] += 1
        events += int(state.clock.events[0])
    return Runs(lead, in_time, order_in_time, events, time.process_time() - begun)


def peer(plant: Plant, replications: int, seed: int) -> Runs:
    """A few replications in SimPy."""
    begun = time.process_time()
    made = [simpy_week(plant, seed + replication) for replication in range(replications)]
    lead, in_time = np.array([run[0] for run in made]), np.array([run[1] for run in made])
    return Runs(lead, in_time, None, sum(run[2] for run in made), time.process_time() - begun)


def show(name: str, runs: Runs, replications: int) -> None:
    """One line of the table: CPU seconds for a thousand replications, and the two means with 95 % intervals."""
    seconds = runs.seconds * replications / runs.lead_hours.size
    lead, in_time = mean_interval(runs.lead_hours), mean_interval(100 * runs.in_time)
    print(
        f"{name:12} {runs.lead_hours.size:6,} {seconds:9.1f}   {lead.value:6.2f} ({lead.low:.2f} to {lead.high:.2f})"
        f"   {in_time.value:6.2f} ({in_time.low:.2f} to {in_time.high:.2f})"
    )


def main(replications: int, seed: int) -> None:
    """Print the table."""
    plant = generate(seed)
    steps = sum(len(plant.routes[product]) for product, _, _ in plant.orders)
    print(
        f"{sum(plant.machines)} machines in {len(plant.machines)} centers, {len(plant.routes)} products, "
        f"{len(plant.orders):,} orders in a week, {steps:,} steps, seed {seed}"
    )
    # The kernel is compiled, or loaded, before anything is measured.
    ours(plant, 1, seed)
    runs = ours(plant, replications, seed)
    print(f"\n{'':12} {'runs':>6} {'CPU s for ' + format(replications, ','):>9}   lead time, h              in time, %")
    show("linewright", runs, replications)
    rate = runs.events / runs.seconds / 1e6
    print(f"             {runs.events / replications:,.0f} events a run, {rate:.1f} M a second")
    if find_spec("simpy"):
        other = peer(plant, PEER_REPLICATIONS, seed)
        show("SimPy 4.1", other, replications)
        ratio = other.seconds / other.lead_hours.size / (runs.seconds / replications)
        print(f"             scaled up from {PEER_REPLICATIONS} runs: {ratio:.0f} times the CPU time")
    else:
        print("SimPy is not here: install the group bench")
    doubtful = np.argsort(np.abs(runs.order_in_time / replications - 0.5), kind="stable")[:5]
    print("\nthe orders most in doubt, and how often they are in time")
    for order in doubtful.tolist():
        odds = share_interval(int(runs.order_in_time[order]), replications)
        print(f"order {order:4}  {100 * odds.value:5.1f} % ({100 * odds.low:.1f} to {100 * odds.high:.1f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
