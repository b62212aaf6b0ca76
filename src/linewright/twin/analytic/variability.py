"""Queueing time as variability x utilisation x time (VUT), and what failures, setups and batches do to the time.

Source: W. J. Hopp & M. L. Spearman, *Factory Physics*, 3rd ed. 2008, chapters 8 and 9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from linewright.twin.analytic.queues import refuse_overload


@dataclass(frozen=True)
class EffectiveTime:
    """The time of one job as the queue before the station sees it: `mean`, and `scv`, its squared variation."""

    mean: float
    scv: float

    def with_failures(self, up_mean: float, down_mean: float, down_scv: float = 1.0) -> EffectiveTime:
        """With failures after exponential times of mean `up_mean`, which hold the job for `down_mean` each.

        Availability A = up / (up + down); te = t0 / A; ce2 = c0^2 + (1 + cr^2) A (1 - A) down / t0 (chapter 8.4).
        """
        available = up_mean / (up_mean + down_mean) if math.isfinite(up_mean) else 1.0
        more = (1 + down_scv) * available * (1 - available) * down_mean / self.mean
        return EffectiveTime(self.mean / available, self.scv + more)

    def with_setups(self, setup_mean: float, setup_scv: float, jobs_between: float) -> EffectiveTime:
        """With a setup after on average `jobs_between` jobs, at random (chapter 8.4).

        te = t0 + ts / Ns; variance = v0 + vs / Ns + (Ns - 1) / Ns^2 ts^2.
        """
        mean = self.mean + setup_mean / jobs_between
        variance = (
            self.scv * self.mean**2
            + setup_scv * setup_mean**2 / jobs_between
            + (jobs_between - 1) / jobs_between**2 * setup_mean**2
        )
        return EffectiveTime(mean, variance / mean**2)

    def in_batches(self, size: float, setup_mean: float = 0.0, setup_scv: float = 0.0) -> EffectiveTime:
        """Of a whole batch of `size` jobs that are done one by one after one setup (chapter 9.4): the sum of times."""
        mean = size * self.mean + setup_mean
        return EffectiveTime(mean, (size * self.scv * self.mean**2 + setup_scv * setup_mean**2) / mean**2)

    def with_scrap(self, scrap_share: float) -> EffectiveTime:
        """Per good job, when a bad one is done again at once: a geometric number of tries."""
        good = 1 - scrap_share
        mean = self.mean / good
        variance = self.scv * self.mean**2 / good + self.mean**2 * scrap_share / good**2
        return EffectiveTime(mean, variance / mean**2)


@dataclass(frozen=True)
class QueueTime:
    """Mean time in the queue as the product of three terms: waiting = V x U x T.

    `variability` V = (ca2 + ce2) / 2, `utilisation_term` U = u^(sqrt(2 (m + 1)) - 1) / (m (1 - u)), `time` T = te.
    """

    variability: float
    utilisation_term: float
    time: float

    @property
    def waiting(self) -> float:
        """Mean time in the queue, in the unit of `time`."""
        return self.variability * self.utilisation_term * self.time if self.utilisation_term else 0.0


def vut(utilisation: float, effective: EffectiveTime, arrival_scv: float = 1.0, machines: float = 1) -> QueueTime:
    """The three terms of the queueing time at a station of equal machines.

    Exact for M/M/1 and M/G/1, else an approximation: J. F. C. Kingman 1961 for one machine; H. Sakasegawa, *Annals of
    the Institute of Statistical Mathematics* 29A:67-75, 1977 for several.

    Raises
    ------
    ModelError
        The utilisation is not below 1.
    """
    refuse_overload(utilisation, 1.0)
    pressure = utilisation ** (math.sqrt(2 * (machines + 1)) - 1) / (machines * (1 - utilisation))
    return QueueTime((arrival_scv + effective.scv) / 2, pressure, effective.mean)


def kingman(utilisation: float, effective_mean: float, effective_scv: float, arrival_scv: float = 1.0) -> float:
    """Mean time in the queue of one machine: (ca2 + ce2) / 2 x u / (1 - u) x te (Kingman 1961)."""
    return vut(utilisation, EffectiveTime(effective_mean, effective_scv), arrival_scv).waiting


def sakasegawa(
    utilisation: float, effective_mean: float, effective_scv: float, arrival_scv: float = 1.0, machines: float = 1
) -> float:
    """Mean time in the queue of several equal machines (Sakasegawa 1977)."""
    return vut(utilisation, EffectiveTime(effective_mean, effective_scv), arrival_scv, machines).waiting


def departure_scv(utilisation: float, effective_scv: float, arrival_scv: float = 1.0, machines: float = 1) -> float:
    """Squared variation of the gaps between departures, which is that of the next station's arrivals.

    cd2 = 1 + (1 - u^2)(ca2 - 1) + u^2 / sqrt(m) (ce2 - 1) (Hopp & Spearman, equation 8.11).
    """
    return 1 + (1 - utilisation**2) * (arrival_scv - 1) + utilisation**2 / math.sqrt(machines) * (effective_scv - 1)


def wait_to_batch(size: float, arrival_rate: float) -> float:
    """Mean time a job waits for its batch of `size` to be full: (size - 1) / (2 lambda) (chapter 9.4)."""
    return (size - 1) / (2 * arrival_rate)


def wait_in_batch(size: float, mean_time: float) -> float:
    """Mean time a job waits for the others of its batch at the machine: (size - 1) t / 2 (chapter 9.4)."""
    return (size - 1) * mean_time / 2
