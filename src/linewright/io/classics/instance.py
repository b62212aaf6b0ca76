"""A classic instance as columns, and the factory that it describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from linewright.io.classics.numerals import IntArray
from linewright.io.raw_tables import LINE, filled, raw_table
from linewright.model.faults import Source
from linewright.model.raw import RawFactory, RawTable

#: Instances have no calendar; their minute 0 is a Monday, so that nothing depends on the day of reading.
START = datetime(2000, 1, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Alternatives:
    """Who may do which operation, and how long it takes: one entry for each choice."""

    operation: Sequence[int]
    machine: Sequence[int]
    minutes: Sequence[int]
    worker: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Everything an instance says; machines and jobs are numbered from 0 here and named as the file numbers them."""

    file: str
    machines: Sequence[str]
    jobs: Sequence[str]
    job: IntArray
    step: IntArray
    line: IntArray
    alternatives: Alternatives
    capacity: int = 1
    workers: int = 0
    operators: int = 0
    after: Sequence[str] | None = None
    family: Sequence[str] | None = None
    changeovers: pl.DataFrame | None = None
    due: Sequence[int] | None = None
    weight: Sequence[int] | None = None
    further: tuple[tuple[str, pl.DataFrame], ...] = ()
    assumptions: tuple[str, ...] = field(default=())


def factory_of(instance: Instance) -> RawFactory:
    """The factory that an instance describes: one material and one order for each job, a minute for each time unit."""
    source = Source(instance.file)
    frames = {
        "settings": _settings(instance),
        "machines": pl.DataFrame({"machine": instance.machines}).with_columns(capacity=pl.lit(instance.capacity)),
        "people": _people(instance),
        "materials": pl.DataFrame({"material": instance.jobs}).with_columns(kind=pl.lit("made")),
        "operations": _operations(instance),
        "operation_machines": _operation_machines(instance),
        "orders": _orders(instance),
    }
    if instance.changeovers is not None:
        frames["changeovers"] = instance.changeovers
    tables: list[RawTable] = [raw_table(name, frame, source) for name, frame in frames.items()]
    tables += [raw_table(name, frame, source) for name, frame in instance.further]
    return RawFactory(tables=filled(tables), assumptions=_assumptions(instance))


def _settings(instance: Instance) -> pl.DataFrame:
    name = instance.file.removesuffix(".gz").rpartition(".")[0] or instance.file
    return pl.DataFrame({"name": [name], "timezone": ["UTC"], "start": [START]})


def _people(instance: Instance) -> pl.DataFrame:
    posts = [f"operator-{number}" for number in range(1, instance.operators + 1)]
    return pl.DataFrame({"person": [f"W{number}" for number in range(1, instance.workers + 1)] + posts})


def _single_choice(instance: Instance) -> bool:
    return instance.workers == 0 and len(instance.alternatives.operation) == len(instance.job)


def _operations(instance: Instance) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "material": pl.Series(instance.jobs).gather(instance.job),
            "step": instance.step,
            LINE: instance.line,
        }
    )
    if _single_choice(instance):
        frame = frame.with_columns(
            machine=pl.Series(instance.machines).gather(np.asarray(instance.alternatives.machine, dtype=np.int64)),
            run_minutes=pl.Series(instance.alternatives.minutes, dtype=pl.Int64).cast(pl.Float64),
        )
    if instance.operators:
        frame = frame.with_columns(crew=pl.lit(1))
    if instance.after is not None:
        frame = frame.with_columns(after=pl.Series(instance.after, dtype=pl.String))
    if instance.family is not None:
        frame = frame.with_columns(setup_family=pl.Series(instance.family, dtype=pl.String))
    return frame


def _operation_machines(instance: Instance) -> pl.DataFrame:
    if _single_choice(instance):
        return pl.DataFrame()
    choice = instance.alternatives
    operation = np.asarray(choice.operation, dtype=np.int64)
    frame = pl.DataFrame(
        {
            "material": pl.Series(instance.jobs).gather(instance.job[operation]),
            "step": instance.step[operation],
            "machine": pl.Series(instance.machines).gather(np.asarray(choice.machine, dtype=np.int64)),
            "run_minutes": pl.Series(choice.minutes, dtype=pl.Int64).cast(pl.Float64),
            LINE: instance.line[operation],
        }
    )
    if choice.worker is None:
        return frame
    names = pl.Series([f"W{number}" for number in range(1, instance.workers + 1)], dtype=pl.String)
    return frame.with_columns(person=names.gather(np.asarray(choice.worker, dtype=np.int64)))


def _orders(instance: Instance) -> pl.DataFrame:
    frame = pl.DataFrame({"order": instance.jobs, "material": instance.jobs}).with_columns(quantity=pl.lit(1.0))
    if instance.due is not None:
        frame = frame.with_columns(due=pl.Series([START + timedelta(minutes=minute) for minute in instance.due]))
    if instance.weight is not None:
        # A weight counts minutes late; the table counts days.
        frame = frame.with_columns(late_cost_per_day=pl.Series(instance.weight, dtype=pl.Float64) * 1440)
    return frame


def _assumptions(instance: Instance) -> tuple[str, ...]:
    said = [
        "One time unit of the file is one minute, and the plan starts on 2000-01-03 00:00 UTC.",
        "The file has no calendars: all machines run round the clock.",
    ]
    if instance.due is None:
        said.append(f"The file has no due dates: the {len(instance.jobs):,} orders have none, so none can be late.")
    if instance.weight is not None:
        said.append("A job's weight is the cost of one late minute: a late day costs 1,440 times the weight.")
    if instance.changeovers is not None:
        said.append("The first operation on a machine needs no setup.")
    if instance.operators:
        said.append(f"At most {instance.operators} operations run at once: each needs one of so many operators.")
    return (*said, *instance.assumptions)
