"""Paths on a real cluster of processes, one of which dies in the middle."""

from __future__ import annotations

import logging
import os
import signal
from concurrent.futures import Executor

import numpy as np
import pytest

from linewright.supply.hazards.base_plan import walk_of
from linewright.supply.hazards.causes import Hazards
from linewright.supply.hazards.simulation import simulate_paths
from linewright.supply.network.generate import generate

distributed = pytest.importorskip("distributed")

#: Dask closes its sockets and event loops in the background, when the interpreter comes to it.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*(socket|transport|event loop).*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Port .* is already in use:UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed.*"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Deadly(Executor):
    """Hands tasks to another executor; when the first of them is done it kills a process."""

    def __init__(self, inner: Executor, pid: int, after: int) -> None:
        self.inner, self.pid, self.after = inner, pid, after
        self.futures = []

    def submit(self, function, /, *arguments, **named):
        self.futures.append(self.inner.submit(function, *arguments, **named))
        if len(self.futures) == self.after:
            self.futures[0].result(timeout=60)
            os.kill(self.pid, signal.SIGKILL)
        return self.futures[-1]


@pytest.fixture
def client():
    """Two worker processes on this computer."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL,
            host="127.0.0.1",
        ) as cluster,
        distributed.Client(cluster) as made,
    ):  # fmt: skip
        yield made


def test_a_cluster_that_loses_a_worker_finds_the_same(client):
    """With one of two workers killed half-way, every figure is that of one process."""
    net = generate(60, 4)
    walk, hazards = walk_of(net), Hazards.of(net, 0.7)
    serial = simulate_paths(walk, hazards, np.arange(400), seed=5)
    victim = next(iter(client.run(os.getpid).values()))
    executor = Deadly(client.get_executor(), victim, after=12)
    done = simulate_paths(walk, hazards, np.arange(400), seed=5, chunk=20, executor=executor)
    with pytest.raises(ProcessLookupError):
        os.kill(victim, 0)
    assert len(executor.futures) == 20
    for part in ("numbers", "lost", "lost_margin", "stops"):
        assert np.array_equal(getattr(done, part), getattr(serial, part))
    assert done.lost_margin.any()
