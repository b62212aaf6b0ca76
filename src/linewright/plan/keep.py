"""Keep the order of an earlier plan while the world has changed: what happens if nobody reacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linewright.model.results import Bound, Plan

if TYPE_CHECKING:
    from datetime import datetime

    from linewright.model.factory import Factory


def keep_order(factory: Factory, plan: Plan, *, now: datetime | None = None) -> Plan:
    """Time the work of a plan anew, in its order and on its machines, under the rows of a changed factory.

    New operations come when they can; loads of an oven are formed anew. Nothing is frozen and moves cost nothing.

    Parameters
    ----------
    factory
        The changed factory.
    plan
        The earlier plan.
    now
        The moment from which work is timed; the plan's start if not given.

    Raises
    ------
    ModelError
        The rows cannot be planned.
    NoAnswer
        No moment of the calendar has room for an operation.
    """
    from linewright.plan.scheduling import SystemClock, plan_of, value_weights, verified_by_another
    from linewright.plan.search.portfolio import Search
    from linewright.plan.stop import Rounds
    from linewright.shop.compile import compile_shop

    free = factory.with_settings(frozen_hours=0.0, move_cost=0.0)
    shop = compile_shop(free, factory.start(now or plan.start), previous=plan)
    search = Search(
        shop=shop,
        weights=value_weights(plan.weights, plan.objective),
        move_cost=0.0,
        seed=plan.origin.seed,
        bound=0.0,
        stop=Rounds(1),
        clock=SystemClock(),
        cores=1,
    )
    search.keep()
    bound = Bound(value=0.0, kind="none", meaning="Nothing was searched: the order of the earlier plan was kept.")
    made = plan_of(shop, search, plan.objective, plan.weights, bound, plan.origin.seed, Rounds(1))
    return verified_by_another(made, free, None)
