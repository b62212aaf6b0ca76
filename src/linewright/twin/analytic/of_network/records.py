"""What an instant estimate says of a network and of each station."""

from __future__ import annotations

import math
from dataclasses import dataclass

from linewright.twin.analytic.variability import EffectiveTime, QueueTime


@dataclass(frozen=True)
class StationEstimate:
    """One station: visits per time, utilisation, the three terms of its queueing time, and what follows from them.

    `waiting` is the mean time in the queue and `stay` that with the effective time, per visit; `present` the mean
    jobs there. All times are in the network's unit.
    """

    name: str
    machines: int
    rate: float
    utilisation: float
    effective: EffectiveTime
    arrival_scv: float
    queue: QueueTime
    waiting: float
    present: float

    @property
    def stay(self) -> float:
        """Mean time of one visit, waiting and work."""
        return self.waiting + self.effective.mean

    @property
    def words(self) -> str:
        """The queueing time and its three terms in a sentence."""
        if not math.isfinite(self.waiting):
            return f"{self.name}: {self.utilisation:.0%} busy, more than it can do; its queue grows without an end"
        terms = self.queue
        return (
            f"{self.name}: a job waits {self.waiting:.3g} = variability {terms.variability:.3g} x utilisation "
            f"{terms.utilisation_term:.3g} ({self.utilisation:.0%} busy) x time {terms.time:.3g}"
        )


@dataclass(frozen=True)
class Estimate:
    """A network in the long run, by formulas.

    `throughput` are good jobs finished per time and `throughput_bound` the most that the busiest station, the
    `bottleneck`, allows with this mix; `present` all jobs inside, `cycle_time` the mean time of a job in it (both
    infinite when a station cannot keep up). `method` names the formulas, `left_out` what they do not see.
    """

    method: str
    stations: tuple[StationEstimate, ...]
    throughput: float
    throughput_bound: float
    present: float
    cycle_time: float
    bottleneck: str
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        return (
            f"Estimate by {self.method}: {self.throughput:.4g} jobs per time (at most {self.throughput_bound:.4g}), "
            f"{self.present:.4g} inside, {self.cycle_time:.4g} each; bottleneck {self.bottleneck}"
        )
