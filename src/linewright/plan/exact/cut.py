"""A part of a shop as a shop of its own: a few operations, everything else taken as given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.shop.arrays import Arrays


@dataclass(frozen=True, eq=False)
class Window:
    """Operations that may change, and what the rest of a plan leaves to them (seconds since the plan's start).

    `release` is when all that comes before each operation from outside is done. `due` and `rate`: what a second
    after `due` costs at about the end of each operation, by its own demands and by what waits for it outside; with
    `machine_due` and `machine_rate` by what follows on each machine. `free` and `family` are the state of each machine
    before the window; `start`, `end` and `mode` are the current plan's. With `together` not the sum of what is late counts
    but the most.
    """

    operations: Any
    release: Any
    due: Any
    rate: Any
    free: Any
    family: Any
    machine_due: Any
    machine_rate: Any
    start: Any
    end: Any
    mode: Any
    together: bool = False


def cut(shop: Arrays, window: Window) -> tuple[Arrays, Any]:
    """The arrays of a window's operations alone, and for each of its modes the position in the whole shop's modes."""
    chosen, whole = window.operations, shop.operations
    position = np.full(whole.size - 1, -1, np.int64)
    position[chosen] = np.arange(chosen.size)
    modes, first_mode = _of(whole.first_mode, chosen, _usable(shop, window, chosen))
    arcs, first_arc = _of(whole.first_arc, chosen, position[shop.arcs.operation] >= 0)
    seats, first_seat = _of(whole.first_seat, chosen, None)
    holds, first_hold = _of(whole.first_hold, chosen, None)
    operations = whole[np.append(chosen, whole.size - 1)].copy()
    operations.first_mode, operations.first_arc = first_mode, first_arc
    operations.first_seat, operations.first_hold = first_seat, first_hold
    operations.release[:-1], operations.material_ready[:-1] = window.release, 0
    operations.pin[:-1] = -1
    own_modes, own_arcs, machines = shop.modes[modes].copy(), shop.arcs[arcs].copy(), shop.machines.copy()
    own_modes.operation, own_arcs.operation = position[own_modes.operation], position[own_arcs.operation]
    machines.family[:-1] = window.family
    return shop._replace(
        operations=operations, modes=own_modes, arcs=own_arcs, seats=shop.seats[seats], holds=shop.holds[holds],
        machines=machines, next_operation=np.zeros(0, np.int64),
    ), modes  # fmt: skip


def _of(first: Any, chosen: Any, keep: Any) -> tuple[Any, Any]:
    """The entries of the chosen operations in a ragged list, and where each one's now begin."""
    entries = [np.arange(first[at], first[at + 1]) for at in chosen]
    kept = entries if keep is None else [own[keep[own]] for own in entries]
    sizes = [own.size for own in kept]
    return np.concatenate([*kept, np.zeros(0, np.int64)]).astype(np.int64), np.cumsum([0, *sizes])


def _usable(shop: Arrays, window: Window, chosen: Any) -> Any:
    """Modes outside ovens, whose loads stay as they are, and those that the plan uses."""
    usable = ~shop.machines.batch[shop.modes.machine]
    usable[window.mode] = True
    return usable
