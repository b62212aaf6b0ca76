"""One station that serves some jobs before others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError
from linewright.twin.analytic.queues import erlang_c, refuse_overload

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassWaits:
    """Mean time before service and mean time in the station per class, most urgent first."""

    waiting: tuple[float, ...]
    sojourn: tuple[float, ...]


def urgent_first(
    arrival_rates: Sequence[float],
    mean_times: Sequence[float],
    scvs: Sequence[float] | float = 1.0,
    *,
    interrupting: bool = False,
) -> ClassWaits:
    """One server and Poisson classes, class 0 the most urgent; a running job is finished or interrupted and resumed.

    With s(k) the load of the classes up to k and R = sum lambda E[S^2] / 2:
    finished jobs wait Wq(k) = R / ((1 - s(k-1)) (1 - s(k))) (A. Cobham, *Operations Research* 2:70-76, 1954);
    with interruption T(k) = E[S] / (1 - s(k-1)) + R(k) / ((1 - s(k-1)) (1 - s(k))), where R(k) holds the classes up
    to k only (Kleinrock, *Queueing Systems* II, 1976, section 3.4). There `waiting` is sojourn less service.

    Raises
    ------
    ModelError
        Lengths differ, or all classes together are more than the server can do.
    """
    rates, means = np.asarray(arrival_rates, float), np.asarray(mean_times, float)
    if rates.shape != means.shape or rates.ndim != 1:
        raise ModelError(
            [f"station: {rates.size} arrival rates but {means.size} mean times — give one of each per class"]
        )
    load = np.cumsum(rates * means)
    refuse_overload(float(load[-1]), 1.0)
    before = np.concatenate(([0.0], load[:-1]))
    residual = rates * means**2 * (1 + np.broadcast_to(np.asarray(scvs, float), rates.shape)) / 2
    if interrupting:
        sojourn = means / (1 - before) + np.cumsum(residual) / ((1 - before) * (1 - load))
        waiting = sojourn - means
    else:
        waiting = residual.sum() / ((1 - before) * (1 - load))
        sojourn = waiting + means
    return ClassWaits(tuple(waiting.tolist()), tuple(sojourn.tolist()))


def urgent_first_at_several(arrival_rates: Sequence[float], servers: int, service_rate: float = 1.0) -> ClassWaits:
    """Several servers, Poisson classes of one exponential service, class 0 the most urgent; running jobs are finished.

    Wq(k) = C / (c mu (1 - s(k-1)) (1 - s(k))) with Erlang's C for all classes together and s(k) the load per server of
    the classes up to k. Source: A. Cobham 1954; O. Kella & U. Yechiali, *Operations Research* 33:913-923, 1985.
    """
    load = np.cumsum(np.asarray(arrival_rates, float)) / (servers * service_rate)
    wait_share = erlang_c(float(load[-1]) * servers, servers)
    before = np.concatenate(([0.0], load[:-1]))
    waiting = wait_share / (servers * service_rate * (1 - before) * (1 - load))
    return ClassWaits(tuple(waiting.tolist()), tuple((waiting + 1 / service_rate).tolist()))


def shortest_first(arrival_rate: float, quantile: Callable[[Floats], Floats], *, panels: int = 60) -> float:
    """Mean time before service when the shortest waiting job goes next and a running one is finished.

    `quantile(share)` gives the service time below which that share of the jobs lies. With s(x) the load of the jobs
    not longer than x, a job of length x waits W(x) = lambda E[S^2] / (2 (1 - s(x))^2); averaged here over the rank of
    the jobs, in panels of eight Gauss-Legendre points. Source: T. E. Phipps, *Operations Research* 4:76-85, 1956.
    """
    node, weight, up_to = _gauss_panel(8)
    edge = (np.arange(panels)[:, None] + (node + 1) / 2) / panels
    # Ranks 1 - v^3 lie dense among the longest jobs, whose times bend most.
    slope = 3 * (1 - edge) ** 2 / panels
    times = quantile(1 - (1 - edge) ** 3)
    work = slope * times
    mean, second = float((work @ weight).sum()), float(((work * times) @ weight).sum())
    refuse_overload(arrival_rate, 1 / mean)
    before_panel = np.concatenate(([0.0], np.cumsum(work @ weight)[:-1]))
    shorter = arrival_rate * (before_panel[:, None] + work @ up_to.T)
    waiting = arrival_rate * second / (2 * (1 - shorter) ** 2)
    return float(((slope * waiting) @ weight).sum())


def _gauss_panel(points: int) -> tuple[Floats, Floats, Floats]:
    """Nodes on (-1, 1), their weights on a panel of length 1, and the weights of the integral up to each node."""
    legendre = np.polynomial.legendre
    node, weight = legendre.leggauss(points)
    basis = legendre.legvander(node, points - 1)
    integrals = np.stack(
        [legendre.legval(node, legendre.legint(np.eye(points)[degree], lbnd=-1)) for degree in range(points)], axis=1
    )
    return node, weight / 2, integrals @ np.linalg.inv(basis) / 2
