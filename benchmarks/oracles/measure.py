"""Replications of a case, as many and as long as its precision asks for, and what they say of the rows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.oracles import by_recursion
from benchmarks.oracles.cases import Case
from benchmarks.oracles.view import View
from linewright.shop.distributions import mean_of
from linewright.twin.network.advance import advance
from linewright.twin.network.arrays import DOWN, RUN
from linewright.twin.network.build import Compiled, compile_network
from linewright.twin.network.state import forget, new_state
from linewright.twin.statistics.control import controlled_mean
from linewright.twin.statistics.intervals import student_factor

REPLICATIONS = 24
#: Jobs of one replication at first and at most, and the warm-up as a share of a replication.
FIRST_JOBS = 10_000
MOST_JOBS = 500_000
WARM_UP = 0.1
#: Standard error wished for, in parts of the value; from 90 % utilisation on estimates converge slowly.
WISHED, WISHED_WHEN_BUSY = 0.0018, 0.006
SLOW = 0.9 - 1e-9
CONFIDENCE = 0.95
#: Least relative error that counts as one for values that do not vary.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Found:
    """Means and standard errors by metric, replications, CPU seconds."""

    mean: dict[str, Any]
    error: dict[str, Any]
    replications: int
    seconds: float


def simulate_case(case: Case, metrics: list[str], *, seed: int, longer: float = 1.0) -> Found:
    """Simulate a case: a short run tells how long the replications must be; their chance is fresh."""
    begun = time.process_time()
    span = _time_of_jobs(case, seed)
    pilot = _replicate(case, metrics, span, seed, 1)
    wished = WISHED_WHEN_BUSY if case.busy >= SLOW else WISHED
    factor = 1.0
    for metric in metrics:
        mean, error = _controlled(pilot, metric)
        worst = float(np.max(error / np.maximum(np.abs(mean), 1e-12)))
        factor = max(factor, (worst / wished) ** 2)
    span *= longer * min(factor, MOST_JOBS / FIRST_JOBS)
    values = _replicate(case, metrics, span, seed, 1 + REPLICATIONS)
    found = {metric: _controlled(values, metric) for metric in metrics}
    return Found(
        mean={metric: found[metric][0] for metric in metrics},
        error={metric: found[metric][1] for metric in metrics},
        replications=REPLICATIONS,
        seconds=time.process_time() - begun,
    )


def _controlled(values: dict[str, list[Any]], metric: str) -> tuple[Any, Any]:
    """The mean and its standard error by the controls of each run; of several values, of each."""
    columns = np.atleast_2d(np.array(values[metric], float).T)
    controls = np.array(values["controls"])
    means, errors = [], []
    for column in columns:
        found = controlled_mean(column, controls, np.zeros(controls.shape[1]), confidence=CONFIDENCE).interval
        used = int(np.linalg.matrix_rank(controls)) if controls.any() else 0
        means.append(found.value)
        errors.append(found.half_width / student_factor(len(column) - 1 - used, CONFIDENCE))
    return np.array(means), np.array(errors)


def _time_of_jobs(case: Case, seed: int) -> float:
    """The time in which about FIRST_JOBS are finished, by one run that is used for nothing else."""
    if not case.network.job_types:
        return float(FIRST_JOBS)
    compiled = compile_network(case.network)
    return float(advance(compiled, new_state(compiled, seed=seed), jobs=FIRST_JOBS).clock.time[0])


def _replicate(case: Case, metrics: list[str], span: float, seed: int, first: int) -> dict[str, list[Any]]:
    compiled = compile_network(case.network)
    values: dict[str, list[Any]] = {metric: [] for metric in [*metrics, "controls"]}
    warm = span * WARM_UP
    quickly = by_recursion.applies(compiled, metrics)
    for replication in range(first, first + REPLICATIONS):
        if quickly:
            for metric, value in by_recursion.replicate(compiled, metrics, warm, span, seed, replication).items():
                values[metric].append(value)
            continue
        state = new_state(compiled, seed=seed, replication=replication, log=case.log)
        state = advance(compiled, state, until=warm)
        forget(state)
        state = advance(compiled, state, until=warm + span)
        view = View(compiled, state, span)
        for metric in metrics:
            values[metric].append(case.measures[metric](view))
        values["controls"].append(controls(compiled, view))
    return values


def controls(compiled: Compiled, view: View) -> list[float]:
    """Three figures whose mean is 0: arrivals, work and repairs of a run, less what is expected of them.

    Work is compared with the mean times of the jobs that were started, repair with the work and its failures.
    """
    plant, state = compiled.plant, view.state
    arrived = work = repaired = 0.0
    for source in plant.sources[:-1]:
        if source.law >= 0:
            arrived += float(state.job_types[source.job_type].released + state.job_types[source.job_type].lost)
            arrived -= view.span * float(source.jobs) / mean_of(plant.laws[source.law], plant.table)
    if plant.job_types.size == 1 and not (plant.steps.batch[:-1] >= 0).any():
        for step in plant.steps[:-1]:
            machines = slice(*plant.stations.first_machine[step.station : step.station + 2])
            work += float(state.time_in[machines, RUN].sum() - state.queues[step.station].started * step.expected)
    for mode in plant.modes:
        ratio = mean_of(plant.laws[mode.repair], plant.table) / mean_of(plant.laws[mode.uptime], plant.table)
        clock = view.span - state.time_in[mode.machine, DOWN] if mode.calendar else state.time_in[mode.machine, RUN]
        repaired += float(state.time_in[mode.machine, DOWN] - clock * ratio)
    return [arrived, work, 0.0 if (plant.modes.crew >= 0).any() else repaired]
