"""Replications of single stations by the recursion, which follows the kernel's paths in a third of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from linewright.shop.distributions import mean_of
from linewright.twin.network.build import Compiled
from linewright.twin.network.lines import departures_until, new_line, why_not_a_line

#: Of the customers who come in a window: how long they wait and stay, and the window's length.
Path = Callable[[Any, Any, float], float]
PATHS: dict[str, Path] = {
    "Wq": lambda waited, stayed, span: float(waited.mean()),
    "L": lambda waited, stayed, span: float(stayed.sum() / span),
    "P(sojourn>5)": lambda waited, stayed, span: float((stayed > 5.0).mean()),
}


def applies(compiled: Compiled, metrics: list[str]) -> bool:
    """Whether a case is one station without failures where jobs arrive, and its metrics are those of customers."""
    plant = compiled.plant
    single = plant.machines.size == 2 and plant.modes.size == 0 and plant.sources.size == 2
    return single and set(metrics) <= set(PATHS) and not why_not_a_line(compiled)


def replicate(
    compiled: Compiled, metrics: list[str], warm: float, span: float, seed: int, number: int
) -> dict[str, Any]:
    """The metrics of one replication, and its controls: arrivals and work less what is expected of them."""
    left, came, waited = departures_until(new_line(compiled, seed=seed, replication=number), warm + span)
    window = slice(*np.searchsorted(came, [warm, warm + span]))
    stayed = left[window] - came[window]
    plant = compiled.plant
    arrived = stayed.size - span / mean_of(plant.laws[plant.sources[0].law], plant.table)
    work = float((stayed - waited[window]).sum()) - stayed.size * float(plant.steps[0].expected)
    found: dict[str, Any] = {metric: PATHS[metric](waited[window], stayed, span) for metric in metrics}
    return found | {"controls": [arrived, work, 0.0]}
