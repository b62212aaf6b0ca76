"""Demand that has ended: runs of periods with nothing, or as good as nothing, that are too long to be chance."""

from __future__ import annotations

import numpy as np

from linewright.demand.models.panel import Flags, Floats, Ints, Panel

#: Periods before a run whose mean is the level that has ended.
LEVEL_PERIODS = 12
#: A remainder below this share of the level is as good as nothing.
REMAINDER = 0.05


class Endings:
    """Watches all series for runs of empty periods, period by period, without looking ahead.

    After n periods of which z were empty, the next is empty with chance (z + 1/2) / (n + 1) (Jeffreys' prior; Gelman et
    al., *Bayesian Data Analysis*, section 2.8). The product of these chances over a run is the chance of so long a run.
    It is an alarm when that is below `least_chance`, and the run is longer than any before: what is sold in one season
    of the year only has not ended after each of them.
    """

    def __init__(self, panel: Panel, least_chance: Floats, first_age: int) -> None:
        self.panel, self.least_chance, self.first_age = panel, least_chance, first_age
        count = len(panel.first)
        self.run, self.longest, self.empty = (np.zeros(count, dtype=np.int64) for _ in range(3))
        self.chance, self.level = np.ones(count), np.zeros(count)
        self.sums = np.concatenate([np.zeros((1, count)), np.cumsum(panel.values, axis=0)])
        #: Series in a run that has raised its alarm.
        self.ended: Flags = np.zeros(count, dtype=bool)

    def take(self, row: int) -> Ints:
        """Look at one more period; hand back the series that raise an alarm now."""
        age = self.panel.age[row]
        self.level = np.where(self.run > 0, self.level, self._recent_mean(row))
        there, zero = age >= 0, np.abs(self.panel.values[row]) <= REMAINDER * self.level
        asked = there & ~zero
        self.longest = np.where(asked, np.maximum(self.longest, self.run), self.longest)
        self.run = np.where(there & zero, self.run + 1, 0)
        self.chance = np.where(self.run > 0, self.chance * (self.empty + 0.5) / (np.maximum(age, 0) + 1), 1.0)
        self.empty += there & zero
        over = (self.chance < self.least_chance) & (self.run > self.longest) & (age >= self.first_age)
        fresh: Ints = np.flatnonzero(over & ~self.ended)
        self.ended = (self.ended | over) & (self.run > 0)
        return fresh

    def _recent_mean(self, row: int) -> Floats:
        """The mean of the last periods before a row."""
        begin = np.maximum(row - LEVEL_PERIODS, np.minimum(self.panel.first, row))
        sums = self.sums[row] - self.sums[begin, np.arange(len(begin))]
        return np.asarray(np.maximum(sums, 0.0) / np.maximum(row - begin, 1))
