"""The least that changeovers can cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.arrays import Arrays


def least_changeovers(shop: Arrays) -> float:
    """What it costs at least to get every family of work onto some machine.

    In a group of machines that shares no work with others, each family is first made somewhere, and whatever machine
    that is, it changes over to it from another family of the group or from the one that it begins with. Not so for
    the family with which a machine begins: its own, that of running work, or any one when it has none. Leaving out the
    dearest families that can begin keeps the sum below that of every plan.
    """
    families, group = shop.operations.family[:-1], _groups(shop)
    if not (families >= 0).any():
        return 0.0
    total = 0.0
    machine = shop.modes.machine
    for at in np.unique(group[machine]).tolist():
        machines = np.unique(machine[group[machine] == at])
        inside = group[machine[shop.operations.first_mode[:-1]]] == at
        records = shop.machines[machines]
        wanted = np.unique(families[inside & (families >= 0)])
        if wanted.size and not ((records.capacity > 1) & ~records.batch).any():
            total += _of_group(shop, records, wanted, families[inside & shop.operations.running[:-1]])
    return total


def _of_group(shop: Arrays, machines: Any, wanted: Any, running: Any) -> float:
    """The sum for one group of machines and the families wanted there."""
    begun = np.unique(np.concatenate([machines.family[machines.family >= 0], running[running >= 0]]))
    sources = np.union1d(wanted, begun)
    pairs = shop.switches[machines.matrix][:, sources][:, :, wanted]
    price = pairs.cost + pairs.seconds * machines.cost_per_second[:, None, None]
    # Staying in a family is no way into it.
    price = np.where(sources[None, :, None] == wanted[None, None, :], np.inf, price).min(axis=(0, 1))
    price = np.where(np.isin(wanted, begun), 0.0, price)
    free = int((machines.family < 0).sum())
    return float(np.sort(np.where(np.isfinite(price), price, 0.0))[: max(price.size - free, 0)].sum())


def _groups(shop: Arrays) -> Any:
    """For each machine the smallest machine that is joined to it by operations that may go to either."""
    first = shop.operations.first_mode[:-1]
    owner = shop.modes.operation
    mark = np.arange(shop.machines.size - 1)
    while True:
        smallest = np.minimum.reduceat(mark[shop.modes.machine], first)
        after = mark.copy()
        np.minimum.at(after, shop.modes.machine, smallest[owner])
        if (after == mark).all():
            return mark
        mark = after[after]
