"""Single stations that break down, switch off, or wait for a repairer."""

from __future__ import annotations

from dataclasses import dataclass

from linewright.errors import ModelError
from linewright.twin.analytic.queues import Queue, mg1, refuse_overload


@dataclass(frozen=True)
class BreakdownQueue:
    """A station with breakdowns: its queue, and the share of all time it is under repair.

    `queue.sojourn` is from arrival to the end of the job, repairs included; `queue.waiting` ends at its first start.
    """

    queue: Queue
    down_share: float


def mg1_with_breakdowns(
    arrival_rate: float,
    mean_time: float,
    scv: float,
    failure_rate: float,
    repair_mean: float,
    repair_scv: float = 1.0,
) -> BreakdownQueue:
    """M/G/1 that fails at `failure_rate` per busy time; after the repair the job goes on where it stopped.

    A job occupies the machine for its completion time C: E[C] = E[S](1 + f R), E[C^2] = E[S^2](1 + f R)^2 +
    E[S] f E[R^2]; the queue is M/G/1 with C. Source: D. P. Gaver, *J. Royal Statistical Society* B 24:73-90, 1962.
    """
    stretch = 1 + failure_rate * repair_mean
    completion = mean_time * stretch
    second = mean_time**2 * (1 + scv) * stretch**2 + mean_time * failure_rate * repair_mean**2 * (1 + repair_scv)
    queue = mg1(arrival_rate, completion, second / completion**2 - 1)
    return BreakdownQueue(queue, arrival_rate * mean_time * failure_rate * repair_mean)


@dataclass(frozen=True)
class SwitchedOff:
    """A machine that switches off when it runs empty: shares of time in each state, and its queue's times."""

    off_share: float
    start_up_share: float
    busy_share: float
    waiting: float
    sojourn: float

    def mean_kw(self, off_kw: float, start_up_kw: float, busy_kw: float) -> float:
        """Mean power in kW from the power of each state."""
        return self.off_share * off_kw + self.start_up_share * start_up_kw + self.busy_share * busy_kw


def switched_off_when_empty(
    arrival_rate: float, mean_time: float, scv: float, start_up_mean: float, start_up_scv: float = 1.0
) -> SwitchedOff:
    """M/G/1 that goes off when empty and starts up, which takes time D, at the next arrival.

    Wq = lambda E[S^2] / (2 (1 - rho)) + (2 E[D] + lambda E[D^2]) / (2 (1 + lambda E[D])).
    Source: H. Levy & L. Kleinrock, *Operations Research* 34:426-436, 1986; H. Takagi, *Queueing Analysis* 1, 1991.
    """
    plain = mg1(arrival_rate, mean_time, scv)
    second = start_up_mean**2 * (1 + start_up_scv)
    extra = (2 * start_up_mean + arrival_rate * second) / (2 * (1 + arrival_rate * start_up_mean))
    idle = 1 - arrival_rate * mean_time
    off = idle / (1 + arrival_rate * start_up_mean)
    waiting = plain.waiting + extra
    return SwitchedOff(off, idle - off, 1 - idle, waiting, waiting + mean_time)


def kwh_per_job(arrival_rate: float, mean_hours: float, idle_kw: float, busy_kw: float) -> float:
    """Energy of one job in kWh when the machine is always on: mean power over jobs per hour (utilisation law)."""
    refuse_overload(arrival_rate, 1 / mean_hours)
    load = arrival_rate * mean_hours
    return (load * busy_kw + (1 - load) * idle_kw) / arrival_rate


@dataclass(frozen=True)
class Interference:
    """Machines that wait for repairers: mean machines up, under repair and waiting, and mean time down."""

    up: float
    in_repair: float
    waiting: float
    down_time: float


def machine_interference(machines: int, failure_rate: float, repairers: int, repair_rate: float) -> Interference:
    """Equal machines that fail at `failure_rate` while up and share repairers (exponential times).

    Birth and death chain of the machines down. Source: C. Palm 1947; Kleinrock 1975, section 3.8.
    """
    if machines < 1 or repairers < 1:
        raise ModelError([f"{machines} machines with {repairers} repairers: there must be at least one of each"])
    weights = [1.0]
    for down in range(machines):
        weights.append(weights[-1] * (machines - down) * failure_rate / (repair_rate * min(down + 1, repairers)))
    total = sum(weights)
    down_mean = sum(down * weight for down, weight in enumerate(weights)) / total
    in_repair = sum(min(down, repairers) * weight for down, weight in enumerate(weights)) / total
    failures = failure_rate * (machines - down_mean)
    return Interference(
        machines - down_mean, in_repair, down_mean - in_repair, down_mean / failures if failures else 0.0
    )
