"""Compiling the supply planner's kernels."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewright import read
from linewright.supply.hazards import Hazards, flow, simulate_stops
from linewright.supply.network.of_factory import network_of
from linewright.supply.requirements import requirements
from linewright.supply.requirements.core import blocks
from linewright.supply.warm import warm


def test_a_first_run_after_warming_compiles_nothing_more():
    """Real arrays have the types that warming has compiled for."""
    kernels = [flow.run, blocks.plan_blocks]
    if not all(hasattr(kernel, "signatures") for kernel in kernels):
        pytest.skip("the compiler is off")
    warm()
    before = [list(kernel.signatures) for kernel in kernels]
    assert all(before)
    factory = read(Path(__file__).parents[2] / "examples" / "bracket_shop")
    start = datetime(2026, 3, 2, tzinfo=UTC)
    requirements(factory, now=start)
    network = network_of(factory, start).network
    simulate_stops(network, Hazards.of(network, stops_per_year=1.0), paths=20, steps=2)
    assert [list(kernel.signatures) for kernel in kernels] == before
