"""What an exact model minimises, in whole numbers that never exceed the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor, gcd, inf
from typing import Any

import numpy as np

from linewright.model.results import Weights
from linewright.plan.bounds.money import least_prices, mode_money
from linewright.plan.exact.draft import Draft
from linewright.shop.working_time import NEVER

#: The largest sum of an objective: beyond it the solver's own arithmetic could overflow.
MOST = 1 << 52
#: What amounts are multiplied with to become whole: cents, and days in hours, minutes, seconds.
SCALES = tuple(
    sorted({ten * part for ten in (1, 10, 100, 1000, 10_000) for part in (1, 24, 1440, 86_400, 365, 525_600)})
)


@dataclass
class Goal:
    """A sum of `amounts` (of one step of each term) times `terms`, plus what is paid in any case.

    `most` is the largest value of each term.
    """

    terms: list[Any] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    always: float = 0.0

    def add(self, amount: float, term: Any, most: int) -> None:
        """Add a term that costs something."""
        if amount > 0:
            self.terms.append(term)
            self.amounts.append(float(amount))
            self.most.append(most)

    def minimise(self, draft: Draft, at_least: float, at_most: float) -> Callable[[float], float]:
        """Make the sum the model's objective, known to lie between two figures; returns what its value means."""
        if not self.terms:
            return lambda _: self.always
        whole, common, scale = whole_numbers(self.amounts, self.most)
        total = sum(amount * term for amount, term in zip(whole, self.terms, strict=True))
        # Rounding down takes less than one from each step of a term.
        known = floor((at_least - self.always) * scale / common * (1 - 1e-9)) - sum(self.most)
        if known > 0:
            draft.model.add(total >= known)
        if at_most < inf:
            draft.model.add(total <= ceil((at_most - self.always) * scale / common * (1 + 1e-9)) + 1)
        draft.model.minimize(total)
        return lambda value: self.always + value * common / scale


def whole_numbers(amounts: list[float], most: list[int]) -> tuple[list[int], int, float]:
    """Amounts as whole numbers; each stands for that many times the second result divided by the third.

    A simple scale is taken if it makes all amounts whole. Otherwise they are rounded down at a fine scale, so that a
    sum is never above the true one.
    """
    values = np.array(amounts)
    for scale in SCALES:
        scaled = values * scale
        whole = np.rint(scaled)
        if (np.abs(scaled - whole) <= 1e-12 * np.maximum(scaled, 1)).all() and scaled @ np.array(most) < MOST:
            common = gcd(*(int(value) for value in whole))
            return [int(value) // common for value in whole], common, scale
    fine = MOST / float(values @ np.maximum(np.array(most), 1))
    return [floor(value * fine) for value in amounts], 1, fine


def add_money(draft: Draft, goal: Goal, weights: Weights, priced: list[tuple[Any, Any, int]], move_cost: float) -> None:
    """Energy and preference of modes, changeovers, and moves against an earlier plan; overtime counts nothing."""
    shop = draft.shop
    money = mode_money(shop, weights)
    for at in range(draft.size):
        modes = draft.modes_of(at)
        least = min(float(money[mode]) for mode in modes)
        goal.always += least
        for mode in modes:
            goal.add(float(money[mode]) - least, draft.mode[at][mode], 1)
    prices = least_prices(shop)
    for literal, switch, machine in priced:
        record = shop.machines[machine]
        amount = weights.changeovers * (switch["cost"] + switch["seconds"] * record.cost_per_second)
        amount += weights.energy * switch["seconds"] * record.setup_kw / 3600 * prices[machine]
        goal.add(float(amount), literal, 1)
    if move_cost * weights.instability > 0:
        for at in np.flatnonzero(shop.operations.earlier_machine[:-1] >= 0).tolist():
            goal.add(move_cost * weights.instability, _moved(draft, at), 1)


def _moved(draft: Draft, at: int) -> Any:
    """Whether an operation leaves its machine of the earlier plan or starts more than an hour off."""
    record = draft.shop.operations[at]
    moved = draft.literal(f"moved{at}")
    draft.model.add(draft.present(at, int(record.earlier_machine)) + moved >= 1)
    if draft.axis.shared is None:
        unit = draft.axis.unit
        start = draft.start[at] * unit
        draft.model.add(start >= int(record.earlier_start) - 3600 - unit + 1).only_enforce_if(moved.negated())
        draft.model.add(start <= int(record.earlier_start) + 3600 + unit - 1).only_enforce_if(moved.negated())
    return moved


def add_dates(draft: Draft, goal: Goal, late: Any, early: Any, finish: Any) -> None:
    """Late and early time of every demand, at a rate for each second; `finish` is the earliest finish (seconds)."""
    demands = draft.shop.demands
    ends: dict[int, Any] = {}
    for at in range(demands.size - 1):
        due = int(demands.due[at])
        if due >= NEVER or (late[at] <= 0 and early[at] <= 0):
            continue
        arrivals = _arrivals(draft, at, ends)
        furthest = max([int(finish[at]), *(most for _, most, _ in arrivals)])
        ready = max(int(demands.ready[at]), 0)
        if late[at] > 0:
            _add_late(draft, goal, late[at], due, max(ready, int(finish[at])), furthest, arrivals)
        if early[at] > 0 and due > finish[at]:
            _add_early(draft, goal, early[at], due, ready, furthest, arrivals)


Arrival = tuple[Any, int, list[Any]]


def _arrivals(draft: Draft, demand: int, ends: dict[int, Any]) -> list[Arrival]:
    """When each feed of a demand arrives (seconds): an expression, its largest value, and literals that it needs."""
    shop, found = draft.shop, []
    for feed in range(*shop.demands.first_feed[demand : demand + 2].tolist()):
        operation, lag = int(shop.feeds.operation[feed]), int(shop.feeds.lag[feed])
        if operation not in ends:
            ends[operation] = real_end(draft, operation)
        end, most = ends[operation]
        travels: dict[int, list[Any]] = {}
        for mode in draft.modes_of(operation):
            here, there = int(shop.machines.site[draft.machine_of(mode)]), int(shop.demands.site[demand])
            travel = int(shop.transit[here, there]) if here >= 0 and there >= 0 else 0
            travels.setdefault(travel, []).append(draft.mode[operation][mode])
        for travel, literals in travels.items():
            chosen = [] if len(travels) == 1 else [sum(literals)]
            found.append((end + lag + travel, most + lag + travel, chosen))
    return found


def real_end(draft: Draft, operation: int) -> tuple[Any, int]:
    """The end of an operation in seconds since the plan's start, and the largest that it can be.

    On an axis of working time every closed time that lies before the end is added.
    """
    unit, shared, end = draft.axis.unit, draft.axis.shared, draft.end[operation]
    if shared is None:
        return end * unit, draft.horizon * unit
    offset, terms = int(shared.start[0]) if shared.start.size else 0, []
    for opening, closing in zip(shared.start[1:].tolist(), shared.end[:-1].tolist(), strict=True):
        worked = int(shared.curve.until(closing)) // unit
        if worked >= draft.horizon:
            break
        passed = draft.literal(f"passed{operation}")
        draft.model.add(end >= worked + 1).only_enforce_if(passed)
        draft.model.add(end <= worked).only_enforce_if(passed.negated())
        terms.append((opening - closing) * passed)
    most = int(draft.axis.ends(np.array(draft.horizon)))
    real = draft.model.new_int_var(0, max(most, 0), f"real{operation}")
    draft.model.add(real == end * unit + offset + sum(terms))
    return real, most


def _add_late(
    draft: Draft, goal: Goal, rate: float, due: int, earliest: int, furthest: int, arrivals: list[Arrival]
) -> None:
    """Lateness is at least what each feed is late."""
    step = _step(draft, due)
    most = max(-(-(furthest - due) // step), 0)
    late = draft.model.new_int_var(min(max((earliest - due) // step, 0), most), most, "late")
    for arrival, _, literals in arrivals:
        constraint = draft.model.add(late * step >= arrival - due)
        for literal in literals:
            _only_if(draft, constraint, literal)
    goal.add(rate * step, late, most)


def _add_early(
    draft: Draft, goal: Goal, rate: float, due: int, ready: int, furthest: int, arrivals: list[Arrival]
) -> None:
    """A demand is early by what its last feed is early."""
    finish = draft.model.new_int_var(ready, max(furthest, ready), "finish")
    # Where transport depends on the machine the latest arrival counts, so that earliness is never overstated.
    draft.model.add_max_equality(finish, [*(arrival for arrival, _, _ in arrivals), ready])
    step = _step(draft, due)
    early = draft.model.new_int_var(0, max(due // step, 0), "early")
    draft.model.add(early * step >= due - finish)
    goal.add(rate * step, early, max(due // step, 1))


def _only_if(draft: Draft, constraint: Any, literal: Any) -> None:
    """Enforce under a sum of literals of which one at most is true."""
    chosen = draft.literal("")
    draft.model.add(literal == chosen)
    constraint.only_enforce_if(chosen)


def _step(draft: Draft, due: int) -> int:
    """The largest step in which lateness can be counted without rounding."""
    shop, shared = draft.shop, draft.axis.shared
    closed = [] if shared is None else [*(shared.start[1:] - shared.end[:-1]).tolist(), *shared.start[:1].tolist()]
    parts = np.unique(np.concatenate([shop.feeds.lag, shop.transit.ravel(), closed]).astype(np.int64))
    return max(gcd(draft.axis.unit, due, *parts.tolist()), 1)
