"""The event kernel on random plants: the same in plain Python, sound after each run, the same after a copy."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import NoAnswer
from linewright.twin.network.advance import advance
from linewright.twin.network.build import compile_network
from linewright.twin.network.conservation import breaches
from linewright.twin.network.state import forget, fork, new_state, snapshot
from tests.twin.network.plants import random_network

SEEDS = range(12)
PLAIN = """
import sys, warnings
warnings.simplefilter("error")
from tests.twin.network.test_kernel import SEEDS, trace_of
for seed in SEEDS:
    print(seed, trace_of(seed))
"""


def trace_of(seed, until=15.0):
    """A fingerprint of all events of a random plant and of all its sums."""
    import hashlib

    compiled = compile_network(random_network(seed))
    state = new_state(compiled, seed=seed, trace=True, log=True)
    try:
        state = advance(compiled, state, until)
    except NoAnswer as stuck:
        return str(stuck).splitlines()[0]
    parts = [state.trace[: int(state.clock.traced[0])], state.log[: int(state.clock.logged[0])], state.time_in]
    parts += [state.queues, state.job_types, state.machines]
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def test_plain_python_logs_the_same_events(root):
    """With the compiler switched off the kernel logs the same events and sums, to the last bit."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(root)}
    plain = subprocess.run(
        [sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True, env=environment, cwd=root
    )
    assert plain.stdout.splitlines() == [f"{seed} {trace_of(seed)}" for seed in SEEDS]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000))
def test_conservation_laws_hold(seed):
    """Jobs, times, areas and energy are all accounted for, also after a warm-up."""
    compiled = compile_network(random_network(seed))
    state = new_state(compiled, seed=seed)
    with suppress(NoAnswer):
        # Some of the random plants run into a deadlock; what is tested ends there.
        state = advance(compiled, state, 30.0)
        assert breaches(compiled, state, 30.0) == []
        forget(state)
        state = advance(compiled, state, 200.0)
        assert breaches(compiled, state, 170.0) == []


def test_a_wrong_sum_is_found():
    """The laws are not satisfied by just any figures."""
    compiled = compile_network(random_network(3))
    state = advance(compiled, new_state(compiled, seed=3), 50.0)
    state.time_in[0, 0] += 1e-3
    state.job_types.area[0] += 1.0
    assert len(breaches(compiled, state, 50.0)) >= 2


@pytest.mark.parametrize("seed", [1, 4, 8])
def test_a_run_in_pieces_is_the_run_in_one(seed):
    """A run that stops and goes on, from a copy of its state, has the same events."""
    compiled = compile_network(random_network(seed))
    whole = advance(compiled, new_state(compiled, seed=seed, trace=True), 60.0)
    state = new_state(compiled, seed=seed, trace=True)
    for moment in (7.0, 20.5, 60.0):
        state = advance(compiled, snapshot(state), moment)
    events = int(whole.clock.traced[0])
    assert events == state.clock.traced[0]
    assert whole.trace[:events].tobytes() == state.trace[:events].tobytes()


def test_forks_share_the_past_and_differ_in_the_future():
    """Two futures of one state begin alike, differ later, and leave the state untouched."""
    compiled = compile_network(random_network(1))
    now = advance(compiled, new_state(compiled, seed=1), 30.0)
    before = now.jobs.copy()
    ends = [advance(compiled, fork(now, replication), 300.0).job_types.cycle.sum() for replication in (1, 2, 1)]
    assert ends[0] == ends[2] != ends[1]
    np.testing.assert_array_equal(now.jobs, before)
