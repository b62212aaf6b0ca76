"""Replications on a real cluster of processes, one of which dies in the middle."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import Executor
from multiprocessing.process import BaseProcess

import numpy as np
import pytest

from linewright.twin.statistics.replications import HalfWidth, replicate
from tests.supply.hazards.worker_process import start_workers
from tests.twin.statistics.tasks import Normals

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
    """Hands blocks to another executor, and kills a process while some of them are on their way."""

    def __init__(self, inner: Executor, process: BaseProcess, after: int) -> None:
        self.inner, self.process, self.left = inner, process, after
        self.blocks = 0

    def submit(self, function, /, *arguments, **named):
        self.blocks += 1
        self.left -= 1
        future = self.inner.submit(function, *arguments, **named)
        if self.left == 0:
            self.process.kill()
            self.process.join(SECONDS)
        return future


@pytest.fixture
def cluster():
    """A scheduler in this process, and two workers in processes of their own: the client and the workers."""
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, dashboard_address=None, silence_logs=logging.CRITICAL, protocol="tcp://",
            host="127.0.0.1",
        ) as scheduler,
        distributed.Client(scheduler, timeout=SECONDS) as client,
    ):  # fmt: skip
        workers = start_workers(scheduler.scheduler_address, 2)
        try:
            client.wait_for_workers(2, timeout=SECONDS)
            yield client, workers
        finally:
            for worker in workers:
                worker.kill()
                worker.join(SECONDS)


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_finds_the_same(cluster):
    """With one of two workers killed in the middle, number and figures of the replications are those of one process."""
    client, workers = cluster
    task = Normals(("output", "delay"), (10.0, 3.0), (1.0, 2.0), ("output", "delay"))
    stop = HalfWidth("delay", absolute=0.3)
    serial = replicate(task, stop=stop, seed=5)
    executor = Deadly(client.get_executor(), workers[0], after=10)
    found = replicate(task, stop=stop, seed=5, block=6, executor=executor)
    assert workers[0].exitcode == -signal.SIGKILL
    assert workers[1].is_alive()
    assert executor.blocks > 10
    assert np.array_equal(found.values, serial.values)
    assert found.mean("delay") == serial.mean("delay")
