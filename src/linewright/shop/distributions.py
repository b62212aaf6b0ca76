"""Random durations and counts by inversion: one uniform number gives one value, and a larger number a larger value.

So a distribution whose parameters change keeps its place in the ranking of luck, which is what makes common random
numbers pay (Law, *Simulation Modeling and Analysis*, 5th ed., ch. 8 and 11). A distribution is a record of
`DISTRIBUTION`; what its parameters mean stands with each kind. Only Erlang needs several uniform numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from linewright.shop.chance import uniform
from linewright.shop.kernels import lean_kernel

(
    FIXED, EXPONENTIAL, UNIFORM, TRIANGULAR, LOGNORMAL, WEIBULL, ERLANG, GEOMETRIC, EMPIRICAL, SHIFTED_EXPONENTIAL,
    HYPEREXPONENTIAL,
) = range(11)  # fmt: skip
#: Indices that one value may use: an Erlang value has at most so many phases.
MOST_PHASES = 64
#: `kind` and three parameters; `first` to `last` are an empirical distribution's values in a table, sorted.
DISTRIBUTION = np.dtype(
    [
        ("kind", np.int64), ("one", np.float64), ("two", np.float64), ("three", np.float64),
        ("first", np.int64), ("last", np.int64),
    ],
    align=True,
)  # fmt: skip


def fixed(value: float) -> tuple[float, ...]:
    """Always the same."""
    return (FIXED, value, 0.0, 0.0, 0, 0)


def exponential(mean: float) -> tuple[float, ...]:
    """Exponential with a mean."""
    return (EXPONENTIAL, mean, 0.0, 0.0, 0, 0)


def between(low: float, high: float) -> tuple[float, ...]:
    """Uniform between two values."""
    return (UNIFORM, low, high, 0.0, 0, 0)


def triangular(low: float, usual: float, high: float) -> tuple[float, ...]:
    """Triangular: least, most frequent and greatest value."""
    return (TRIANGULAR, low, usual, high, 0, 0)


def lognormal(mean: float, variation: float) -> tuple[float, ...]:
    """Log-normal with a mean and a coefficient of variation."""
    spread = math.sqrt(math.log1p(variation * variation))
    return (LOGNORMAL, math.log(mean) - spread * spread / 2 if mean > 0 else -math.inf, spread, 0.0, 0, 0)


def weibull(mean: float, shape: float) -> tuple[float, ...]:
    """Weibull with a mean and a shape; shape 1 is exponential, above 1 wears out."""
    return (WEIBULL, mean / math.gamma(1 + 1 / shape), shape, 0.0, 0, 0)


def erlang(mean: float, phases: int) -> tuple[float, ...]:
    """Erlang: a sum of `phases` exponential values, at most 64, as one value has so many random numbers of its own."""
    if not 1 <= phases <= MOST_PHASES:
        raise ValueError(f"an Erlang distribution of {phases} phases: give 1 to {MOST_PHASES}")
    return (ERLANG, mean / phases, float(phases), 0.0, 0, 0)


def geometric(mean: float) -> tuple[float, ...]:
    """The number of trials up to and with the first success, at least 1."""
    return (GEOMETRIC, mean, 0.0, 0.0, 0, 0)


def shifted_exponential(least: float, mean: float) -> tuple[float, ...]:
    """A fixed least value, and an exponential part that brings the mean to `mean`."""
    return (SHIFTED_EXPONENTIAL, least, mean - least, 0.0, 0, 0)


def hyperexponential(mean: float, variation: float) -> tuple[float, ...]:
    """Two exponential branches with balanced means; the squared coefficient of variation is at least 1."""
    square = max(variation * variation, 1.0)
    share = 0.5 * (1 + math.sqrt((square - 1) / (square + 1)))
    return (HYPEREXPONENTIAL, share, mean / (2 * share), mean / (2 * (1 - share)) if share < 1 else mean, 0, 0)


def of(records: Sequence[tuple[float, ...]]) -> Any:
    """A record array of distributions."""
    return np.array([tuple(record) for record in records], DISTRIBUTION).view(np.recarray)


def mean_of(record: Any, table: Any) -> float:
    """The mean of a distribution; `table` holds the values of empirical ones."""
    kind, one, two, three = int(record.kind), float(record.one), float(record.two), float(record.three)
    means = {
        FIXED: lambda: one,
        EXPONENTIAL: lambda: one,
        UNIFORM: lambda: (one + two) / 2,
        TRIANGULAR: lambda: (one + two + three) / 3,
        LOGNORMAL: lambda: math.exp(one + two * two / 2),
        WEIBULL: lambda: one * math.gamma(1 + 1 / two),
        ERLANG: lambda: one * two,
        GEOMETRIC: lambda: one,
        EMPIRICAL: lambda: float(np.mean(table[int(record.first) : int(record.last)])),
        SHIFTED_EXPONENTIAL: lambda: one + two,
        HYPEREXPONENTIAL: lambda: one * two + (1 - one) * three,
    }
    return means[kind]()


@lean_kernel
def normal_quantile(share: float) -> float:
    """The standard normal quantile (Wichura 1988, algorithm AS 241, PPND16; relative error about 1e-16)."""
    q = share - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608  # fmt: skip
        bottom = ((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
            + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
            + 42.313330701600911252) * r + 1.0  # fmt: skip
        return q * top / bottom
    r = math.sqrt(-math.log(share if q < 0 else 1.0 - share))
    if r <= 5:
        r -= 1.6
        top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
            + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959) * r + 1.42343711074968357734  # fmt: skip
        bottom = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
            + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
            + 2.05319162663775882187) * r + 1.0  # fmt: skip
    else:
        r -= 5
        top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
            + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699) * r + 6.6579046435011037772  # fmt: skip
        bottom = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
            + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
            + 0.59983220655588793769) * r + 1.0  # fmt: skip
    return -top / bottom if q < 0 else top / bottom


@lean_kernel
def sample(law: Any, table: Any, seed: Any, cause: Any, replication: int, index: int) -> float:
    """One value of a distribution: the `index`-th of its cause in this replication."""
    kind = law.kind
    if kind == FIXED:
        return law.one
    if kind == ERLANG:
        total = 0.0
        for phase in range(int(law.two)):
            total -= math.log(uniform(seed, cause, replication, index * MOST_PHASES + phase))
        return law.one * total
    return quantile(law, table, uniform(seed, cause, replication, index))


@lean_kernel
def quantile(law: Any, table: Any, share: float) -> float:
    """The value below which a distribution is with a probability of `share`; not for Erlang."""
    kind = law.kind
    if kind == EXPONENTIAL:
        return -law.one * math.log(1.0 - share)
    if kind == LOGNORMAL:
        return math.exp(law.one + law.two * normal_quantile(share))
    if kind == WEIBULL:
        return law.one * (-math.log(1.0 - share)) ** (1.0 / law.two)
    if kind == UNIFORM:
        return law.one + (law.two - law.one) * share
    if kind == TRIANGULAR:
        return _triangle(law.one, law.two, law.three, share)
    if kind == GEOMETRIC:
        return 1.0 if law.one <= 1.0 else max(1.0, math.ceil(math.log(1.0 - share) / math.log1p(-1.0 / law.one)))
    if kind == SHIFTED_EXPONENTIAL:
        return law.one - law.two * math.log(1.0 - share)
    if kind == HYPEREXPONENTIAL:
        # The branch and the value come from one number: what is left of it after the choice is uniform again.
        if share < law.one:
            return -law.two * math.log1p(-share / law.one)
        return -law.three * math.log1p(-(share - law.one) / (1.0 - law.one))
    if kind == FIXED:
        return law.one
    return table[law.first + int(share * (law.last - law.first))]


@lean_kernel
def _triangle(low: float, usual: float, high: float, share: float) -> float:
    if high <= low:
        return low
    cut = (usual - low) / (high - low)
    if share < cut:
        return low + math.sqrt(share * (high - low) * (usual - low))
    return high - math.sqrt((1.0 - share) * (high - low) * (high - usual))
