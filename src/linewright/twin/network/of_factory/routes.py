"""Orders and work orders of a factory as jobs with routes through the stations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop.arrays import MATERIAL_ARC
from linewright.shop.distributions import fixed, lognormal
from linewright.shop.working_time import NEVER
from linewright.twin.network.model import LEAVE, Branch, JobType, Join, Law, Releases, Step

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.twin.network.of_factory.clock import WorkingClock
    from linewright.twin.network.of_factory.machines import Layout
    from linewright.twin.network.of_factory.people import Crews
    from linewright.twin.network.stations import Station


@dataclass(frozen=True)
class Context:
    """What every step is made of: the compiled shop, its clock, stations and crews, and the routing's own columns."""

    shop: Shop
    clock: WorkingClock
    layout: Layout
    crews: Crews
    routing: Mapping[str, list[Any]]

    def of(self, operation: int, column: str) -> Any:
        """A cell of the routing row behind an operation."""
        return self.routing[column][int(self.shop.routing[operation])]

    def minutes(self, operation: int) -> tuple[float, float]:
        """Setup and run minutes of an operation on a machine of speed 1."""
        return float(self.layout.times.setup[operation]), float(self.layout.times.run[operation])


def context_of(shop: Shop, clock: WorkingClock, layout: Layout, crews: Crews) -> Context:
    """All that is looked up while routes are made."""
    return Context(shop, clock, layout, crews, shop.factory.operations.content.to_dict(as_series=False))


def job_types_of(context: Context, cards: str) -> tuple[JobType, ...]:
    """A type for each job of the compiled shop, in its order; a job without operations has none.

    Parameters
    ----------
    cards
        The loop whose card a job of an order needs, "" for none. A job that makes a part for another needs no card:
        else jobs that hold all cards could wait for parts that may not start.
    """
    shop = context.shop
    jobs = shop.explosion.jobs
    operations = operations_of(shop)
    children, fed = _children(shop)
    found = []
    for job, mine in operations.items():
        due = int(jobs["due"][job])
        release = max(int(shop.arrays.operations[at].release) for at in mine)
        ready = max(release, *(int(shop.arrays.operations[at].material_ready) for at in mine))
        found.append(
            JobType(
                name=shop.job_names[job],
                route=tuple(_steps(context, mine, children)),
                arrivals=Releases(
                    times=(max(float(context.clock.minutes(ready)), 0.0),),
                    due=(float(context.clock.minutes(due)),) if due < NEVER else (),
                ),
                cards="" if job in fed else cards,
            )
        )
    return tuple(found)


def due_seconds_of(shop: Shop) -> tuple[float, ...]:
    """When each of these jobs is due, in seconds since the start, nights included; infinite where it has no date."""
    due = (int(shop.explosion.jobs["due"][job]) for job in operations_of(shop))
    return tuple(float(at) if at < NEVER else float("inf") for at in due)


def operations_of(shop: Shop) -> dict[int, list[int]]:
    """The operations of each job that has any, by step."""
    found: dict[int, list[int]] = defaultdict(list)
    for operation, job in enumerate(shop.arrays.operations.job[: shop.size].tolist()):
        found[job].append(operation)
    return dict(found)


def _children(shop: Shop) -> tuple[dict[int, list[int]], set[int]]:
    """For each operation the jobs whose goods it takes in, and all jobs that feed another.

    A job that feeds several is waited for by the first only.
    """
    children: dict[int, list[int]] = defaultdict(list)
    fed: set[int] = set()
    for operation, child in _feeds(shop):
        if child not in fed:
            fed.add(child)
            children[operation].append(child)
    return children, fed


def _steps(context: Context, mine: list[int], children: Mapping[int, list[int]]) -> Iterator[Step]:
    for before, operation, after in zip([-1, *mine], mine, [*mine[1:], -1], strict=False):
        parts = [context.shop.job_names[job] for job in children.get(operation, ())]
        step = step_of(context, operation, before, parts, last=after < 0)
        following = str(int(context.shop.steps[after])) if after >= 0 else LEAVE
        yield with_rework(step, float(context.of(operation, "rework_share")), following)


def with_rework(step: Step, share: float, following: str) -> Step:
    """The step with a chance to be done again, on the spot: parts are inside by then, drying and way are over."""
    if not share:
        return step
    again = replace(step, name=f"{step.name} again", joins=(), transport=None, branches=(Branch(share=share),))
    return replace(step, branches=(Branch(share=share, to=following, detour=(again,)),))


def step_of(context: Context, operation: int, before: int, parts: list[str], *, last: bool) -> Step:
    """One operation: a job is a lot that moves as a whole, so that its quantity is in the time."""
    station = context.layout.stations[context.layout.of_operation[operation]]
    setup, run = context.minutes(operation)
    least, most = _batch(context, operation)
    return Step(
        station=station.name,
        name=str(int(context.shop.steps[operation])),
        time=law(run, context.of(operation, "run_variation")),
        per="batch" if most > 1 else "job",
        load_time=setup,
        setup=context.of(operation, "setup_family"),
        batch=(context.of(operation, "setup_family") or "any") if most > 1 else "",
        batch_least=least,
        batch_most=most,
        transport=_transport(context, before, operation),
        operators=_people(context, operation, station) if station.operators else None,
        joins=tuple(Join(job_type=part) for part in parts),
        wait_limit=None if last else context.of(operation, "max_wait_minutes"),
    )


def _people(context: Context, operation: int, station: Station) -> int:
    """How many people of the station's pool an operation needs."""
    for crew in context.crews.of_operation.get(operation, ()):
        if crew.pool == station.operators:
            return crew.run if station.operators_for == "run" else crew.setup
    return 0


def law(mean: float, variation: float | None) -> Law:
    """A time with its coefficient of variation."""
    return lognormal(mean, variation) if variation and mean > 0 else fixed(mean)


def _transport(context: Context, before: int, operation: int) -> Law | None:
    """Drying after the step before and the way to another site, which both go on while the plant is closed."""
    if before < 0:
        return None
    sites = context.layout.sites
    here, there = (sites[context.layout.of_operation[at]] for at in (before, operation))
    way = int(context.shop.arrays.transit[here, there]) / 60 if min(here, there) >= 0 and here != there else 0.0
    minutes = context.clock.elapsed(float(context.of(before, "min_wait_minutes")) + way)
    return fixed(minutes) if minutes else None


def _batch(context: Context, operation: int) -> tuple[int, int]:
    """Jobs that a load holds, at least and at most, by the places that this one takes; 1 and 1 for no oven."""
    shop = context.shop
    record = shop.arrays.machines[int(shop.arrays.modes[int(shop.arrays.operations[operation].first_mode)].machine)]
    if not record.batch:
        return 1, 1
    load = max(int(shop.arrays.operations[operation].load), 1)
    most = max(int(record.capacity) // load, 1)
    return min(-(-int(record.min_load) // load), most), most


def notes_of(context: Context) -> Iterator[str]:
    """What the routes simplify, for the operations that there are."""
    shop = context.shop
    told = Counter[str]()
    for operation in range(shop.size):
        told["yield"] += context.of(operation, "yield_share") < 1
        told["overlap"] += context.of(operation, "overlap_quantity") is not None
        told["setup"] += bool(context.of(operation, "setup_variation"))
        told["speed"] += context.minutes(operation)[0] > 0 and _has_speeds(context, operation)
        told["setters"] += context.minutes(operation)[0] > 0 and _only_sets_up(context, operation)
        told["pause"] += not context.of(operation, "may_pause")
        told["load"] += _batch(context, operation)[0] > 1
        told["tool"] += bool(context.of(operation, "tool"))
        told["crews"] += len(context.crews.of_operation.get(operation, ())) > 1
    told["after"] = int(_branching(shop))
    told["shared"] = _shared_jobs(shop)
    told["running"] = int(shop.arrays.operations.running[: shop.size].sum())
    sentences = {
        "yield": "Operations that lose pieces ({:,}): jobs are larger by that, and no job is lost as a whole.",
        "overlap": "Operations that pass on transfer batches ({:,}): here a job moves on as a whole.",
        "setup": "Operations whose setup time varies ({:,}): here it is the mean.",
        "speed": "Operations that are set up on machines of another speed ({:,}): it counts for the setup, too.",
        "setters": "Operations whose setup needs people ({:,}): they are waited for at changeovers only.",
        "pause": "Operations that may not pause ({:,}): here they wait out a closure like all others.",
        "load": "Operations that wait for a least load ({:,}): what never makes one up, as at the end, is never done.",
        "tool": "Operations that hold a tool ({:,}): tools are taken to be enough.",
        "crews": "Operations that need people of several pools ({:,}): only the first pool counts.",
        "after": "Jobs with steps side by side ({:,}): here they follow each other by number.",
        "shared": "Jobs that feed several others ({:,}): only the first of these waits for them.",
        "running": "Operations that are running ({:,}): their rest begins anew, on any machine of the station.",
    }
    yield from (sentence.format(told[kind]) for kind, sentence in sentences.items() if told[kind])


def _only_sets_up(context: Context, operation: int) -> bool:
    """Whether people are needed for the setup that comes with every order, and not for the run."""
    crews = context.crews.of_operation.get(operation, ())
    return any(crew.setup for crew in crews) and not any(crew.run for crew in crews)


def _has_speeds(context: Context, operation: int) -> bool:
    """Whether a machine of the operation's station has a speed of its own."""
    return any(
        machine.speed != 1.0 for machine in context.layout.stations[context.layout.of_operation[operation]].all_machines
    )


def _branching(shop: Shop) -> int:
    """Jobs whose steps are not one chain."""
    found = 0
    for mine in operations_of(shop).values():
        for before, operation in pairwise(mine):
            record, after = shop.arrays.operations[operation], shop.arrays.operations[operation + 1]
            arcs = shop.arrays.arcs[record.first_arc : after.first_arc]
            steps = arcs.operation[arcs.kind != MATERIAL_ARC]
            if steps.size != 1 or int(steps[0]) != before:
                found += 1
                break
    return found


def _shared_jobs(shop: Shop) -> int:
    """Jobs whose goods go to several jobs."""
    consumers = shop.arrays.operations.job
    pairs = {(child, int(consumers[operation])) for operation, child in _feeds(shop)}
    return sum(count > 1 for count in Counter(child for child, _ in pairs).values())


def _feeds(shop: Shop) -> list[tuple[int, int]]:
    """Each operation that waits for the goods of a job, and the job."""
    operations, arcs = shop.arrays.operations, shop.arrays.arcs
    owner = np.repeat(np.arange(shop.size), np.diff(operations.first_arc))
    material = np.flatnonzero(arcs.kind[: owner.size] == MATERIAL_ARC)
    return list(zip(owner[material].tolist(), operations.job[arcs.operation[material]].tolist(), strict=True))
