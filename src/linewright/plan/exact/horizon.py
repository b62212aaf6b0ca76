"""How far an exact model must look ahead."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.bounds.curves import FAR
from linewright.plan.exact.axis import Axis, used_calendars
from linewright.plan.exact.windows import Open, meet
from linewright.shop.arrays import Arrays
from linewright.shop.working_time import NEVER


def horizon(shop: Arrays, axis: Axis, dates: list[int]) -> int:
    """Units until which some best plan has surely ended.

    In a plan that is pushed to the left, after the last date at every moment some operation is set up, runs or is
    waited for, or a calendar is closed. So all work and waits one after the other, in the time in which all calendars
    are open together, is long enough. `dates` are moments up to which holding work back may pay.
    """
    operations, modes = shop.operations[:-1], shop.modes
    longest = np.zeros(operations.size, np.int64)
    np.maximum.at(longest, modes.operation, modes.setup + modes.run)
    work = int(longest.sum()) + operations.size * int(shop.switches.seconds.max(initial=0))
    work += int(shop.arcs.wait.sum()) + shop.arcs.size * int(shop.transit.max())
    last = max([0, *dates, *(int(column.max(initial=0)) for column in (operations.release, operations.material_ready))])
    last = max([last, int(operations.pin.max(initial=0)), *shop.qualified.since[shop.qualified.since > 0].tolist()])
    if axis.shared is not None:
        return _after(axis.shared, axis, last, work, operations, longest)
    together = meet(shop.calendars, frozenset(used_calendars(shop)))
    if together.curve.worked[-1] < work + together.curve.until(last):
        return _end_of_calendars(shop, axis)
    return _after(together, axis, last, work, operations, longest)


def _after(open_time: Open, axis: Axis, last: int, work: int, operations: Any, longest: Any) -> int:
    """The moment until which so much can be worked, with time lost before each run that may not pause."""
    rigid = ~operations.may_pause
    worked = int(open_time.curve.until(last)) + work
    if axis.shared is not None:
        # Before a run that fits into no rest of a window, less than its own length stays unused in each window; it
        # waits for one window only, as all have the same calendar.
        return -(-(worked + int(longest[rigid].sum())) // axis.unit)
    gap = 0 if open_time.always else int(np.diff(open_time.start).max(initial=0))
    return -(-(int(open_time.curve.reached(worked)) + gap * int(np.count_nonzero(rigid))) // axis.unit)


def _end_of_calendars(shop: Arrays, axis: Axis) -> int:
    """Where calendars never meet, as long as any of them reaches."""
    end = shop.calendars.windows.end
    return -(-int(end[end < min(FAR, NEVER)].max(initial=0)) // axis.unit)
