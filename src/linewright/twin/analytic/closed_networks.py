"""Lines with a fixed number of jobs (CONWIP): exact product form, and the best, worst and practical worst case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClosedNetwork:
    """A closed network with `wip` jobs: jobs finished per time, mean time once around, and per station its figures.

    `present` are the mean jobs and `stay` the mean time of one visit, waiting and service, at each station.
    """

    wip: int
    throughput: float
    cycle_time: float
    present: tuple[float, ...]
    stay: tuple[float, ...]


def _checked(
    times: Sequence[float], machines: Sequence[float], wip: int, visits: Sequence[float] | None
) -> tuple[Floats, Floats, Floats]:
    """Times, machines and visits per station as arrays of one length."""
    mean, count = np.asarray(times, float), np.asarray(machines, float)
    ratio = np.ones_like(mean) if visits is None else np.asarray(visits, float)
    wrong = []
    if not mean.shape == count.shape == ratio.shape or mean.ndim != 1 or not mean.size:
        wrong.append("a closed line needs a time, a number of machines and visits for each of its stations")
    elif (mean < 0).any() or (count < 1).any() or (ratio < 0).any() or not (mean * ratio).sum() > 0:
        wrong.append("times and visits must not be negative nor all zero, and each station needs a machine")
    if wip < 1:
        wrong.append(f"work in progress of {wip}: at least one job must be in the line")
    if wrong:
        raise ModelError(wrong)
    return mean, count, ratio


def mean_value_analysis(
    times: Sequence[float], machines: Sequence[float], wip: int, visits: Sequence[float] | None = None
) -> tuple[ClosedNetwork, ...]:
    """Exact figures for 1 to `wip` jobs at exponential first-come-first-served stations of equal machines.

    `times` is the mean of one service, `machines` may be math.inf for a pure delay, `visits` defaults to one each.
    An arriving job sees the line with one job less, R(n) = t sum_j j / min(j, m) p(j-1 | n-1), where the marginal
    distribution follows p(j | n) = X(n) v t / min(j, m) p(j-1 | n-1). Source: M. Reiser & S. S. Lavenberg, *J. ACM*
    27:313-322, 1980. The probability of an empty station is taken from the product form (`throughputs`), as 1 minus
    the others loses all digits when a station of several machines is the bottleneck (Reiser, *Performance
    Evaluation* 1:7-18, 1981).
    """
    mean, count, ratio = _checked(times, machines, wip, visits)
    demand = mean * ratio
    jobs = np.arange(1, wip + 1)
    served = np.minimum(jobs[None, :], count[:, None])
    whole = throughputs(demand, count, wip)
    others = [throughputs(np.delete(demand, at), np.delete(count, at), wip) for at in range(len(mean))]
    marginal = np.zeros((len(mean), wip + 1))
    marginal[:, 0] = 1.0
    found = []
    for present in range(1, wip + 1):
        before = marginal[:, :present]
        stay = mean * (before * jobs[:present] / served[:, :present]).sum(axis=1)
        throughput = present / float(ratio @ stay)
        after = np.zeros_like(marginal)
        after[:, 1 : present + 1] = throughput * demand[:, None] / served[:, :present] * before
        # With every job elsewhere, the rest of the line runs by itself: p(0|n) = p(0|n-1) X(n) / X without it (n).
        after[:, 0] = [
            marginal[at, 0] * whole[present - 1] / others[at][present - 1]
            if np.isfinite(others[at][present - 1])
            else 0
            for at in range(len(mean))
        ]
        marginal = after
        queue = throughput * ratio * stay
        found.append(
            ClosedNetwork(present, throughput, present / throughput, tuple(queue.tolist()), tuple(stay.tolist()))
        )
    return tuple(found)


def closed_line(
    times: Sequence[float], machines: Sequence[float], wip: int, visits: Sequence[float] | None = None
) -> ClosedNetwork:
    """The figures for exactly `wip` jobs, see `mean_value_analysis`."""
    return mean_value_analysis(times, machines, wip, visits)[-1]


def throughputs(demands: Floats, machines: Floats, wip: int) -> Floats:
    """Throughput with 1 to `wip` jobs from the normalising constant of the product form, G(n-1) / G(n).

    Only positive numbers are added, so that no digit is lost. An empty network has infinite throughput.
    Source: W. J. Gordon & G. F. Newell, *Operations Research* 15:254-265, 1967; J. P. Buzen, *CACM* 16:527-531, 1973.
    """
    if not demands.size:
        return np.full(wip, np.inf)
    # In units of the bottleneck's time per job the constant grows slowly, so that it never overflows.
    busiest = float((demands / np.minimum(machines, wip)).max())
    constant = np.zeros(wip + 1)
    constant[0] = 1.0
    for demand, count in zip(demands / busiest, machines, strict=True):
        weight = np.cumprod(np.concatenate(([1.0], demand / np.minimum(np.arange(1, wip + 1), count))))
        constant = np.convolve(constant, weight)[: wip + 1]
    return constant[:-1] / constant[1:] / busiest


def bottleneck_rate(times: Sequence[float], machines: Sequence[float]) -> float:
    """Jobs per time of the slowest station, r_b."""
    return min(count / time for time, count in zip(times, machines, strict=True))


def best_case(times: Sequence[float], machines: Sequence[float], wip: float) -> float:
    """Throughput without any variability: min(w / T0, r_b) (Hopp & Spearman, *Factory Physics*, chapter 7)."""
    return min(wip / sum(times), bottleneck_rate(times, machines))


def worst_case(times: Sequence[float], machines: Sequence[float], wip: float) -> float:
    """Throughput when all jobs move as one batch and each waits for all others: 1 / T0 (chapter 7)."""
    _checked(times, machines, int(wip), None)
    return 1 / sum(times)


def practical_worst_case(times: Sequence[float], machines: Sequence[float], wip: float) -> float:
    """Throughput at maximum randomness: w / (W0 + w - 1) r_b with critical work in progress W0 = r_b T0 (chapter 7)."""
    rate = bottleneck_rate(times, machines)
    return wip / (rate * sum(times) + wip - 1) * rate
