"""Run a task again and again until its figures are known well enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from linewright.errors import ModelError
from linewright.twin.statistics.blocks import BlockSize, BlockTask, Done, Watch, checked, in_order, run_blocks
from linewright.twin.statistics.intervals import Interval, mean_interval, quantile_interval, share_interval
from linewright.twin.statistics.stopping import (
    AllOf,
    AnyOf,
    HalfWidth,
    QuantileHalfWidth,
    Replications,
    ShareHalfWidth,
    Stopping,
)

__all__ = [
    "AllOf", "AnyOf", "BlockTask", "Done", "HalfWidth", "QuantileHalfWidth", "Replications", "Samples",
    "ShareHalfWidth", "Stopping", "Task", "Watch", "replicate", "run_blocks",
]  # fmt: skip


class Task(Protocol):
    """Anything that can be run again and again, in any process if it is picklable.

    A replication with the same number and seed has the same result, whatever block it is in.
    """

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures."""

    def __call__(self, numbers: Any, seed: int) -> Any:
        """The figures (n, figures) of the replications with these numbers."""


@dataclass(frozen=True, eq=False)
class Samples:
    """The figures of replications, one row for each.

    `numbers` (n) are the replications, `values` (n, figures) what came of them. `parts` are the results of the blocks
    where they are richer than figures. `stopped` says so when somebody broke off before there were enough.
    """

    figures: tuple[str, ...]
    numbers: Any
    values: Any
    seed: int
    parts: tuple[Any, ...] = ()
    stopped: str = ""

    @property
    def n(self) -> int:
        """The number of replications."""
        return int(self.numbers.size)

    def figure(self, name: str) -> Any:
        """One figure of all replications (n).

        Raises
        ------
        ModelError
            There is no such figure.
        """
        if name not in self.figures:
            raise ModelError([f"no figure {name} — use one of {', '.join(self.figures)}"])
        return self.values[:, self.figures.index(name)]

    def mean(self, name: str, confidence: float = 0.95) -> Interval:
        """The mean of one figure, by Student's t."""
        return mean_interval(self.figure(name), confidence=confidence, seed=self.seed)

    def share(self, name: str, confidence: float = 0.95) -> Interval:
        """The share of runs in which one figure is not 0, by Wilson."""
        values = self.figure(name)
        there = values[~np.isnan(values)]
        return share_interval(int(np.count_nonzero(there)), there.size, confidence=confidence, seed=self.seed)

    def quantile(self, name: str, level: float, confidence: float = 0.95) -> Interval:
        """The value of one figure that a share `level` of the runs keep, by order statistics."""
        return quantile_interval(self.figure(name), level, confidence=confidence, seed=self.seed)

    def __repr__(self) -> str:
        """The samples in one line."""
        stopped = f", {self.stopped}" if self.stopped else ""
        return f"Samples of {', '.join(self.figures)}: {self.n:,} replications, seed {self.seed}{stopped}"


def replicate(
    task: Task,
    *,
    stop: Stopping,
    seed: int,
    first: int = 0,
    block: int | None = None,
    executor: Executor | None = None,
    watch: Watch | None = None,
    read: Callable[[Any], Any] | None = None,
) -> Samples:
    """Replicate a task until the stop has enough; neither blocks nor executor change any figure.

    Parameters
    ----------
    stop
        How many are enough: `Replications(1000)`, `HalfWidth("throughput", relative=0.01)`, or several of them in
        `AnyOf` and `AllOf`.
    first
        The number of the first replication. Fresh numbers are fresh chance under the same seed.
    block
        Replications of one block; by default as many as take half a second.
    executor
        Anything with the protocol of `concurrent.futures.Executor`: threads, processes, or a Dask cluster's
        `Client.get_executor()`. None works in this process.
    watch
        Is told of each block that is done.
    read
        Takes the figures (n, figures) out of a block's result where the task returns more; the results are then kept
        in `parts`.

    Raises
    ------
    KeyboardInterrupt
        Somebody broke off before the first block was done; later, what is done up to then is returned and says so.
    """
    figures = tuple(task.figures)
    begin, size = time.perf_counter(), BlockSize(block)
    found = Samples(figures, np.zeros(0, np.int64), np.zeros((0, len(figures))), seed)
    wanted = stop.wanted(found)
    while wanted > found.n:
        numbers = checked(np.arange(first + found.n, first + wanted), seed)
        # Each block is kept in one piece, so that breaking off at any moment leaves whole blocks.
        kept: list[tuple[Any, Any]] = []
        try:
            for part, result in in_order(task, numbers, seed=seed, size=size, executor=executor):
                kept.append((_values(result if read is None else read(result), part.size, figures), result))
                if watch is not None:
                    done = found.n + sum(len(values) for values, _ in kept)
                    watch(Done(done, wanted, time.perf_counter() - begin))
        except KeyboardInterrupt:
            if not found.n + len(kept):
                raise
            return _with(found, kept, first, read is not None, wanted)
        found = _with(found, kept, first, read is not None)
        wanted = stop.wanted(found)
    return found


def _with(found: Samples, kept: list[tuple[Any, Any]], first: int, rich: bool, wanted: int | None = None) -> Samples:
    """The samples with some more blocks; `wanted` is given where somebody broke off before there were so many."""
    values = np.concatenate([found.values, *(values for values, _ in kept)])
    parts = (*found.parts, *(result for _, result in kept)) if rich else ()
    numbers = np.arange(first, first + len(values), dtype=np.int64)
    stopped = "" if wanted is None else f"broken off after {len(values):,} of {wanted:,} replications"
    return replace(found, numbers=numbers, values=values, parts=parts, stopped=stopped)


def _values(result: Any, replications: int, figures: tuple[str, ...]) -> Any:
    """The figures of a block, which must have one row for each replication."""
    values = np.asarray(result, np.float64)
    if values.shape != (replications, len(figures)):
        message = f"a task with {len(figures)} figures returned {values.shape} for {replications} replications"
        raise ValueError(message)
    return values
