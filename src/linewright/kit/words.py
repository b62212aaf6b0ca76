"""The words of the shop floor in which results are told, shared by the terminal, the report and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from linewright.model.results import Plan

#: For each cause: what it waits for, the same with a name, and how the blocking operation is added.
CAUSE_WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "nothing": ("starts at once", "starts at once", ""),
        "predecessor": ("waits for the step before", "waits for the step before", ": {operation}"),
        "machine": ("waits for its machine", "waits for machine {name}", ", busy with {operation}"),
        "changeover": ("waits for a changeover", "waits for the changeover of {name}", " after {operation}"),
        "person": ("waits for people", "waits for {name}", ", busy with {operation}"),
        "tool": ("waits for a tool", "waits for tool {name}", ", in use by {operation}"),
        "calendar": ("waits for working time", "waits for working time of {name}", ""),
        "material": ("waits for material", "waits for material {name}", ", made by {operation}"),
        "release": ("waits for its release date", "waits for its release date", ""),
        "pin": ("is pinned to this time", "is pinned to this time", ""),
        "policy": ("is held back by a rule", "waits for {name}", " with {operation}"),
    }
)

#: Rules that hold work back on purpose, as the shop floor calls them.
POLICY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "full_load": "a full load",
        "max_wait": "its next step, which may not be kept waiting",
        "just_in_time": "its date, so as not to be finished too early",
    }
)

#: What the parts of the total are called.
COST_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "lateness": "Late orders",
        "changeovers": "Changeovers",
        "overtime": "Overtime",
        "early_stock": "Finished too early",
        "energy": "Energy",
        "instability": "Moved since the last plan",
        "preference": "Second-choice machines",
    }
)

#: What the levels of faults mean for the plan.
LEVEL_WORDS: Mapping[str, str] = MappingProxyType(
    {"error": "row left out", "warning": "planned with an assumption", "note": "good to know"}
)


def cause(rule: str, name: str = "", operation: str = "") -> str:
    """Say what an operation waits for: "waits for machine M4, busy with WO-3/10"."""
    name = POLICY_WORDS.get(name, f"the rule {name}") if rule == "policy" and name else name
    bare, named, blocked = CAUSE_WORDS.get(rule, (f"waits for {rule}", f"waits for {rule} {{name}}", ", {operation}"))
    return (named.format(name=name) if name else bare) + (blocked.format(operation=operation) if operation else "")


def cause_thing(rule: str, name: str) -> str:
    """Name what is short, so that orders that wait for the same can be counted: "machine M4"."""
    if rule == "policy":
        return POLICY_WORDS.get(name, f"the rule {name}") if name else "a rule"
    bare = {
        "person": "people", "calendar": "working time", "release": "release dates", "pin": "pins",
        "changeover": "changeovers",
    }.get(rule, rule)  # fmt: skip
    prefix = {"person": "", "changeover": "changeovers of ", "calendar": "working time of "}.get(rule, f"{rule} ")
    return prefix + name if name else bare


def center(name: str) -> str:
    """The name of a work center; machines that belong to none are the others."""
    return name or "Other machines"


def count(number: int, thing: str) -> str:
    """Count things: "1 order", "1,200 orders"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def days_late(days: float) -> str:
    """Say how late something is in the unit that fits: "4.2 days", "5.0 h", "12 min"."""
    hours = 24 * days
    if hours >= 48:
        return f"{days:,.1f} days"
    return f"{hours:.1f} h" if hours >= 1 else f"{60 * hours:.0f} min"


def money(amount: float, currency: str) -> str:
    """Write an amount of money without cents, except for small ones: "12,340 EUR"."""
    return f"{amount:,.0f} {currency}" if abs(amount) >= 100 or amount == 0 else f"{amount:,.2f} {currency}"


def moment(instant: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant as people on the shop floor read it: "Mon 2 Mar 14:05"."""
    return f"{instant.astimezone(zone):%a} {day(instant, zone)} {instant.astimezone(zone):%H:%M}" if instant else "–"


def stamp(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant with its year: "2 Mar 2026 14:05"."""
    local = instant.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M}"


def day(instant: datetime, zone: ZoneInfo) -> str:
    """Write the day of an instant: "2 Mar"."""
    local = instant.astimezone(zone)
    return f"{local.day} {local:%b}"


def figure(plan: Plan, value: float) -> str:
    """Write a value of the plan's objective with its unit."""
    if plan.objective == "cost":
        return money(value, plan.currency)
    return f"{value:,.1f} h" if value >= 2 or value == 0 else f"{60 * value:,.0f} min"


def objective(plan: Plan) -> str:
    """Name what was minimised."""
    return {"cost": "Total cost", "makespan": "Time to finish everything", "tardiness": "Lateness"}.get(
        plan.objective, plan.objective
    )


def gap(plan: Plan) -> str:
    """Say in one short phrase how far the plan may be from the best: "at most 4.1 % above the best possible"."""
    if plan.proven:
        return "proven: no better plan exists"
    share = plan.gap
    return "not known" if share is None else f"at most {100 * share:.1f} % could still be saved"


def gap_meaning(plan: Plan) -> str:
    """Say in a sentence what is proven about the plan, and why."""
    if plan.value <= 0:
        return "Nothing can be saved: the total is already 0."
    meaning = plan.bound.meaning.strip().rstrip(".")
    because = f" {meaning[0].upper()}{meaning[1:]}." if meaning else ""
    if plan.gap is None:
        return f"How far it is from the best possible plan is not known.{because}"
    if plan.proven:
        return f"No better plan exists.{because}"
    return f"No plan of these orders can be below {figure(plan, plan.bound.value)}.{because}"
