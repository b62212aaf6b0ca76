"""What one run of a network tells: figures by type of job, station, machine and pool, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.twin.network.arrays import STATES, State
from linewright.twin.network.build import Compiled


@dataclass(frozen=True)
class Figure:
    """A figure: of what, of which one, and its name with the unit."""

    of: str
    name: str
    figure: str

    def __str__(self) -> str:
        """The three in one word."""
        return f"{self.of} {self.name}: {self.figure}" if self.name else self.figure


#: Of each type of job. Times are those of finished jobs; lateness is of jobs with a due date.
OF_TYPES = (
    "throughput", "cycle_time", "wait", "inside", "lost_share", "scrap_share", "late_share", "tardiness",
    "missed_limits", "kwh_per_job",
)  # fmt: skip
OF_STATIONS = ("wait", "waited_share", "queue", "longest_queue")


def figure_names(compiled: Compiled) -> list[Figure]:
    """The figures of a network, in the order of :func:`figures_of`."""
    names = compiled.names
    return [
        *(Figure("network", "", figure) for figure in ("throughput", "inside", "kwh", "kwh_unassigned")),
        *(Figure("job type", name, figure) for name in names.job_types for figure in OF_TYPES),
        *(Figure("station", name, figure) for name in names.stations for figure in OF_STATIONS),
        *(Figure("machine", name, f"{state}_share") for name in names.machines for state in STATES),
        *(Figure("pool", name, "busy_share") for name in names.pools),
    ]


def figures_of(compiled: Compiled, state: State, span: float) -> Any:
    """The figures of a run that lasted `span` since its sums were set back; NaN for what did not occur."""
    plant, hours = compiled.plant, compiled.network.unit_hours
    kinds, stations = state.job_types, plant.stations.size - 1
    queues = state.queues[:stations]
    with np.errstate(divide="ignore", invalid="ignore"):
        finished = np.asarray(kinds.finished, float)
        of_types = np.column_stack(
            [
                finished / span,
                kinds.cycle / finished,
                kinds.wait / finished,
                kinds.area / span,
                kinds.lost / (kinds.lost + kinds.released),
                kinds.scrapped / (kinds.scrapped + finished),
                kinds.late / finished,
                kinds.tardiness / finished,
                kinds.missed / finished,
                kinds.energy * hours / finished,
            ]
        )
        of_stations = np.column_stack(
            [queues.wait / queues.started, queues.waited / queues.started, queues.area / span, queues.most]
        )
        pools = _busy(plant, state, span)
    products = plant.job_types.store < 0
    network = [
        float(finished[products].sum()) / span,
        float(kinds.area.sum()) / span,
        float((state.time_in * plant.kw).sum()) * hours,
        float(state.machines.loose.sum()) * hours,
    ]
    return np.concatenate([network, of_types.ravel(), of_stations.ravel(), (state.time_in / span).ravel(), pools])


def _busy(plant: Any, state: State, span: float) -> Any:
    """The share of people at work; a pool's area is minus the integral of its free people."""
    people = plant.pools.people[:-1]
    return 1.0 + state.pools.area[: people.size] / (span * people)
