"""What is wrong with a network: every row at once, each with its cure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from linewright.errors import ModelError
from linewright.shop.distributions import EMPIRICAL, ERLANG, LOGNORMAL, MOST_PHASES, mean_of, of
from linewright.twin.network.model import (
    LEAVE,
    PER,
    RULES,
    SCRAP,
    Arrivals,
    JobType,
    Law,
    Network,
    Releases,
    Saturated,
    Step,
)
from linewright.twin.network.stations import CALENDAR, RUNNING, Failure, Station


def check(network: Network) -> None:
    """Raise ModelError with all that is wrong."""
    problems = [*_names(network), *_stations(network), *_job_types(network), *_shared(network), *_starts(network)]
    if problems:
        raise ModelError(problems)


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{kind} {name}: the name occurs {times} times; give each its own"


def _names(network: Network) -> Iterator[str]:
    yield from _twice("station", (station.name for station in network.stations))
    machines = (machine.name for station in network.stations for machine in station.all_machines)
    yield from _twice("machine", machines)
    yield from _twice("job type", (kind.name for kind in network.job_types))
    yield from _twice("pool", (pool.name for pool in network.pools))
    yield from _twice("cards", (cards.name for cards in network.cards))
    yield from (f"pool {pool.name}: has no people; give it at least one" for pool in network.pools if pool.people < 1)
    yield from (f"cards {loop.name}: there are none; give at least one" for loop in network.cards if loop.cards < 1)


def _stations(network: Network) -> Iterator[str]:
    pools = {pool.name for pool in network.pools}
    for station in network.stations:
        row = f"station {station.name}"
        if not station.all_machines:
            yield f"{row}: has no machine; give it at least one"
        if station.queue_places is not None and station.queue_places < 0:
            yield f"{row}: {station.queue_places} places to wait; give 0 or more, or None for no limit"
        if station.rule not in RULES:
            yield f"{row}: no rule {station.rule!r}; take one of {', '.join(RULES)}"
        if station.operators and station.operators not in pools:
            yield f"{row}: no pool {station.operators!r}; add it to the pools"
        if station.operators_for not in {"run", "setup"}:
            yield f"{row}: operators_for is {station.operators_for!r}; take 'run' or 'setup'"
        for machine in station.all_machines:
            if machine.speed <= 0:
                yield f"machine {machine.name}: speed {machine.speed}; give one above 0"
            if machine.power is not None:
                yield from _law(f"machine {machine.name}, start-up", machine.power.start_up)
            failures = station.failures if machine.failures is None else machine.failures
            yield from _twice(f"machine {machine.name}, failure", (f.name for f in failures if f.name))
            for failure in failures:
                yield from _failure(
                    f"machine {machine.name}, failure {failure.name or 'without a name'}", failure, pools
                )
        yield from _law(f"{row}, start-up", station.power.start_up)
        for setup in station.setups:
            yield from _law(f"{row}, setup to {setup.after}", setup.time)
        yield from _maintenance(row, station)


def _law(row: str, law: Law | None) -> Iterator[str]:
    """A law that gives times below 0, or no times at all."""
    if law is None:
        return
    values = law[2:] if law[:1] == (LOGNORMAL,) else law[1:]
    if any(math.isnan(value) for value in law) or any(value < 0 for value in values):
        yield f"{row}: its times may be negative or no number; correct the distribution"
    if law[:1] == (ERLANG,) and law[2] > MOST_PHASES:
        yield f"{row}: an Erlang distribution of {law[2]:g} phases; give at most {MOST_PHASES}"


def _is_zero(law: Law) -> bool:
    """Whether a law has the mean 0."""
    if int(law[0]) == EMPIRICAL:
        return not any(law[1:])
    return bool(mean_of(of([law])[0], ()) == 0)


def _failure(row: str, failure: Failure, pools: set[str]) -> Iterator[str]:
    if not failure.uptime or not failure.repair:
        yield f"{row}: has no {'repair' if failure.uptime else 'uptime'} time; give one"
    else:
        wrong = [*_law(f"{row}, uptime", failure.uptime), *_law(f"{row}, repair", failure.repair)]
        yield from wrong
        if not wrong and _is_zero(failure.uptime) and _is_zero(failure.repair):
            yield f"{row}: uptime and repair time are both 0; give one above 0"
    if failure.clock not in {RUNNING, CALENDAR}:
        yield f"{row}: clock {failure.clock!r}; take 'running' or 'calendar'"
    if failure.crew and failure.crew not in pools:
        yield f"{row}: no crew {failure.crew!r}; add it to the pools"


def _maintenance(row: str, station: Station) -> Iterator[str]:
    plans = [*station.maintenance, *(plan for machine in station.all_machines for plan in machine.maintenance or ())]
    for plan in plans:
        yield from _law(f"{row}, maintenance {plan.name}", plan.duration)
        if (plan.every_time is None) == (plan.every_jobs is None):
            yield f"{row}, maintenance {plan.name}: give either every_time or every_jobs"
        elif (plan.every_time or plan.every_jobs or 0) <= 0:
            yield f"{row}, maintenance {plan.name}: the interval is 0; give one above 0"


def all_steps(kind: JobType) -> list[Step]:
    """The steps of a route, then those of its detours, each named."""
    route = [_named(step, str(position)) for position, step in enumerate(kind.route)]
    steps = list(route)
    for step in route:
        for number, branch in enumerate(step.branches):
            steps += [
                _named(detour, f"{step.name} detour {number} step {position}")
                for position, detour in enumerate(branch.detour)
            ]
    return steps


def _named(step: Step, name: str) -> Step:
    from dataclasses import replace

    return step if step.name else replace(step, name=name)


def _job_types(network: Network) -> Iterator[str]:
    stations = {station.name: station for station in network.stations}
    loops = {loop.name for loop in network.cards}
    kinds = {kind.name for kind in network.job_types}
    pulled = [
        kind.route[0].station
        for kind in network.job_types
        if isinstance(kind.arrivals, Saturated) and not kind.cards and kind.route
    ]
    yield from (
        f"station {name}: {times} saturated job types begin here; leave one, or give the others cards"
        for name, times in Counter(pulled).items()
        if times > 1
    )
    for kind in network.job_types:
        row = f"job type {kind.name}"
        if not kind.route:
            yield f"{row}: has no steps; give it a route"
            continue
        if kind.cards and kind.cards not in loops:
            yield f"{row}: no cards {kind.cards!r}; add them"
        if kind.route[0].done_share < 1:
            yield f"{row}: the first step cannot be skipped; put one before it that is always done"
        yield from _arrivals(row, kind)
        names = {step.name for step in all_steps(kind)}
        yield from _twice(f"{row}, step", (step.name for step in all_steps(kind)))
        pools = {pool.name: pool.people for pool in network.pools}
        for step in all_steps(kind):
            yield from _step(f"{row}, step {step.name}", step, names, stations, kinds)
            yield from _not_modelled(f"{row}, step {step.name}", kind, step, stations.get(step.station), pools)


def _not_modelled(row: str, kind: JobType, step: Step, station: Station | None, pools: dict[str, int]) -> Iterator[str]:
    """What one step asks for that is not there: together they would give wrong figures, or no end."""
    for what, law in (("time", step.time), ("transport", step.transport), ("cascade", step.cascade)):
        yield from _law(f"{row}, {what}", law)
    if station is None:
        return
    named = {other.name: other for other in all_steps(kind)}
    if station.preemptive and step.joins:
        yield f"{row}: who takes parts in cannot be interrupted; take preemptive from {station.name}, or the joins away"
    if step.batch and step.batch_most > 1 and step.joins:
        yield f"{row}: a batch of several jobs cannot take parts in; give batch_most 1, or leave the joins out"
    earlier = named.get(step.same_machine_as)
    if earlier and any(one.batch and one.batch_most > 1 for one in (step, earlier)):
        yield f"{row}: jobs of a batch cannot return to its machine; give batch_most 1, or no same_machine_as"
    if station.block_before_service and any(one.done_share < 1 for one in _following(kind, step, named)):
        yield f"{row}: blocking before service needs a step behind that is never skipped; give it done_share 1"
    people = 1 if step.operators is None else step.operators
    if station.operators in pools and people > pools[station.operators]:
        yield f"{row}: needs {people} people, but pool {station.operators} has {pools[station.operators]}; give it more"
    if station.queue_places is not None and step.batch:
        room = station.queue_places + len(station.all_machines)
        if step.batch_least > room:
            yield f"{row}: batches of at least {step.batch_least}, but {room} jobs can wait; give more places"


def _following(kind: JobType, step: Step, named: dict[str, Step]) -> Iterator[Step]:
    """The step that follows as a rule, where it is known by name or by its place in the route."""
    if step.then:
        yield from (named[name] for name in (step.then,) if name in named)
        return
    names = list(named)
    at = names.index(step.name)
    if at + 1 < len(kind.route):
        yield named[names[at + 1]]


def _shared(network: Network) -> Iterator[str]:
    """Parts, cards and batches that several types of jobs share."""
    steps = [(kind, step) for kind in network.job_types for step in all_steps(kind)]
    parts = Counter(join.job_type for _, step in steps for join in step.joins)
    yield from (
        f"job type {name}: {times} steps take it in; make a type of its own for each"
        for name, times in parts.items()
        if times > 1
    )
    pulled = Counter(kind.cards for kind in network.job_types if isinstance(kind.arrivals, Saturated) and kind.cards)
    yield from (
        f"cards {name}: {times} saturated job types share them; give each its own"
        for name, times in pulled.items()
        if times > 1
    )
    cards = {loop.name: loop.cards for loop in network.cards}
    for kind, step in steps:
        loops = {k.cards for k, s in steps if step.batch and (s.station, s.batch) == (step.station, step.batch)}
        if loops and loops <= set(cards) and step.batch_least > sum(cards[name] for name in loops):
            yield (
                f"job type {kind.name}, step {step.name}: batches of at least {step.batch_least}, but there are fewer "
                "cards; give more"
            )


def _arrivals(row: str, kind: JobType) -> Iterator[str]:
    arrivals = kind.arrivals
    if isinstance(arrivals, Arrivals):
        if arrivals.jobs < 1:
            yield f"{row}: {arrivals.jobs} jobs arrive at once; give at least one"
        wrong = [*_law(f"{row}, interval", arrivals.interval)]
        yield from wrong
        if not wrong and arrivals.most is None and _is_zero(arrivals.interval):
            yield f"{row}: the interval between arrivals is 0; give one above 0"
    if isinstance(arrivals, Releases):
        if list(arrivals.times) != sorted(arrivals.times):
            yield f"{row}: release times do not ascend; sort them"
        if arrivals.due and len(arrivals.due) != len(arrivals.times):
            yield f"{row}: {len(arrivals.times)} releases, but {len(arrivals.due)} due dates; give one for each or none"


def _step(row: str, step: Step, names: set[str], stations: dict[str, Station], kinds: set[str]) -> Iterator[str]:
    station = stations.get(step.station)
    if station is None:
        yield f"{row}: no station {step.station!r}; add it"
        return
    if step.per not in PER:
        yield f"{row}: per {step.per!r}; take one of {', '.join(PER)}"
    if step.per == "batch" and not step.batch:
        yield f"{row}: its time is per batch, but it has no batch family; name one"
    if not 1 <= step.batch_least <= step.batch_most:
        yield f"{row}: batches of {step.batch_least} to {step.batch_most} jobs; give 1 <= least <= most"
    if station.block_before_service and (step.batch or step.branches or step.scrap_share > 0 or station.preemptive):
        yield f"{row}: blocking before service needs one way on, one job at a time and no interruption; leave them out"
    if step.batch and (station.preemptive or station.rule == "spt"):
        yield f"{row}: a batch cannot be interrupted or sorted by time; take another rule at {station.name}"
    if step.cascade and (
        station.preemptive or step.batch or any(s.queue_places is not None for s in stations.values())
    ):
        yield f"{row}: cascading goes neither with batches and interruption nor with limited queues; leave one out"
    shares = [step.scrap_share, *(branch.share for branch in step.branches)]
    if min(shares) < 0 or sum(shares) > 1 + 1e-12 or not 0 <= step.done_share <= 1:
        yield f"{row}: shares are not between 0 and 1, or sum to more than 1; correct them"
    named = [("then", step.then), ("wait_limit_to", step.wait_limit_to), ("same_machine_as", step.same_machine_as)]
    named += [("branch", branch.to) for branch in step.branches if branch.to not in {SCRAP, LEAVE}]
    for what, name in named:
        if name and name not in names:
            yield f"{row}: {what} leads to {name!r}, which is no step of the route; correct the name"
    for join in step.joins:
        if join.job_type not in kinds:
            yield f"{row}: no job type {join.job_type!r} to take in; add it"


def _starts(network: Network) -> Iterator[str]:
    kinds = {kind.name: kind for kind in network.job_types}
    for start in network.start:
        if start.job_type not in kinds:
            yield f"start: no job type {start.job_type!r}; add it"
        elif start.step and start.step not in {step.name for step in all_steps(kinds[start.job_type])}:
            yield f"start of {start.job_type}: no step {start.step!r}; correct the name"
