"""Simulated annealing inside a window: one change at a time, its cost known exactly up to the window's margin.

Metropolis acceptance with a temperature that falls evenly on a logarithmic scale (Kirkpatrick, Gelatt and Vecchi,
Science 220 (1983) 671-680).
"""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from linewright.plan.search.chance import below, share
from linewright.plan.search.tardy.family_run import family_run
from linewright.plan.search.tardy.gather import gather
from linewright.plan.search.tardy.propagate import WORK, carry, keep, take_back
from linewright.plan.search.tardy.reassign import reassign
from linewright.plan.search.tardy.shift import shift
from linewright.shop.kernels import kernel, lean_kernel

#: Up to where a draw shifts, goes to any place in time, joins its family; beyond, a run of a family moves.
KINDS = (0.3, 0.8, 0.9)


@lean_kernel
def propose(shop: Any, nodes: Any, scratch: Any, chance: Any, doors: Any, operation: int, pressed: bool) -> bool:
    """Make one change that starts from an operation; one that late orders wait for goes rather forward."""
    draw = share(chance)
    earlier = share(chance) < (0.8 if pressed else 0.4)
    if draw < KINDS[0]:
        return shift(shop, nodes, scratch, chance, operation, earlier)
    if draw < KINDS[1]:
        return reassign(shop, nodes, scratch, chance, doors, operation)
    if draw < KINDS[2]:
        return gather(shop, nodes, scratch, chance, doors, operation)
    return family_run(shop, nodes, scratch, chance, operation, earlier)


@kernel
def anneal(
    shop: Any, plan: Any, scratch: Any, chance: Any, members: Any, doors: Any, pressure: Any, grid: int,
    hot: float, cold: float, work: int,
) -> float:  # fmt: skip
    """Change the plan inside a window until so many operations were timed; the change in value as it is known here.

    `members` are the operations of the window; temperatures go from `hot` to `cold`.
    """
    nodes, reach = plan.nodes, pressure.shape[1] // 2
    pressed = np.empty(members.size, np.int64)
    count = 0
    for at in range(members.size):
        if pressure[members[at], reach - 1] < 0:
            pressed[count] = members[at]
            count += 1
    total, begun = 0.0, scratch.counts[WORK]
    while scratch.counts[WORK] - begun < work:
        # A change that cannot be made takes time as well.
        scratch.counts[WORK] += 1
        late = count > 0 and share(chance) < 0.7
        operation = pressed[below(chance, count)] if late else members[below(chance, members.size)]
        if not propose(shop, nodes, scratch, chance, doors, operation, late):
            continue
        change = carry(shop, plan, scratch, pressure, grid)
        done = min((scratch.counts[WORK] - begun) / work, 1.0)
        if change <= 0 or share(chance) < exp(-change / (hot * (cold / hot) ** done)):
            total += change
            keep(scratch)
        else:
            take_back(shop, plan, scratch)
    return total
