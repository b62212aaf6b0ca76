"""Many series of different lengths side by side, so that each step of a method treats all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Panel:
    """Series that end together: one column each, a row for each period, the last row the newest.

    `values` (periods × series) holds zeros above a series' first row, which is `first`.
    """

    values: Floats
    first: Ints
    season: int

    @classmethod
    def of(cls, series: Sequence[Floats], season: int) -> Panel:
        """Lay series side by side; they must be finite and have at least one value each."""
        lengths = np.array([len(one) for one in series], dtype=np.int64)
        longest = int(lengths.max(initial=1))
        values = np.zeros((len(series), longest))
        # Filled row by row, as that is one memory block for each series; the methods read it column by column.
        values[np.arange(longest) >= longest - lengths[:, None]] = np.concatenate(series)
        return cls(np.ascontiguousarray(values.T), longest - lengths, season)

    @property
    def periods(self) -> int:
        """Rows of the panel: the length of its longest series."""
        return self.values.shape[0]

    @property
    def lengths(self) -> Ints:
        """Periods of each series."""
        return self.periods - self.first

    @cached_property
    def age(self) -> Ints:
        """The number of each period within its series, from 0; negative above the series (periods × series)."""
        return np.arange(self.periods)[:, None] - self.first

    @cached_property
    def there(self) -> Floats:
        """1 where a series has a value, else 0 (periods × series)."""
        return (self.age >= 0).astype(np.float64)

    def before(self, periods: int) -> Panel:
        """The panel as it was some periods ago, without rows that are empty then."""
        kept = self.values[: self.periods - periods]
        empty = int(min(self.first.min(initial=0), kept.shape[0] - 1))
        return Panel(kept[empty:], self.first - empty, self.season)

    def of_series(self, chosen: Ints | Flags) -> Panel:
        """Some of the series only, without rows that are empty for all of them."""
        first = self.first[chosen]
        empty = int(first.min(initial=self.periods - 1))
        return Panel(np.ascontiguousarray(self.values[empty:, chosen]), first - empty, self.season)

    def with_values(self, values: Floats) -> Panel:
        """The same places with other values."""
        return Panel(values, self.first, self.season)


def side_by_side(panels: Sequence[Panel]) -> Panel:
    """Panels of one season as a single one, aligned at their ends."""
    if len(panels) == 1:
        return panels[0]
    longest = max(panel.periods for panel in panels)
    values = [np.pad(panel.values, ((longest - panel.periods, 0), (0, 0))) for panel in panels]
    first = [panel.first + longest - panel.periods for panel in panels]
    return Panel(np.concatenate(values, axis=1), np.concatenate(first), panels[0].season)
