"""Proven limits: what no plan of a shop can beat, found in a fraction of a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.model.results import Bound, Weights
from linewright.plan.bounds.curves import CurveBook, crew_calendars
from linewright.plan.bounds.edges import ordered_makespan
from linewright.plan.bounds.load import Urgency, lateness_excess, makespan_bound
from linewright.plan.bounds.machine_sets import machine_pools
from linewright.plan.bounds.money import least_money
from linewright.plan.bounds.passes import earliest, finishes, following, latest
from linewright.plan.bounds.pools import Pool, people_pools, tool_pools
from linewright.shop.arrays import Shop
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.working_time import NEVER

__all__ = ["Limits", "limits", "lower_bound"]


@dataclass(frozen=True)
class Limits:
    """What holds for each operation in every plan, in seconds since its start.

    `start` and `end` are those of its run at the earliest, `block` is the begin of its own setup counted back from
    there (a changeover or absent setters only lengthen the block); `tail` is the least time between its end and the
    last end of all; `finish` is the earliest finish of each demand. `order` is a topological order.
    """

    order: Any
    block: Any
    start: Any
    end: Any
    tail: Any
    finish: Any


def limits(shop: Shop) -> Limits:
    """Pass through the precedence graph: longest paths with calendars, waits, dates, pins and transfer batches.

    Each operation starts as early as what it waits for allows on its best machine, as if nothing else were there. All
    steps are monotone in time and each leaves out rules, so no plan has an operation earlier (the critical path bound;
    Pinedo, Scheduling, 5th ed. 2016, section 7.1).
    """
    arrays = packed(shop.arrays)
    order = topological(arrays)
    calendars, crew = crew_calendars(shop.arrays)
    block, start, end = earliest(arrays, calendars, crew, order)
    return Limits(order, block, start, end, following(arrays, order), finishes(arrays, end))


def lower_bound(shop: Shop, weights: Weights, objective: str) -> Bound:
    """A value that no plan of the shop can be below.

    Parameters
    ----------
    objective
        ``cost`` (weighted, in currency), ``makespan`` (hours) or ``tardiness`` (late hours of all demands).

    Notes
    -----
    Cost is bounded part by part: lateness by the critical path of each demand (:func:`limits`) and, on top, by load
    (:func:`linewright.plan.bounds.load.lateness_excess`); energy and preference by each operation's cheapest machine;
    changeovers by the cheapest way into each family; all other parts by 0.
    """
    measure: dict[str, Callable[[Shop, Weights, Limits], Bound]] = {
        "cost": _cost, "makespan": _makespan, "tardiness": _tardiness,
    }  # fmt: skip
    return measure[objective](shop, weights, limits(shop))


def _pools(shop: Shop) -> list[Pool]:
    """Every pool worth a look."""
    curves = CurveBook(shop.arrays.calendars)
    return [*machine_pools(shop, curves), *people_pools(shop, curves), *tool_pools(shop, curves)]


def _makespan(shop: Shop, _: Weights, known: Limits) -> Bound:
    path = int((known.end + known.tail).max(initial=0))
    load, pool = makespan_bound(_pools(shop), known.block, known.tail)
    both = max(load, path)
    ordered = ordered_makespan(shop.arrays, known.order, known.start, known.tail, both) if both else 0
    if ordered > both:
        meaning = "In less time the machines cannot bring their operations into any order that leaves room for all."
        return Bound(value=ordered / 3600, kind="load", meaning=meaning)
    if load > path and pool is not None:
        meaning = f"{_capital(pool.name)}: {pool.hours:,.1f} h of work must be done there."
        return Bound(value=load / 3600, kind="load", meaning=meaning)
    if not shop.size:
        return Bound(value=0.0, kind="job", meaning="There is nothing to do.")
    last = int(np.argmax(known.end + known.tail))
    name = shop.job_names[int(shop.arrays.operations.job[last])]
    meaning = f"Job {name} takes that long even if it never waits for a machine."
    return Bound(value=path / 3600, kind="job", meaning=meaning)


def _tardiness(shop: Shop, _: Weights, known: Limits) -> Bound:
    late, excess, crowded = _lateness(shop, known, np.full(shop.arrays.demands.size - 1, 1 / 3600))
    # Sums of many numbers in another order may differ in their last digits.
    value = (float(late.sum()) + excess) * (1 - 1e-12)
    return Bound(
        value=value,
        kind="load" if excess > 0 else "job",
        meaning=_meaning(shop, known, crowded),
        parts={"lateness": value},
        late=_by_order(shop, late),
    )


def _cost(shop: Shop, weights: Weights, known: Limits) -> Bound:
    late, excess, crowded = _lateness(shop, known, shop.arrays.demands.late_rate[:-1] * weights.lateness)
    parts = {"lateness": float(late.sum()) + excess, **least_money(shop.arrays, weights)}
    return Bound(
        value=sum(parts.values()) * (1 - 1e-12),
        kind="load" if excess > 0 else "job",
        meaning=_meaning(shop, known, crowded),
        parts=parts,
        late=_by_order(shop, late),
    )


def _by_order(shop: Shop, late: Any) -> dict[str, float]:
    """Lateness by the name of what is late."""
    return {shop.demand_names[at]: float(late[at]) for at in np.flatnonzero(late).tolist()}


def _lateness(shop: Shop, known: Limits, rate: Any) -> tuple[Any, float, list[Pool]]:
    """Lateness at a rate for each demand: what each has on its own, what load adds, and the pools that do."""
    due = shop.arrays.demands.due[:-1]
    dated = (due < NEVER) & (rate > 0)
    own = np.where(dated, rate * np.maximum(known.finish - due, 0), 0.0)
    if not dated.any() or not shop.size:
        return own, 0.0, []
    moment, whose = latest(packed(shop.arrays), known.order, np.where(dated, due, NEVER))
    lead = np.minimum.reduceat(shop.arrays.modes.run, shop.arrays.operations.first_mode[:-1])
    whose = np.where(moment < NEVER, whose, -1)
    allowed = np.where(dated, np.maximum(known.finish - due, 0), 0)
    urgency = Urgency(known.block, moment, whose, lead, np.where(dated, rate, 0.0), allowed)
    excess, crowded = lateness_excess(_pools(shop), urgency)
    return own, excess, crowded


def _meaning(shop: Shop, known: Limits, crowded: list[Pool]) -> str:
    """What forces lateness, in the words of the shop."""
    due = shop.arrays.demands.due[:-1]
    hopeless = np.flatnonzero(known.finish > due)
    said = []
    if hopeless.size:
        some = ", ".join(shop.demand_names[at] for at in hopeless[:3].tolist())
        more = f" and {hopeless.size - 3:,} more" if hopeless.size > 3 else ""
        who = "1 order is" if hopeless.size == 1 else f"{hopeless.size:,} orders are"
        said.append(f"{who} late even if nothing else was made: {some}{more}.")
    if crowded:
        pool = crowded[0]
        said.append(
            f"{_capital(pool.name)}: {pool.hours:,.0f} h of work, more than there is time for before due dates."
        )
    return " ".join(said) or "No order has to be late by what is known before planning."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
