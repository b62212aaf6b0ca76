"""Compile the kernels of the supply planner once, in the set-up."""

from __future__ import annotations


def warm() -> None:
    """Plan a small network of materials and simulate a few weeks of stops, with everything that is compiled."""
    from linewright.supply.hazards import Hazards, simulate_stops
    from linewright.supply.network.generate import generate as network_of
    from linewright.supply.requirements.core.build import build
    from linewright.supply.requirements.core.generate import generate as materials_of
    from linewright.supply.requirements.core.solution import solve

    solve(build(materials_of(100, weeks=8, seed=0))[0])
    network = network_of(nodes=20, seed=0)
    simulate_stops(network, Hazards.of(network, stops_per_year=1.0), paths=20, steps=2)
