"""What is read from a run of one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.twin.network.arrays import BLOCKED, DOWN, RUN
from linewright.twin.network.build import Compiled


@dataclass(frozen=True)
class View:
    """A state after a run of `span` time units since its sums were set back."""

    compiled: Compiled
    state: Any
    span: float

    @property
    def types(self) -> Any:
        """What is counted for each job type."""
        return self.state.job_types

    def throughput(self) -> float:
        """Finished jobs per time, all types."""
        return float(self.types.finished.sum() / self.span)

    def wait(self, job_type: int = 0) -> float:
        """Mean wait before the start, of those who started in the only queue or of one type."""
        if self.types.size == 1 and self.state.queues.size == 1:
            return float(self.state.queues.wait[0] / self.state.queues.started[0])
        return float(self.types.wait[job_type] / self.types.finished[job_type])

    def cycle(self, job_type: int = 0) -> float:
        """Mean time in the network."""
        return float(self.types.cycle[job_type] / self.types.finished[job_type])

    def inside(self) -> float:
        """Mean number of jobs in the network."""
        return float(self.types.area.sum() / self.span)

    def waited(self) -> float:
        """Share of those who had to wait."""
        return float(self.state.queues.waited[0] / self.state.queues.started[0])

    def share(self, state: int, machine: int = 0) -> float:
        """Share of a machine's time in a state."""
        return float(self.state.time_in[machine, state] / self.span)

    def kw(self) -> float:
        """Mean power of all machines."""
        return float((self.state.time_in * self.compiled.plant.kw).sum() / self.span)

    def later_than(self, time: float) -> float:
        """Share of the finished jobs that were inside for longer."""
        log = self.state.log[: int(self.state.clock.logged[0])]
        return float(np.mean(log.finished - log.released > time))

    def lost(self) -> float:
        """Share of the arrivals that were lost."""
        return float(self.types.lost[0] / (self.types.lost[0] + self.types.released[0]))

    def levels(self) -> list[float]:
        """Mean number of parts made by each machine of a line and not yet by the next."""
        area = self.state.queues.area / self.span
        count = self.state.machines.size
        return [
            float(area[at + 1] + self.share(RUN, at + 1) + self.share(DOWN, at + 1) + self.share(BLOCKED, at))
            for at in range(count - 1)
        ]
