"""Kernels that hold work back: until it would be just in time, or past hours that cost overtime; or let it go."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.edit import gather, mark, mark_with_load, stay
from linewright.plan.search.order.moves.pick import DRAWS, last_feed, next_on_machine
from linewright.plan.search.order.moves.unblock import MOST_ALONG
from linewright.shop.block import run_calendars
from linewright.shop.evaluate import demand_finish, overtime_of
from linewright.shop.kernels import kernel
from linewright.shop.state import OTHER_USED
from linewright.shop.working_time import NEVER, backward

#: How far in the order the operations are looked for that now come first on the machine.
NEAR = 2000


@kernel
def start_later(shop: Any, state: Any, track: Any, choice: Any, operation: int, moment: int) -> bool:
    """Hold an operation back until a moment, behind what its machine can do before that."""
    if choice.load[operation] >= 0 or not track.movable[operation] or moment <= state.work[operation].start:
        return False
    machine, at = shop.modes[choice.mode[operation]].machine, track.position[operation]
    last = at
    while True:
        after = next_on_machine(shop, state, choice, machine, last, 1, NEAR)
        if after < 0 or state.work[choice.order[after]].end > moment:
            break
        last = after
    for arc in range(shop.operations[operation].first_next, shop.operations[operation + 1].first_next):
        last = min(last, track.position[shop.next_operation[arc]] - 1)
    mark_with_load(track, choice, operation)
    choice.hold[operation] = moment
    if last <= at or not gather(shop, track, choice, at, last, False, MOST_ALONG):
        stay(track, choice, operation)
    return True


@kernel
def let_go(track: Any, choice: Any, operation: int) -> bool:
    """Take back that an operation is held."""
    if choice.hold[operation] == 0:
        return False
    mark(track, choice, operation)
    choice.hold[operation] = 0
    stay(track, choice, operation)
    return True


@kernel
def wait_for_due_date(shop: Any, state: Any, track: Any, choice: Any) -> bool:
    """Let the last operation of a demand that is finished too early end when it is due, or a part of the way there."""
    demands = shop.demands.size - 1
    for _ in range(DRAWS):
        if not demands:
            break
        demand = np.random.randint(demands)
        row = shop.demands[demand]
        if row.due >= NEVER or row.early_rate <= 0:
            continue
        early = row.due - demand_finish(shop, state, demand)
        operation = last_feed(shop, state, demand)
        if early <= 0 or operation < 0:
            continue
        work = state.work[operation]
        until = work.end + (early if np.random.random() < 0.6 else int(early * np.random.random()))
        count = run_calendars(shop, state, operation, state.used[OTHER_USED])
        begin = backward(shop.calendars, state.used[OTHER_USED], count, until, work.run)
        return start_later(shop, state, track, choice, operation, begin)
    return False


@kernel
def wait_for_cheap_hours(shop: Any, state: Any, track: Any, choice: Any, operation: int) -> bool:
    """Hold an operation that needs overtime back until after a window of it; or let go what is held."""
    if np.random.random() < 0.3 and let_go(track, choice, operation):
        return True
    if shop.overtime.size == 0 or choice.load[operation] >= 0 or overtime_of(shop, state, operation) <= 0:
        return False
    work = state.work[operation]
    moment, seen = -1, 0
    for window in range(shop.overtime.size):
        row = shop.overtime[window]
        if row.start < work.end and row.end > work.setup_start and row.end > work.start:
            seen += 1
            if np.random.randint(seen) == 0:
                moment = row.end
    return start_later(shop, state, track, choice, operation, moment) if moment >= 0 else False
