"""Sets of moments as sorted, disjoint spans: when calendars are open, alone and together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from linewright.shop.arrays import Calendars

#: Beyond every calendar.
ENDLESS = 1 << 50


class OpenTimes:
    """The spans in which calendars are open from the plan's start on; each combination is cut once."""

    def __init__(self, calendars: Calendars) -> None:
        self.calendars = calendars
        self.known: dict[frozenset[int], Any] = {}

    def of(self, calendars: Iterable[int]) -> Any:
        """When all of these are open, as rows of begin and end; calendar 0 is always open."""
        wanted = frozenset(calendars) - {0}
        if wanted not in self.known:
            spans = np.array([[0, ENDLESS]], np.int64)
            for calendar in sorted(wanted):
                first, last = self.calendars.index.first_window[calendar : calendar + 2]
                windows = self.calendars.windows[first:last]
                spans = common(spans, np.column_stack([windows.start, windows.end]))
            self.known[wanted] = spans
        return self.known[wanted]


def common(one: Any, other: Any) -> Any:
    """The moments that lie in both sets."""
    if not one.size or not other.size:
        return np.zeros((0, 2), np.int64)
    # Each span of one meets a run of neighbours of the other.
    first = np.searchsorted(other[:, 1], one[:, 0], side="right")
    last = np.searchsorted(other[:, 0], one[:, 1], side="left")
    count = np.maximum(last - first, 0)
    mine = np.repeat(np.arange(one.shape[0]), count)
    theirs = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    begin = np.maximum(one[mine, 0], other[theirs, 0])
    return np.column_stack([begin, np.minimum(one[mine, 1], other[theirs, 1])])


def between(spans: Any, begin: int, end: int) -> Any:
    """The part of a set between two moments."""
    return common(spans, np.array([[begin, max(begin, end)]], np.int64))


def longest(spans: Any) -> int:
    """Seconds of the longest span."""
    return int((spans[:, 1] - spans[:, 0]).max(initial=0))


def total(spans: Any) -> int:
    """Seconds of all spans."""
    return int((spans[:, 1] - spans[:, 0]).sum())


def meet(one: Any, other: Any) -> bool:
    """Whether any span of one touches any of the other; spans may overlap inside a set."""
    if not one.size or not other.size:
        return False
    ends = np.sort(other[:, 1])
    begins = np.sort(other[:, 0])
    # Spans that begin by the end of mine, less those that end before it begins.
    touching = np.searchsorted(begins, one[:, 1], side="right") - np.searchsorted(ends, one[:, 0], side="left")
    return bool((touching > 0).any())
