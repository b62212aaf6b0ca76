"""The shop as arrays: what kernels read, and the names that lead back to the factory's rows.

Each kind of thing is one record array, one record for each thing, so that a kernel takes few arguments.
Times are int64 seconds since the plan's start. A ragged list "x of each y" is the column `first_x` of y:
``first_x[y]:first_x[y + 1]`` are the positions of y's entries, so such arrays end with one record too many,
a sentinel. -1 means none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from linewright.model.factory import Factory
    from linewright.shop.explosion import Explosion
    from linewright.shop.feeds import Finish

RUN, SETUP, BOTH = 0, 1, 2
#: In place of an earlier machine: the operation is new, or its machine is gone.
NEW, GONE = -1, -2
STEP_ARC, MATERIAL_ARC = 0, 1
(
    NOTHING, PREDECESSOR, MACHINE, CHANGEOVER, PERSON, TOOL, CALENDAR, MATERIAL, RELEASE, PIN, POLICY,
) = range(11)  # fmt: skip


def _record(**columns: type) -> np.dtype[Any]:
    return np.dtype(list(columns.items()), align=True)


_I, _F, _B = np.int64, np.float64, np.bool_

#: A calendar owns windows and priced overtime; calendar 0 is open round the clock.
CALENDAR_INDEX = _record(first_window=_I, first_cost=_I)
WINDOW = _record(start=_I, end=_I)
#: An overtime window with its cost per second.
OVERTIME = _record(start=_I, end=_I, rate=_F)
#: `release` is the earliest run start by release dates, `material_ready` by dated supply (of peg `material_peg`);
#: `pin` the pinned run start; `running` marks work that goes on when the plan starts; `units` is the quantity still to
#: do; `longest_wait` the most that may pass before the next step; `due` and `weight` steer dispatch; `earlier_machine`
#: and `earlier_start` are where an earlier plan had it.
OPERATION = _record(
    job=_I, release=_I, material_ready=_I, material_peg=_I, pin=_I, running=_B, may_pause=_B, family=_I, load=_I,
    units=_F, longest_wait=_I, kwh=_F, due=_I, weight=_F, earlier_machine=_I, earlier_start=_I,
    first_mode=_I, first_arc=_I, first_next=_I, first_seat=_I, first_hold=_I,
)  # fmt: skip
#: A way to do an operation: a machine, and a person where the time depends on who does it.
MODE = _record(operation=_I, machine=_I, person=_I, setup=_I, run=_I, cost=_F)
#: What an operation waits for: a step or material arc, the wait after it, the longest wait, and the share of the run
#: after which the next may start (1: all of it).
ARC = _record(operation=_I, kind=_I, wait=_I, longest=_I, transfer=_F)
#: A place for a person at an operation: which group of qualified people, and in which phase.
SEAT = _record(group=_I, phase=_I)
#: A qualified person, and from when until when the skill counts.
QUALIFIED = _record(person=_I, since=_I, until=_I)
HOLD = _record(tool=_I, quantity=_I)
#: `matrix` is its changeover matrix; `first_place` its places; `first_point` its energy prices, `price` the flat one.
MACHINE_RECORD = _record(
    calendar=_I, site=_I, capacity=_I, batch=_B, min_load=_I, family=_I, matrix=_I, first_place=_I,
    setup_kw=_F, run_kw=_F, cost_per_second=_F, first_point=_I, price=_F,
)  # fmt: skip
PERSON_RECORD = _record(calendar=_I, site=_I, cost_per_hour=_F)
SWITCH = _record(seconds=_I, cost=_F)
#: What has a date to keep: cost per late and per early second, and the earliest finish by dated supply.
DEMAND = _record(due=_I, late_rate=_F, early_rate=_F, ready=_I, first_feed=_I, site=_I)
#: A last operation that a demand waits for, and the wait that follows it.
FEED = _record(operation=_I, lag=_I)
#: `worked` seconds and `spent` (price times seconds) of a machine's calendar until `moment`; both grow evenly between.
PRICE_POINT = _record(moment=_I, worked=_I, spent=_F)


def records(kind: np.dtype[Any], size: int, /, **columns: Any) -> Any:
    """A record array of `size` records; a column that is shorter leaves zeros at its end (the sentinel)."""
    made = np.zeros(size, kind).view(np.recarray)
    for name, values in columns.items():
        made[name][: len(values)] = values
    return made


class Calendars(NamedTuple):
    """Working windows of all calendars, one behind the other."""

    index: Any
    windows: Any


class Arrays(NamedTuple):
    """Everything that kernels read: record arrays of the kinds above, and four plain ones.

    `tools` holds the pieces of each tool, `next_operation` the followers of each operation, `first_qualified` where
    the people of each group begin, `switches` [matrix, from family, to family], `transit` seconds between two sites.
    """

    calendars: Calendars
    overtime: Any
    operations: Any
    modes: Any
    arcs: Any
    next_operation: Any
    seats: Any
    first_qualified: Any
    qualified: Any
    holds: Any
    machines: Any
    people: Any
    tools: Any
    switches: Any
    transit: Any
    demands: Any
    feeds: Any
    prices: Any


@dataclass(frozen=True)
class Shop:
    """A factory compiled for the engines.

    `arrays` is what kernels read. The other fields translate positions back into names: `operation_names` are
    ``job/step``; `routing` is the row of the operations table behind each operation; `pin_wish` is the pin that was
    wished for, which may have passed.
    """

    factory: Factory
    start: datetime
    explosion: Explosion
    arrays: Arrays
    job_names: list[str]
    operation_names: list[str]
    pin_wish: Any
    routing: Any
    steps: Any
    machine_names: list[str]
    person_names: list[str]
    tool_names: list[str]
    demand_names: list[str]
    finish: Finish
    pegging: pl.DataFrame
    assumptions: tuple[str, ...]

    @property
    def size(self) -> int:
        """The number of operations."""
        return int(self.arrays.operations.size) - 1

    def __repr__(self) -> str:
        """The shop's size."""
        return f"Shop of {self.factory.name}: {self.size:,} operations in {len(self.job_names):,} jobs"
