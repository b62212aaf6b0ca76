"""The verb: run a network many times, and tell each figure with its interval."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import ModelError, NoAnswer
from linewright.twin.network.advance import advance
from linewright.twin.network.build import Compiled, compile_network
from linewright.twin.network.conservation import breaches
from linewright.twin.network.figures import Figure, figure_names, figures_of
from linewright.twin.network.lines import departures_until, new_line, why_not_a_line
from linewright.twin.network.model import Network
from linewright.twin.network.state import forget, new_state
from linewright.twin.statistics.intervals import Interval
from linewright.twin.statistics.replications import Replications, Samples, replicate

if TYPE_CHECKING:
    import polars as pl

KERNEL, RECURSION = "event kernel", "recursion"
#: What the recursion tells of a line.
OF_LINES = ("throughput", "cycle_time", "wait", "inside")


@dataclass(frozen=True)
class KernelTask:
    """Replications of a network by the event kernel; picklable, for any executor."""

    network: Network
    horizon: float
    warm_up: float

    @cached_property
    def compiled(self) -> Compiled:
        """The network as arrays."""
        return compile_network(self.network)

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures."""
        return tuple(str(figure) for figure in figure_names(self.compiled))

    def __call__(self, numbers: Any, seed: int) -> Any:
        """The figures of some replications, one row for each."""
        return np.array([self._one(int(number), seed) for number in numbers])

    def _one(self, number: int, seed: int) -> Any:
        state = new_state(self.compiled, seed=seed, replication=number)
        if self.warm_up > 0:
            state = advance(self.compiled, state, self.warm_up)
            forget(state)
        span = self.horizon - self.warm_up
        state = advance(self.compiled, state, self.horizon)
        broken = breaches(self.compiled, state, span)
        if broken:
            raise NoAnswer(f"replication {number} breaks laws that always hold; please report it", broken)
        return figures_of(self.compiled, state, span)

    def __getstate__(self) -> dict[str, Any]:
        """Without the arrays, which are made again."""
        return {"network": self.network, "horizon": self.horizon, "warm_up": self.warm_up}


@dataclass(frozen=True)
class LineTask:
    """Replications of a line by the recursion."""

    network: Network
    horizon: float
    warm_up: float

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures."""
        return tuple(str(figure) for figure in line_figures())

    def __call__(self, numbers: Any, seed: int) -> Any:
        """The figures of some replications, one row for each."""
        compiled = compile_network(self.network)
        return np.array([self._one(compiled, int(number), seed) for number in numbers])

    def _one(self, compiled: Compiled, number: int, seed: int) -> list[float]:
        left, came, waited = departures_until(new_line(compiled, seed=seed, replication=number), self.horizon)
        span = self.horizon - self.warm_up
        counted = (left > self.warm_up) & (left <= self.horizon)
        overlap = np.minimum(left, self.horizon) - np.maximum(came, self.warm_up)
        jobs = int(counted.sum())
        return [
            jobs / span,
            float((left - came)[counted].mean()) if jobs else math.nan,
            float(waited[counted].mean()) if jobs else math.nan,
            float(np.maximum(overlap, 0.0).sum()) / span,
        ]


def line_figures() -> list[Figure]:
    """The figures that the recursion tells."""
    return [Figure("network", "", figure) for figure in OF_LINES]


@dataclass(frozen=True, eq=False)
class NetworkRun:
    """What replications of a network tell: each figure with n, mean, interval, method and seed.

    `way` says how it was computed ("event kernel" or "recursion"), `reason` why not by the recursion. `samples` has the
    figures of each replication.
    """

    network: Network
    horizon: float
    warm_up: float
    way: str
    reason: str
    samples: Samples
    names: tuple[Figure, ...] = field(repr=False)

    def interval(self, figure: str, name: str = "", of: str = "", confidence: float = 0.95) -> Interval:
        """One figure, such as ``interval("wait", "lathe")``; of the whole network without a name."""
        matches = [
            known
            for known in self.names
            if known.figure == figure and known.name == name and (not of or known.of == of)
        ]
        if not matches:
            raise ModelError(
                [f"no figure {figure} of {name or 'the network'}: see NetworkRun.table for all that there are"]
            )
        return self.samples.mean(str(matches[0]), confidence)

    def mean(self, figure: str, name: str = "", of: str = "") -> float:
        """The mean of one figure."""
        return self.interval(figure, name, of).value

    @cached_property
    def table(self) -> pl.DataFrame:
        """All figures as a frame: of, name, figure, mean, low, high, n, confidence, method, seed."""
        import polars as pl

        rows = [
            {"of": known.of, "name": known.name, "figure": known.figure} | self.samples.mean(str(known)).row()
            for known in self.names
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def __repr__(self) -> str:
        """The output with its interval, and how it was found."""
        output = self.interval("throughput")
        return (
            f"Run of {self.network.name}: throughput {output.value:.5g} ({output.low:.5g} to {output.high:.5g}), "
            f"{self.samples.n} replications of {self.horizon:g}, warm-up {self.warm_up:g}, by {self.way}, "
            f"seed {self.samples.seed}"
        )


def run_network(
    network: Network,
    *,
    horizon: float,
    warm_up: float = 0.0,
    replications: int = 20,
    seed: int = 0,
    executor: Executor | None = None,
) -> NetworkRun:
    """Run a network by the event kernel.

    Parameters
    ----------
    horizon
        When each run ends.
    warm_up
        What is before this moment is left out of all figures.
    replications
        Independent runs; at least 2 for intervals.
    seed
        Same in, same out, on any executor.
    executor
        Where blocks of replications run; in this process when None.

    Raises
    ------
    ModelError
        Rows of the network are wrong, or the warm-up is not shorter than the horizon.
    NoAnswer
        Stations wait for each other for ever.
    """
    _check_times(horizon, warm_up)
    task = KernelTask(network, float(horizon), float(warm_up))
    names = tuple(figure_names(task.compiled))
    samples = replicate(task, stop=Replications(replications), seed=seed, executor=executor)
    return NetworkRun(network, horizon, warm_up, KERNEL, "", samples, names)


def simulate_network(
    network: Network,
    *,
    horizon: float,
    warm_up: float = 0.0,
    replications: int = 20,
    seed: int = 0,
    executor: Executor | None = None,
) -> NetworkRun:
    """Run a network in the quickest way: lines and assembly trees by the recursion, all else by the event kernel.

    Both ways give the same departures. The recursion tells throughput, cycle time, wait and jobs inside; states of
    machines and energy need :func:`run_network`. The parameters are those of :func:`run_network`.
    """
    _check_times(horizon, warm_up)
    reason = why_not_a_line(compile_network(network))
    if reason or len(network.job_types) > 1:
        run = run_network(
            network, horizon=horizon, warm_up=warm_up, replications=replications, seed=seed, executor=executor
        )
        return NetworkRun(network, horizon, warm_up, KERNEL, reason or "several types of jobs", run.samples, run.names)
    task = LineTask(network, float(horizon), float(warm_up))
    samples = replicate(task, stop=Replications(replications), seed=seed, executor=executor)
    return NetworkRun(network, horizon, warm_up, RECURSION, "", samples, tuple(line_figures()))


def _check_times(horizon: float, warm_up: float) -> None:
    if not 0 <= warm_up < horizon < math.inf:
        raise ModelError([f"horizon {horizon:g} with warm-up {warm_up:g}: give 0 <= warm-up < horizon"])
