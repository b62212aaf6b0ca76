"""Compiling the twin's kernels."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from linewright import read
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin import simulate
from linewright.twin.execute.kernel.run import execute
from linewright.twin.network.kernel.run import run_until
from linewright.twin.network.recursion import run_line
from linewright.twin.warm import MINUTES, START, one_machine, one_operation, warm


def test_the_plan_for_warming_is_one():
    """What is run is a plan that the run without chance gives back."""
    factory = one_machine()
    run = simulate(factory, one_operation(factory), replications=2, without=("failures", "variation"))
    assert run.operations["end_p50"].to_list() == [START + timedelta(minutes=MINUTES)]


def test_a_first_run_after_warming_compiles_nothing_more():
    """Real arrays have the types that warming has compiled for."""
    kernels = [execute, run_until, run_line]
    if not all(hasattr(kernel, "signatures") for kernel in kernels):
        pytest.skip("the compiler is off")
    warm()
    before = [list(kernel.signatures) for kernel in kernels]
    assert all(before)
    factory = read(Path(__file__).parents[2] / "examples" / "bracket_shop")
    simulate(factory, schedule(factory, stop=Rounds(1), exact=False, cores=1), replications=2)
    assert [list(kernel.signatures) for kernel in kernels] == before
