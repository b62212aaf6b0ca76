"""Rules about releases, pins, what is running now, and the dates that orders are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case, Placed
from linewright.model.verify.facts.rounding import DAY, SECOND, SHARE, instant
from linewright.model.verify.facts.supplies import Supplies


def release(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Nothing happens before the plan's start, and no run before the release of its job or order."""
    for operation in case.placed.values():
        if operation.setup_start < case.start - SECOND:
            began = case.when(operation.setup_start)
            begins = case.when(case.start)
            message = f"{operation.name} takes its machine from {began}, before the plan starts at {begins}."
            yield Breach("release", message, (operation.name,), machine=operation.machine.machine)
            continue
        if operation.running:
            continue
        ordered = supplies.lot_release.get(operation.job.name, operation.job.order_release)
        for day, what in ((operation.job.release, "its job"), (ordered, "its order")):
            if day is not None and operation.start < day - SECOND:
                started = case.when(operation.start)
                message = f"{operation.name} starts at {started}, but {what} is released only at {case.when(day)}."
                yield Breach("release", message, (operation.name,), order=operation.job.name)
                break


def running(case: Case) -> Iterator[Breach]:
    """What is running now goes on at the plan's start, or when its machine and crew work again."""
    for operation in case.placed.values():
        if not operation.running:
            continue
        missed = case.block_of[operation.name].run_time.worked(_held_until(case, operation), operation.start)
        if missed > SECOND:
            message = (
                f"{operation.name} is running now, but goes on only at {case.when(operation.start)}, "
                f"after {missed / 60:g} minutes in which it could have gone on."
            )
            yield Breach("running", message, (operation.name,), machine=operation.machine.machine)


def _held_until(case: Case, operation: Placed) -> int:
    """The moment from which nothing else that is running now has the machine, a person or a tool of an operation."""
    tools = set(case.routes.tools(operation.step))
    free = case.start
    for other in case.placed.values():
        if not other.running or other is operation or other.start >= operation.start:
            continue
        same_machine = other.machine.machine == operation.machine.machine
        if same_machine or set(other.people) & set(operation.people) or tools & set(case.routes.tools(other.step)):
            free = max(free, other.end)
    return free


def pin(case: Case) -> Iterator[Breach]:
    """Pinned and frozen operations start when they must, or later if the plan says why."""
    relaxed = {entry.row for entry in case.plan.relaxed if entry.rule == "pin"}
    for name, wanted in case.pins.items():
        operation = case.placed.get(name)
        if operation is None:
            continue
        machine = operation.machine.machine
        late = operation.start - wanted.start
        held = abs(late) <= SECOND and wanted.machine in {"", machine}
        if held or (name in relaxed and late >= -SECOND):
            continue
        place = f" on {wanted.machine}" if wanted.machine else ""
        message = (
            f"{name} must start at {case.when(wanted.start)}{place} ({wanted.reason}), "
            f"but starts at {case.when(operation.start)} on {machine}."
        )
        yield Breach("pin", message, (name,), machine=machine)


def order_date(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Every order is told a finish that its supplies keep, or a reason why there is none."""
    told = {(row["kind"], row["order"]) for row in case.order_rows}
    wanted = [("order", name) for name in case.orders]
    wanted += [("work_order", name) for name, row in case.work_orders.items() if row.due is not None]
    for kind, name in wanted:
        if (kind, name) not in told:
            message = f"The {kind.replace('_', ' ')} {name} is open, but has neither a date nor a reason in the plan."
            yield Breach("order_date", message, order=name, where="orders")
    for row in case.order_rows:
        wrong = "" if row["reason"] else _wrong_date(case, supplies, row)
        if wrong:
            message = f"The {row['kind'].replace('_', ' ')} {row['order']} {wrong}."
            yield Breach("order_date", message, order=row["order"], where="orders")
    for row in case.job_rows:
        finish = supplies.finish.get(row["job"])
        if finish is not None and (row["finish"] is None or abs(row["finish"] - finish) > SECOND):
            stated = "no time" if row["finish"] is None else case.when(row["finish"])
            message = f"The job {row['job']} is said to finish at {stated}, but does at {case.when(finish)}."
            yield Breach("order_date", message, order=row["job"], where="jobs")


def _wrong_date(case: Case, supplies: Supplies, row: dict[str, Any]) -> str:
    known = case.orders if row["kind"] == "order" else case.work_orders
    if row["order"] not in known:
        return "is in the plan, but is not open"
    if row["finish"] is None:
        return "has neither a date nor a reason in the plan"
    finish = supplies.order_finish(row["kind"], row["order"])
    # Without supplies there is no date to compare with; that is told as a short peg.
    if finish is not None and abs(row["finish"] - finish) > SECOND:
        return f"is said to be finished at {case.when(row['finish'])}, but is at {case.when(finish)}"
    due = known[row["order"]].due
    late = 0 if due is None else max(0, row["finish"] - instant(due))
    if abs(row["late_days"] * DAY - late) > SECOND + SHARE * late:
        return f"is said to be {row['late_days']:g} days late, but is {late / DAY:g}"
    return ""
