"""What a fab must be able to do, without simulating it: raw processing times and the load of each tool family.

These are sums of means, which the testbed's paper also gives (its tables II and III), so that they show whether the
files were read as they were meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from linewright.twin.fabs.smt2020.records import Fab, Step
from linewright.twin.fabs.smt2020.visits import visit_of


@dataclass(frozen=True, kw_only=True)
class FamilyLoad:
    """The load of a tool family by the means of all times.

    `busy_share` is working time by the time in which the tools are available; `available_share` is what breakdowns and
    upkeep leave; setups are not counted.
    """

    family: str
    group: str
    tools: int
    busy_share: float
    available_share: float


def raw_minutes(fab: Fab, part: str, pieces: int = 25) -> float:
    """The mean time through an empty fab: processing, handling and travel, without waiting, setup or rework."""
    steps = fab.product[part].steps
    total = 0.0
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        total += step.sample_share * visit_of(fab, step, pieces).lot_mean_minutes
        if after is not None:
            total += after.sample_share * travel_minutes(fab, step, after)
    return total


def travel_minutes(fab: Fab, step: Step, after: Step) -> float:
    """The mean time between two steps; places that the files do not join are one place."""
    places = (fab.family[step.family].location, fab.family[after.family].location)
    return fab.travel[places].mean_minutes if places in fab.travel else 0.0


def loads_of(fab: Fab, batch_fill: float = 0.5) -> dict[str, FamilyLoad]:
    """The load of each family at the release rate of the files.

    Parameters
    ----------
    batch_fill
        How full batches are: 0 is the least that may start, 1 is the most that fits.
    """
    minutes: dict[str, float] = defaultdict(float)
    pieces: dict[str, float] = defaultdict(float)
    for release in fab.releases:
        rate = 1 / release.interval_minutes
        for step, visits in _visits(fab.product[release.part].steps):
            load = step.least_pieces + batch_fill * (step.most_pieces - step.least_pieces)
            shared = max(load / release.pieces, 1.0) if step.per == "batch" else 1.0
            minutes[step.family] += rate * visits * visit_of(fab, step, release.pieces).tool_mean_minutes / shared
            pieces[step.family] += rate * visits * release.pieces
    return {family.name: _load(fab, family.name, minutes[family.name], pieces[family.name]) for family in fab.families}


def _visits(steps: tuple[Step, ...]) -> list[tuple[Step, float]]:
    """How often a lot does each step on average: what is sampled, and once more what it must do again."""
    often = {step.number: step.sample_share for step in steps}
    for step in steps:
        for again in range(step.rework_step, step.number + 1) if step.rework_share else ():
            often[again] += steps[again - 1].sample_share * step.rework_share * step.sample_share
    return [(step, often[step.number]) for step in steps]


def _load(fab: Fab, name: str, minutes: float, pieces: float) -> FamilyLoad:
    family = fab.family[name]
    lost = 0.0
    for breakdown in fab.breakdowns:
        if breakdown.family == name:
            repair = breakdown.repair.mean_minutes
            lost += repair / (breakdown.up.mean_minutes + repair)
    for upkeep in fab.upkeeps:
        if upkeep.family == name:
            often = pieces / family.tools / upkeep.every if upkeep.by_pieces else 1 / upkeep.every
            lost += often * upkeep.minutes.mean_minutes
    available = max(1 - lost, 1e-9)
    return FamilyLoad(
        family=name,
        group=family.group,
        tools=family.tools,
        busy_share=minutes / family.tools / available,
        available_share=available,
    )
