"""A kernel that improves a plan by changing the order of work, one operation at a time.

Each round changes one thing, times the whole plan with the exact timetable and keeps it by late acceptance
(Burke and Bykov, European Journal of Operational Research 258 (2017) 70-78). Most changes start from what an
expensive order waited for: the causes that the timetable stored are walked back to an operation that stood in
the way, and the one that waited goes before it, or to another machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.arrays import CHANGEOVER, MACHINE, PERSON, TOOL
from linewright.shop.evaluate import demand_finish, evaluate
from linewright.shop.kernels import kernel
from linewright.shop.timetable import PLACED, timetable
from linewright.shop.working_time import NEVER

#: How many earlier values late acceptance remembers.
MEMORY = 30


@kernel
def set_seed(seed: int) -> None:
    """Seed the generator that kernels draw from."""
    np.random.seed(seed)


@kernel
def value_of(shop: Any, state: Any, choice: Any, weights: Any, move_cost: float) -> float:
    """Time a choice and return its weighted value; infinite when it cannot be timed."""
    if timetable(shop, state, choice) != PLACED:
        return np.inf
    return float((evaluate(shop, state, move_cost) * weights).sum())


@kernel
def costly_operation(shop: Any, state: Any) -> int:
    """The last operation of a late demand, chosen at random; without late demands one that ends last or any."""
    demands = shop.demands.size - 1
    for _ in range(20):
        if demands == 0:
            break
        demand = np.random.randint(demands)
        first, end = shop.demands[demand].first_feed, shop.demands[demand + 1].first_feed
        if first == end or shop.demands[demand].due >= NEVER:
            continue
        if demand_finish(shop, state, demand) > shop.demands[demand].due:
            last = shop.feeds[first].operation
            for feed in range(first, end):
                if state.work[shop.feeds[feed].operation].end > state.work[last].end:
                    last = shop.feeds[feed].operation
            return last
    if np.random.random() < 0.7:
        return int(np.argmax(state.work.end[:-1]))
    return np.random.randint(shop.operations.size - 1)


@kernel
def waiting_operation(shop: Any, state: Any) -> int:
    """Walk back from a costly operation over what each waited for, and stop at one that waited for a resource."""
    operation = costly_operation(shop, state)
    chosen, seen = -1, 0
    for _ in range(shop.operations.size):
        work = state.work[operation]
        resource = work.cause in (MACHINE, CHANGEOVER, PERSON, TOOL)
        if resource and work.cause_operation >= 0:
            seen += 1
            # Each waiting operation of the chain is equally likely.
            if np.random.randint(seen) == 0:
                chosen = operation
        if work.cause_operation < 0:
            break
        operation = work.cause_operation
    return chosen if chosen >= 0 else operation


@kernel
def move_to(choice: Any, position: Any, operation: int, target: int) -> None:
    """Move an operation to another place in the order; the others close up."""
    order = choice.order
    at = position[operation]
    step = 1 if target > at else -1
    while at != target:
        order[at] = order[at + step]
        position[order[at]] = at
        at += step
    order[at] = operation
    position[operation] = at


@kernel
def earliest_place(shop: Any, position: Any, operation: int, front: int) -> int:
    """The first place in the order after everything that an operation waits for, and after running work."""
    first = front
    for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
        first = max(first, position[shop.arcs[arc].operation] + 1)
    return first


@kernel
def latest_place(shop: Any, position: Any, operation: int) -> int:
    """The last place in the order before everything that waits for an operation."""
    last = position.size - 1
    for arc in range(shop.operations[operation].first_next, shop.operations[operation + 1].first_next):
        last = min(last, position[shop.next_operation[arc]] - 1)
    return last


@kernel
def change(shop: Any, state: Any, choice: Any, position: Any, front: int) -> bool:
    """Change one thing about a choice; False when the draw led nowhere."""
    operation = waiting_operation(shop, state)
    # Loads stay as dispatch formed them: a small load may only come last.
    if shop.operations[operation].running or choice.load[operation] >= 0:
        return False
    work = state.work[operation]
    draw = np.random.random()
    first, end = shop.operations[operation].first_mode, shop.operations[operation + 1].first_mode
    if end - first > 1 and draw < 0.35 and choice.load[operation] < 0:
        mode = first + np.random.randint(end - first)
        if shop.machines[shop.modes[mode].machine].batch:
            return False
        choice.mode[operation] = mode
        return True
    other = work.cause_operation
    if draw < 0.75 and other >= 0:
        target = max(earliest_place(shop, position, operation, front), position[other])
        if target < position[operation]:
            move_to(choice, position, operation, target)
            return True
        # What it waits for stands in between: put the other one behind instead.
        target = min(latest_place(shop, position, other), position[operation])
        if target > position[other] and not shop.operations[other].running and choice.load[other] < 0:
            move_to(choice, position, other, target)
            return True
        return False
    low, high = earliest_place(shop, position, operation, front), latest_place(shop, position, operation)
    if high <= low:
        return False
    target = low + np.random.randint(high - low + 1)
    if target == position[operation]:
        return False
    move_to(choice, position, operation, target)
    return True


@kernel
def copy_choice(source: Any, target: Any) -> None:
    """Copy one choice over another."""
    target.order[:] = source.order
    target.mode[:] = source.mode
    target.load[:] = source.load
    target.hold[:] = source.hold


@kernel
def improve(
    shop: Any, kept: Any, tried: Any, current: Any, best: Any, trial: Any, history: Any, values: Any, weights: Any,
    move_cost: float, rounds: int,
) -> None:  # fmt: skip
    """Try `rounds` changes; `values` holds the current and the best value and the number of rounds done so far.

    `kept` and `tried` are two timetables: the causes of the current choice, and room for the next.
    """
    position = np.empty(current.order.size, np.int64)
    front = int(shop.operations.running.sum())
    values[0] = value_of(shop, kept, current, weights, move_cost)
    for _ in range(rounds):
        values[2] += 1
        copy_choice(current, trial)
        for at in range(position.size):
            position[trial.order[at]] = at
        if not change(shop, kept, trial, position, front):
            continue
        trial.hold[:] = 0
        value = value_of(shop, tried, trial, weights, move_cost)
        slot = int(values[2]) % history.size
        if value <= values[0] or value <= history[slot]:
            values[0] = value
            kept, tried = tried, kept
            copy_choice(trial, current)
            if value < values[1] - 1e-9:
                values[1] = value
                copy_choice(trial, best)
        history[slot] = values[0]
