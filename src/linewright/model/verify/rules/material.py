"""Rules about material: every need covered, no supply used twice, nothing consumed before it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from linewright.model.tables import Component
from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case, placed_on
from linewright.model.verify.facts.jobs import Job
from linewright.model.verify.facts.rounding import SECOND, enough
from linewright.model.verify.facts.supplies import MADE, Peg, Supplies

#: Kind of consumer, its name, the consuming step, and the material.
Need = tuple[str, str, int | None, str]

UNLIMITED = ("planned_purchase", "assumed")


def peg_short(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Every need of jobs and open orders is covered."""
    given: dict[Need, float] = defaultdict(float)
    for peg in supplies.pegs:
        given[peg.consumer_kind, peg.consumer, peg.step, peg.material] += peg.quantity
    for need, quantity in _needs(case).items():
        kind, name, step, material = need
        if not enough(given[need], quantity):
            consumer = f"The order {name}" if kind == "order" else name if step is None else f"{name}/{step}"
            message = f"{consumer} needs {quantity:g} of {material}, but is given {given[need]:g}."
            operations = () if step is None else (f"{name}/{step}",)
            yield Breach("peg_short", message, operations, material=material, order=name, where="pegging")


def _needs(case: Case) -> dict[Need, float]:
    """What orders want, and what jobs need for the steps that have not begun."""
    bills: dict[str, list[Component]] = defaultdict(list)
    for line in case.factory.components:
        bills[line.material].append(line)
    needs: dict[Need, float] = defaultdict(float)
    for order in case.orders.values():
        if ("order", order.order) not in case.unplanned:
            needs["order", order.order, None, order.material] += order.quantity
    for job in case.jobs.values():
        for line in bills.get(job.material, ()):
            step = line.step if line.step in job.route.steps else job.route.first
            if _counts(case, job, line) and not _begun(job, step):
                wanted = line.quantity * job.start_quantity(step) / (1 - line.scrap_share)
                needs["job", job.name, step, line.component] += wanted
    return needs


def _counts(case: Case, job: Job, line: Component) -> bool:
    """Whether a line of the bill is valid on the day of the plan's start, or of the job's release if that is later."""
    if line.valid_from is None and line.valid_to is None:
        return True
    day = datetime.fromtimestamp(max(case.start, job.release or 0), UTC).astimezone(case.zone).date()
    return (line.valid_from is None or line.valid_from <= day) and (line.valid_to is None or day <= line.valid_to)


def _begun(job: Job, step: int | None) -> bool:
    """Whether a step is done or running, so that it needs nothing any more."""
    return step is not None and (step not in job.open_steps or step == job.running_step)


def peg_over(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """No supply gives more than it has, of what it is, to somebody who is there."""
    taken: dict[tuple[str, str], float] = defaultdict(float)
    for peg in supplies.pegs:
        taken[peg.kind, peg.supply] += peg.quantity
        wrong = _wrong_peg(case, supplies, peg)
        if wrong:
            message = f"{peg.quantity:g} of {peg.material} for {peg.consumer} {wrong}."
            yield Breach("peg_over", message, material=peg.material, order=peg.consumer, where=peg.where)
    for (kind, name), quantity in taken.items():
        lot = supplies.lots.get((kind, name))
        if lot is not None and lot.quantity is not None and not enough(lot.quantity, quantity):
            message = f"{quantity:g} are taken from the {kind.replace('_', ' ')} {name}, which has {lot.quantity:g}."
            yield Breach("peg_over", message, material=lot.material, where="pegging")


def _wrong_peg(case: Case, supplies: Supplies, peg: Peg) -> str:
    consumers = case.orders if peg.consumer_kind == "order" else case.jobs
    if peg.consumer not in consumers:
        return f"have no use: there is no such {peg.consumer_kind} in the plan"
    if peg.quantity < 0:
        return "is a negative quantity"
    if peg.kind in UNLIMITED:
        return ""
    lot = supplies.lots.get((peg.kind, peg.supply))
    if lot is None:
        return f"should come from the {peg.kind.replace('_', ' ')} {peg.supply}, which there is not"
    return "" if lot.material == peg.material else f"should come from {peg.supply}, which is {lot.material}"


def material(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Nothing is consumed before it is there, no date is earlier than the tables allow, and no supply feeds itself."""
    if supplies.rings:
        rings = ", ".join(supplies.rings[:4])
        message = f"Supplies go round in a ring: {rings} need each other's output or follow from such jobs."
        yield Breach("material", message, order=supplies.rings[0], where="pegging")
    for peg in supplies.pegs:
        wrong = _too_soon(case, supplies, peg)
        if wrong:
            yield Breach("material", wrong, material=peg.material, order=peg.consumer, where=peg.where)
            continue
        job = case.jobs.get(peg.consumer) if peg.consumer_kind == "job" else None
        if job is None or peg.step is None or _begun(job, peg.step):
            continue
        user, arrival = placed_on(case, job, peg.step), supplies.arrival(peg)
        if user is not None and user.start < arrival - SECOND:
            message = (
                f"{user.name} starts at {case.when(user.start)}, but its {peg.quantity:g} of {peg.material} "
                f"from {peg.supply or peg.kind} are there only at {case.when(arrival)}."
            )
            yield Breach("material", message, (user.name,), material=peg.material, where=peg.where)


def _too_soon(case: Case, supplies: Supplies, peg: Peg) -> str:
    """Whether a row states an earlier date or a shorter transport than the tables allow."""
    what = f"{peg.material} from {peg.supply or peg.kind} for {peg.consumer}"
    earliest = supplies.earliest(peg)
    if peg.available is not None and peg.kind not in MADE and max(case.start, peg.available) < earliest - SECOND:
        return f"{what} is said to be there at {case.when(peg.available)}, but is at {case.when(earliest)}."
    travel = supplies.travel(peg)
    if peg.kind not in MADE and peg.transit < travel - SECOND:
        return f"{what} is said to travel {peg.transit / 3600:g} hours, but takes {travel / 3600:g}."
    return ""
