"""Whether a shop is small enough for the exact model."""

from __future__ import annotations

import numpy as np

from linewright.plan.exact.axis import axis_of
from linewright.plan.exact.machines import switching_machines
from linewright.shop.arrays import Shop

#: Operations, and ways to do them, that constraint programming settles in minutes: plain, and with complications.
PLAIN, COMPLEX = 150, 60
WAYS_EACH = 8


def fits(shop: Shop) -> bool:
    """Whether an exact search is worth trying.

    About 150 operations, or 60 when there are changeovers, people or several calendars; eight ways each on average.
    """
    arrays = shop.arrays
    if not 0 < shop.size <= PLAIN:
        return False
    switching = switching_machines(arrays)
    complicated = bool(switching) or arrays.seats.size > 0 or bool((arrays.modes.person >= 0).any())
    if not complicated and axis_of(arrays, changeovers=False, dates=[]).shared is None:
        complicated = bool(arrays.machines.calendar[np.unique(arrays.modes.machine)].any())
    most = COMPLEX if complicated else PLAIN
    return shop.size <= most and int(arrays.modes.size) <= WAYS_EACH * most
