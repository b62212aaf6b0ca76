"""The verb: from a factory to a verified plan."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright import __version__
from linewright.errors import LinewrightError, NoAnswer
from linewright.model.results import Bound, Origin, Plan, Weights
from linewright.model.verify import verify
from linewright.plan.stop import AnyOf, NoBetterFor, Rounds, Seconds, rounds_of, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from linewright.model.factory import Factory
    from linewright.model.ports import Clock, Stop, Watcher
    from linewright.plan.search.portfolio import Search
    from linewright.shop.arrays import Shop

OBJECTIVES = ("cost", "makespan", "tardiness")

#: A pin that slips by an hour weighs as much as this: enough to be held whenever it can be.
PIN_SLIP_PER_HOUR = 1e6
#: Years after which a plan is called impossible rather than long.
MOST_HORIZON_DAYS = 40 * 366
#: Plans tried before a small shop is handed to the exact solver.
ROUNDS_BEFORE_EXACT = 400
#: Deterministic seconds of the exact solver where only rounds are counted.
EXACT_SECONDS = 20.0


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds of a clock that only moves forward."""
        return time.perf_counter()


def schedule(  # noqa: PLR0913 - each has a default that is said in words
    factory: Factory,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    objective: str = "",
    weights: Weights | None = None,
    previous: Plan | None = None,
    now: datetime | None = None,
    watch: Watcher | None = None,
    clock: Clock | None = None,
    exact: bool = True,
    cores: int = 2,
    on_better: Callable[[Plan], None] | None = None,
) -> Plan:
    """Plan the open orders and work orders of a factory.

    Parameters
    ----------
    factory
        What is to be planned; it is not changed.
    stop
        When to end the search: `Seconds`, `Rounds`, `NoBetterFor`, `GapBelow` or `AnyOf` of them; 10 seconds
        if not given. The same seed and `Rounds` give the same plan.
    objective
        ``cost`` (the weighted total in currency), ``makespan`` or ``tardiness`` (both in hours). If not given:
        cost when anything has a due date, else makespan.
    weights
        How much each part of the cost counts.
    previous
        An earlier plan: what it starts inside the frozen zone stays, and moving the rest costs `settings.move_cost`.
    now
        The moment at which planning starts unless the settings name one; the clock's time if not given.
    watch
        Is told of progress: rounds, seconds, best value and bound.
    exact
        Whether a shop that is small enough goes to the exact solver, which may prove its plan optimal.
    cores
        How many threads may search at once. The same seed, rounds and cores give the same plan.
    on_better
        Is given each better plan while the search goes on, verified, at most one a second.

    Raises
    ------
    ModelError
        The rows cannot be planned, such as an operation that no machine can do.
    NoAnswer
        No moment of the calendar has room for an operation.
    """
    clock = clock or SystemClock()
    stop = stop or AnyOf(Seconds(10), NoBetterFor(20_000))
    weights = weights or Weights()
    start = factory.start(previous.start if previous and now is None else now or clock.now())
    objective = objective or _natural_objective(factory)
    if objective not in OBJECTIVES:
        raise ValueError(f"unknown objective {objective!r}: one of {', '.join(OBJECTIVES)}")

    def handed_out(shop: Shop, search: Search, bound: Bound) -> Plan:
        return verified_by_another(plan_of(shop, search, objective, weights, bound, seed, stop), factory, previous)

    def tell(shop: Shop, search: Search, bound: Bound) -> None:
        if on_better is not None:
            on_better(handed_out(shop, search, bound))

    return handed_out(*_searched(
        factory, start, stop, seed, objective, weights, previous, watch, clock, exact, cores,
        tell if on_better is not None else None,
    ))  # fmt: skip


def verified_by_another(plan: Plan, factory: Factory, previous: Plan | None) -> Plan:
    """A plan that somebody else has found right; anything else is a fault of ours."""
    breaches = verify(factory, plan, previous=previous)
    if breaches:
        told = "\n".join(f"  {breach}" for breach in breaches[:10])
        raise LinewrightError(
            f"The plan breaks {len(breaches)} rules; this is a fault of linewright, please report it:\n{told}"
        )
    return replace(plan, verified=True)


def _searched(  # noqa: PLR0913, PLR0917 - what schedule was asked
    factory: Factory, start: datetime, stop: Stop, seed: int, objective: str, weights: Weights, previous: Plan | None,
    watch: Watcher | None, clock: Clock, exact: bool, cores: int, tell: Callable[[Shop, Search, Bound], None] | None,
) -> tuple[Shop, Search, Bound]:  # fmt: skip
    """Compile and search; when the calendars end too early, again with a longer horizon."""
    from linewright.plan.bounds import lower_bound
    from linewright.plan.conflicts import conflicts
    from linewright.plan.search.portfolio import Search
    from linewright.plan.splits import Splits, room_for_splits
    from linewright.shop.compile import compile_shop

    def run(search: Search, shop: Shop, bound: Bound, stop: Stop) -> Bound:
        return _run(search, shop, weights, objective, bound, stop, seed, exact)

    days = 370
    while True:
        shop = compile_shop(factory, start, previous=previous, horizon_days=days)
        against = conflicts(shop)
        if against and days >= MOST_HORIZON_DAYS:
            raise NoAnswer("No plan can satisfy these rows:", against)
        if against:
            # A window may come later: look once as far as calendars go.
            days = MOST_HORIZON_DAYS
            continue
        bound = lower_bound(shop, weights, objective)
        search = Search(
            shop=shop,
            weights=value_weights(weights, objective),
            move_cost=factory.settings.move_cost,
            seed=seed,
            bound=bound.value,
            stop=stop,
            clock=clock,
            watch=watch,
            cores=cores,
        )
        if tell is not None:
            search.tell = partial(tell, shop, search, bound)
        # An earlier plan knows its lots by name: they stay as they are.
        room = room_for_splits(search, objective) if previous is None else None
        search.stop = room or stop
        try:
            found = shop, search, run(search, shop, bound, search.stop)
        except NoAnswer as error:
            # Without rows it is not the calendars that are too short.
            if days >= MOST_HORIZON_DAYS or not error.rows:
                raise
            days = min(days * 6, MOST_HORIZON_DAYS)
            continue
        return found if room is None else Splits(found, stop, weights, days, run, tell).best()


def _run(
    search: Search, shop: Shop, weights: Weights, objective: str, bound: Bound, stop: Stop, seed: int, exact: bool
) -> Bound:
    """Search; a small shop also goes to the exact solver. Returns the best bound."""
    from linewright.plan.exact import fits
    from linewright.plan.search.aside import Aside

    if exact and fits(shop):
        if rounds_of(stop) is not None or search.cores == 1:
            _solve_between(search, shop, weights, objective, stop, seed)
        else:
            search.aside = Aside(shop, weights, objective, seed)
    search.run()
    if search.exact_bound is None:
        return bound
    meaning = "An exact solver has searched all plans of these orders and found none below this."
    return replace(bound, value=search.exact_bound, kind="exact", meaning=meaning)


def _solve_between(search: Search, shop: Shop, weights: Weights, objective: str, stop: Stop, seed: int) -> None:
    """Search for a few rounds and hand over to the exact solver, on the same thread: a count of rounds is kept."""
    from linewright.plan.exact import solve_exact

    search.stop = AnyOf(stop, Rounds(ROUNDS_BEFORE_EXACT))
    search.run()
    limit = seconds_of(stop)
    spent = search.clock.seconds() - search.started
    seconds = limit - spent if limit is not None else EXACT_SECONDS
    search.stop = stop
    if search.interrupted or search.best_value <= search.bound + 1e-9 or seconds < 0.1 or stop(search.progress()):
        search.stop = Rounds(0)
        return
    answer = solve_exact(
        shop,
        weights,
        objective,
        stop_seconds=seconds,
        seed=seed,
        deterministic=limit is None,
        hint=search.best_starts(),
        # A plan in which a pin slips has a price that the exact model does not know.
        at_most=None if search.pinned.size else search.best_value,
    )
    if answer is not None:
        search.hear(answer)
        if search.best_value <= search.bound + 1e-9:
            search.stop = Rounds(0)


def value_weights(weights: Weights, objective: str) -> Any:
    """Weights of the parts of an evaluation under an objective; see :mod:`linewright.shop.evaluate`."""
    from linewright.shop.evaluate import MAKESPAN, MONEY, PARTS, PIN_SLIP, TARDINESS

    chosen = np.zeros(PARTS)
    if objective == "cost":
        chosen[:MONEY] = [getattr(weights, part.name) for part in fields(weights)]
    chosen[MAKESPAN] = 1 / 3600 if objective == "makespan" else 0.0
    chosen[TARDINESS] = 1 / 3600 if objective == "tardiness" else 0.0
    chosen[PIN_SLIP] = PIN_SLIP_PER_HOUR / 3600
    return chosen


def _natural_objective(factory: Factory) -> str:
    """Cost when anything has a date to keep, else makespan."""
    dated = any(
        (factory.table(name).frame["due"].is_not_null() & (factory.table(name).frame["status"] == "open")).any()
        for name in ("orders", "work_orders")
    )
    return "cost" if dated else "makespan"


def plan_of(shop: Shop, search: Search, objective: str, weights: Weights, bound: Bound, seed: int, stop: Stop) -> Plan:
    """The best choice of a search as a plan, not verified yet."""
    from linewright.plan.assemble import (
        job_frame,
        operation_frame,
        order_frame,
        pegging_frame,
        relaxed_pins,
        small_loads,
    )
    from linewright.plan.search.portfolio import timed
    from linewright.shop.compile import READS
    from linewright.shop.evaluate import MONEY, PIN_SLIP

    factory = shop.factory
    state, parts = timed(shop, search.best, search.move_cost)
    value = float((parts * search.weights)[np.arange(parts.size) != PIN_SLIP].sum())
    options = {"objective": objective, "stop": repr(stop), "rounds": search.rounds, "interrupted": search.interrupted}
    assumptions = list(shop.assumptions)
    if objective != "cost" and not _has_due(factory):
        assumptions.append("Nothing has a due date: everything is finished as early as possible.")
    return Plan(
        factory_name=factory.name,
        currency=factory.settings.currency,
        timezone=factory.settings.timezone,
        start=shop.start,
        objective=objective,
        value=value,
        costs={part.name: float(parts[at]) for at, part in enumerate(fields(weights)[:MONEY])},
        weights=weights,
        bound=bound,
        operations=operation_frame(shop, state, search.best),
        jobs=job_frame(shop, state),
        orders=order_frame(shop, state),
        pegging=pegging_frame(shop, state),
        relaxed=relaxed_pins(shop, state) + small_loads(shop, state, search.best),
        faults=factory.faults,
        assumptions=tuple(dict.fromkeys(assumptions)),
        origin=Origin(
            made_by="plan.schedule", code_version=__version__, seed=seed, options=options, reads=factory.hashes(READS)
        ),
    )


def _has_due(factory: Factory) -> bool:
    return _natural_objective(factory) == "cost"
