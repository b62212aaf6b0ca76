"""Our side: customers and parts per CPU second, futures of a shift, one more place, and the price of the ledger."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.flow.models import MACHINES, PLACES, line, queue
from linewright.twin.network.advance import advance
from linewright.twin.network.build import Compiled, compile_network
from linewright.twin.network.lines import new_line
from linewright.twin.network.recursion import run_line
from linewright.twin.network.state import fork, new_state

ROUNDS = 3
SHIFT = 480.0
THREADS = 2


@dataclass(frozen=True)
class Speed:
    """Jobs per CPU second, and the answer, by which it is seen that the same was simulated."""

    jobs: float
    answer: float


def best(run: Any) -> Speed:
    """The best of a few runs: others on the same machine only take time away."""
    found = []
    for replication in range(ROUNDS):
        begun = time.process_time()
        jobs, answer = run(replication)
        found.append(Speed(jobs / (time.process_time() - begun), answer))
    return max(found, key=lambda speed: speed.jobs)


def kernel_queue(customers: int) -> Speed:
    """M/M/1 by the event kernel; the answer is the mean wait, 4 exactly."""
    compiled = compile_network(queue())
    advance(compiled, new_state(compiled), jobs=10)

    def run(replication: int) -> tuple[int, float]:
        state = advance(compiled, new_state(compiled, seed=1, replication=replication), jobs=customers)
        return customers, float(state.job_types.wait[0] / customers)

    return best(run)


def kernel_line(until: float, *, power: bool = False) -> Speed:
    """The line by the event kernel; the answer is the throughput."""
    compiled = compile_network(line(power=power))

    def run(replication: int) -> tuple[int, float]:
        state = advance(compiled, new_state(compiled, seed=1, replication=replication), until=until)
        parts = int(state.job_types.finished[0])
        return parts, parts / until

    return best(run)


def recursion(name: str, jobs: int) -> Speed:
    """The queue or the line by recursion; the answers are those of the kernel."""
    compiled = compile_network(queue() if name == "queue" else line())

    def run(replication: int) -> tuple[int, float]:
        path = new_line(compiled, seed=1, replication=replication)
        block, waited, last = path.released.size, 0.0, 0.0
        blocks = jobs // block
        at = (path.nodes.size - 2) * int(path.width[0]) + int(path.history[0]) + block - 1
        for _ in range(blocks):
            run_line(path, block)
            waited += float(path.waited.sum())
            last = float(path.departure[at])
        done = blocks * block
        return done, waited / done if name == "queue" else done / last

    run(0)
    return best(run)


@dataclass(frozen=True)
class Futures:
    """Parts of many futures of a shift, and what they took."""

    parts: Any
    cpu: float
    wall: float


def futures(count: int) -> Futures:
    """Futures of one shift of the line, forked from one running state, on two threads."""
    compiled = compile_network(line())
    now = advance(compiled, new_state(compiled, seed=1), until=5_000.0)
    done = int(now.job_types.finished[0])

    def some(first: int) -> list[int]:
        return [
            int(advance(compiled, fork(now, number), until=5_000.0 + SHIFT).job_types.finished[0]) - done
            for number in range(first, count, THREADS)
        ]

    cpu, wall = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        parts = [part for block in threads.map(some, range(THREADS)) for part in block]
    return Futures(np.array(parts), time.process_time() - cpu, time.perf_counter() - wall)


def one_more_place(replications: int, until: float = 20_000.0) -> tuple[float, float, float]:
    """The gain of one more place in the middle, and its variance on common and on independent random numbers."""
    more = (PLACES,) * 2 + (PLACES + 1,) + (PLACES,) * (MACHINES - 4)
    plain, wider = compile_network(line()), compile_network(line(more))

    def output(compiled: Compiled, first: int) -> Any:
        return np.array(
            [
                advance(compiled, new_state(compiled, seed=1, replication=first + number), until).job_types.finished[0]
                / until
                for number in range(replications)
            ]
        )

    base, common, independent = output(plain, 0), output(wider, 0), output(wider, replications)
    gain = common - base
    return float(gain.mean()), float(gain.var(ddof=1)), float((independent - base).var(ddof=1))
