"""The two linear programs of a stress test, for any part of the network.

Simchi-Levi et al., *Interfaces* 45(5):375-390, 2015: the least loss in a window of time, and the longest window without
a loss. Both are written here in rates, divided by the length of the window. Then limits on rates are plain bounds, and
the longest window is the least `1 / days`; a window is possible when every shorter one is.

Columns are the running of the part's activities, the share of each demand that is lost, `1 / days`, and a last one,
`given up`: at the price of a millionth of a day it takes back what the pools are asked for, so that the program of a
network that cannot survive at all has an answer as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.supply.stress.engine.balance import Balance
from linewright.supply.stress.engine.solver import Program

#: The price of giving up, in 1/days: who survives less than a millionth of a day does not survive.
GIVEN_UP = 1e6
#: A part of a day's need that is nothing.
ROUNDING = 2e-9


@dataclass(frozen=True)
class Part:
    """Some activities that may change while all others run as in the base plan, and the rows that they touch.

    `first`, `row` (position in `rows`) and `value` are their columns; `asked` is what demand and the others take from
    each row, less what the others give. `wanted` are the positions of the rows with demand.
    """

    activities: Any
    rows: Any
    first: Any
    row: Any
    value: Any
    asked: Any
    wanted: Any


def part_of(balance: Balance, running: Any, used: Any, activities: Any) -> Part:
    """Cut a part out; `running` is the base plan, and `used` is what it takes of each row (`matrix @ running`)."""
    matrix = balance.matrix
    counts = matrix.indptr[activities + 1] - matrix.indptr[activities]
    first = np.concatenate([[0], np.cumsum(counts)])
    at = np.arange(first[-1]) + np.repeat(matrix.indptr[activities] - first[:-1], counts)
    value = matrix.data[at]
    rows, row = _numbered(matrix.indices[at], balance.rows)
    own = np.bincount(row, value * np.repeat(running[activities], counts), minlength=rows.size)
    asked = balance.demand[rows] + used[rows] - own
    # What is left of a difference of equal numbers would be a need that nothing can serve.
    asked[np.abs(asked) < ROUNDING] = 0.0
    return Part(activities, rows, first, row, value, asked, np.flatnonzero(balance.demand[rows] > 0))


def _numbered(entries: Any, count: int) -> tuple[Any, Any]:
    """The different entries, ascending, and the position of each among them; entries are below `count`."""
    place = np.zeros(count, np.int64)
    place[entries] = 1
    different = np.flatnonzero(place)
    place[different] = np.arange(different.size)
    return different, place[entries]


def whole(balance: Balance) -> Part:
    """The part that is everything, with the rows in their order."""
    matrix = balance.matrix
    activities, rows = np.arange(balance.activities), np.arange(balance.rows)
    wanted = np.flatnonzero(balance.demand > 0)
    return Part(activities, rows, matrix.indptr, matrix.indices, matrix.data, balance.demand, wanted)


def survival(balance: Balance, part: Part, flow: Any, room: Any, most_days: float) -> Program:
    """Minimise `1 / days` without any loss; `flow`, `room`: shares left of the part's activities and rows."""
    lost = np.zeros(part.wanted.size)
    return _program(
        balance, part, room,
        cost=np.concatenate([np.zeros(part.activities.size), lost, [1.0, GIVEN_UP]]),
        lower=np.concatenate([np.zeros(part.activities.size), lost, [1 / most_days, 0.0]]),
        upper=np.concatenate([flow, lost, [GIVEN_UP, 1.0]]),
    )  # fmt: skip


def loss(balance: Balance, part: Part, flow: Any, room: Any, days: float, scale: float) -> Program:
    """Minimise the currency lost in a day of a window of `days`, as a share of `scale` (all margin of a day)."""
    rows = part.rows[part.wanted]
    lost = balance.margin[rows] * balance.demand[rows] / scale
    nothing = np.zeros(part.activities.size)
    return _program(
        balance, part, room,
        cost=np.concatenate([nothing, lost, [0.0, 0.0]]),
        lower=np.concatenate([nothing, np.zeros(lost.size), [1 / days, 0.0]]),
        upper=np.concatenate([flow, np.ones(lost.size), [1 / days, 0.0]]),
    )  # fmt: skip


def _program(balance: Balance, part: Part, room: Any, cost: Any, lower: Any, upper: Any) -> Program:
    """The common matrix: running, lost, 1 / days, given up."""
    stock = balance.stock[part.rows]
    # On the rows of groups nothing needs to be taken back: what is left of them is never less than nothing.
    taken_back = np.where(part.rows < balance.pools, np.maximum(part.asked, 0.0), 0.0)
    stocked, back = np.flatnonzero(stock), np.flatnonzero(taken_back)
    lengths = np.concatenate([np.ones(part.wanted.size, np.int64), [stocked.size, back.size]])
    demand = balance.demand[part.rows[part.wanted]]
    return Program(
        cost, lower, upper,
        first=np.concatenate([part.first, part.first[-1] + np.cumsum(lengths)]).astype(np.int32),
        row=np.concatenate([part.row, part.wanted, stocked, back]).astype(np.int32),
        value=np.concatenate([part.value, -demand, -stock[stocked], -taken_back[back]]),
        most=balance.room[part.rows] * room - part.asked,
    )  # fmt: skip
