"""Long lines of unreliable machines, taken apart into two-machine lines: the DDX algorithm, many lines at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linewright.errors import ModelError
from linewright.twin.analytic.solving.settling import settle
from linewright.twin.analytic.two_machines import continuous_pair

Floats = NDArray[np.float64]

#: A machine that never fails is given so few failures per repair time that no figure notices.
FAILURES_OF_A_RELIABLE_MACHINE = 1e-9


@dataclass(frozen=True)
class ContinuousLine:
    """Machines in a row, with exponential times to failure while working and exponential repairs.

    `failure_rates` p = 1 / mean time to failure and `repair_rates` r = 1 / mean time to repair per machine, per time;
    `speeds` are parts per time when up and not waiting.
    """

    failure_rates: tuple[float, ...]
    repair_rates: tuple[float, ...]
    speeds: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        sizes = {len(self.failure_rates), len(self.repair_rates), len(self.speeds) or len(self.failure_rates)}
        wrong = []
        if len(sizes) > 1 or len(self.failure_rates) < 2:
            wrong.append("a line needs at least two machines, each with one failure rate, repair rate and speed")
        wrong += [
            f"machine {at}: failure rate {p:g} is negative" for at, p in enumerate(self.failure_rates) if not p >= 0
        ]
        wrong += [
            f"machine {at}: repair rate {r:g} is not above 0" for at, r in enumerate(self.repair_rates) if not r > 0
        ]
        wrong += [f"machine {at}: speed {v:g} is not above 0" for at, v in enumerate(self.speeds) if not v > 0]
        if wrong:
            raise ModelError(wrong)

    @classmethod
    def of_times(
        cls, mean_times_to_failure: ArrayLike, mean_times_to_repair: ArrayLike, speeds: ArrayLike = ()
    ) -> ContinuousLine:
        """Make a line from mean times in the unit of 1 / speed; an endless time to failure is a reliable machine."""
        failures = 1 / np.asarray(mean_times_to_failure, float)
        repairs = 1 / np.asarray(mean_times_to_repair, float)
        return cls(tuple(failures.tolist()), tuple(repairs.tolist()), tuple(np.asarray(speeds, float).tolist()))

    @property
    def isolated_rates(self) -> Floats:
        """Parts per time of each machine when it never waits: speed / (1 + p / r)."""
        speeds = np.asarray(self.speeds or (1.0,) * len(self.failure_rates))
        return speeds / (1 + np.asarray(self.failure_rates) / np.asarray(self.repair_rates))

    def reversed(self) -> ContinuousLine:
        """The line run backwards, which has the same throughput with the same buffers in reverse."""
        return ContinuousLine(self.failure_rates[::-1], self.repair_rates[::-1], self.speeds[::-1])


@dataclass(frozen=True)
class LineFlow:
    """What lines do in the long run, one per row of the buffer sizes that were asked for.

    `throughput` (A) in parts per time; `levels`, `starved`, `blocked` (A x buffers): the mean content of each buffer,
    and the shares of time that its two-machine line starves and blocks. `parts` (4 x buffers x A) are failure
    and repair rate of the machine that stands for all before, and of the one that stands for all after each buffer.
    """

    throughput: Floats
    levels: Floats
    starved: Floats
    blocked: Floats
    parts: Floats


def decompose(
    line: ContinuousLine,
    buffers: ArrayLike,
    *,
    time_scvs: ArrayLike = 0.0,
    similar: Floats | None = None,
    tolerance: float = 1e-10,
) -> LineFlow:
    """Throughput and levels of a line for each row of buffer sizes (A x machines - 1), by the DDX decomposition.

    Unequal speeds and times that vary (`time_scvs`) are first replaced, see `homogenised`.
    Ends when the equations hold to `tolerance` of each rate.
    `similar` are the `parts` (4 x buffers) of a line that may be like these, from which they are found sooner.

    Source: Y. Dallery, R. David & X.-L. Xie, *IIE Transactions* 20:280-283, 1988, and *IEEE Transactions on Automatic
    Control* 34:943-953, 1989.

    Raises
    ------
    ModelError
        There is not one buffer size of at least 0 between each two machines.
    NoAnswer
        The decomposition has not settled.
    """
    sizes = np.atleast_2d(np.asarray(buffers, float))
    if sizes.ndim != 2 or sizes.shape[1] != len(line.failure_rates) - 1 or not (sizes >= 0).all():
        raise ModelError(
            [f"a line of {len(line.failure_rates)} machines needs a buffer of at least 0 between each two"]
        )
    failure, repair, speed = homogenised(line, time_scvs)
    parts = settle(
        failure, repair, np.ascontiguousarray(sizes.T), tolerance, None if similar is None else similar[:, :, None]
    )
    failure_up, repair_up, failure_down, repair_down = parts
    flow = continuous_pair(failure_up, repair_up, failure_down, repair_down, sizes.T)
    return LineFlow(speed * flow.efficiency[0], flow.level.T, flow.starved.T, flow.blocked.T, parts)


def line_throughput(line: ContinuousLine, buffers: ArrayLike, *, tolerance: float = 1e-10) -> Floats:
    """Throughput (A) of each row of buffer sizes by `decompose`, in parts per time."""
    return decompose(line, buffers, tolerance=tolerance).throughput


class RememberedLine:
    """The throughput of a line as an objective for a search: each answer starts from the best line asked before.

    The same questions in the same order give the same answers; in another order they agree to the tolerance.
    """

    def __init__(self, line: ContinuousLine, tolerance: float = 1e-10) -> None:
        self._line, self._tolerance = line, tolerance
        self._best = -np.inf
        self._parts: Floats | None = None

    def __call__(self, buffers: NDArray[np.int64]) -> Floats:
        """Throughput (A) of each row of buffer sizes (A x buffers)."""
        flow = decompose(self._line, buffers, similar=self._parts, tolerance=self._tolerance)
        at = int(flow.throughput.argmax())
        if flow.throughput[at] > self._best:
            self._best, self._parts = float(flow.throughput[at]), flow.parts[:, :, at]
        return flow.throughput


def homogenised(line: ContinuousLine, time_scvs: ArrayLike = 0.0) -> tuple[Floats, Floats, float]:
    """Failure rates, repair rates and one speed for all: machines whose parts take the same mean time and variance.

    A slow machine becomes a fast one that stops now and then. A part takes (1 + p/r)/v in the mean, with variance
    2 p/(v r^2) + scv/v^2, where `time_scvs` is the squared variation of the bare time; these two numbers fix p and r
    at the common speed. Equal speeds without variation are left as they are; with variation the common speed is the
    double, so that also the fastest machine may be late. Source: the completion time method of S. B. Gershwin,
    *Operations Research* 35:291-305, 1987, and *Manufacturing Systems Engineering*, 1994.
    """
    speeds = np.asarray(line.speeds or (1.0,) * len(line.failure_rates))
    failure, repair = np.asarray(line.failure_rates), np.asarray(line.repair_rates)
    scv = np.broadcast_to(np.asarray(time_scvs, float), speeds.shape)
    common = float(speeds.max()) * (2.0 if scv.any() else 1.0)
    variance = 2 * failure / (speeds * repair**2) + scv / speeds**2
    down = common / speeds * (1 + failure / repair) - 1
    same = (speeds == common) & (scv == 0)
    # A steady slow machine stops very often for a very short time: its flow is even.
    stops = np.maximum(variance * common / 2, np.maximum(down, FAILURES_OF_A_RELIABLE_MACHINE) / (1e4 * common))
    made_repair = np.where(same, repair, np.maximum(down, FAILURES_OF_A_RELIABLE_MACHINE) / stops)
    made_failure = np.where(same, failure, down * made_repair)
    # Speeds other than 1 only set the scale: with sizes in parts, time runs in parts at the common speed.
    made_failure = np.maximum(made_failure, FAILURES_OF_A_RELIABLE_MACHINE * made_repair)
    return made_failure / common, made_repair / common, common
