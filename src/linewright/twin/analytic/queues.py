"""Single stations whose long-run waiting is known in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from linewright.errors import ModelError


@dataclass(frozen=True)
class Queue:
    """A station in the long run; times are in the unit of the rates, numbers are jobs.

    `utilisation` is the busy share of one server, `wait_share` the probability that an arriving job finds no free
    server, `waiting` the mean time before service, `sojourn` waiting and service, `queued` the jobs before service,
    `present` all jobs, `throughput` the jobs that leave per time, `lost_share` the arrivals that find no place.
    """

    utilisation: float
    wait_share: float
    waiting: float
    sojourn: float
    queued: float
    present: float
    throughput: float
    lost_share: float = 0.0


def refuse_overload(arrival_rate: float, capacity: float, station: str = "station") -> None:
    """Say that a queue without an end has no long run.

    Raises
    ------
    ModelError
        The arrival rate is negative or not below the capacity.
    """
    if arrival_rate < 0 or not capacity > arrival_rate:
        raise ModelError(
            [
                f"{station}: {arrival_rate:g} jobs arrive per time unit, but it can do {capacity:g}; its queue would "
                "grow for ever — lower the arrivals, shorten the times or add a machine"
            ]
        )


def _stable(arrival_rate: float, mean_time: float, servers: float, waiting: float, wait_share: float) -> Queue:
    """The rest of a queue's figures, by Little's law (1961)."""
    sojourn = waiting + mean_time
    return Queue(
        utilisation=arrival_rate * mean_time / servers,
        wait_share=wait_share,
        waiting=waiting,
        sojourn=sojourn,
        queued=arrival_rate * waiting,
        present=arrival_rate * sojourn,
        throughput=arrival_rate,
    )


def mm1(arrival_rate: float, service_rate: float = 1.0) -> Queue:
    """One server, Poisson arrivals, exponential service, first come first served: Wq = rho / (mu - lambda).

    Source: L. Kleinrock, *Queueing Systems* I, 1975, section 3.2.
    """
    return mmc(arrival_rate, service_rate, 1)


def mm1_later_than(time: float, arrival_rate: float, service_rate: float = 1.0) -> float:
    """The share of jobs that stay longer than a time in M/M/1: exp(-(mu - lambda) t). Source: Kleinrock 1975."""
    refuse_overload(arrival_rate, service_rate)
    return math.exp(-(service_rate - arrival_rate) * time)


def erlang_b(offered: float, servers: int) -> float:
    """The share of arrivals lost in M/M/c/c that is offered `offered` = lambda / mu erlang.

    Source: A. K. Erlang 1917, by the recursion B(c) = a B(c-1) / (c + a B(c-1)), which never overflows.
    """
    lost = 1.0
    for count in range(1, servers + 1):
        lost = offered * lost / (count + offered * lost)
    return lost


def erlang_c(offered: float, servers: int) -> float:
    """The share of arrivals that wait in M/M/c: B / (1 - rho (1 - B)) with Erlang's loss B and rho = offered / c."""
    refuse_overload(offered, servers)
    lost = erlang_b(offered, servers)
    return lost / (1 - offered / servers * (1 - lost))


def mmc(arrival_rate: float, service_rate: float, servers: int) -> Queue:
    """Equal servers with one queue, Poisson arrivals, exponential service: Wq = C / (c mu - lambda).

    Source: Erlang's C formula, e.g. Kleinrock 1975, section 3.5.
    """
    refuse_overload(arrival_rate, servers * service_rate)
    wait_share = erlang_c(arrival_rate / service_rate, servers)
    waiting = wait_share / (servers * service_rate - arrival_rate)
    return _stable(arrival_rate, 1 / service_rate, servers, waiting, wait_share)


def mmck(arrival_rate: float, service_rate: float, servers: int, places: int) -> Queue:
    """M/M/c that turns arrivals away when all `places` are taken; the places at the servers count.

    Waiting and sojourn are those of the jobs that get in. Source: birth and death chain, Kleinrock 1975, section 3.6.
    """
    if places < servers:
        raise ModelError([f"station: {places} places are fewer than its {servers} servers — give each server a place"])
    weights = [1.0]
    for present in range(1, places + 1):
        weights.append(weights[-1] * arrival_rate / (service_rate * min(present, servers)))
        if weights[-1] > 1e200:
            weights = [weight * 1e-200 for weight in weights]
    total = sum(weights)
    share = [weight / total for weight in weights]
    present_mean = sum(present * part for present, part in enumerate(share))
    throughput = arrival_rate * (1 - share[-1])
    busy = throughput / service_rate
    return Queue(
        utilisation=busy / servers,
        wait_share=sum(share[servers:-1]) / (1 - share[-1]) if places > servers else 0.0,
        waiting=(present_mean - busy) / throughput,
        sojourn=present_mean / throughput,
        queued=present_mean - busy,
        present=present_mean,
        throughput=throughput,
        lost_share=share[-1],
    )


def mg1(arrival_rate: float, mean_time: float, scv: float) -> Queue:
    """One server, Poisson arrivals, any service time: Wq = lambda E[S^2] / (2 (1 - rho)).

    `scv` is the squared coefficient of variation of the service time. Source: Pollaczek 1930, Khinchine 1932.
    """
    refuse_overload(arrival_rate, 1 / mean_time)
    load = arrival_rate * mean_time
    waiting = arrival_rate * mean_time**2 * (1 + scv) / (2 * (1 - load))
    return _stable(arrival_rate, mean_time, 1, waiting, load)


def gm1(gap_transform: Callable[[float], float], arrival_rate: float, service_rate: float = 1.0) -> Queue:
    """One server, independent gaps between arrivals of any kind, exponential service: Wq = sigma / (mu (1 - sigma)).

    `gap_transform(s)` is the Laplace transform E[exp(-s gap)]; sigma in (0, 1) solves
    sigma = transform(mu (1 - sigma)).
    Source: D. G. Kendall, *Annals of Mathematical Statistics* 24:338-354, 1953.
    """
    refuse_overload(arrival_rate, service_rate)
    # The transform is convex in sigma and crosses the diagonal once below 1: left of the root it lies above.
    low, high = 0.0, 1.0
    while (middle := (low + high) / 2) not in {low, high}:
        if gap_transform(service_rate * (1 - middle)) > middle:
            low = middle
        else:
            high = middle
    # Just below 1 both sides agree to rounding, so that the bisection can end there only when the queue is full.
    return _stable(arrival_rate, 1 / service_rate, 1, low / (service_rate * (1 - low)), low)


def erlang_gaps(arrival_rate: float, phases: float) -> Callable[[float], float]:
    """The Laplace transform of gaps that are sums of exponential phases; endless phases are a fixed gap."""
    if math.isinf(phases):
        return lambda s: math.exp(-s / arrival_rate)
    return lambda s: (phases * arrival_rate / (phases * arrival_rate + s)) ** phases


def batch_mm1(batch_rate: float, size: int, service_rate: float = 1.0) -> Queue:
    """M/M/1 whose jobs arrive in batches of a fixed size; figures are per job.

    A batch waits as in M/G/1 with Erlang service, its jobs for half of the others: Wq = Wq(batch) + (k - 1) / (2 mu).
    Source: P. J. Burke, *Operations Research* 23:830-833, 1975.
    """
    batch = mg1(batch_rate, size / service_rate, 1 / size)
    waiting = batch.waiting + (size - 1) / (2 * service_rate)
    wait_share = 1 - (1 - batch.wait_share) / size
    return _stable(batch_rate * size, 1 / service_rate, 1, waiting, wait_share)
