"""Spread numbered replications over an executor in blocks, and bring the results back in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.errors import ModelError, SourceError

#: A task takes the numbers of some replications (int64) and the seed, and returns what came of them.
BlockTask = Callable[[Any, int], Any]

#: Wall seconds that one block should take: long enough to be worth sending, short enough to stop and to show progress.
BLOCK_SECONDS = 0.5
#: Replications of the first blocks, before it is known how long one takes, and how much a block may grow at once.
FIRST_BLOCK = 8
GROWTH = 4
#: Blocks that wait in an executor at the same time; more than the cores of a middling cluster.
AHEAD = 64


@dataclass(frozen=True)
class Done:
    """How far some replications are: so many `done` of so many `wanted` up to now, after so many `seconds`."""

    done: int
    wanted: int
    seconds: float


#: Is told of each block that is done.
Watch = Callable[[Done], None]


@dataclass(frozen=True, eq=False)
class Blocks:
    """What each block returned, in order of the numbers; `stopped` says so when somebody broke it off."""

    results: tuple[Any, ...]
    numbers: Any
    stopped: str = ""


def run_blocks(
    task: BlockTask,
    numbers: Any,
    *,
    seed: int,
    block: int | None = None,
    executor: Executor | None = None,
    watch: Watch | None = None,
) -> Blocks:
    """Run a task for these numbers; blocks and executor change how results are cut, never what is in them.

    Parameters
    ----------
    task
        Takes numbers of replications (int64 array) and the seed. Must be picklable where the executor has processes.
    numbers
        Whole numbers from 0 to 2^32 - 1.
    block
        Replications of one block; by default as many as take half a second.
    executor
        Anything with the protocol of `concurrent.futures.Executor`: threads, processes, or a Dask cluster's
        `Client.get_executor()`. None works in this process.

    Raises
    ------
    KeyboardInterrupt
        Somebody broke off before the first block was done; later, the blocks done up to then are returned.
    """
    numbers = checked(numbers, seed)
    kept: list[tuple[Any, Any]] = []
    begin = time.perf_counter()
    stopped = ""
    try:
        for part, result in in_order(task, numbers, seed=seed, size=BlockSize(block), executor=executor):
            kept.append((part, result))
            if watch is not None:
                watch(Done(_count(kept), numbers.size, time.perf_counter() - begin))
    except KeyboardInterrupt:
        if not kept:
            raise
        stopped = f"broken off after {_count(kept):,} of {numbers.size:,} replications"
    return Blocks(tuple(result for _, result in kept), numbers[: _count(kept)], stopped)


class BlockSize:
    """How many replications the next block gets; it follows the time that earlier ones took, if it is not given."""

    def __init__(self, block: int | None = None) -> None:
        if block is not None and block < 1:
            raise ModelError([f"block of {block} replications: use 1 or more"])
        self.fixed = block is not None
        self.replications = block or FIRST_BLOCK

    def learn(self, replications: int, seconds: float) -> None:
        """Take note of how long a block took."""
        if not self.fixed:
            fitting = int(BLOCK_SECONDS * replications / max(seconds, 1e-9))
            self.replications = max(1, min(fitting, GROWTH * max(self.replications, replications)))


def in_order(
    task: BlockTask, numbers: Any, *, seed: int, size: BlockSize, executor: Executor | None
) -> Iterator[tuple[Any, Any]]:
    """Yield the numbers and the result of each block, in order, while later blocks are still at work."""
    waiting: deque[tuple[Any, Future[tuple[Any, float]]]] = deque()
    begin = 0
    try:
        while begin < numbers.size or waiting:
            while begin < numbers.size and len(waiting) < (AHEAD if executor else 1):
                part = numbers[begin : begin + size.replications]
                waiting.append((part, _submit(executor, task, part, seed)))
                begin += part.size
            part, future = waiting.popleft()
            result, seconds = future.result()
            size.learn(part.size, seconds)
            yield part, result
    except BrokenExecutor as broken:
        raise SourceError(
            "a worker process died in the middle of its replications, perhaps for want of memory — "
            "run again with fewer workers or smaller blocks"
        ) from broken
    finally:
        # Whoever stops early does not pay for blocks that nobody will look at.
        for _, future in waiting:
            future.cancel()


def timed(task: BlockTask, numbers: Any, seed: int) -> tuple[Any, float]:
    """The result of a block and the wall seconds it took where it ran."""
    begin = time.perf_counter()
    result = task(numbers, seed)
    return result, time.perf_counter() - begin


def checked(numbers: Any, seed: int) -> Any:
    """The numbers as int64.

    Raises
    ------
    ModelError
        A number or the seed is outside what the random numbers are addressed by.
    """
    if not 0 <= seed < 2**64:
        raise ModelError([f"seed {seed}: use a whole number from 0 to 2^64 - 1"])
    numbers = np.asarray(numbers, np.int64)
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < 2**32:
        raise ModelError([f"replication {numbers.min()} to {numbers.max()}: use whole numbers from 0 to 2^32 - 1"])
    return numbers


def _count(kept: list[tuple[Any, Any]]) -> int:
    return sum(part.size for part, _ in kept)


def _submit(executor: Executor | None, task: BlockTask, part: Any, seed: int) -> Future[tuple[Any, float]]:
    if executor is not None:
        return executor.submit(timed, task, part, seed)
    future: Future[tuple[Any, float]] = Future()
    future.set_result(timed(task, part, seed))
    return future
