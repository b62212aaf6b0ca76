"""Chance that is the same everywhere: NumPy's PCG64 bits, and only arithmetic that every machine does alike.

NumPy promises the bits of a bit generator for all time, but not the values of `Generator`'s distributions, and
logarithms differ in their last digit from one C library to another. So all draws here come from the bits alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
Pairs = Sequence[Sequence[float]]

BLOCK = 1024


class Chance:
    """A stream of draws that is named by whole numbers; other names give independent streams."""

    def __init__(self, *name: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(name))
        self._drawn: list[int] = []

    def share(self) -> float:
        """A number from 0 up to 1."""
        if not self._drawn:
            self._drawn = self._bits.random_raw(BLOCK).tolist()
        return (self._drawn.pop() >> 11) / (1 << 53)

    def yes(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.share() < share

    def below(self, limit: int) -> int:
        """A whole number from 0 to below the limit."""
        return int(self.share() * limit)

    def between(self, low: float, high: float) -> float:
        """A number of an interval."""
        return low + (high - low) * self.share()

    def one(self, items: Sequence[Item]) -> Item:
        """One of several, all alike."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """So many different ones of several, in random order."""
        left = list(items)
        for at in range(min(count, len(left))):
            other = at + self.below(len(left) - at)
            left[at], left[other] = left[other], left[at]
        return left[:count]

    def weighed(self, items: Sequence[Item], weights: Sequence[float]) -> Item:
        """One of several, each as likely as its weight."""
        return items[self.rank(list(accumulate(weights)))]

    def rank(self, sums: Sequence[float]) -> int:
        """A position, each as likely as its weight; the weights are given as their running sums."""
        return min(bisect_right(sums, self.share() * sums[-1]), len(sums) - 1)

    def quantile(self, pairs: Pairs, most: float = 1.0) -> float:
        """A value of a distribution that is known by its quantiles, with nothing beyond the level `most`."""
        levels, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        level = min(max(self.share() * most, levels[0]), levels[-1])
        at = min(bisect_right(levels, level), len(levels) - 1)
        part = (level - levels[at - 1]) / (levels[at] - levels[at - 1])
        return values[at - 1] + (values[at] - values[at - 1]) * part

    def value(self, pairs: Pairs) -> float:
        """A value of a discrete distribution."""
        return self.weighed([pair[0] for pair in pairs], [pair[1] for pair in pairs])
