"""The kernel that tries changes of the order one after the other and keeps what the temperature allows."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.order.cost import same
from linewright.plan.search.order.edit import mark, widen
from linewright.plan.search.order.moves.hurry_job import hurry_job
from linewright.plan.search.order.moves.join_family import join_family
from linewright.plan.search.order.moves.pick import costly_operation, waiting_operation
from linewright.plan.search.order.moves.reassign import exchange, reassign
from linewright.plan.search.order.moves.reinsert import reinsert
from linewright.plan.search.order.moves.unblock import unblock
from linewright.plan.search.order.moves.wait_on_purpose import wait_for_cheap_hours, wait_for_due_date
from linewright.plan.search.order.track import LOGGED, VALUE
from linewright.plan.search.order.trial import begin_trial, keep, time_trial, undo, undo_times
from linewright.shop.block import arc_lag, run_calendars
from linewright.shop.copying import overwrite
from linewright.shop.kernels import kernel
from linewright.shop.state import OTHER_USED
from linewright.shop.working_time import backward, forward

#: The kinds of change, in the order in which their shares are given.
UNBLOCK, REINSERT, REASSIGN, EXCHANGE, JOIN_FAMILY, HURRY_JOB, DUE_DATE, CHEAP_HOURS = range(8)
KINDS = 8
#: How often holds are raised in one trial until every longest wait is kept.
MOST_REPAIRS = 6
#: Positions in `figures`: the best value, rounds so far, rounds since the best plan got better; the temperature and
#: what it is multiplied with each round; the sum of logarithms of what worse changes cost, and their number.
BEST, ROUNDS, IDLE, TEMPERATURE, COOLING, WORSE, WORSE_COUNT = range(7)


@kernel
def draw_kind(shares: Any) -> int:
    """A kind of change, each with its share."""
    left = np.random.random() * shares.sum()
    for kind in range(shares.size):
        left -= shares[kind]
        if left < 0:
            return kind
    return int(shares.size) - 1


@kernel
def propose(shop: Any, state: Any, track: Any, choice: Any, kind: int) -> bool:
    """Change the choice in one way; False when the draw led nowhere."""
    if kind == DUE_DATE:
        return wait_for_due_date(shop, state, track, choice)
    if kind == UNBLOCK:
        return unblock(shop, state, track, choice, waiting_operation(shop, state, track))
    if kind == JOIN_FAMILY:
        return join_family(shop, state, track, choice, waiting_operation(shop, state, track))
    if kind == HURRY_JOB:
        return hurry_job(shop, state, track, choice, costly_operation(shop, state, track))
    if kind == CHEAP_HOURS:
        return wait_for_cheap_hours(shop, state, track, choice, costly_operation(shop, state, track))
    operation = waiting_operation(shop, state, track)
    if kind == REASSIGN:
        return reassign(shop, state, track, choice, operation)
    if kind == EXCHANGE:
        return exchange(shop, state, track, choice, operation)
    return reinsert(shop, state, track, choice, operation)


@kernel
def hold_back(shop: Any, state: Any, track: Any, choice: Any, arc: int, operation: int) -> bool:
    """Hold the operation before an arc back when the next one would wait too long; whether it was necessary."""
    longest, before = shop.arcs[arc].longest, shop.arcs[arc].operation
    travel = arc_lag(shop, state, arc, state.work[operation].mode) - shop.arcs[arc].wait
    needed = state.work[operation].start - longest - travel
    if longest < 0 or state.work[before].end >= needed:
        return False
    run = shop.modes[state.work[before].mode].run
    count = run_calendars(shop, state, before, state.used[OTHER_USED])
    begin = backward(shop.calendars, state.used[OTHER_USED], count, needed, run)
    if forward(shop.calendars, state.used[OTHER_USED], count, begin, run) < needed:
        begin += 1
    mark(track, choice, before)
    choice.hold[before] = max(choice.hold[before] + 1, begin, state.work[before].start + 1)
    at = track.position[before]
    widen(track, choice, at, at)
    return True


@kernel
def keep_longest_waits(shop: Any, state: Any, track: Any, choice: Any) -> bool:
    """Raise holds where a wait has become too long by what this trial has changed; whether any was raised."""
    raised = False
    for slot in range(track.numbers[LOGGED]):
        operation = track.log_operation[slot]
        for arc in range(shop.operations[operation].first_arc, shop.operations[operation + 1].first_arc):
            raised = hold_back(shop, state, track, choice, arc, operation) or raised
        for at in range(shop.operations[operation].first_next, shop.operations[operation + 1].first_next):
            follower = shop.next_operation[at]
            for arc in range(shop.operations[follower].first_arc, shop.operations[follower + 1].first_arc):
                if shop.arcs[arc].operation == operation:
                    raised = hold_back(shop, state, track, choice, arc, follower) or raised
    return raised


@kernel
def judge(
    shop: Any, state: Any, track: Any, choice: Any, weights: Any, move_cost: float, limit: float, limited: bool
) -> float:  # fmt: skip
    """The value of a trial with every longest wait kept; infinite when above the limit or impossible."""
    for _ in range(MOST_REPAIRS):
        value = time_trial(shop, state, track, choice, weights, move_cost, limit)
        if value == np.inf or not limited or not keep_longest_waits(shop, state, track, choice):
            return value
        undo_times(shop, state, track)
    return np.inf


@kernel
def climb(
    shop: Any, state: Any, track: Any, choice: Any, best: Any, weights: Any, move_cost: float, figures: Any,
    shares: Any, gains: Any, limited: bool, rounds: int, seed: int,
) -> None:  # fmt: skip
    """Try `rounds` changes and keep what simulated annealing keeps: worse by a drawn sum that falls with temperature.

    See Kirkpatrick, Gelatt and Vecchi, Science 220 (1983) 671-680. The sum is drawn before the change is timed, so that
    timing can stop when it is passed. `gains` counts for each kind of change how often it was tried and how often it
    led to a better plan.
    """
    np.random.seed(seed)
    for _ in range(rounds):
        figures[ROUNDS] += 1
        figures[IDLE] += 1
        figures[TEMPERATURE] *= figures[COOLING]
        current = track.amounts[VALUE]
        limit = current - figures[TEMPERATURE] * np.log(1.0 - np.random.random())
        kind = draw_kind(shares)
        begin_trial(track)
        value = np.inf
        if propose(shop, state, track, choice, kind):
            gains[kind, 0] += 1
            value = judge(shop, state, track, choice, weights, move_cost, limit, limited)
        if current < value < np.inf and not same(current, value):
            figures[WORSE] += np.log(value - current)
            figures[WORSE_COUNT] += 1
        if value <= limit:
            keep(shop, state, track, choice, weights)
            gains[kind, 1] += value < current and not same(current, value)
            if value < figures[BEST] and not same(value, figures[BEST]):
                figures[BEST] = value
                figures[IDLE] = 0
                overwrite(best.order, choice.order)
                overwrite(best.mode, choice.mode)
                overwrite(best.hold, choice.hold)
        else:
            undo_times(shop, state, track)
            undo(track, choice)
