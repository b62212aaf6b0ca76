"""How often jobs visit the stations of a network, how they move between them, and how long the visits are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError
from linewright.twin.analytic.variability import EffectiveTime

if TYPE_CHECKING:
    from linewright.twin.network.build import Compiled

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Visits:
    """Per job of one type: visits to each station, moves between stations, and the share that leaves finished.

    `steps` are the visits per step of the whole network that do their step; `stations` (S) the same per station;
    `moves` (S x S) the moves from one to another; `first` the station where a job starts; `moving` the mean transport
    time; `good_share` is the share of jobs that is not scrapped.
    """

    steps: Floats
    stations: Floats
    moves: Floats
    first: int
    moving: float
    good_share: float


def visits_of(compiled: Compiled, job_type: int) -> Visits:
    """Solve how often each step of a job type's route is done, with its branches, rework, scrap and sampling.

    Raises
    ------
    ModelError
        Jobs circle for ever.
    """
    from linewright.twin.network.arrays import SCRAPPED

    plant = compiled.plant
    own = np.flatnonzero(np.asarray(plant.steps.job_type[:-1]) == job_type)
    first = int(plant.job_types[job_type].first_step)
    chance = np.zeros((len(own), len(own)))
    scrapped = np.zeros(len(own))
    for row, step in enumerate(own):
        for share, to in _ways_on(plant, int(step)):
            done = share * float(plant.steps[step].done_share)
            if to >= 0:
                chance[row, to - own[0]] += done
            elif to == SCRAPPED:
                scrapped[row] += done
        then, skipped = int(plant.steps[step].then), 1 - float(plant.steps[step].done_share)
        if then >= 0:
            chance[row, then - own[0]] += skipped
    start = np.zeros(len(own))
    start[first - own[0]] = 1.0
    try:
        visits = np.asarray(np.linalg.solve(np.eye(len(own)) - chance.T, start), float)
    except np.linalg.LinAlgError:
        visits = np.full(len(own), -1.0)
    if (visits < -1e-9).any():
        raise ModelError(
            [f"job type {compiled.names.job_types[job_type]}: its jobs circle for ever — lower a branch's share"]
        )
    return _by_station(plant, own, visits, chance, 1 - float(visits @ scrapped))


def _by_station(plant: Any, own: Any, visits: Floats, chance: Floats, good_share: float) -> Visits:
    """Visits of steps gathered by station."""
    count = plant.stations.size - 1
    at = np.asarray(plant.steps.station)[own]
    steps = np.zeros(plant.steps.size - 1)
    steps[own] = visits * np.asarray(plant.steps.done_share)[own]
    moves = np.zeros((count, count))
    np.add.at(moves, (at[:, None], at[None, :]), visits[:, None] * chance)
    moving = sum(
        float(steps[step]) * law_moments(plant, int(plant.steps[step].transport))[0]
        for step in own
        if plant.steps[step].transport >= 0
    )
    first = int(at[int(np.argmax(visits > 0))])
    return Visits(steps, np.bincount(at, steps[own], count).astype(float), moves, first, moving, good_share)


def _ways_on(plant: Any, step: int) -> list[tuple[float, int]]:
    """Where jobs go from a step that was done, each way with its share."""
    found, before = [], 0.0
    for at in range(int(plant.steps[step].first_branch), int(plant.steps[step + 1].first_branch)):
        found.append((float(plant.branches[at].up_to) - before, int(plant.branches[at].to)))
        before = float(plant.branches[at].up_to)
    return [*found, (1 - before, int(plant.steps[step].then))]


def law_moments(plant: Any, law: int) -> tuple[float, float]:
    """Mean and squared variation of a law of the network."""
    from linewright.shop import distributions as kinds

    record = plant.laws[law]
    mean = float(kinds.mean_of(record, plant.table))
    kind, one, two, three = int(record.kind), float(record.one), float(record.two), float(record.three)
    if mean <= 0:
        return 0.0, 0.0
    if kind == kinds.EMPIRICAL:
        return mean, float(np.var(plant.table[int(record.first) : int(record.last)])) / mean**2
    if kind == kinds.HYPEREXPONENTIAL:
        return mean, (2 * one * two**2 + 2 * (1 - one) * three**2) / mean**2 - 1
    variance = {
        kinds.FIXED: lambda: 0.0,
        kinds.EXPONENTIAL: lambda: mean**2,
        kinds.UNIFORM: lambda: (two - one) ** 2 / 12,
        kinds.TRIANGULAR: lambda: (one**2 + two**2 + three**2 - one * two - one * three - two * three) / 18,
        kinds.LOGNORMAL: lambda: mean**2 * math.expm1(two**2),
        kinds.WEIBULL: lambda: one**2 * math.gamma(1 + 2 / two) - mean**2,
        kinds.ERLANG: lambda: mean**2 / two,
        kinds.GEOMETRIC: lambda: mean * (mean - 1),
        kinds.SHIFTED_EXPONENTIAL: lambda: two**2,
    }
    return mean, variance[kind]() / mean**2


def effective_time(compiled: Compiled, station: int, rates: Floats) -> EffectiveTime:
    """The effective time of a visit to a station: its steps mixed by their `rates`, setups, maintenance, failures."""
    plant = compiled.plant
    at = np.flatnonzero((np.asarray(plant.steps.station[:-1]) == station) & (rates > 0))
    if not at.size:
        return EffectiveTime(0.0, 0.0)
    share = rates[at] / rates[at].sum()
    moments = np.array([_step_moments(plant, int(step)) for step in at])
    mean = float(share @ moments[:, 0])
    second = float(share @ (moments[:, 0] ** 2 * (1 + moments[:, 1])))
    first = int(plant.stations[station].first_machine)
    machines = range(first, int(plant.stations[station + 1].first_machine))
    speed = float(np.mean([plant.machines[machine].speed for machine in machines]))
    time = EffectiveTime(mean / speed, second / mean**2 - 1 if mean else 0.0)
    if time.mean <= 0:
        return time
    time = _with_setups(compiled, station, at, share, time)
    # Machines of one station are taken to be alike; the first one stands for all.
    for plan in range(int(plant.machines[first].first_plan), int(plant.machines[first + 1].first_plan)):
        record = plant.plans[plan]
        length, scv = law_moments(plant, int(record.law))
        if record.by_jobs:
            time = time.with_setups(length, scv, float(record.every))
        else:
            time = time.with_failures(max(float(record.every) - length, length), length, scv)
    for mode in range(int(plant.machines[first].first_mode), int(plant.machines[first + 1].first_mode)):
        up, _ = law_moments(plant, int(plant.modes[mode].uptime))
        down, scv = law_moments(plant, int(plant.modes[mode].repair))
        time = time.with_failures(up, down, scv)
    return time


def _step_moments(plant: Any, step: int) -> tuple[float, float]:
    """Mean and squared variation of one job's share of a step; a batch is taken to be full."""
    record = plant.steps[step]
    mean, scv = law_moments(plant, int(record.law))
    factor = float(plant.job_types[int(record.job_type)].pieces) if record.per == 1 else 1.0
    whole = mean * factor + float(record.fixed)
    jobs = float(max(record.most, 1)) if record.batch >= 0 else 1.0
    return whole / jobs, scv * (mean * factor / whole) ** 2 if whole else 0.0


def _with_setups(compiled: Compiled, station: int, at: Any, share: Floats, time: EffectiveTime) -> EffectiveTime:
    """With changeovers as often as jobs of random order need them."""
    plant = compiled.plant
    matrix, family = int(plant.stations[station].matrix), np.asarray(plant.steps.family)[at]
    if matrix < 0 or not (family >= 0).any():
        return time
    chance, total, square = 0.0, 0.0, 0.0
    for before, weight in zip(family, share, strict=True):
        for after, other in zip(family, share, strict=True):
            law = int(plant.switches[matrix, before + 1, after]) if after >= 0 and after != before else -1
            if law >= 0:
                mean, scv = law_moments(plant, law)
                chance += weight * other
                total += weight * other * mean
                square += weight * other * mean**2 * (1 + scv)
    if not total:
        return time
    mean = total / chance
    return time.with_setups(mean, square / chance / mean**2 - 1, 1 / chance)
