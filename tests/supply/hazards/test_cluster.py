"""Paths on a real cluster of processes, one of which dies in the middle."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import Executor
from multiprocessing.process import BaseProcess

import numpy as np
import pytest

from linewright.supply.hazards.base_plan import walk_of
from linewright.supply.hazards.causes import Hazards
from linewright.supply.hazards.simulation import simulate_paths
from linewright.supply.network.generate import generate
from tests.supply.hazards.worker_process import start_workers

distributed = pytest.importorskip("distributed")

#: Dask closes its sockets and event loops in the background, when the interpreter comes to it.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*(socket|transport|event loop).*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Port .* is already in use:UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed.*"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


#: Generous, as the machine may be busy; nothing waits that long when all is well.
SECONDS = 300


class Deadly(Executor):
    """Hands tasks to another executor; when the first of them is done it kills a process."""

    def __init__(self, inner: Executor, process: BaseProcess, after: int) -> None:
        self.inner, self.process, self.after = inner, process, after
        self.futures = []

    def submit(self, function, /, *arguments, **named):
        self.futures.append(self.inner.submit(function, *arguments, **named))
        if len(self.futures) == self.after:
            self.futures[0].result(timeout=SECONDS)
            self.process.kill()
            self.process.join(SECONDS)
        return self.futures[-1]


@pytest.fixture
def cluster():
    """A scheduler in this process, and two workers in processes of their own: the client and the workers."""
    with (
        distributed.LocalCluster(
            n_workers=0,
            processes=False,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
            protocol="tcp://",
            host="127.0.0.1",
        ) as scheduler,
        distributed.Client(scheduler, timeout=SECONDS) as client,
    ):
        workers = start_workers(scheduler.scheduler_address, 2)
        try:
            client.wait_for_workers(2, timeout=SECONDS)
            yield client, workers
        finally:
            for worker in workers:
                worker.kill()
                worker.join(SECONDS)


def test_a_cluster_that_loses_a_worker_finds_the_same(cluster):
    """With one of two workers killed half-way, every figure is that of one process."""
    client, workers = cluster
    net = generate(30, 4)
    walk, hazards = walk_of(net), Hazards.of(net, 0.7)
    serial = simulate_paths(walk, hazards, np.arange(120), seed=5)
    executor = Deadly(client.get_executor(), workers[0], after=8)
    done = simulate_paths(walk, hazards, np.arange(120), seed=5, chunk=10, executor=executor)
    assert workers[0].exitcode == -signal.SIGKILL
    assert workers[1].is_alive()
    assert len(executor.futures) == 12
    for part in ("numbers", "lost", "lost_margin", "stops"):
        assert np.array_equal(getattr(done, part), getattr(serial, part))
    assert done.lost_margin.any()
