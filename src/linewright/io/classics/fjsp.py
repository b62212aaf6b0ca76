"""Flexible job shops (FJSPLIB): for each job its operations, for each operation the machines that may do it.

Machines are numbered from 1. Two extensions are read as well: workers (each machine of an operation has pairs of
worker and duration; Hutter et al. 2025) and setup matrices below the jobs, between jobs or between operations for each
machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from linewright.io.classics.instance import Alternatives, Instance
from linewright.io.classics.numerals import Numerals
from linewright.io.classics.setups import between_jobs, between_operations

COUNT_CURE = "write the number of operations of the job, and for each operation the number of its machines"


@dataclass
class _Columns:
    """The columns of an instance while its numbers are being read."""

    job: list[int] = field(default_factory=list)
    step: list[int] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    operation: list[int] = field(default_factory=list)
    machine: list[int] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    worker: list[int] = field(default_factory=list)
    choice_position: list[int] = field(default_factory=list)


def read_fjsp(numbers: Numerals, *, with_workers: bool = False) -> Instance:
    """Read a flexible job shop, with or without workers.

    Raises
    ------
    SourceError
        The numbers do not make whole jobs, or a machine or worker does not exist.
    """
    jobs, machines, *rest = numbers.counts(3 if with_workers else 2)
    workers = rest[0] if with_workers else 0
    columns = _Columns()
    at = 0
    for job in range(jobs):
        at = _read_job(numbers, at, job, columns, with_workers=with_workers)
    _check(numbers, columns, machines, workers)
    machine_names = [f"M{number}" for number in range(1, machines + 1)]
    job_names = [f"J{number}" for number in range(1, jobs + 1)]
    family, changeovers = _setups(numbers, at, columns, machine_names, job_names)
    return Instance(
        file=numbers.file,
        machines=machine_names,
        jobs=job_names,
        job=np.array(columns.job, dtype=np.int64),
        step=np.array(columns.step, dtype=np.int64),
        line=numbers.line_of(np.array(columns.position, dtype=np.int64)),
        alternatives=Alternatives(
            columns.operation, columns.machine, columns.minutes, columns.worker if with_workers else None
        ),
        workers=workers,
        family=family,
        changeovers=changeovers,
    )


def _read_job(numbers: Numerals, at: int, job: int, columns: _Columns, *, with_workers: bool) -> int:
    """Read one job from a position on; the position after it comes back."""
    steps, at = _count(numbers, at, f"job {job + 1} has no number of operations"), at + 1
    for step in range(1, steps + 1):
        choices = _count(numbers, at, f"operation {step} of job {job + 1} has no number of machines")
        columns.job.append(job)
        columns.step.append(step)
        columns.position.append(at)
        at += 1
        if with_workers:
            for _ in range(choices):
                at = _read_machine(numbers, at, columns)
        else:
            at = _read_pairs(numbers, at, choices, columns)
    return at


def _count(numbers: Numerals, at: int, problem: str) -> int:
    if at >= len(numbers.values) or numbers.values[at] < 1:
        numbers.fail(at, problem, COUNT_CURE)
    return numbers.values[at]


def _read_pairs(numbers: Numerals, at: int, count: int, columns: _Columns) -> int:
    end = at + 2 * count
    if end > len(numbers.values):
        numbers.fail(len(numbers.values), f"{count} pairs of machine and duration are missing", COUNT_CURE)
    columns.operation += [len(columns.job) - 1] * count
    columns.machine += [machine - 1 for machine in numbers.values[at:end:2]]
    columns.minutes += numbers.values[at + 1 : end : 2]
    columns.choice_position += range(at, end, 2)
    return end


def _read_machine(numbers: Numerals, at: int, columns: _Columns) -> int:
    count = _count(numbers, at + 1, "the machine has no number of workers")
    end = at + 2 + 2 * count
    if end > len(numbers.values):
        numbers.fail(len(numbers.values), f"{count} pairs of worker and duration are missing", COUNT_CURE)
    columns.operation += [len(columns.job) - 1] * count
    columns.machine += [numbers.values[at] - 1] * count
    columns.worker += [worker - 1 for worker in numbers.values[at + 2 : end : 2]]
    columns.minutes += numbers.values[at + 3 : end : 2]
    columns.choice_position += [at] * count
    return end


def _check(numbers: Numerals, columns: _Columns, machines: int, workers: int) -> None:
    for what, values, highest in (("machines", columns.machine, machines), ("workers", columns.worker, workers)):
        entries = np.array(values, dtype=np.int64)
        wrong = np.flatnonzero((entries < 0) | (entries >= highest))
        if len(wrong):
            place = columns.choice_position[int(wrong[0])]
            found = int(entries[wrong[0]]) + 1
            numbers.fail(place, f"{what} are numbered 1 to {highest}, not {found}", f"correct the number of the {what}")
    negative = np.flatnonzero(np.array(columns.minutes, dtype=np.int64) < 0)
    if len(negative):
        place = columns.choice_position[int(negative[0])]
        numbers.fail(place, "the duration here is negative", "write a duration of 0 or more")


def _setups(
    numbers: Numerals, at: int, columns: _Columns, machines: list[str], jobs: list[str]
) -> tuple[list[str] | None, pl.DataFrame | None]:
    """The family of each operation and the changeovers, from the numbers below the jobs."""
    rest = np.array(numbers.values[at:], dtype=np.int64)
    if not len(rest):
        return None, None
    if len(rest) == len(machines) * len(jobs) ** 2:
        matrices = rest.reshape(len(machines), len(jobs), len(jobs))
        return [jobs[job] for job in columns.job], between_jobs(matrices, machines, jobs)
    count = len(columns.job)
    if len(rest) == len(machines) * count**2:
        names = [f"{jobs[job]}-{step}" for job, step in zip(columns.job, columns.step, strict=True)]
        eligible = np.zeros((len(machines), count), dtype=np.int64)
        eligible[columns.machine, columns.operation] = 1
        matrices = rest.reshape(len(machines), count, count)
        return names, between_operations(_without_impossible(matrices, columns), machines, names, eligible)
    numbers.fail(
        at,
        f"{len(rest)} numbers follow the jobs; setups are {len(jobs)} × {len(jobs)} or {count} × {count} a machine",
        "leave them out, or complete the setup matrices",
    )


def _without_impossible(matrices: np.ndarray, columns: _Columns) -> np.ndarray:
    """The files fill what cannot happen (an operation after itself or after a later step) with a large number."""
    job, step = np.array(columns.job), np.array(columns.step)
    backwards = (job[:, None] == job[None, :]) & (step[:, None] >= step[None, :])
    return np.where(backwards[None], 0, matrices)
