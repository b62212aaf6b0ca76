"""Whole seconds from the minutes, days and instants that people type, and what counts as equal."""

from __future__ import annotations

from datetime import datetime
from math import floor

import numpy as np

from linewright.model.verify.facts.columns import BoolArray, FloatArray, IntArray

#: Times agree when they differ by no more than this.
SECOND = 1
DAY = 86_400
HOUR = 3_600

#: Quantities agree when they differ by no more than this share.
SHARE = 1e-6


def seconds(minutes: float) -> int:
    """Minutes as whole seconds, halves upwards."""
    return floor(60 * minutes + 0.5)


def all_seconds(minutes: FloatArray) -> IntArray:
    """A column of minutes as whole seconds, halves upwards."""
    return np.floor(60 * minutes + 0.5).astype(np.int64)


def day_seconds(days: float) -> int:
    """Days of 24 hours as whole seconds, halves upwards."""
    return floor(DAY * days + 0.5)


def instant(moment: datetime) -> int:
    """An instant as whole seconds since 1970."""
    return floor(moment.timestamp())


def enough(given: float, wanted: float) -> bool:
    """Whether a quantity reaches another, but for rounding."""
    return given >= wanted - SHARE * abs(wanted)


def near(one: float, other: float, margin: float = 0.0) -> bool:
    """Whether two figures agree but for rounding and a margin."""
    return abs(one - other) <= SHARE * max(abs(one), abs(other)) + margin


def all_near(one: FloatArray, other: FloatArray, margin: float = 0.0) -> BoolArray:
    """Row by row, whether two columns agree but for rounding and a margin."""
    return np.abs(one - other) <= SHARE * np.maximum(np.abs(one), np.abs(other)) + margin
