"""Effective times and loads of a network's stations, and what no formula here sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linewright.twin.analytic.of_network.visits import effective_time
from linewright.twin.analytic.variability import EffectiveTime

if TYPE_CHECKING:
    from linewright.twin.network.build import Compiled

Floats = NDArray[np.float64]


def loads_of(compiled: Compiled, steps: Floats) -> tuple[list[EffectiveTime], Floats, Floats]:
    """Effective time, visits per time and utilisation of each station."""
    count = len(compiled.network.stations)
    times = [effective_time(compiled, station, steps) for station in range(count)]
    rates = np.bincount(np.asarray(compiled.plant.steps.station[:-1]), steps, count).astype(float)
    return times, rates, rates * np.array([time.mean for time in times]) / machines_of(compiled)


def machines_of(compiled: Compiled) -> Floats:
    """Machines of each station."""
    return np.array([len(station.all_machines) for station in compiled.network.stations], float)


def busiest(compiled: Compiled, loads: Floats) -> str:
    """The station with the highest load."""
    return compiled.network.stations[int(loads.argmax())].name


def left_out(compiled: Compiled) -> tuple[str, ...]:
    """What is in the network but in none of the formulas."""
    network, plant = compiled.network, compiled.plant
    seen = {
        "operators and repair crews": bool(network.pools),
        "assembly": plant.joins.size > 0,
        "limits of waiting time": bool((np.asarray(plant.steps.limit[:-1]) >= 0).any()),
        "limited queues": any(
            station.queue_places is not None for station in network.stations
        ) and not any(bool(record.saturated) for record in plant.job_types[:-1]),
        "waiting for a full batch": bool((np.asarray(plant.steps.least[:-1]) > 1).any()),
        "priorities": len({kind.priority for kind in network.job_types}) > 1,
        "dispatch rules": any(station.rule != "fifo" for station in network.stations),
    }  # fmt: skip
    return tuple(name for name, there in seen.items() if there)
