"""What a network of stations will do, estimated at once: for a first look, as a control variate, and for teaching."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linewright.errors import NoAnswer
from linewright.twin.analytic.of_network.loads import busiest, left_out, loads_of, machines_of
from linewright.twin.analytic.of_network.records import Estimate, StationEstimate
from linewright.twin.analytic.of_network.saturated import saturated_line, with_cards
from linewright.twin.analytic.of_network.visits import Visits, law_moments, visits_of
from linewright.twin.analytic.variability import EffectiveTime, QueueTime, departure_scv, vut

if TYPE_CHECKING:
    from linewright.twin.network.build import Compiled
    from linewright.twin.network.model import Network

Floats = NDArray[np.float64]


def estimate(network: Network) -> Estimate:
    """Estimate a network's utilisation, queues, work in progress, cycle time, throughput and bottleneck.

    Open networks: each station by the VUT formula, whose arrivals vary as the departures before it (a decomposition as
    in W. Whitt, *Bell System Technical Journal* 62:2779-2815, 1983, with the linking equation of Hopp & Spearman).
    One saturated job type with cards: exact product form as if all times were exponential. Without cards, a row of
    single machines with limited queues: the DDX decomposition, a fluid buffer being its places and a half.

    Raises
    ------
    ModelError
        The network is wrong, or its jobs circle for ever.
    NoAnswer
        Saturated work for which there is no formula here.
    """
    from linewright.twin.network.build import compile_network

    compiled = compile_network(network)
    kinds = [visits_of(compiled, number) for number in range(len(network.job_types))]
    saturated = [bool(record.saturated) for record in compiled.plant.job_types[: len(kinds)]]
    if not any(saturated):
        return _open(compiled, kinds)
    if len(kinds) > 1:
        raise NoAnswer("there is no formula for saturated work of several kinds — simulate it")
    return with_cards(compiled, kinds[0]) if network.job_types[0].cards else saturated_line(compiled, kinds[0])


def _arrivals(compiled: Compiled, job_type: int) -> tuple[float, float]:
    """Jobs per time of a type and the squared variation of the gaps between them."""
    plant, kind = compiled.plant, compiled.network.job_types[job_type]
    times = getattr(kind.arrivals, "times", None)
    if times is not None:
        gaps = np.diff(np.asarray(times, float))
        mean = float(gaps.mean()) if gaps.size else 0.0
        return (1 / mean, float(gaps.var()) / mean**2) if mean > 0 else (0.0, 0.0)
    source = next(source for source in plant.sources[:-1] if source.job_type == job_type)
    mean, scv = law_moments(plant, int(source.law))
    # Jobs that come k at a time make the count k times as variable.
    return int(source.jobs) / mean, scv * int(source.jobs)


def _open(compiled: Compiled, kinds: list[Visits]) -> Estimate:
    """Every station by VUT, with the arrivals' variation carried from station to station."""
    count = len(compiled.network.stations)
    arriving = [_arrivals(compiled, number) for number in range(len(kinds))]
    steps = sum(rate * kind.steps for (rate, _), kind in zip(arriving, kinds, strict=True))
    moves = sum(rate * kind.moves for (rate, _), kind in zip(arriving, kinds, strict=True))
    outside, outside_scv = np.zeros(count), np.zeros(count)
    for (rate, scv), kind in zip(arriving, kinds, strict=True):
        outside[kind.first] += rate
        outside_scv[kind.first] += rate * scv
    times, rates, loads = loads_of(compiled, np.asarray(steps))
    varied = _arrival_scvs(compiled, times, loads, outside, outside_scv, np.asarray(moves))
    stations = _stations(compiled, times, rates, loads, varied)
    total = float(sum(rate for rate, _ in arriving))
    good = float(sum(rate * kind.good_share for (rate, _), kind in zip(arriving, kinds, strict=True)))
    moving = float(sum(rate * kind.moving for (rate, _), kind in zip(arriving, kinds, strict=True)))
    present = sum(station.present for station in stations) + moving
    bound = good / float(loads.max()) if loads.max() > 0 else math.inf
    return Estimate(
        "VUT", stations, min(good, bound), bound, present, present / total if total else 0.0, busiest(compiled, loads),
        left_out(compiled),
    )  # fmt: skip


def _arrival_scvs(
    compiled: Compiled, times: list[EffectiveTime], loads: Floats, outside: Floats, outside_scv: Floats, moves: Floats
) -> Floats:
    """Squared variation of each station's arrivals: departures split by chance and merged by weight till it settles."""
    leaving, arriving = moves.sum(axis=1), outside + moves.sum(axis=0)
    rates = np.maximum(arriving, 1e-300)
    split = moves / np.maximum(np.maximum(arriving, leaving), 1e-300)[:, None]
    varied = np.ones(len(times))
    machines = machines_of(compiled)
    for _ in range(200):
        departing = np.array(
            [
                departure_scv(min(float(load), 1.0), time.scv, float(scv), float(count))
                for load, time, scv, count in zip(loads, times, varied, machines, strict=True)
            ]
        )
        parts = 1 + split * (departing[:, None] - 1)
        varied, before = (outside_scv + (moves * parts).sum(axis=0)) / rates, varied
        if np.abs(varied - before).max() < 1e-10:
            break
    return np.where(arriving > 0, varied, 1.0)


def _stations(
    compiled: Compiled, times: list[EffectiveTime], rates: Floats, loads: Floats, varied: Floats
) -> tuple[StationEstimate, ...]:
    """Each station by VUT; one that cannot keep up waits for ever."""
    made = []
    for at, station in enumerate(compiled.network.stations):
        load, time, count = float(loads[at]), times[at], len(station.all_machines)
        queue = (
            vut(load, time, float(varied[at]), count)
            if load < 1
            else QueueTime((float(varied[at]) + time.scv) / 2, math.inf, time.mean)
        )
        waiting = queue.waiting if load < 1 else math.inf
        present = float(rates[at]) * (waiting + time.mean) if rates[at] > 0 else 0.0
        made.append(
            StationEstimate(
                station.name, count, float(rates[at]), load, time, float(varied[at]), queue, waiting, present
            )
        )
    return tuple(made)
