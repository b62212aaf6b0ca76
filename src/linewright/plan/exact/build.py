"""Build the exact model of a shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from linewright.model.results import Weights
from linewright.plan.bounds import Limits, limits, lower_bound
from linewright.plan.bounds.curves import FAR
from linewright.plan.bounds.passes import latest
from linewright.plan.exact.arcs import add_arcs
from linewright.plan.exact.axis import axis_of
from linewright.plan.exact.crews import add_people, add_tools
from linewright.plan.exact.draft import Draft, add_operations
from linewright.plan.exact.goal import Goal, add_dates, add_money
from linewright.plan.exact.horizon import horizon
from linewright.plan.exact.machines import add_machines, switching_machines
from linewright.shop.arrays import Shop
from linewright.shop.packing import packed
from linewright.shop.working_time import NEVER


@dataclass(frozen=True)
class Task:
    """A built model with what is needed to read its solutions."""

    draft: Draft
    rank: Any
    value_of: Callable[[float], float]


def build(shop: Shop, weights: Weights, objective: str, at_most: float) -> Task:
    """The whole model."""
    from ortools.sat.python import cp_model

    arrays, known = shop.arrays, limits(shop)
    dates = _dates_that_hold_back(shop, weights) if objective == "cost" else []
    switching = switching_machines(arrays)
    axis = axis_of(arrays, bool(switching), dates)
    last = axis.at(_latest_ends(shop, weights, objective, known, at_most).astype(np.int64))
    end = max(min(horizon(arrays, axis, dates), int(last.max())), 1)
    draft = Draft(arrays, axis, end, cp_model.CpModel(), axis.at(known.start))
    add_operations(draft, np.minimum(last, end - known.tail // axis.unit), switching)
    add_arcs(draft)
    priced = add_machines(draft, switching)
    add_tools(draft)
    add_people(draft)
    least = lower_bound(shop, weights, objective).value
    if objective == "makespan":
        value_of = _makespan(draft, least)
    else:
        value_of = _sum(draft, shop, weights if objective == "cost" else None, known, priced, least, at_most)
    rank = np.empty(shop.size, np.int64)
    rank[known.order] = np.arange(shop.size)
    return Task(draft, rank, value_of)


def _latest_ends(shop: Shop, weights: Weights, objective: str, known: Limits, at_most: float) -> Any:
    """The latest end of each operation in any plan whose value is `at_most` so much (seconds; FAR when unlimited).

    No single demand can be later than would cost all of it.
    """
    if at_most == inf:
        return np.full(shop.size, FAR)
    # A second more covers rounding.
    if objective == "makespan":
        return np.ceil(at_most * 3600) + 1 - known.tail
    due = shop.arrays.demands.due[:-1]
    rate = shop.arrays.demands.late_rate[:-1] * weights.lateness if objective == "cost" else np.full(due.size, 1 / 3600)
    counted = (due < NEVER) & (rate > at_most / FAR)
    slack = np.ceil(at_most / np.where(counted, rate, 1.0)).astype(np.int64) + 1
    ends, _ = latest(packed(shop.arrays), known.order, np.where(counted, due + slack, NEVER))
    return np.minimum(ends, FAR)


def _dates_that_hold_back(shop: Shop, weights: Weights) -> list[int]:
    """Moments up to which it may pay to hold work back: due dates where early stock costs, and an earlier plan."""
    demands = shop.arrays.demands[:-1]
    costly = (demands.early_rate * weights.early_stock > 0) & (demands.due > 0) & (demands.due < NEVER)
    dates: list[int] = demands.due[costly].tolist()
    if shop.factory.settings.move_cost * weights.instability > 0:
        dates += np.maximum(shop.arrays.operations.earlier_start[:-1], 0).tolist()
    return dates


def _makespan(draft: Draft, least: float) -> Callable[[float], float]:
    """Make the last end the objective; returns its value in hours."""
    low = min(int(draft.axis.at(np.array(round(least * 3600)))), draft.horizon)
    last = draft.model.new_int_var(low, draft.horizon, "makespan")
    draft.model.add_max_equality(last, draft.end)
    draft.model.minimize(last)
    return lambda units: float(draft.axis.ends(np.array(round(units)))) / 3600


def _sum(
    draft: Draft,
    shop: Shop,
    weights: Weights | None,
    known: Limits,
    priced: list[tuple[Any, Any, int]],
    least: float,
    at_most: float,
) -> Callable[[float], float]:
    """Make cost the objective, or late hours when there are no weights; returns its value."""
    demands, goal, hours = shop.arrays.demands[:-1], Goal(), 1.0
    if weights is None:
        hours = 3600.0
        add_dates(draft, goal, np.ones(demands.size), np.zeros(demands.size), known.finish)
    else:
        late, early = demands.late_rate * weights.lateness, demands.early_rate * weights.early_stock
        add_dates(draft, goal, late, early, known.finish)
        add_money(draft, goal, weights, priced, shop.factory.settings.move_cost)
    value_of = goal.minimise(draft, least * hours, at_most * hours)
    return lambda value: value_of(value) / hours
