"""The least loss of one event as a function of its days, between lines below and chords above."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.supply.stress.engine import proof
from linewright.supply.stress.tester import Tester

#: Programs that one curve may take; a rougher curve stays correct, as its bounds do not meet.
MOST_PROGRAMS = 60


class Curve:
    """Bounds of a convex function of the days, from 0 to the longest, which grow closer with each program solved."""

    def __init__(self, tester: Tester, event: int, longest: float) -> None:
        self.tester, self.event = tester, event
        self.known = [(0.0, 0.0)]
        self.lines = [(0.0, 0.0)]
        if longest > 0:
            self._solve(longest)

    def bounds(self, days: Any, within: float) -> tuple[Any, Any]:
        """Lower and upper bounds for some lengths, closer than `within` of the longest one's loss."""
        wide = max(within, 1e-9) * max(self.known[-1][1], 1e-3 * self.tester.base.scale)
        for _ in range(MOST_PROGRAMS):
            lower, upper = self.lower(days), self.upper(days)
            widest = int(np.argmax(upper - lower)) if days.size else 0
            if not days.size or upper[widest] - lower[widest] <= wide:
                break
            self._solve(self._crossing(float(days[widest])))
        return lower, np.maximum(upper, lower)

    def lower(self, days: Any) -> Any:
        """The highest line."""
        slope, start = np.array(self.lines).T
        return np.maximum(0.0, (days[:, None] * slope + start).max(axis=1))

    def upper(self, days: Any) -> Any:
        """The chord."""
        at, cost = np.array(self.known).T
        return np.interp(days, at, cost)

    def _crossing(self, days: float) -> float:
        """Where the lines of the two known points around cross: if the function has a piece between, it is there."""
        at = np.array([point for point, _ in self.known])
        here = int(np.clip(np.searchsorted(at, days), 1, at.size - 1))
        before, after = float(at[here - 1]), float(at[here])
        slope, start = np.array(self.lines).T
        low, high = int(np.argmax(before * slope + start)), int(np.argmax(after * slope + start))
        if slope[high] - slope[low] > 1e-12 * abs(slope[high]):
            crossing = float((start[low] - start[high]) / (slope[high] - slope[low]))
            if before + 1e-6 * after < crossing < after * (1 - 1e-6):
                return crossing
        return days

    def _solve(self, days: float) -> None:
        """Learn the point and the line at some length."""
        answer = self.tester.how_much(self.event, days)
        if answer is None:
            self.known = sorted({*self.known, (days, 0.0)})
            return
        balance = self.tester.base.balance
        gain = proof.stopped_gain(balance, answer.prices, self.tester.left.of(self.event))
        self.known = sorted({*self.known, (days, answer.upper)})
        self.lines.append(proof.line(balance, answer.prices, gain))
