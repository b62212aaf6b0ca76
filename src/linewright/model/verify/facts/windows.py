"""Arithmetic on working windows: separate stretches of time in whole seconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate, pairwise

FOREVER = 1 << 60

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Separate windows in order of time; `before[i]` is the working time in all windows before window i."""

    starts: Sequence[int]
    ends: Sequence[int]
    before: Sequence[int]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Windows:
        """Join pieces that touch or overlap into windows."""
        joined: list[Piece] = []
        for start, end in sorted(piece for piece in pieces if piece[1] > piece[0]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        starts, ends = [start for start, _ in joined], [end for _, end in joined]
        return cls(starts, ends, [0, *accumulate(end - start for start, end in joined)])

    def until(self, moment: int) -> int:
        """Working time before a moment."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        return self.before[index] + min(moment, self.ends[index]) - self.starts[index]

    def worked(self, start: int, end: int) -> int:
        """Working time between two moments; negative when they are in the wrong order."""
        return self.until(end) - self.until(start)

    def begins_inside(self, moment: int) -> bool:
        """Whether work can begin at a moment, or a second later."""
        index = bisect_right(self.starts, moment + 1) - 1
        return index >= 0 and moment < self.ends[index]

    def ends_inside(self, moment: int) -> bool:
        """Whether work can end at a moment, or a second earlier."""
        index = bisect_left(self.starts, moment) - 1
        return index >= 0 and moment - 1 <= self.ends[index]

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """The windows between two moments, cut at these."""
        index = max(bisect_right(self.starts, start) - 1, 0)
        while index < len(self.starts) and self.starts[index] < end:
            first, last = max(start, self.starts[index]), min(end, self.ends[index])
            if last > first:
                yield first, last
            index += 1

    def cut(self, other: Windows) -> Windows:
        """The time that lies in both."""
        mine, theirs, common = 0, 0, []
        while mine < len(self.starts) and theirs < len(other.starts):
            start = max(self.starts[mine], other.starts[theirs])
            end = min(self.ends[mine], other.ends[theirs])
            if start < end:
                common.append((start, end))
            if self.ends[mine] < other.ends[theirs]:
                mine += 1
            else:
                theirs += 1
        return Windows.of(common)

    def without(self, other: Windows) -> Windows:
        """The time that lies in these and not in the others."""
        edges = [-FOREVER, *(edge for window in zip(other.starts, other.ends, strict=True) for edge in window), FOREVER]
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
