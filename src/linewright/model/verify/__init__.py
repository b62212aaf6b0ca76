"""Check a plan against the tables, column by column, with code that shares nothing with the engines that made it.

The rules are those of ``docs/design/0002-what-a-plan-must-obey.md``, under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.reading import read_case
from linewright.model.verify.facts.supplies import Supplies
from linewright.model.verify.rules import completeness, dates, durations, machines, people, sequence
from linewright.model.verify.rules import material as materials
from linewright.model.verify.rules.money import money

__all__ = ["RULES", "Breach", "verify"]

CHECKS: tuple[Callable[[Case], Iterator[Breach]], ...] = (
    completeness.missing_operation, completeness.unknown_operation, completeness.unknown_machine,
    durations.eligible, durations.duration, durations.setup, durations.changeover,
    durations.working_time, durations.no_pause,
    machines.overlap, machines.batch, machines.full_load, machines.tool,
    sequence.predecessor, sequence.max_wait,
    people.crew_faults, people.person_overlap,
    dates.running, dates.pin, money,
)  # fmt: skip

SUPPLY_CHECKS: tuple[Callable[[Case, Supplies], Iterator[Breach]], ...] = (
    materials.peg_short, materials.peg_over, materials.material, dates.release, dates.order_date,
)  # fmt: skip

#: The names that a breach may carry.
RULES = (
    "missing_operation", "unknown_operation", "unknown_machine",
    "eligible", "duration", "setup", "changeover", "working_time", "no_pause",
    "overlap", "batch", "full_load", "tool", "predecessor", "max_wait",
    "crew", "skill", "person_overlap", "release", "running", "pin",
    "peg_short", "peg_over", "material", "order_date", "money",
)  # fmt: skip


def verify(factory: Factory, plan: Plan, *, previous: Plan | None = None) -> list[Breach]:
    """Find everything in which a plan breaks the rules.

    Parameters
    ----------
    factory
        The factory that the plan was made for.
    plan
        The plan to check. It may come from anywhere, also from a file that a person edited.
    previous
        The plan before it, whose starts inside the frozen zone must be kept and whose changes cost money.

    Returns
    -------
    list
        Every breach, rule by rule; empty when the plan is right.
    """
    case = read_case(factory, plan, previous)
    supplies = Supplies(case)
    found = [breach for check in CHECKS for breach in check(case)]
    return found + [breach for check in SUPPLY_CHECKS for breach in check(case, supplies)]
