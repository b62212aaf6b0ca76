"""Working time: minutes that count only while the plant is open, so that a network need not know shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop

#: Calendars are compared by their hours in so many days from the start.
COMPARED_SECONDS = 28 * 86400
#: Sums of times are exact to so many minutes.
ROUNDING_MINUTES = 1e-6


@dataclass(frozen=True, eq=False)
class WorkingClock:
    """Turns seconds since the start into working minutes, and back.

    Between the moments `second` (n) and beyond them, working time grows evenly; `minute` (n) is what it is there.
    `open_share` is how much of all time is working time in the days that are compared.
    """

    start: datetime
    second: Any
    minute: Any
    open_share: float

    def minutes(self, seconds: Any) -> Any:
        """Working minutes until a moment, given in seconds since the start; what is closed then is not counted."""
        seconds = np.asarray(seconds, np.float64)
        inside = np.interp(seconds, self.second, self.minute)
        late = np.maximum(seconds - self.second[-1], 0.0) / 60 * self.open_share
        early = np.minimum(seconds - self.second[0], 0.0) / 60 * self.open_share
        return inside + late + early

    def seconds(self, minutes: Any) -> Any:
        """The last moment, in seconds since the start, at which so many working minutes have passed."""
        minutes = np.asarray(minutes, np.float64)
        return np.interp(minutes, self.minute, self.second) + self._outside(minutes)

    def first_seconds(self, minutes: Any) -> Any:
        """The first such moment: what ends with a shift ends then, not when the next one begins."""
        minutes = np.asarray(minutes, np.float64)

        def first(minutes: Any) -> Any:
            return -np.interp(-minutes, -self.minute[::-1], -self.second[::-1]) + self._outside(minutes)

        # A sum of times that is too long by rounding must not end after the night.
        return np.minimum(first(minutes), first(minutes - ROUNDING_MINUTES) + 60 * ROUNDING_MINUTES)

    def _outside(self, minutes: Any) -> Any:
        """Seconds before the first moment that is known (negative), and beyond the last."""
        early = np.minimum(minutes - self.minute[0], 0.0)
        late = np.maximum(minutes - self.minute[-1], 0.0)
        return (early + late) * 60 / self.open_share

    def moment(self, minutes: float) -> datetime:
        """The instant at which so many working minutes have passed."""
        return self.start + timedelta(seconds=float(self.seconds(minutes)))

    def elapsed(self, minutes: float) -> float:
        """Working minutes in a span of `minutes` that also passes while the plant is closed, on average."""
        return minutes * self.open_share


def clock_of(shop: Shop, calendar: int) -> WorkingClock:
    """The clock of one calendar of a compiled shop."""
    begin, end = windows_of(shop, calendar)
    if begin.size == 1 and end[0] - begin[0] > 1 << 45:
        return WorkingClock(shop.start, np.array([0.0, 60.0]), np.array([0.0, 1.0]), 1.0)
    worked = np.concatenate([[0], np.cumsum(end - begin)])
    second = np.stack([begin, end], axis=1).ravel().astype(np.float64)
    minute = np.stack([worked[:-1], worked[1:]], axis=1).ravel() / 60.0
    at_start = float(np.interp(0.0, second, minute))
    return WorkingClock(shop.start, second, minute - at_start, open_seconds(shop, calendar) / COMPARED_SECONDS)


def windows_of(shop: Shop, calendar: int) -> tuple[Any, Any]:
    """Begin and end of a calendar's windows in seconds since the start."""
    calendars = shop.arrays.calendars
    mine = slice(calendars.index[calendar].first_window, calendars.index[calendar + 1].first_window)
    return calendars.windows.start[mine], calendars.windows.end[mine]


def open_seconds(shop: Shop, calendar: int) -> float:
    """How long a calendar is open in the days that are compared."""
    begin, end = windows_of(shop, calendar)
    cut = np.minimum(end, COMPARED_SECONDS) - np.maximum(begin, 0)
    return float(np.maximum(cut, 0).sum())
