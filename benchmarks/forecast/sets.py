"""The public sets: histories and what came."""

from __future__ import annotations

import csv
import gzip
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Some cells are this number in the file, which R wrote for a missing count.
MISSING = -2147483648


@dataclass(frozen=True)
class Competition:
    """A set of series with the same season and horizon."""

    name: str
    file: str
    period: str
    season: int


COMPETITIONS = (
    Competition("M3 monthly", "m3", "MONTHLY", 12),
    Competition("M3 quarterly", "m3", "QUARTERLY", 4),
    Competition("M3 yearly", "m3", "YEARLY", 1),
    Competition("M3 other", "m3", "OTHER", 1),
    Competition("M1 monthly", "m1", "MONTHLY", 12),
    Competition("M4 weekly", "m4_weekly", "", 52),
    Competition("M4 hourly", "m4_hourly", "", 24),
    Competition("hospital", "hospital", "", 12),
    Competition("carparts", "carparts", "", 12),
)


def folder() -> Path:
    """Where the shared data lies: the folder of LINEWRIGHT_BENCH.

    Raises
    ------
    SystemExit
        It is not set, or has no forecasting sets.
    """
    place = Path(os.environ.get("LINEWRIGHT_BENCH", "")) / "supply" / "forecast"
    if not place.is_dir():
        raise SystemExit("Set LINEWRIGHT_BENCH to the folder with the shared data (it has supply/forecast/m3.csv.gz).")
    return place


def read_set(chosen: Competition) -> tuple[list[np.ndarray], np.ndarray]:
    """The histories, and the official test part (series × horizon); series with missing cells are left out."""
    csv.field_size_limit(10**8)
    with gzip.open(folder() / f"{chosen.file}.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if chosen.period in {"", row["period"]}]
    pairs = [(np.array(row["train"].split(), float), np.array(row["test"].split(), float)) for row in rows]
    whole = [
        (past, came)
        for past, came in pairs
        if np.isfinite([*past, *came]).all() and min(past.min(), came.min()) > MISSING
    ]
    return [past for past, _ in whole], np.array([came for _, came in whole])
