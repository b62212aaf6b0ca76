"""Rule `money`: every part of the total, computed again from the tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.calendars import CalendarKey
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BLANK, FloatArray, IntArray
from linewright.model.verify.facts.energy import Energy
from linewright.model.verify.facts.rounding import DAY, HOUR, all_near, near

PARTS = ("lateness", "changeovers", "overtime", "early_stock", "energy", "instability", "preference")

#: Money may differ by this much, in the factory's currency, beside a millionth.
CENT = 0.01


def money(case: Case) -> Iterator[Breach]:
    """The costs of the plan are what its operations and dates cost."""
    energy = Energy(case)
    orders = _Orders(case)
    parts = {
        "lateness": float(orders.late_cost[orders.counts].sum()),
        "changeovers": _changeover_cost(case),
        "overtime": _overtime(case),
        "early_stock": orders.early_stock(),
        "energy": energy.cost(),
        "instability": _instability(case),
        "preference": float(case.operations.choice.preference.sum()),
    }
    for part in PARTS:
        told = case.plan.costs.get(part, 0.0)
        if part == "preference" and parts[part] <= told <= case.operations.choice.most_preference.sum():
            continue
        if not near(told, parts[part], CENT):
            message = f"The plan states {told:.2f} for {part.replace('_', ' ')}, but it comes to {parts[part]:.2f}."
            yield Breach("money", message, where="costs")
    stated = case.order_rows.real("late_cost", 0.0)
    for at in np.flatnonzero(orders.counts & ~all_near(stated, orders.late_cost, CENT)).tolist():
        name = case.order_rows.frame.item(at, "order")
        message = f"Being late costs {orders.late_cost[at]:.2f} for {name}, but the plan states {stated[at]:.2f}."
        yield Breach("money", message, order=name, where="orders")
    yield from _stated_energy(case, energy.kwh())
    yield from _stated_value(case)


class _Orders:
    """The rows of a plan's orders with what the tables say about them; `counts` where they are planned and open."""

    def __init__(self, case: Case) -> None:
        self._case = case
        rows = case.order_rows
        kinds, names = rows.text("kind"), rows.text("order")
        is_order = np.array([kind == "order" for kind in kinds], np.bool_)
        place = np.array(
            [case.demand(kind).position.get(name, -1) for kind, name in zip(kinds, names, strict=True)], np.int64
        )
        planned = np.array([not reason for reason in rows.text("reason")], np.bool_)
        self.counts = planned & (place >= 0)
        self._is_order, self._place = is_order, place
        own = self._of("late_cost_per_day")
        rate = np.where(np.isnan(own), case.settings.late_cost_per_day, own)
        self.late_cost = rows.real("late_days", 0.0) * rate

    def _of(self, column: str) -> FloatArray:
        """A column of the orders' own tables."""
        orders, work_orders = (
            np.append(demand.rows.real(column), np.nan)[np.where(here, self._place, -1)]
            for demand, here in ((self._case.orders, self._is_order), (self._case.work_orders, ~self._is_order))
        )
        return np.where(self._is_order, orders, work_orders)

    def early_stock(self) -> float:
        """What it costs to keep what is finished before it is due."""
        case, due, finish = self._case, self._of("due"), self._case.order_rows.whole("finish")
        early = np.flatnonzero(self.counts & (finish != BLANK) & (due > finish))
        costs = dict(case.factory.materials.frame.select("material", "cost").iter_rows())
        materials = [
            case.demand("order" if is_order else "work_order").rows.frame.item(place, "material")
            for is_order, place in zip(self._is_order[early].tolist(), self._place[early].tolist(), strict=True)
        ] if any(costs.values()) else []  # fmt: skip
        if not materials:
            return 0.0
        cost = np.array([costs.get(material, 0.0) for material in materials])
        days = (due[early] - finish[early]) / DAY
        return float((days * self._of("quantity")[early] * cost).sum()) * case.settings.stock_cost_share_per_year / 365


def _changeover_cost(case: Case) -> float:
    blocks = case.blocks
    hourly = np.array([case.places.hourly_cost(machine) for machine in case.places.machines])[blocks.machine]
    cost = blocks.changeover_cost + blocks.changeover_seconds / HOUR * hourly
    return float(cost[blocks.changes].sum())


def _overtime(case: Case) -> float:
    """Extra cost of the hours that only added windows opened, for the machine and for each person once."""
    blocks, calendars, places = case.blocks, case.calendars, case.places
    cost = 0.0
    for machine, members in blocks.machines():
        key = places.machine_calendar(places.machines[machine])
        if calendars.has_overtime(key):
            cost += sum(_extra(case, key, int(block), True) + _extra(case, key, int(block), False) for block in members)
    keys = {name: places.person_calendar(name) for name in places.people}
    costly = {name for name, key in keys.items() if calendars.has_overtime(key)}
    served: set[tuple[int, str, bool]] = set()
    for at in case.operations.with_people.tolist() if costly else ():
        for in_setup, crew in ((True, case.operations.setup_people[at]), (False, case.operations.people[at])):
            served.update((int(blocks.of[at]), person, in_setup) for person in crew if person in costly)
    return cost + sum(_extra(case, keys[person], block, in_setup) for block, person, in_setup in sorted(served))


def _extra(case: Case, calendar: CalendarKey, block: int, in_setup: bool) -> float:
    """What the setup or the run of a block costs more in one calendar."""
    blocks, operations = case.blocks, case.operations
    first = blocks.first[block]
    begin, end = (operations.setup_start, operations.start) if in_setup else (operations.start, operations.end)
    windows = blocks.windows[(blocks.setup_time if in_setup else blocks.run_time)[block]]
    if end[first] <= begin[first]:
        return 0.0
    return sum(
        float(windows.worked(start, last)) / HOUR * cost_per_hour
        for start, last, cost_per_hour in case.calendars.overtime(calendar, int(begin[first]), int(end[first]))
    )


def _instability(case: Case) -> float:
    if not case.earlier:
        return 0.0
    operations = case.operations
    changed = sum(
        _changed(case, at, *case.earlier[name])
        for at, name in enumerate(operations.names(np.arange(len(operations))))
        if name in case.earlier
    )
    return changed * case.settings.move_cost


def _changed(case: Case, operation: int, machine: str, start: int) -> bool:
    moved = start != BLANK and abs(int(case.operations.start[operation]) - start) > HOUR
    return moved or machine != case.machine(operation).machine


def _stated_energy(case: Case, wanted: FloatArray) -> Iterator[Breach]:
    operations, members = case.operations, case.blocks.members
    wrong: IntArray = members[~all_near(operations.kwh, wanted, CENT)[members]]
    for at in wrong.tolist():
        name = operations.name(at)
        message = f"{name} takes {wanted[at]:g} kWh, but the plan states {operations.kwh[at]:g}."
        yield Breach("money", message, (name,), machine=case.machine(at).machine)


def _stated_value(case: Case) -> Iterator[Breach]:
    plan = case.plan
    if plan.objective == "cost":
        wanted = sum(plan.costs.get(part, 0.0) * getattr(plan.weights, part) for part in PARTS)
    elif plan.objective == "makespan":
        wanted = plan.makespan_hours
    else:
        planned = np.array([not reason for reason in case.order_rows.text("reason")], np.bool_)
        wanted = 24 * float(case.order_rows.real("late_days", 0.0)[planned].sum())
    if not near(plan.value, wanted, CENT):
        message = f"The plan's value ({plan.objective}) is stated as {plan.value:g}, but is {wanted:g}."
        yield Breach("money", message, where="value")
