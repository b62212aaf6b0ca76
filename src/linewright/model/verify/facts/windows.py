"""Arithmetic on working windows: separate stretches of time in whole seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

import numpy as np

from linewright.model.verify.facts.columns import BoolArray, IntArray

FOREVER = 1 << 60

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Separate windows in order of time; `before[i]` is the working time in all windows before window i.

    Questions about moments may be asked for one moment, or for a whole column of them.
    """

    starts: IntArray
    ends: IntArray
    before: IntArray

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Windows:
        """Join pieces that touch or overlap into windows."""
        joined: list[Piece] = []
        for start, end in sorted(piece for piece in pieces if piece[1] > piece[0]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        starts, ends = np.array(joined, np.int64).reshape(-1, 2).T
        return cls(starts, ends, np.concatenate([np.zeros(1, np.int64), np.cumsum(ends - starts)]))

    def until(self, moment: Any) -> Any:
        """Working time before a moment."""
        index = np.searchsorted(self.starts, moment, side="right") - 1
        if not self.starts.size:
            return index * 0
        at = np.maximum(index, 0)
        worked = self.before[at] + np.minimum(moment, self.ends[at]) - self.starts[at]
        return np.where(index < 0, 0, worked)

    def worked(self, start: Any, end: Any) -> Any:
        """Working time between two moments; negative when they are in the wrong order."""
        return self.until(end) - self.until(start)

    def begins_inside(self, moment: Any) -> Any:
        """Whether work can begin at a moment, or a second later."""
        index = np.searchsorted(self.starts, moment + 1, side="right") - 1
        return (index >= 0) & (moment < self._end(index))

    def ends_inside(self, moment: Any) -> Any:
        """Whether work can end at a moment, or a second earlier."""
        index = np.searchsorted(self.starts, moment, side="left") - 1
        return (index >= 0) & (moment - 1 <= self._end(index))

    def _end(self, index: Any) -> Any:
        return self.ends[np.maximum(index, 0)] if self.ends.size else index

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """The windows between two moments, cut at these."""
        index = max(int(np.searchsorted(self.starts, start, side="right")) - 1, 0)
        while index < self.starts.size and self.starts[index] < end:
            first, last = max(start, int(self.starts[index])), min(end, int(self.ends[index]))
            if last > first:
                yield first, last
            index += 1

    def cut(self, other: Windows) -> Windows:
        """The time that lies in both."""
        # Between two edges that follow each other nothing opens or closes in either.
        edges = np.unique(np.concatenate([self.starts, self.ends, other.starts, other.ends]))
        first, last = edges[:-1], edges[1:]
        both = self._covers(first) & other._covers(first)
        return Windows.of(zip(first[both].tolist(), last[both].tolist(), strict=True))

    def _covers(self, moment: IntArray) -> BoolArray:
        index = np.searchsorted(self.starts, moment, side="right") - 1
        return np.asarray((index >= 0) & (moment < self._end(index)))

    def without(self, other: Windows) -> Windows:
        """The time that lies in these and not in the others."""
        edges = [-FOREVER, *np.column_stack([other.starts, other.ends]).ravel().tolist(), FOREVER]
        return self.cut(Windows.of(zip(edges[::2], edges[1::2], strict=True)))


ALWAYS = Windows.of([(-FOREVER, FOREVER)])


def last_wins(stretches: Sequence[Piece]) -> list[tuple[int, int, int]]:
    """Cut overlapping stretches into separate pieces, each with the number of the last stretch that covers it."""
    by_start = sorted(range(len(stretches)), key=lambda number: stretches[number][0])
    moments = sorted({moment for stretch in stretches for moment in stretch})
    open_now: list[int] = []
    pieces, following = [], 0
    for start, end in pairwise(moments):
        while following < len(by_start) and stretches[by_start[following]][0] <= start:
            heappush(open_now, -by_start[following])
            following += 1
        # Only the top has to be swept: a stretch that is over and lies deeper can never win before it gets there.
        while open_now and stretches[-open_now[0]][1] <= start:
            heappop(open_now)
        if open_now:
            pieces.append((start, end, -open_now[0]))
    return pieces
