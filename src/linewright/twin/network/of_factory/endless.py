"""The open work of a factory as a mix that comes again and again, for questions about output and lead time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from linewright.shop.distributions import exponential
from linewright.shop.working_time import NEVER
from linewright.twin.network.model import LEAVE, Arrivals, JobType, Step
from linewright.twin.network.of_factory.routes import Context, law, operations_of, step_of, with_rework

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop

#: Due dates that leave less for each job say nothing of how often work comes.
LEAST_MINUTES = 1.0


def endless_types_of(context: Context, cards: str, pace: float) -> tuple[JobType, ...]:
    """A type for each material that is made, whose jobs come at random for ever, in the mix of the open work.

    Jobs have the mean quantity of the open ones. They come as often as the open ones are due, times the pace, each
    independently of all others (a Poisson stream).

    Parameters
    ----------
    cards
        The loop whose card each job needs, "" for none.
    pace
        How much faster jobs come; with cards, a fast pace keeps the plant full.
    """
    shop = context.shop
    jobs = shop.explosion.jobs
    by_material = _routes(shop)
    span = _span(context, sum(len(routes) for routes in by_material.values()))
    found = []
    for material, routes in by_material.items():
        interval = span / len(routes) / pace
        due = jobs["due"][[job for job in routes if jobs["due"][job] < NEVER]]
        found.append(
            JobType(
                name=shop.explosion.materials[material],
                route=tuple(_steps(context, list(routes.values()))),
                arrivals=Arrivals(interval=exponential(interval)),
                lead_time=float(np.mean(context.clock.minutes(due))) if due.size else None,
                cards=cards,
            )
        )
    return tuple(found)


def _routes(shop: Shop) -> dict[int, dict[int, list[int]]]:
    """For each material the jobs that still have all of its steps, with their operations."""
    found: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for job, mine in operations_of(shop).items():
        found[int(shop.explosion.jobs["material"][job])][job] = mine
    for material, routes in found.items():
        whole = max(len(mine) for mine in routes.values())
        found[material] = {job: mine for job, mine in routes.items() if len(mine) == whole}
    return dict(found)


def _span(context: Context, jobs: int) -> float:
    """Working minutes until the latest due date; a week's where nothing has one.

    Where hardly any time is left, such as before the plant opens, there is no pace to be read from the dates: so many
    jobs would come at once for ever.
    """
    due = context.shop.explosion.jobs["due"]
    dated = due[(due < NEVER) & (due > 0)]
    span = float(context.clock.minutes(dated.max())) if dated.size else 0.0
    return span if span >= LEAST_MINUTES * jobs else context.clock.elapsed(7 * 1440.0)


def _steps(context: Context, routes: list[list[int]]) -> Iterator[Step]:
    """The route of a mean job: the same steps, each with its mean time over the open jobs."""
    before = -1
    for place, alike in enumerate(zip(*routes, strict=True), start=1):
        first = alike[0]
        made = step_of(context, first, before, [], last=first == routes[0][-1])
        mean = float(np.mean([context.minutes(operation)[1] for operation in alike]))
        made = replace(made, time=law(mean, context.of(first, "run_variation")))
        following = str(int(context.shop.steps[routes[0][place]])) if place < len(routes[0]) else LEAVE
        yield with_rework(made, float(context.of(first, "rework_share")), following)
        before = first
