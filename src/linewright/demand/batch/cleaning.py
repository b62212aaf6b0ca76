"""Make series that can be forecast out of series as they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from linewright.demand.models.panel import Floats

#: Larger numbers would overflow when they are squared and summed.
LARGEST = 1e100
#: R writes a missing whole number as this one.
MISSING = -(2.0**31)
#: Older periods than these, or than five seasons, or than four weeks of days, tell little about the next ones.
LONGEST, LONGEST_SEASONS, LONGEST_WEEKS = 260, 5, 4


def cleaned(series: Sequence[Any], season: int, longest: int) -> tuple[list[Floats], dict[int, str]]:
    """The last `longest` values of each series, without gaps, and by place what was done.

    Missing values (nan) before the first one are left out. Others count as the value one season earlier, or as the
    one before where that is missing too. A series without any value comes back empty.

    Raises
    ------
    ValueError
        A series has more than one dimension.
    """
    clean, notes = [], {}
    for place, raw in enumerate(series):
        values = np.asarray(raw, dtype=np.float64)
        if values.ndim != 1:
            message = f"series {place} has {values.ndim} dimensions; give one array of numbers for each series"
            raise ValueError(message)
        values = np.where(values == MISSING, np.nan, values)[-longest:]
        if not len(values):
            notes[place] = "no history, so nothing can be forecast; give at least one period"
        elif not np.abs(values).max() <= LARGEST:
            values, notes[place] = _mended(values, season)
        clean.append(values)
    return clean, notes


def _mended(values: Floats, season: int) -> tuple[Floats, str]:
    with np.errstate(invalid="ignore"):
        there = np.abs(values) <= LARGEST
    if not there.any():
        return values[:0], "no value that is a number, so nothing can be forecast; give at least one"
    begin = int(np.argmax(there))
    mended, there = values[begin:].copy(), there[begin:]
    for gap in np.flatnonzero(~there):
        mended[gap] = mended[gap - season] if gap >= season else mended[gap - 1]
    missing = int((~there).sum())
    return (
        mended,
        f"{missing} missing values count as those a season earlier"
        if missing
        else "missing values at its beginning are left out",
    )
