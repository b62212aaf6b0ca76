"""What the gap of a plan is made of: which parts of its total are still above the least that they can be."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from linewright.kit import words
from linewright.kit.chains import Chains
from linewright.model.results import Plan

#: Parts below this share of the total are not told, and how many are at most.
SMALLEST_SHARE, MOST_PARTS = 0.0005, 3
#: When the late orders of a plan wait for one thing for more than this share of what they cost above their least.
MOST_OF = 0.5


@dataclass(frozen=True, slots=True)
class Open:
    """A part of the total that may still be lowered: at most by this share of the plan's value, and its words."""

    part: str
    share: float
    told: str


def open_parts(plan: Plan) -> list[Open]:
    """The parts that are above their least, most first; empty when the bound does not say what it is made of.

    Parts pull against each other, so that all of them may not be lowered at once: each share is an upper limit.
    """
    if plan.gap is None or plan.proven or not plan.bound.parts:
        return []
    found = []
    for part, amount in _weighed(plan).items():
        share = (amount - plan.bound.parts.get(part, 0.0)) / plan.value
        if share >= SMALLEST_SHARE:
            told = _lateness(plan) if part == "lateness" else words.COST_WORDS.get(part, part).lower()
            found.append(Open(part, share, told))
    return sorted(found, key=lambda one: -one.share)


def told(plan: Plan) -> str:
    """Say what is still open: "4.7 % lateness of 12 orders that wait for machine BEND-2, 1.4 % changeovers"."""
    parts = open_parts(plan)
    if not parts or plan.gap is None:
        return ""
    listed = ", ".join(f"{100 * one.share:.1f} % {one.told}" for one in parts[:MOST_PARTS])
    # A bound that was found otherwise may be above the sum of its parts.
    limit = "at most " if sum(one.share for one in parts) > plan.gap + SMALLEST_SHARE else ""
    return f"Still open {100 * plan.gap:.1f} %: {limit}{listed}."


def _weighed(plan: Plan) -> dict[str, float]:
    """The parts of the plan's value, in its unit."""
    if plan.objective == "cost":
        weights = asdict(plan.weights)
        return {part: amount * weights.get(part, 1.0) for part, amount in plan.costs.items()}
    return {"lateness": plan.value} if plan.objective == "tardiness" else {}


def _lateness(plan: Plan) -> str:
    """Which orders are later than they must be, and what most of them wait for."""
    money = plan.objective == "cost"
    weight = plan.weights.lateness if money else 24.0
    above: dict[str, float] = {}
    for order, late in plan.late_orders.select("order", "late_cost" if money else "late_days").iter_rows():
        more = weight * (late or 0.0) - plan.bound.late.get(order, 0.0)
        # A minute's worth is the rounding of the bound.
        if more > 1e-6 * max(plan.value, 1.0):
            above[order] = more
    if not above:
        return "lateness"
    chains, waits = Chains.of(plan), Counter[str]()
    for order, more in above.items():
        waits[chains.cause(order).thing] += more  # type: ignore[assignment]
    if waits.most_common(1)[0][1] <= MOST_OF * sum(above.values()):
        waits = _by_center(plan, waits)
    thing, amount = waits.most_common(1)[0]
    who = f"lateness of {words.count(len(above), 'order')}"
    if len(waits) == 1:
        return f"{who} that {'waits' if len(above) == 1 else 'wait'} for {thing}"
    return f"{who}, most for {thing}" if amount > MOST_OF * sum(above.values()) else who


def _by_center(plan: Plan, waits: Counter[str]) -> Counter[str]:
    """What orders wait for, with the machines of one work center taken together."""
    centers = dict(plan.operations.select("machine", "work_center").unique().iter_rows())
    grouped = Counter[str]()
    for thing, amount in waits.items():
        center = centers.get(thing.removeprefix("machine ")) if thing.startswith("machine ") else None
        grouped[f"machines of {center}" if center else thing] += amount
    return grouped
