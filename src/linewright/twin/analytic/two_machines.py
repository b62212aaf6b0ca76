"""Two unreliable machines with a buffer between: the continuous line in closed form, for many lines at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwoMachines:
    """Many two-machine lines in the long run, as arrays of one shape; flow is in shares of the speed.

    `efficiency` is output per time at speed 1, `starved` and `blocked` the shares of time that the second machine
    waits for material and the first for room, `level` the mean content of the buffer.
    """

    efficiency: Floats
    starved: Floats
    blocked: Floats
    level: Floats


def continuous_pair(
    failure_up: ArrayLike, repair_up: ArrayLike, failure_down: ArrayLike, repair_down: ArrayLike, buffer: ArrayLike
) -> TwoMachines:
    """Two machines of equal speed 1 and a buffer of continuous material; failures happen only while working.

    Rates are per time; they and the buffer may be arrays that fit together. With P = p1 + p2, R = r1 + r2 the density
    of the level x with one machine down is f(x) = C exp(g x), g = (p2 r1 - p1 r2)(1/P + 1/R); an empty buffer has the
    masses f(0)/p2 (both up) and f(0) P/(p2 r1) (starved), a full one f(N)/p1 and f(N) P/(p1 r2) (blocked), and the
    density of all states is f(x) (P + R)^2 / (P R). Output is (1 - starved) / (1 + p2/r2).
    Source: B. Zimmern 1956; S. B. Gershwin & I. C. Schick, MIT report LIDS-R-1039, 1980; Y. Dallery & S. B. Gershwin,
    *Queueing Systems* 12:3-94, 1992.
    """
    p1, r1 = np.asarray(failure_up, float), np.asarray(repair_up, float)
    p2, r2 = np.asarray(failure_down, float), np.asarray(repair_down, float)
    size = np.asarray(buffer, float)
    fail, repair = p1 + p2, r1 + r2
    bend = (p2 * r1 - p1 * r2) * (1 / fail + 1 / repair) * size
    empty, full, inside = _ends(bend)
    dense = inside * size * (fail + repair) ** 2 / (fail * repair)
    starved, blocked = empty * fail / (p2 * r1), full * fail / (p1 * r2)
    total = dense + empty / p2 + starved + full / p1 + blocked
    # Mean of x / N under exp(bend x / N) on 0..N: 1/2 without a bend, else from the integral by parts.
    curved = np.abs(bend) > 1e-4
    safe = np.where(curved, bend, 1.0)
    middle = np.where(curved, full / (inside * safe) - 1 / safe, 0.5 + bend / 12)
    level = size * (dense * middle + full / p1 + blocked) / total
    return TwoMachines((1 - starved / total) / (1 + p2 / r2), starved / total, blocked / total, level)


def output_and_waits(p1: Floats, r1: Floats, p2: Floats, r2: Floats, size: Floats) -> tuple[Floats, Floats, Floats]:
    """Efficiency, starved and blocked share of `continuous_pair`, without checks: the inner step of decompositions."""
    fail, repair = p1 + p2, r1 + r2
    empty, full, inside = _ends((p2 * r1 - p1 * r2) * (1 / fail + 1 / repair) * size)
    starved, blocked = empty * fail / (p2 * r1), full * fail / (p1 * r2)
    total = inside * size * (fail + repair) ** 2 / (fail * repair) + empty / p2 + starved + full / p1 + blocked
    starved /= total
    return (1 - starved) / (1 + p2 / r2), starved, blocked / total


def _ends(bend: Floats) -> tuple[Floats, Floats, Floats]:
    """Values of exp(bend x) at x = 0 and 1 and its mean between, all scaled so that the larger end is 1."""
    steep = np.maximum(np.abs(bend), 1e-12)
    small = np.exp(-steep)
    # The mean of exp(-s x) is (1 - exp(-s)) / s; expm1 keeps its digits when the two machines are nearly equal.
    inside = -np.expm1(-steep) / steep
    rising = bend > 0
    return np.where(rising, small, 1.0), np.where(rising, 1.0, small), inside
