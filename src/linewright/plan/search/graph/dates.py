"""Dates as part of the graph: what is left until the last date of all is one more operation of each order.

With a delivery of (last date - own date) behind each order, on a machine of its own, the makespan is the last date plus
the most that any order is late (Lmax; Pinedo, Scheduling, 5th ed. 2016, section 7.1 draws the same network with one
sink for each job). A plan as short as the last date is one in which nothing is late.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.arrays import ARC, MACHINE_RECORD, MODE, OPERATION, Arrays, records
from linewright.shop.working_time import NEVER


def dated(shop: Arrays) -> Any:
    """The demands whose lateness costs something."""
    demands = shop.demands[:-1]
    fed = np.diff(shop.demands.first_feed) > 0
    return np.flatnonzero((demands.due < NEVER) & (demands.late_rate > 0) & fed)


def with_deliveries(shop: Arrays) -> Arrays:
    """The shop with a delivery for each dated demand, as far as a graph needs it; deliveries come last."""
    which, size, machines = dated(shop), shop.operations.size - 1, shop.machines.size - 1
    due, first = shop.demands.due[which], shop.demands.first_feed
    feeds = np.concatenate([np.arange(first[at], first[at + 1]) for at in which])
    arcs = records(
        ARC, shop.arcs.size + feeds.size,
        operation=np.append(shop.arcs.operation, shop.feeds.operation[feeds]),
        wait=np.append(shop.arcs.wait, shop.feeds.lag[feeds]),
    )  # fmt: skip
    modes = records(
        MODE, shop.modes.size + which.size,
        operation=np.append(shop.modes.operation, size + np.arange(which.size)),
        machine=np.append(shop.modes.machine, machines + np.arange(which.size)),
        setup=shop.modes.setup,
        run=np.append(shop.modes.run, due.max() - due),
    )  # fmt: skip
    operations = records(OPERATION, size + which.size + 1)
    operations.release[:size] = shop.operations.release[:size]
    operations.material_ready[:-1] = np.append(shop.operations.material_ready[:size], shop.demands.ready[which])
    operations.first_mode = np.append(shop.operations.first_mode, shop.modes.size + 1 + np.arange(which.size))
    waits = np.append(np.diff(shop.operations.first_arc), first[which + 1] - first[which])
    operations.first_arc[1:] = np.cumsum(waits)
    operations.first_next[1:] = np.cumsum(np.bincount(arcs.operation, minlength=size + which.size))
    return shop._replace(
        operations=operations, modes=modes, arcs=arcs, machines=records(MACHINE_RECORD, machines + which.size + 1)
    )
