"""The twin: plans and lines run a thousand times.

``simulate`` runs a plan against chance and tells its odds, ``open_run`` shows one of the runs as a plan;
``compare_factories`` compares scenarios on common luck, ``simulate_network`` runs a flow of jobs through stations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.twin.experiment.factories import compare_factories
    from linewright.twin.network import run_network, simulate_network
    from linewright.twin.simulating import open_run, simulate

PLACES = {
    "compare_factories": "linewright.twin.experiment.factories",
    "open_run": "linewright.twin.simulating",
    "run_network": "linewright.twin.network",
    "simulate": "linewright.twin.simulating",
    "simulate_network": "linewright.twin.network",
}

__all__ = ["compare_factories", "open_run", "run_network", "simulate", "simulate_network"]


def __getattr__(name: str) -> Any:
    """The verbs are imported when they are used, as Numba takes its time."""
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(PLACES[name]), name)
