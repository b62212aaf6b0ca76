"""Routes, job types and arrivals as arrays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.twin.network import arrays
from linewright.twin.network.arrays import LEAVES, NO_LIMIT, SCRAPPED, zeros
from linewright.twin.network.model import (
    LEAVE,
    PER,
    SCRAP,
    Arrivals,
    Branch,
    JobType,
    Network,
    Releases,
    Saturated,
    Step,
)
from linewright.twin.network.places import cause

if TYPE_CHECKING:
    from linewright.twin.network.build import Draft, Names


class Route:
    """A job type's steps with their positions."""

    def __init__(self, kind: JobType, steps: list[Step], first: int) -> None:
        self.kind, self.steps = kind, steps
        self.at = {step.name: first + position for position, step in enumerate(steps)}
        self.first = first
        self.length = len(kind.route)

    def after(self, position: int, step: Step) -> int:
        """The step that follows as a rule."""
        if step.then:
            return self.at[step.then]
        return self.first + position + 1 if position + 1 < self.length else LEAVES

    def target(self, step: Step, number: int, branch: Branch) -> int:
        """Where a branch leads first."""
        return self.at[self.detour(step, number, 0)] if branch.detour else self.back(step, branch)

    def back(self, step: Step, branch: Branch) -> int:
        """Where a branch leads after its detour."""
        ends = {SCRAP: SCRAPPED, LEAVE: LEAVES}
        return ends[branch.to] if branch.to in ends else self.at[branch.to or step.name]

    def detour(self, step: Step, number: int, position: int) -> str:
        """The name of a step of a detour."""
        named = step.branches[number].detour[position].name
        return named or f"{step.name} detour {number} step {position}"

    def follows(self) -> list[int]:
        """For each step the one that follows as a rule; detours lead back."""
        found = [self.after(position, step) for position, step in enumerate(self.steps[: self.length])]
        for step in self.steps[: self.length]:
            for branch in step.branches:
                count = len(branch.detour)
                start = self.first + len(found)
                found += [start + position + 1 for position in range(count - 1)]
                found += [self.back(step, branch)] if count else []
        return found


def step_arrays(draft: Draft, names: Names, routes: list[list[Step]]) -> dict[str, Any]:
    """All steps, one route behind the other, with branches, time limits, kept machines and joins."""
    steps = zeros(arrays.STEP, sum(len(route) for route in routes) + 1)
    lists: dict[str, list[tuple[Any, ...]]] = {"branches": [], "joins": []}
    dues: dict[int, list[int]] = {}
    first = 0
    for number, (kind, route) in enumerate(zip(draft.network.job_types, routes, strict=True)):
        made = Route(kind, route, first)
        follows = made.follows()
        slots = _slots(made, steps, dues, follows)
        draft.slots = max(draft.slots, slots)
        for position, step in enumerate(route):
            record = steps[first + position]
            record.job_type, record.then = number, follows[position]
            # Where a detour leads back, the branch into it was the lap already.
            record.back = int(position < made.length and 0 <= record.then <= first + position)
            _fill(draft, names, record, kind, step)
            record.first_branch, record.first_join = len(lists["branches"]), len(lists["joins"])
            lists["branches"] += _branches(made, step)
            lists["joins"] += _joins(draft, names, step)
        _rest(steps, first, len(route))
        first += len(route)
    ends: list[int] = []
    for position in range(steps.size):
        steps[position].first_due = len(ends)
        ends += dues.get(position, [])
    steps[-1].first_branch, steps[-1].first_join = len(lists["branches"]), len(lists["joins"])
    stores = [(names.stations.index(station), places, quantity) for station, places, quantity, _ in draft.stores]
    return {
        "steps": steps,
        "branches": np.array(lists["branches"], arrays.BRANCH).view(np.recarray),
        "dues": np.array([(slot,) for slot in ends], arrays.DUE).view(np.recarray),
        "joins": np.array(lists["joins"], arrays.JOIN).view(np.recarray),
        "stores": np.array(stores, arrays.STORE).view(np.recarray),
    }


def _fill(draft: Draft, names: Names, record: Any, kind: JobType, step: Step) -> None:
    station = next(station for station in draft.network.stations if station.name == step.station)
    record.station = names.stations.index(step.station)
    record.law, record.per = draft.law(step.time), PER.index(step.per)
    record.family = draft.families.setdefault(step.setup, len(draft.families)) if step.setup and station.setups else -1
    record.batch = draft.batches.setdefault((step.station, step.batch), len(draft.batches)) if step.batch else -1
    record.least, record.most = step.batch_least, step.batch_most
    record.fixed = step.load_time + step.unload_time
    record.transport, record.cascade = draft.law(step.transport), draft.law(step.cascade)
    record.done_share = step.done_share
    record.people = 1 if step.operators is None else step.operators
    record.expected = draft.mean(step.time) * (kind.pieces if step.per == "piece" else 1) + record.fixed
    record.cause = cause("service", kind.name, step.name)
    record.route_cause = cause("route", kind.name, step.name)
    record.skip_cause = cause("skip", kind.name, step.name)
    record.move_cause = cause("move", kind.name, step.name)


def _branches(route: Route, step: Step) -> list[tuple[float, int]]:
    up_to, made = step.scrap_share, []
    if step.scrap_share > 0:
        made.append((up_to, SCRAPPED))
    for number, branch in enumerate(step.branches):
        up_to += branch.share
        made.append((up_to, route.target(step, number, branch)))
    return made


def _joins(draft: Draft, names: Names, step: Step) -> list[tuple[int, int]]:
    made = []
    for join in step.joins:
        places = NO_LIMIT if join.places is None else join.places
        draft.stores.append((step.station, places, join.quantity, join.job_type))
        made.append((len(draft.stores) - 1, join.quantity))
    return made


def _slots(route: Route, steps: Any, dues: dict[int, list[int]], follows: list[int]) -> int:
    """Give a slot to each time limit and to each step whose machine is asked for later; gives their number."""
    slots = 0
    for position in range(len(route.steps)):
        record = steps[route.first + position]
        record.limit, record.limit_slot, record.keep, record.same = -1.0, -1, -1, -1
    for position, step in enumerate(route.steps):
        record = steps[route.first + position]
        end = route.at[step.wait_limit_to] if step.wait_limit_to else follows[position]
        if step.wait_limit is not None and end >= 0:
            record.limit, record.limit_slot = step.wait_limit, slots
            dues.setdefault(end, []).append(slots)
            slots += 1
        if step.same_machine_as:
            earlier = steps[route.at[step.same_machine_as]]
            if earlier.keep < 0:
                earlier.keep = slots
                slots += 1
            record.same = earlier.keep
    return slots


def _rest(steps: Any, first: int, count: int) -> None:
    """Expected time of a step and all that follow it as a rule."""
    for position in range(first, first + count):
        at, total = position, 0.0
        for _ in range(count):
            total += float(steps[at].expected)
            at = int(steps[at].then)
            if at < 0:
                break
        steps[position].rest = total


def type_arrays(draft: Draft, names: Names, routes: list[list[Step]]) -> dict[str, Any]:
    """Job types, their sources and releases, and the jobs inside at the start."""
    network = draft.network
    kinds = zeros(arrays.JOB_TYPE, len(network.job_types))
    sources: list[tuple[Any, ...]] = []
    releases: list[tuple[float, float]] = []
    taken = {name: store for store, (_, _, _, name) in enumerate(draft.stores)}
    first = 0
    for number, kind in enumerate(network.job_types):
        record = kinds[number]
        record.first_step, record.priority, record.pieces, record.weight = (
            first,
            kind.priority,
            kind.pieces,
            kind.weight,
        )
        record.lead_time = math.inf if kind.lead_time is None else kind.lead_time
        record.loop = names.loops.index(kind.cards) if kind.cards else -1
        record.store = taken.get(kind.name, -1)
        record.saturated = int(isinstance(kind.arrivals, Saturated))
        record.lost_when_full = int(isinstance(kind.arrivals, Arrivals) and kind.arrivals.lost_when_full)
        source = _source(draft, kind, number, len(releases))
        sources += [source] if source else []
        if isinstance(kind.arrivals, Releases):
            releases += list(zip(kind.arrivals.times, _due_dates(kind, kind.arrivals), strict=True))
        first += len(routes[number])
    made = np.array([*sources, (0, -1, 0, 0, 0.0, len(releases), 0)], arrays.SOURCE).view(np.recarray)
    return {
        "job_types": kinds,
        "sources": made,
        "releases": np.array(releases, arrays.RELEASE).view(np.recarray),
        "starts": np.array(_starts(network, names), arrays.START).view(np.recarray),
    }


def _due_dates(kind: JobType, arrivals: Releases) -> list[float]:
    if arrivals.due:
        return list(arrivals.due)
    return [time + (math.inf if kind.lead_time is None else kind.lead_time) for time in arrivals.times]


def _source(draft: Draft, kind: JobType, number: int, first_release: int) -> tuple[Any, ...] | None:
    """What makes jobs of a type: a law, a list, or once all that the cards allow; None for a type that is pulled."""
    arrivals = kind.arrivals
    name = cause("arrival", kind.name)
    if isinstance(arrivals, Arrivals):
        first = -1.0 if arrivals.first is None else arrivals.first
        most = NO_LIMIT if arrivals.most is None else arrivals.most
        return (number, draft.law(arrivals.interval), arrivals.jobs, most, first, first_release, name)
    if isinstance(arrivals, Releases):
        first = arrivals.times[0] if arrivals.times else 0.0
        return (number, -1, 1, len(arrivals.times), first, first_release, name)
    if kind.cards:
        inside = sum(start.jobs for start in draft.network.start if start.job_type == kind.name)
        cards = next(loop.cards for loop in draft.network.cards if loop.name == kind.cards) - inside
        return (number, -1, cards, int(cards > 0), 0.0, first_release, name)
    return None


def _starts(network: Network, names: Names) -> list[tuple[int, int, int]]:
    made = []
    for start in network.start:
        number = names.job_types.index(start.job_type)
        step = start.step or (network.job_types[number].route[0].name or "0")
        made.append((number, names.steps.index(f"{start.job_type}/{step}"), start.jobs))
    return made
