"""Means over instances: how far each program is from what its values are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.scheduling.families import OURS, RULE
from benchmarks.scheduling.record import Row


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One program on a set of instances; a gap is a share, and None where no plan can be compared."""

    instances: int
    gap: float | None
    compared: int
    without_plan: int
    proven: int
    peak_mb: float | None
    seconds: float | None
    first_seconds: float | None


def standing(rows: Sequence[Row], references: dict[str, float], program: str) -> Standing | None:
    """The standing of a program; None when it was not run."""
    mine = [row for row in rows if row.program == program]
    if not mine:
        return None
    gaps = [gap for row in mine if (gap := gap_of(row, references.get(_key(row)))) is not None]
    planned = [row for row in mine if row.planned]
    return Standing(
        instances=len(mine),
        gap=_mean(gaps),
        compared=len(gaps),
        without_plan=len(mine) - len(planned),
        proven=sum(row.proven for row in planned),
        peak_mb=_mean(row.peak_mb for row in mine),
        seconds=_mean(row.seconds for row in mine),
        first_seconds=_mean(row.first_seconds for row in planned),
    )


def references_of(rows: Sequence[Row], against: str) -> dict[str, float]:
    """For each instance the value that others are compared with; where none is published, the better program's."""
    if against in {"bound", "plant"}:
        chosen = [(row, row.bound) for row in rows if row.program == OURS]
    elif against == "rule":
        chosen = [(row, row.value) for row in rows if row.program == RULE]
    else:
        best: dict[str, float] = {}
        for row in rows:
            if row.planned and row.value is not None:
                best[_key(row)] = min(row.value, best.get(_key(row), row.value))
        chosen = [(row, best.get(_key(row)) if row.best_known is None else row.best_known) for row in rows]
    return {_key(row): value for row, value in chosen if value is not None}


def gap_of(row: Row, reference: float | None) -> float | None:
    """How far a row's value is above its reference, as a share of it; above nothing only nothing can be told."""
    if not row.planned or row.value is None or reference is None:
        return None
    if abs(reference) < 1e-9:
        return 0.0 if abs(row.value) < 1e-9 else None
    return (row.value - reference) / reference


def published(rows: Iterable[Row]) -> bool:
    """Whether every instance has a best value that others found."""
    return all(row.best_known is not None for row in rows)


def _key(row: Row) -> str:
    return f"{row.group}/{row.instance}"


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
