"""The same two models for SimPy, Ciw, salabim and Cimba, each in the way that its own guide shows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from benchmarks.flow.models import LOAD, MACHINES, PLACES, REPAIR, UPTIME


def simpy_queue(customers: int) -> tuple[int, float]:
    """SimPy: a process for each customer, one resource."""
    import simpy

    chance, waits = random.Random(1), []
    env = simpy.Environment()
    desk = simpy.Resource(env)

    def customer() -> Any:
        came = env.now
        with desk.request() as place:
            yield place
            waits.append(env.now - came)
            yield env.timeout(chance.expovariate(1.0))

    def source() -> Any:
        for _ in range(customers):
            yield env.timeout(chance.expovariate(LOAD))
            env.process(customer())

    env.process(source())
    env.run()
    return customers, sum(waits) / customers


def simpy_line(parts: int) -> tuple[int, float]:
    """SimPy: a process for each machine, stores between them; failures by working time."""
    import simpy

    chance = random.Random(1)
    env = simpy.Environment()
    stores = [simpy.Store(env, PLACES) for _ in range(MACHINES - 1)]
    made = [0]
    enough = env.event()

    def machine(at: int) -> Any:
        left = chance.expovariate(1 / UPTIME)
        while True:
            part = (yield stores[at - 1].get()) if at else object()
            work = 1.0
            while left < work:
                work -= left
                yield env.timeout(left)
                yield env.timeout(chance.expovariate(1 / REPAIR))
                left = chance.expovariate(1 / UPTIME)
            left -= work
            yield env.timeout(work)
            if at < MACHINES - 1:
                yield stores[at].put(part)
            else:
                made[0] += 1
                if made[0] == parts:
                    enough.succeed()

    for at in range(MACHINES):
        env.process(machine(at))
    env.run(enough)
    return parts, parts / env.now


def ciw_queue(customers: int) -> tuple[int, float]:
    """Ciw: one node, exponential arrivals and services."""
    import ciw

    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=LOAD)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Finish")
    records = simulation.get_all_records()
    return len(records), sum(record.waiting_time for record in records) / len(records)


def salabim_queue(customers: int) -> tuple[int, float]:
    """Salabim: a component for each customer, one resource; written with yields as it runs fastest."""
    import salabim

    salabim.yieldless(False)
    chance, waits = random.Random(1), []
    env = salabim.Environment(trace=False)
    desk = salabim.Resource("desk", env=env)

    class Customer(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            came = env.now()
            yield self.request(desk)
            waits.append(env.now() - came)
            yield self.hold(chance.expovariate(1.0))
            self.release(desk)

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            for _ in range(customers):
                yield self.hold(chance.expovariate(LOAD))
                Customer(env=env)

    Source(env=env)
    env.run()
    return customers, sum(waits) / customers


def cimba_queue(customers: int) -> tuple[int, float]:
    """Cimba: compiled processes on a C engine."""
    from benchmarks.flow.cimba_peer import queue

    return queue(customers)


#: Peer, model, how many jobs, and the function.
PEERS: list[tuple[str, str, int, Callable[[int], tuple[int, float]]]] = [
    ("simpy", "queue", 100_000, simpy_queue),
    ("simpy", "line", 40_000, simpy_line),
    ("ciw", "queue", 40_000, ciw_queue),
    ("salabim", "queue", 5_000, salabim_queue),
    ("cimba", "queue", 1_000_000, cimba_queue),
]


def measure(
    name: str, jobs: int, run: Callable[[int], tuple[int, float]], rounds: int = 2
) -> tuple[float, float] | str:
    """Jobs per CPU second and the answer of the best round; a reason where the peer cannot run."""
    if find_spec(name) is None:
        return "not installed (group bench)"
    found = []
    # The first, short run is for what a peer compiles.
    run(jobs // 100)
    for _ in range(rounds):
        begun = time.process_time()
        done, answer = run(jobs)
        found.append((done / (time.process_time() - begun), answer))
    return max(found)
