"""Kernels that count working time in one calendar or in the common windows of several.

A calendar is a run of disjoint windows, sorted, in seconds since the plan's start (see :mod:`linewright.shop.arrays`).
`used` lists the calendars that must all be open; its first `count` entries are read.
"""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import kernel

#: Later than any window: "never".
NEVER = 1 << 60


@kernel
def window_after(calendars: Any, calendar: int, moment: int) -> int:
    """Position of the first window that ends after the moment; the calendar's end when there is none."""
    low, high = calendars.index[calendar].first_window, calendars.index[calendar + 1].first_window
    while low < high:
        middle = (low + high) >> 1
        if calendars.windows[middle].end > moment:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def next_window(calendars: Any, used: Any, count: int, moment: int) -> tuple[int, int]:
    """Begin and end of the first common window at or after the moment (cut at the moment); NEVER when there is none."""
    end = NEVER
    index = 0
    settled = 0
    while settled < count:
        calendar = used[index]
        at = window_after(calendars, calendar, moment)
        if at == calendars.index[calendar + 1].first_window:
            return NEVER, NEVER
        if calendars.windows[at].start > moment:
            moment = calendars.windows[at].start
            end = calendars.windows[at].end
            settled = 1
        else:
            end = min(end, calendars.windows[at].end)
            settled += 1
        index = (index + 1) % count
    return moment, end


@kernel
def previous_window(calendars: Any, used: Any, count: int, moment: int) -> tuple[int, int]:
    """Begin and end of the last common window up to the moment (cut at the moment); -NEVER when there is none."""
    begin = -NEVER
    index = 0
    settled = 0
    while settled < count:
        calendar = used[index]
        low, high = calendars.index[calendar].first_window, calendars.index[calendar + 1].first_window
        first = low
        while low < high:
            middle = (low + high) >> 1
            if calendars.windows[middle].start < moment:
                low = middle + 1
            else:
                high = middle
        if low == first:
            return -NEVER, -NEVER
        if calendars.windows[low - 1].end < moment:
            moment = calendars.windows[low - 1].end
            begin = calendars.windows[low - 1].start
            settled = 1
        else:
            begin = max(begin, calendars.windows[low - 1].start)
            settled += 1
        index = (index + 1) % count
    return begin, moment


@kernel
def forward(calendars: Any, used: Any, count: int, moment: int, seconds: int) -> int:
    """When work of `seconds` that may begin at the moment is finished; NEVER when the calendars end before."""
    if seconds == 0 or count == 0:
        return moment + seconds
    while seconds > 0:
        begin, end = next_window(calendars, used, count, moment)
        if begin == NEVER:
            return NEVER
        worked = min(end - begin, seconds)
        seconds -= worked
        moment = begin + worked
    return moment


@kernel
def backward(calendars: Any, used: Any, count: int, moment: int, seconds: int) -> int:
    """The latest moment at which work of `seconds` must begin to be finished by the moment; -NEVER when too late."""
    if seconds == 0 or count == 0:
        return moment - seconds
    while seconds > 0:
        begin, end = previous_window(calendars, used, count, moment)
        if begin == -NEVER:
            return -NEVER
        worked = min(end - begin, seconds)
        seconds -= worked
        moment = end - worked
    return moment


@kernel
def open_moment(calendars: Any, used: Any, count: int, moment: int, seconds: int, may_pause: bool) -> int:
    """The first moment at or after the given one at which a run of `seconds` can begin; NEVER when there is none.

    A run that may not pause needs one common window that is long enough.
    """
    if seconds == 0 or count == 0:
        return moment
    while True:
        begin, end = next_window(calendars, used, count, moment)
        if begin == NEVER or may_pause or end - begin >= seconds:
            return begin
        moment = end
