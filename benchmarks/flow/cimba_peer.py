"""M/M/1 for Cimba, as its guide shows it; imported only where Cimba is installed."""

from __future__ import annotations

import cimba as cb
from cimba import inputs

from benchmarks.flow.models import LOAD


class Queue(cb.Model):
    """Arrivals fill a container, a server empties it."""

    interarrival: cb.Input[float] = inputs.dist.exponential(mean=1 / LOAD)
    service_time: cb.Input[float] = inputs.dist.exponential(mean=1)
    waiting: cb.Container
    mean_waiting: cb.Output[float]

    @cb.process
    def arrivals(self) -> None:
        """Customers come one by one."""
        while True:
            cb.hold(self.interarrival.next())
            self.waiting.put(1)

    @cb.process
    def server(self) -> None:
        """Customers are served one by one."""
        while True:
            self.waiting.get(1)
            cb.hold(self.service_time.next())

    @cb.on_end
    def measure(self) -> None:
        """The mean number that wait."""
        self.mean_waiting = self.waiting.mean_level()


MODEL = Queue()


def queue(customers: int) -> tuple[int, float]:
    """About so many customers; the answer is the mean wait by Little's law."""
    window = cb.Window(warmup=0, duration=customers / LOAD)
    results = cb.Experiment(MODEL, replications=1, window=window, seed=1).run()
    return customers, float(results[MODEL].mean_waiting.values[0, 0]) / LOAD
