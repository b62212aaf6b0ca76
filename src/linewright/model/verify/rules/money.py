"""Rule `money`: every part of the total, computed again from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Block, Case, Placed
from linewright.model.verify.facts.energy import Energy
from linewright.model.verify.facts.rounding import DAY, HOUR, instant, near
from linewright.model.verify.facts.windows import Windows

PARTS = ("lateness", "changeovers", "overtime", "early_stock", "energy", "instability", "preference")

#: Money may differ by this much, in the factory's currency, beside a millionth.
CENT = 0.01


def money(case: Case) -> Iterator[Breach]:
    """The costs of the plan are what its operations and dates cost."""
    energy = Energy(case)
    parts = {
        "lateness": sum(late for _, late in _late_costs(case)),
        "changeovers": sum(_changeover_cost(case, block) for block in case.all_blocks()),
        "overtime": sum(_overtime(case, block) for block in case.all_blocks()),
        "early_stock": _early_stock(case),
        "energy": sum(energy.cost(block) for block in case.all_blocks()),
        "instability": _instability(case),
        "preference": sum(operation.choice.preference for operation in case.placed.values()),
    }
    for part in PARTS:
        stated = case.plan.costs.get(part, 0.0)
        if not near(stated, parts[part], CENT):
            message = f"The plan states {stated:.2f} for {part.replace('_', ' ')}, but it comes to {parts[part]:.2f}."
            yield Breach("money", message, where="costs")
    yield from _stated_late_costs(case)
    yield from _stated_energy(case, energy)
    yield from _stated_value(case)


def _late_costs(case: Case) -> Iterator[tuple[dict[str, Any], float]]:
    """Each planned order's row with its cost of being late."""
    for row in case.order_rows:
        known = case.orders if row["kind"] == "order" else case.work_orders
        record = known.get(row["order"])
        if row["reason"] or record is None:
            continue
        own = record.late_cost_per_day
        yield row, row["late_days"] * (case.settings.late_cost_per_day if own is None else own)


def _changeover_cost(case: Case, block: Block) -> float:
    if block.changeover is None:
        return 0.0
    return block.changeover.cost + block.changeover_seconds / HOUR * case.places.hourly_cost(block.machine)


def _overtime(case: Case, block: Block) -> float:
    """Extra cost of the hours that only added windows opened, for the machine and for each person once."""
    first = block.first
    phases = ((block.setup_time, first.setup_start, first.start), (block.run_time, first.start, first.end))
    machine = case.places.machine_calendar(block.machine)
    cost = sum(_extra(case, machine, phase) for phase in phases)
    setup_people = {person for member in block.members for person in member.setup_people}
    people = {person for member in block.members for person in member.people}
    for phase, crew in zip(phases, (setup_people, people), strict=True):
        cost += sum(_extra(case, case.places.person_calendar(person), phase) for person in crew)
    return cost


def _extra(case: Case, calendar: tuple[str, str], phase: tuple[Windows, int, int]) -> float:
    windows, start, end = phase
    if not calendar[0] or end <= start:
        return 0.0
    return sum(
        windows.worked(first, last) / HOUR * cost_per_hour
        for first, last, cost_per_hour in case.calendars.overtime(calendar, start, end)
    )


def _early_stock(case: Case) -> float:
    costs = {row.material: row.cost for row in case.factory.materials}
    total = 0.0
    for row in case.order_rows:
        record = (case.orders if row["kind"] == "order" else case.work_orders).get(row["order"])
        if record is None or row["reason"] or record.due is None or row["finish"] is None:
            continue
        early = max(0, instant(record.due) - row["finish"]) / DAY
        total += (
            early * record.quantity * costs.get(record.material, 0.0) * case.settings.stock_cost_share_per_year / 365
        )
    return total


def _instability(case: Case) -> float:
    changed = [name for name, operation in case.placed.items() if _changed(case, operation)]
    return len(changed) * case.settings.move_cost


def _changed(case: Case, operation: Placed) -> bool:
    machine, start = case.earlier.get(operation.name, (operation.machine.machine, operation.start))
    return machine != operation.machine.machine or (start is not None and abs(operation.start - start) > HOUR)


def _stated_late_costs(case: Case) -> Iterator[Breach]:
    for row, cost in _late_costs(case):
        stated = row["late_cost"]
        if not near(stated, cost, CENT):
            message = f"Being late costs {cost:.2f} for {row['order']}, but the plan states {stated:.2f}."
            yield Breach("money", message, order=row["order"], where="orders")


def _stated_energy(case: Case, energy: Energy) -> Iterator[Breach]:
    for block in case.all_blocks():
        for member in block.members:
            wanted = energy.kwh(block, member)
            if not near(member.kwh, wanted, CENT):
                message = f"{member.name} takes {wanted:g} kWh, but the plan states {member.kwh:g}."
                yield Breach("money", message, (member.name,), machine=block.machine.machine)


def _stated_value(case: Case) -> Iterator[Breach]:
    plan = case.plan
    if plan.objective == "cost":
        wanted = sum(plan.costs.get(part, 0.0) * getattr(plan.weights, part) for part in PARTS)
    elif plan.objective == "makespan":
        wanted = plan.makespan_hours
    else:
        wanted = sum(24 * row["late_days"] for row in case.order_rows if not row["reason"])
    if not near(plan.value, wanted, CENT):
        message = f"The plan's value ({plan.objective}) is stated as {plan.value:g}, but is {wanted:g}."
        yield Breach("money", message, where="value")
