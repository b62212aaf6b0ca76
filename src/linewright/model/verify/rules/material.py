"""Rules about material: every need covered, no supply used twice, nothing consumed before it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BLANK, BoolArray, Columns, IntArray, positions, ranges
from linewright.model.verify.facts.rounding import SECOND, SHARE, enough
from linewright.model.verify.facts.supplies import Supplies

#: Kind of consumer, its name, the consuming step, and the material.
Need = tuple[str, str, int, str]

UNLIMITED = ("planned_purchase", "assumed")


def peg_short(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Every need of jobs and open orders is covered."""
    pegs = supplies.pegs
    given: dict[Need, float] = defaultdict(float)
    columns = (pegs.consumer_kind, pegs.consumer, pegs.step.tolist(), pegs.material, pegs.quantity.tolist())
    for kind, consumer, step, name, quantity in zip(*columns, strict=True):
        given[kind, consumer, step, name] += quantity
    for need, quantity in _needs(case).items():
        kind, consumer, step, name = need
        if not enough(given[need], quantity):
            who = f"The order {consumer}" if kind == "order" else consumer if step == BLANK else f"{consumer}/{step}"
            message = f"{who} needs {quantity:g} of {name}, but is given {given[need]:g}."
            operations = () if step == BLANK else (f"{consumer}/{step}",)
            yield Breach("peg_short", message, operations, material=name, order=consumer, where="pegging")


def _needs(case: Case) -> dict[Need, float]:
    """What open orders want that the plan does not give up, and what jobs need."""
    needs: dict[Need, float] = defaultdict(float)
    materials, quantities = case.orders.rows.text("material"), case.orders.rows.real("quantity").tolist()
    for name, at in case.orders.position.items():
        if ("order", name) not in case.unplanned:
            needs["order", name, BLANK, materials[at]] += quantities[at]
    if len(case.factory.components):
        for job, step, component, quantity in _needs_of_jobs(case):
            needs["job", job, step, component] += quantity
    return needs


def _needs_of_jobs(case: Case) -> Iterator[tuple[str, int, str, float]]:
    """What jobs need for the steps that have not begun: job, step, material and quantity."""
    jobs, routes = case.jobs, case.routes
    bills = Columns(case.factory.components.content)
    known = {name: number for number, name in enumerate(dict.fromkeys(jobs.material))}
    parent = bills.places("material", known)
    order = np.argsort(parent, kind="stable")
    made = positions(jobs.material, known)
    sorted_parent = parent[order]
    job, at = ranges(np.searchsorted(sorted_parent, made), np.searchsorted(sorted_parent, made, side="right"))
    line = order[at]
    begin, end = routes.span(jobs.route[job])
    step = bills.whole("step")[line]
    row = np.where(step == BLANK, -1, routes.row(jobs.route[job], np.maximum(step, 0)))
    # A line whose step the routing does not have is for its first step; without steps for the job as a whole.
    row = np.where((row < 0) & (end > begin), begin, row)
    needed = _counts(case, bills, job, line) & ~_begun(case, job, row)
    job, line, row = job[needed], line[needed], row[needed]
    wanted = jobs.quantity[job] / np.append(routes.good_share, 1.0)[row]
    quantity = bills.real("quantity")[line] * wanted / (1 - bills.real("scrap_share")[line])
    components = bills.text("component")
    step = np.append(routes.step, BLANK)[row]
    columns = (job.tolist(), step.tolist(), line.tolist(), quantity.tolist())
    for owner, at_step, each, needs in zip(*columns, strict=True):
        yield jobs.names[owner], at_step, components[each], needs


def _counts(case: Case, bills: Columns, job: IntArray, line: IntArray) -> BoolArray:
    """Whether a line of the bill is valid on the day of the plan's start, or of the job's release if that is later."""
    counts = np.ones(job.size, np.bool_)
    first, last = bills.frame.get_column("valid_from").to_list(), bills.frame.get_column("valid_to").to_list()
    limited = np.array([one is not None or other is not None for one, other in zip(first, last, strict=True)], np.bool_)
    for at in np.flatnonzero(limited[line]).tolist():
        moment = max(case.start, int(case.jobs.release[job[at]]))
        day = datetime.fromtimestamp(moment, UTC).astimezone(case.zone).date()
        counts[at] = (first[line[at]] or date.min) <= day <= (last[line[at]] or date.max)
    return counts


def _begun(case: Case, job: IntArray, row: IntArray) -> BoolArray:
    """Whether the step at a row is done or running, so that it needs nothing any more; not where there is no step."""
    jobs = case.jobs
    is_open = (row >= jobs.first_row[job]) & (row < jobs.end_row[job])
    is_running = jobs.running[job] & (row == jobs.at_row[job])
    return np.asarray((row >= 0) & (~is_open | is_running))


def peg_over(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """No supply gives more than it has, of what it is, to somebody who is there."""
    pegs, lots = supplies.pegs, supplies.lots
    unlimited = np.array([kind in UNLIMITED for kind in pegs.kind], np.bool_)
    unknown = np.where(pegs.for_order, pegs.order, pegs.job) < 0
    mistaken = np.array(
        [lot >= 0 and lots.material[lot] != name for lot, name in zip(pegs.lot.tolist(), pegs.material, strict=True)],
        np.bool_,
    )
    for at in np.flatnonzero(unknown | (pegs.quantity < 0) | (~unlimited & ((pegs.lot < 0) | mistaken))).tolist():
        if unknown[at]:
            wrong = f"have no use: there is no such {pegs.consumer_kind[at]} in the plan"
        elif pegs.quantity[at] < 0:
            wrong = "is a negative quantity"
        elif pegs.lot[at] < 0:
            wrong = f"should come from the {pegs.kind[at].replace('_', ' ')} {pegs.supply[at]}, which there is not"
        else:
            wrong = f"should come from {pegs.supply[at]}, which is {lots.material[pegs.lot[at]]}"
        message = f"{pegs.quantity[at]:g} of {pegs.material[at]} for {pegs.consumer[at]} {wrong}."
        yield Breach(
            "peg_over", message, material=pegs.material[at], order=pegs.consumer[at], where=f"pegging:{at + 1}"
        )
    yield from _taken_too_much(supplies)


def _taken_too_much(supplies: Supplies) -> Iterator[Breach]:
    pegs, lots = supplies.pegs, supplies.lots
    known = np.flatnonzero(pegs.lot >= 0)
    taken = np.bincount(pegs.lot[known], pegs.quantity[known], minlength=len(lots.material))
    exhausted = lots.quantity < taken - SHARE * np.abs(taken)
    told = set[int]()
    for at in known[exhausted[pegs.lot[known]]].tolist():
        lot = int(pegs.lot[at])
        if lot not in told:
            told.add(lot)
            message = (
                f"{taken[lot]:g} are taken from the {pegs.kind[at].replace('_', ' ')} {pegs.supply[at]}, "
                f"which has {lots.quantity[lot]:g}."
            )
            yield Breach("peg_over", message, material=lots.material[lot], where="pegging")


def material(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Nothing is consumed before it is there, no date is earlier than the tables allow, and no supply feeds itself."""
    pegs, operations = supplies.pegs, case.operations
    if supplies.rings:
        rings = ", ".join(supplies.rings[:4])
        message = f"Supplies go round in a ring: {rings} need each other's output or follow from such jobs."
        yield Breach("material", message, order=supplies.rings[0], where="pegging")
    stated = np.maximum(pegs.available, case.start)
    early = (pegs.available != BLANK) & ~pegs.made & (stated < supplies.earliest - SECOND)
    short = ~pegs.made & (pegs.transit < supplies.travel - SECOND)
    arrival = supplies.arrival
    start = np.append(operations.start, BLANK)[supplies.user]
    uses = pegs.for_job & (supplies.user >= 0)
    uses[uses] = ~_begun(case, pegs.job[uses], pegs.row[uses])
    unready = uses & (start < arrival - SECOND)
    for at in np.flatnonzero(early | short | unready).tolist():
        name, source, where = pegs.material[at], pegs.supply[at] or pegs.kind[at], f"pegging:{at + 1}"
        what = f"{name} from {source} for {pegs.consumer[at]}"
        if early[at]:
            said, found = case.when(pegs.available[at]), case.when(supplies.earliest[at])
            message = f"{what} is said to be there at {said}, but is at {found}."
            yield Breach("material", message, material=name, order=pegs.consumer[at], where=where)
        elif short[at]:
            said, found = pegs.transit[at] / 3600, supplies.travel[at] / 3600
            message = f"{what} is said to travel {said:g} hours, but takes {found:g}."
            yield Breach("material", message, material=name, order=pegs.consumer[at], where=where)
        else:
            user = operations.name(supplies.user[at])
            message = (
                f"{user} starts at {case.when(start[at])}, but its {pegs.quantity[at]:g} of {name} "
                f"from {source} are there only at {case.when(arrival[at])}."
            )
            yield Breach("material", message, (user,), material=name, where=where)
