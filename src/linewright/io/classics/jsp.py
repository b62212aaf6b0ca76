"""Job shops as text: jobs and machines, then for each job its pairs of machine and duration.

Machines are numbered from 0. Three dresses exist: as many pairs as machines for every job (Fisher & Thompson 1963 and
all classics); the same, followed by one setup matrix between jobs for each machine; and re-entrant shops with any
number of pairs on each job's line, whose end may be marked with -1 -1 (Da Col & Teppan 2022).
"""

from __future__ import annotations

import numpy as np

from linewright.io.classics.instance import Alternatives, Instance
from linewright.io.classics.numerals import IntArray, Numerals
from linewright.io.classics.setups import between_jobs

PAIRS = "write a machine (from 0) and a duration for each operation"


def read_jsp(numbers: Numerals) -> Instance:
    """Read a job shop.

    Raises
    ------
    SourceError
        The numbers do not make whole jobs, or a machine does not exist.
    """
    jobs, machines = numbers.counts(2)
    body = np.array(numbers.values, dtype=np.int64)
    rectangle, matrices = 2 * jobs * machines, machines * jobs * jobs
    names = [f"J{number}" for number in range(1, jobs + 1)]
    changeovers = None
    if len(body) in {rectangle, rectangle + matrices} and not (body == -1).any():
        pairs, position = body[:rectangle].reshape(-1, 2), np.arange(0, rectangle, 2)
        lengths = np.full(jobs, machines)
        if len(body) > rectangle:
            setups = body[rectangle:].reshape(machines, jobs, jobs)
            changeovers = between_jobs(setups, _names(machines), names)
    else:
        pairs, position, lengths = _lines(numbers, body, jobs, machines)
    _check(numbers, pairs, position, machines)
    job = np.repeat(np.arange(jobs), lengths)
    return Instance(
        file=numbers.file,
        machines=_names(machines),
        jobs=names,
        job=job,
        step=np.arange(len(job)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1,
        line=numbers.line_of(position),
        alternatives=Alternatives(range(len(job)), pairs[:, 0].tolist(), pairs[:, 1].tolist()),
        family=None if changeovers is None else [names[number] for number in job],
        changeovers=changeovers,
    )


def _names(machines: int) -> list[str]:
    return [f"M{number}" for number in range(machines)]


def _lines(numbers: Numerals, body: IntArray, jobs: int, machines: int) -> tuple[IntArray, IntArray, IntArray]:
    """One job for each line: its pairs, the position of each pair, and the number of pairs of each job."""
    lengths = np.diff(np.append(numbers.starts, len(body)))
    if len(lengths) != jobs:
        numbers.fail(
            len(body),
            f"there are {len(lengths)} lines with {len(body)} numbers for {jobs} jobs on {machines} machines",
            f"write {jobs} lines, each with one job",
        )
    ends = numbers.starts + lengths
    marked = (lengths >= 2) & (body[ends - 1] == -1) & (body[ends - 2] == -1)
    lengths = lengths - 2 * marked
    odd = np.flatnonzero(lengths % 2)
    if len(odd):
        last = int(numbers.starts[odd[0]] + lengths[odd[0]] - 1)
        numbers.fail(last, f"the line of job {odd[0] + 1} has an odd number of numbers", PAIRS)
    kept = np.ones(len(body), dtype=bool)
    kept[np.concatenate([ends[marked] - 1, ends[marked] - 2])] = False
    position = np.flatnonzero(kept)
    return body[position].reshape(-1, 2), position[::2], lengths // 2


def _check(numbers: Numerals, pairs: IntArray, position: IntArray, machines: int) -> None:
    wrong = np.flatnonzero((pairs[:, 0] < 0) | (pairs[:, 0] >= machines))
    if len(wrong):
        numbers.fail(int(position[wrong[0]]), f"machines are numbered 0 to {machines - 1}", PAIRS)
    negative = np.flatnonzero(pairs[:, 1] < 0)
    if len(negative):
        numbers.fail(int(position[negative[0]]) + 1, "a duration cannot be negative", PAIRS)
