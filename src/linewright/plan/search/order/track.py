"""What is remembered about the current plan, so that a change late in the order is timed from there on only.

Resources only ever append, so the timetable after the first operations of an order does not depend on what follows.
The track keeps the free moments of all resources at every so many places of the order (checkpoints), what each
operation and each demand costs, and a log with which a change that is not kept is undone.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
from numba.core import types
from numba.experimental import structref

from linewright.plan.bounds import limits
from linewright.shop.arrays import Arrays
from linewright.shop.evaluate import ENERGY, LATENESS, PREFERENCE, TARDINESS
from linewright.shop.kernels import kernel
from linewright.shop.state import RESOURCE, WORK
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop


class Track(NamedTuple):
    """The memory of one current plan.

    `position` is the place of each operation in the order; `changed` and `edited` mark operations with the number of
    the trial in which their times or their choice last changed. `soiled` tells which machines, people and tools (in
    this order) may be in another state than at this place of the current plan: 1 until shown otherwise, 2 as long as
    the two orders differ. `places`, `families`, `people` and `units` are the checkpoints, one behind the other;
    `gain` is what all that comes after a checkpoint could save at most. `fed` lists the demands of each operation,
    `in_job` the operations of each job; `movable` is off for running work and for loads that the least load keeps in
    their order.
    The `log_` and `saved_` arrays undo a trial; `numbers` and `amounts` hold single figures, see the positions below.
    """

    position: Any
    changed: Any
    edited: Any
    soiled: Any
    places: Any
    families: Any
    people: Any
    units: Any
    gain: Any
    operation_cost: Any
    operation_floor: Any
    demand_cost: Any
    demand_floor: Any
    first_fed: Any
    fed: Any
    first_in_job: Any
    in_job: Any
    movable: Any
    log_work: Any
    log_operation: Any
    log_cost: Any
    log_seats: Any
    log_demand: Any
    log_demand_cost: Any
    saved_order: Any
    saved_mode: Any
    saved_hold: Any
    edits: Any
    numbers: Any
    amounts: Any


#: Positions in `numbers`: the trial, operations and demands in its log, edits, the part of the order that differs,
#: places between checkpoints, soiled people, the furthest place that a change reaches, the place where timing ended,
#: plans kept.
TRIAL, LOGGED, LOGGED_DEMANDS, EDITS, FIRST, LAST, STRIDE, SOILED_PEOPLE, FURTHEST, ENDED, KEPT = range(11)
#: Positions in `amounts`: value of the current plan, change of it so far, the part of that which may vanish again,
#: what the last end costs.
VALUE, DELTA, LOOSE, LAST_END = range(4)


@structref.register
class _TrackType(types.StructRef):
    """The type of a packed :class:`Track`."""


class _PackedTrack(structref.StructRefProxy):
    """A track as kernels take it."""


structref.define_proxy(_PackedTrack, _TrackType, list(Track._fields))


@kernel
def _pack_track(t: Any) -> Any:
    return _PackedTrack(
        t.position, t.changed, t.edited, t.soiled, t.places, t.families, t.people, t.units, t.gain, t.operation_cost,
        t.operation_floor, t.demand_cost, t.demand_floor, t.first_fed, t.fed, t.first_in_job, t.in_job, t.movable,
        t.log_work, t.log_operation, t.log_cost, t.log_seats, t.log_demand, t.log_demand_cost, t.saved_order,
        t.saved_mode, t.saved_hold, t.edits, t.numbers, t.amounts,
    )  # fmt: skip


def packed_track(track: Track) -> Any:
    """The same arrays as one argument for kernels."""
    return track if numba.config.DISABLE_JIT else _pack_track(track)  # type: ignore[attr-defined]


def new_track(shop: Shop, weights: Any, stride: int = 0) -> Track:
    """Room for the track of one plan of a shop, with a checkpoint every `stride` places (0: what suits its size)."""
    arrays, size = shop.arrays, shop.size
    demands = arrays.demands.size - 1
    # Half of a stride is replayed in each trial, and each checkpoint is compared once: the square root balances both.
    stride = stride or max(2 * isqrt(size), 16)
    checkpoints = size // stride + 2
    places, units = int(arrays.machines.first_place[-1]), int(arrays.tools.sum())
    first_fed, fed = _fed(arrays, size)
    job = arrays.operations.job[:-1]
    by_job = np.argsort(job, kind="stable")

    def whole(count: int) -> Any:
        return np.zeros(count, np.int64)

    def whole_rows(rows: int, count: int) -> Any:
        return np.zeros((rows, count), np.int64)

    track = Track(
        position=whole(size), changed=whole(size), edited=whole(size),
        soiled=whole(arrays.machines.size - 1 + arrays.people.size + arrays.tools.size),
        places=np.zeros((checkpoints, places), RESOURCE), families=whole_rows(checkpoints, arrays.machines.size),
        people=np.zeros((checkpoints, arrays.people.size), RESOURCE), units=np.zeros((checkpoints, units), RESOURCE),
        gain=np.zeros(checkpoints), operation_cost=np.zeros(size), operation_floor=_operation_floor(arrays, weights),
        demand_cost=np.zeros(demands), demand_floor=_demand_floor(shop, weights), first_fed=first_fed, fed=fed,
        first_in_job=np.searchsorted(job[by_job], np.arange(len(shop.job_names) + 1)), in_job=by_job,
        movable=np.ones(size, np.int64),
        log_work=np.zeros(size + 1, WORK).view(np.recarray), log_operation=whole(size), log_cost=np.zeros(size),
        log_seats=whole_rows(arrays.seats.size, 2), log_demand=whole(arrays.feeds.size + 1),
        log_demand_cost=np.zeros(arrays.feeds.size + 1), saved_order=whole(size), saved_mode=whole(size),
        saved_hold=whole(size), edits=whole(size), numbers=whole(11), amounts=np.zeros(4),
    )  # fmt: skip
    track.numbers[STRIDE] = stride
    return track


def _fed(shop: Arrays, size: int) -> tuple[Any, Any]:
    """The demands that each operation feeds directly, as a ragged list."""
    demand = np.repeat(np.arange(shop.demands.size - 1), np.diff(shop.demands.first_feed))
    operation = np.asarray(shop.feeds.operation)
    order = np.argsort(operation, kind="stable")
    return np.searchsorted(operation[order], np.arange(size + 1)), demand[order]


def _operation_floor(shop: Arrays, weights: Any) -> Any:
    """The least that each operation costs wherever it goes; without limit where energy may cost less than nothing."""
    size = shop.operations.size - 1
    least = np.full(size, np.inf)
    np.minimum.at(least, shop.modes.operation, shop.modes.cost * weights[PREFERENCE])
    prices = np.diff(shop.prices.spent)
    if weights[ENERGY] and ((shop.machines.price < 0).any() or (prices[np.diff(shop.prices.moment) > 0] < 0).any()):
        return np.full(size, -np.inf)
    return least


def _demand_floor(shop: Shop, weights: Any) -> Any:
    """What each demand costs in lateness even if nothing else was made."""
    demands = shop.arrays.demands[:-1]
    if not demands.size or not shop.size:
        return np.zeros(demands.size)
    dated = demands.due < NEVER
    late = np.where(dated, np.maximum(limits(shop).finish - np.where(dated, demands.due, 0), 0), 0)
    return late * (demands.late_rate * weights[LATENESS] + weights[TARDINESS])
