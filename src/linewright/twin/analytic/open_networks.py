"""Open queueing networks: Jackson's exact product form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError
from linewright.twin.analytic.queues import Queue, mmc, refuse_overload


@dataclass(frozen=True)
class OpenNetwork:
    """An open network in the long run: rate of jobs through each station, each queue, all jobs inside, mean stay."""

    rates: tuple[float, ...]
    stations: tuple[Queue, ...]
    present: float
    sojourn: float


def traffic_rates(outside_rates: Sequence[float], routing: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Jobs per time through each station: the solution of rate = outside + rate x routing.

    `routing[i][j]` is the share of the jobs leaving i that go to j; what is missing to 1 leaves the network.

    Raises
    ------
    ModelError
        Shares are negative or more than 1, or jobs that enter can never leave.
    """
    outside, shares = np.asarray(outside_rates, float), np.asarray(routing, float)
    if (shares < 0).any() or (shares.sum(axis=1) > 1 + 1e-12).any():
        raise ModelError(["routing: the shares of each row must lie between 0 and 1 and not sum to more than 1"])
    try:
        rates = np.linalg.solve(np.eye(len(outside)) - shares.T, outside)
    except np.linalg.LinAlgError:
        rates = np.full(len(outside), -1.0)
    if (rates < -1e-12).any() or not np.isfinite(rates).all():
        raise ModelError(["routing: some jobs circle for ever — let at least one station of each circle lead outside"])
    return np.maximum(rates, 0.0)


def jackson(
    outside_rates: Sequence[float],
    routing: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> OpenNetwork:
    """Poisson arrivals, exponential stations, random routing: each station is M/M/c by itself.

    Source: J. R. Jackson, *Operations Research* 5:518-521, 1957, and *Management Science* 10:131-142, 1963.
    """
    rates = traffic_rates(outside_rates, routing)
    for at, (rate, service, count) in enumerate(zip(rates, service_rates, servers, strict=True)):
        refuse_overload(float(rate), service * count, f"station {at}")
    stations = tuple(
        mmc(float(rate), service, count) for rate, service, count in zip(rates, service_rates, servers, strict=True)
    )
    present = sum(station.present for station in stations)
    return OpenNetwork(tuple(rates.tolist()), stations, present, present / float(np.sum(outside_rates)))
