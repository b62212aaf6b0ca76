"""The arrays that the timetable fills: what is taken so far, and when each operation runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from linewright.shop.arrays import Arrays


class Choice(NamedTuple):
    """What a search decides: the order of work, and for each operation its mode and load.

    `order` lists operations so that each comes after all that it waits for; a resource serves them in this order.
    `mode` is a position in modes, or -1 to take the one that finishes first. `load` is -1 outside batch machines,
    else the load's number; `hold` is an earliest start set from outside (0 for none).
    """

    order: Any
    mode: Any
    load: Any
    hold: Any


#: From when a place, a person or a piece of a tool is free, and the operation that had it last.
RESOURCE = np.dtype([("free", np.int64), ("last", np.int64)])
#: When and how an operation runs, and what it waited for; `changeover` seconds are part of `setup`, and both are the
#: block's. `leader` marks the first operation of each block, for which a load is counted once; `block` is that
#: operation and `next_of_block` the next member, -1 at the end.
WORK = np.dtype(
    [
        ("placed", np.bool_), ("leader", np.bool_),
        ("mode", np.int64), ("block", np.int64), ("next_of_block", np.int64),
        ("setup_start", np.int64), ("start", np.int64), ("end", np.int64), ("setup", np.int64), ("run", np.int64),
        ("changeover", np.int64), ("changeover_cost", np.float64),
        ("cause", np.int64), ("cause_operation", np.int64), ("cause_index", np.int64),
        ("load_next", np.int64), ("load_first", np.int64), ("load_count", np.int64), ("load_size", np.int64),
        ("pin_queue", np.int64),
    ],
    align=True,
)  # fmt: skip
#: The person in a seat, and the one in the block being tried; `counts` is off where the person already serves
#: another operation of the same load.
SEATED = np.dtype([("person", np.int64), ("trial", np.int64), ("counts", np.bool_)], align=True)


class State(NamedTuple):
    """What is taken so far, and the timetable.

    `work` has a record for each operation (its load_ columns are indexed by load, pin_queue by turn), `trial` the
    block being tried, `used` the calendars that meet in it (run, setup, other), `members` its operations and modes,
    `limits` its number of calendars and its floors.
    """

    places: Any
    machine_family: Any
    people: Any
    first_unit: Any
    units: Any
    work: Any
    seats: Any
    trial: Any
    used: Any
    members: Any
    limits: Any


#: Positions in `State.trial`: the times and the cause of the block just tried.
SETUP_START, START, END, CHANGEOVER_SECONDS, CAUSE, CAUSE_OPERATION, CAUSE_INDEX, FAMILY, SETUP_SECONDS, RUN_SECONDS = (
    range(10)
)
TRIAL_SIZE = 10


#: Rows of `State.used`, and positions in `State.limits`.
RUN_USED, SETUP_USED, OTHER_USED = range(3)
RUN_COUNT, SETUP_COUNT, EARLIEST_SETUP, EARLIEST_RUN = range(4)


def new_state(shop: Arrays) -> State:
    """An empty timetable for a shop; the pass empties it again each time."""
    operations = shop.operations.size - 1
    first_unit = np.concatenate([[0], np.cumsum(shop.tools)]).astype(np.int64)

    def made(kind: Any, size: int) -> Any:
        return np.zeros(size, kind).view(np.recarray)

    return State(
        places=made(RESOURCE, int(shop.machines.first_place[-1])),
        machine_family=np.zeros(shop.machines.size, np.int64),
        people=made(RESOURCE, shop.people.size),
        first_unit=first_unit,
        units=made(RESOURCE, int(first_unit[-1])),
        work=made(WORK, operations + 1),
        seats=made(SEATED, shop.seats.size),
        trial=np.zeros(TRIAL_SIZE, np.int64),
        used=np.zeros((3, shop.calendars.index.size), np.int64),
        members=np.zeros((2, operations + 1), np.int64),
        limits=np.zeros(4, np.int64),
    )
