"""A fab of the testbed as a network of stations: one station for each tool family, one route for each release stream.

Times are in minutes. What the files leave open is settled as the testbed's paper has it, and can be chosen otherwise
to repeat the runs of PySCFabSim, see :class:`Reading`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linewright.shop.distributions import between, exponential, fixed
from linewright.twin.fabs.smt2020.records import Fab, Product, Release, Spread, Step, ToolFamily
from linewright.twin.fabs.smt2020.visits import visit_of
from linewright.twin.network import model, stations

if TYPE_CHECKING:
    from collections.abc import Iterator

Law = tuple[float, ...]
#: Minutes are a sixtieth of an hour.
MINUTE_HOURS = 1 / 60


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the files leave open.

    Parameters
    ----------
    rule
        How a tool chooses among waiting lots of one priority: "fifo", "cr", "edd" and so on.
    full_batches
        A furnace waits for as many lots as fit, as PySCFabSim does; else for the least that it may start with.
    mixed_batches
        Lots of two products may share a furnace if their steps have one name, as in PySCFabSim; else only lots at the
        same step of the same route, as ``crit_sameroutestep`` says.
    uniform_half
        The second parameter of a uniform time is half of its width (a step of 500 and 25 minutes takes 475 to 525);
        else the whole of it, as PySCFabSim has it.
    start_lots
        The lots that the files have inside at the start are there; else the fab is empty.
    """

    rule: str = "fifo"
    full_batches: bool = False
    mixed_batches: bool = False
    uniform_half: bool = True
    start_lots: bool = True


def network_of_fab(fab: Fab, reading: Reading | None = None) -> model.Network:
    """The fab as a network, with one job type for each release stream and the stream's name."""
    reading = reading or Reading()
    classes = sorted({release.priority for release in fab.releases}, reverse=True)
    routes: dict[tuple[str, int], tuple[model.Step, ...]] = {}
    job_types = []
    for release in fab.releases:
        key = (release.part, release.pieces)
        if key not in routes:
            routes[key] = tuple(_steps(fab, fab.product[release.part], release.pieces, reading))
        job_types.append(_job_type(release, routes[key], classes.index(release.priority)))
    return model.Network(
        name="SMT2020",
        stations=tuple(_stations(fab, reading)),
        job_types=tuple(job_types),
        start=tuple(_start(fab)) if reading.start_lots else (),
        unit_hours=MINUTE_HOURS,
    )


def _job_type(release: Release, route: tuple[model.Step, ...], urgency: int) -> model.JobType:
    return model.JobType(
        name=release.name,
        route=route,
        arrivals=model.Arrivals(
            interval=fixed(release.interval_minutes), first=release.first_minutes, most=release.lots
        ),
        priority=urgency,
        pieces=release.pieces,
        lead_time=release.due_minutes,
    )


def _start(fab: Fab) -> Iterator[model.StartJobs]:
    """The lots inside, one by one in the order of the file, each waiting for its step."""
    for lot in fab.start_lots:
        if lot.release:
            yield model.StartJobs(job_type=lot.release, step=str(lot.step))


def entered_minutes(fab: Fab) -> dict[str, list[float]]:
    """When the lots inside at the start entered the fab, by stream in the order of the file: before 0.

    A lot entered as long before its due date as all lots of its stream do.
    """
    lead = {release.name: release.due_minutes for release in fab.releases}
    entered: dict[str, list[float]] = {name: [] for name in lead}
    for lot in fab.start_lots:
        if lot.release:
            entered[lot.release].append(lot.due_minutes - lead[lot.release])
    return entered


def _steps(fab: Fab, product: Product, pieces: int, reading: Reading) -> Iterator[model.Step]:
    source = {step.same_tool_step: str(step.number) for step in product.steps if step.same_tool_step}
    before: Step | None = None
    for step in product.steps:
        visit = visit_of(fab, step, pieces)
        batch = _batch(product, step, reading) if step.per == "batch" else ""
        most = max(step.most_pieces // pieces, 1)
        yield model.Step(
            station=step.family,
            name=str(step.number),
            time=_law(step.minutes, reading, visit.factor, visit.lot_fixed),
            per="batch" if batch else "job",
            cascade=None if visit.tool_random else fixed(visit.tool_fixed),
            setup=step.setup,
            batch=batch,
            batch_most=most if batch else 1,
            batch_least=(most if reading.full_batches else max(step.least_pieces // pieces, 1)) if batch else 1,
            transport=_travel(fab, before, step, reading),
            done_share=step.sample_share,
            branches=(model.Branch(share=step.rework_share, to=str(step.rework_step)),) if step.rework_share else (),
            wait_limit=step.clock_minutes if step.clocked_step else None,
            wait_limit_to=str(step.clocked_step) if step.clocked_step else "",
            same_machine_as=source.get(step.number, ""),
        )
        before = step


def _batch(product: Product, step: Step, reading: Reading) -> str:
    return step.name if reading.mixed_batches else f"{product.route} {step.number}"


def _travel(fab: Fab, before: Step | None, step: Step, reading: Reading) -> Law | None:
    if before is None:
        return None
    spread = fab.travel.get((fab.family[before.family].location, fab.family[step.family].location))
    return _law(spread, reading) if spread else None


def _law(spread: Spread, reading: Reading, factor: float = 1.0, more: float = 0.0) -> Law:
    """A duration as a law, times a factor and with a fixed part."""
    mean = spread.mean_minutes * factor + more
    if spread.kind == "exponential":
        return exponential(mean)
    half = spread.half_minutes * factor * (1.0 if reading.uniform_half else 0.5)
    return between(mean - half, mean + half) if half else fixed(mean)


def _stations(fab: Fab, reading: Reading) -> Iterator[stations.Station]:
    used: dict[str, dict[str, float | None]] = defaultdict(dict)
    for product in fab.products:
        for step in product.steps:
            if step.setup:
                used[step.family][step.setup] = step.setup_minutes
    pieces = max((release.pieces for release in fab.releases), default=1)
    for family in fab.families:
        setups = tuple(_setups(fab, used[family.name]))
        yield stations.Station(
            name=family.name,
            machines=tuple(_machines(fab, family, pieces, reading)),
            rule=reading.rule,
            # Without setups there is nothing to compare, and the first in the queue is the next.
            same_setup_first=family.least_setup and bool(setups),
            setups=setups,
            failures=tuple(
                stations.Failure(
                    name=breakdown.name,
                    uptime=_law(breakdown.up, reading),
                    repair=_law(breakdown.repair, reading),
                    clock=stations.CALENDAR,
                )
                for breakdown in fab.breakdowns
                if breakdown.family == family.name
            ),
        )


def _machines(fab: Fab, family: ToolFamily, pieces: int, reading: Reading) -> Iterator[stations.Machine]:
    """The tools, whose upkeep comes evenly spread: the k-th of n first stops after k/n of the first interval."""
    upkeeps = [upkeep for upkeep in fab.upkeeps if upkeep.family == family.name]
    for number in range(1, family.tools + 1):
        yield stations.Machine(
            name=f"{family.name} {number}",
            maintenance=tuple(
                stations.Maintenance(
                    name=upkeep.name,
                    duration=_law(upkeep.minutes, reading),
                    every_time=None if upkeep.by_pieces else upkeep.every,
                    every_jobs=round(upkeep.every / pieces) if upkeep.by_pieces else None,
                    first=upkeep.first * number / family.tools / (pieces if upkeep.by_pieces else 1),
                )
                for upkeep in upkeeps
            ),
        )


def _setups(fab: Fab, used: Mapping[str, float | None]) -> Iterator[stations.Setup]:
    """Setup times between the states that a family's steps need.

    A time in the route counts whatever the state before; else the time from the state before, or from any other.
    """
    for after, own in used.items():
        least = fab.least_runs.get(after, 0)
        if own is not None:
            yield stations.Setup(after=after, time=fixed(own), least_runs=least)
            continue
        for (before, state), minutes in fab.changeovers.items():
            if state == after and (not before or before in used):
                yield stations.Setup(before=before, after=after, time=fixed(minutes), least_runs=least)
