"""A flow of jobs through stations: the model, the event kernel, and the recursion for lines.

``simulate_network`` takes the quickest way, ``run_network`` the event kernel; what flows is said with the records of
:mod:`linewright.twin.network.model` and :mod:`linewright.twin.network.stations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.twin.network.simulate import NetworkRun, run_network, simulate_network

__all__ = ["NetworkRun", "run_network", "simulate_network"]


def __getattr__(name: str) -> Any:
    """The verbs are imported when they are used, as Numba takes its time."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from linewright.twin.network import simulate

    return getattr(simulate, name)
