"""Rules about releases, pins, what is running now, and the dates that orders are told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BLANK, IntArray
from linewright.model.verify.facts.rounding import DAY, SECOND, SHARE
from linewright.model.verify.facts.supplies import Supplies


def release(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Nothing happens before the plan's start, and no run before the release of its job or order."""
    operations, jobs = case.operations, case.jobs
    too_early = operations.setup_start < case.start - SECOND
    of_order = np.where(supplies.lot_release == BLANK, jobs.order_release, supplies.lot_release)
    days = ((jobs.release[operations.job], "its job"), (of_order[operations.job], "its order"))
    unreleased = np.zeros(len(operations), np.bool_)
    for day, _ in days:
        unreleased |= ~operations.running & (operations.start < day - SECOND)
    for at in np.flatnonzero(too_early | unreleased).tolist():
        name = operations.name(at)
        if too_early[at]:
            began, begins = case.when(operations.setup_start[at]), case.when(case.start)
            message = f"{name} takes its machine from {began}, before the plan starts at {begins}."
            yield Breach("release", message, (name,), machine=case.machine(at).machine)
            continue
        day, what = next((day[at], what) for day, what in days if operations.start[at] < day[at] - SECOND)
        started = case.when(operations.start[at])
        message = f"{name} starts at {started}, but {what} is released only at {case.when(day)}."
        yield Breach("release", message, (name,), order=jobs.names[operations.job[at]])


def running(case: Case) -> Iterator[Breach]:
    """What is running now goes on at the plan's start, or when its machine and crew work again."""
    operations, blocks = case.operations, case.blocks
    now = np.flatnonzero(operations.running)
    for at in now.tolist():
        time = blocks.windows[blocks.run_time[blocks.of[at]]]
        missed = time.worked(_held_until(case, now, at), operations.start[at])
        if missed > SECOND:
            message = (
                f"{operations.name(at)} is running now, but goes on only at {case.when(operations.start[at])}, "
                f"after {missed / 60:g} minutes in which it could have gone on."
            )
            yield Breach("running", message, (operations.name(at),), machine=case.machine(at).machine)


def _held_until(case: Case, now: IntArray, operation: int) -> int:
    """The moment from which nothing else that is running now has the machine, a person or a tool of an operation."""
    operations, tools = case.operations, case.routes.tools
    people, held = set(operations.people[operation]), set(tools.get(int(operations.row[operation]), ()))
    free = case.start
    for other in now[operations.start[now] < operations.start[operation]].tolist():
        shares = operations.machine[other] == operations.machine[operation]
        shares = shares or not people.isdisjoint(operations.people[other])
        if shares or not held.isdisjoint(tools.get(int(operations.row[other]), ())):
            free = max(free, int(operations.end[other]))
    return free


def pin(case: Case) -> Iterator[Breach]:
    """Pinned and frozen operations start when they must, or later if the plan says why."""
    relaxed = {entry.row for entry in case.plan.relaxed if entry.rule == "pin"}
    for wanted in case.pins:
        at = wanted.operation
        name, machine, start = case.operations.name(at), case.machine(at).machine, int(case.operations.start[at])
        late = start - wanted.start
        held = abs(late) <= SECOND and wanted.machine in {"", machine}
        if held or (name in relaxed and late >= -SECOND):
            continue
        place = f" on {wanted.machine}" if wanted.machine else ""
        message = (
            f"{name} must start at {case.when(wanted.start)}{place} ({wanted.reason}), "
            f"but starts at {case.when(start)} on {machine}."
        )
        yield Breach("pin", message, (name,), machine=machine)


def order_date(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Every order is told a finish that its supplies keep, or a reason why there is none."""
    rows = case.order_rows
    named = list(zip(rows.text("kind"), rows.text("order"), strict=True))
    told = set(named)
    wanted = [("order", name) for name in case.orders.position]
    due = case.work_orders.rows.whole("due")
    wanted += [("work_order", name) for name, at in case.work_orders.position.items() if due[at] != BLANK]
    for kind, name in wanted:
        if (kind, name) not in told:
            message = f"The {kind.replace('_', ' ')} {name} is open, but has neither a date nor a reason in the plan."
            yield Breach("order_date", message, order=name, where="orders")
    said = zip(named, rows.whole("finish").tolist(), rows.real("late_days", 0.0).tolist(), rows.text("reason"),
               strict=True)  # fmt: skip
    for (kind, name), finish, late_days, reason in said:
        wrong = "" if reason else _wrong_date(case, supplies, kind, name, finish, late_days)
        if wrong:
            message = f"The {kind.replace('_', ' ')} {name} {wrong}."
            yield Breach("order_date", message, order=name, where="orders")
    yield from _wrong_finishes(case, supplies)


def _wrong_finishes(case: Case, supplies: Supplies) -> Iterator[Breach]:
    """Jobs that are said to finish at another moment than they do."""
    rows = case.job_rows
    finish = np.append(supplies.finish, BLANK)[rows.places("job", case.jobs.position)]
    stated = rows.whole("finish")
    for at in np.flatnonzero((finish != BLANK) & (np.abs(stated - finish) > SECOND)).tolist():
        name, said = rows.frame.item(at, "job"), "no time" if stated[at] == BLANK else case.when(stated[at])
        message = f"The job {name} is said to finish at {said}, but does at {case.when(finish[at])}."
        yield Breach("order_date", message, order=name, where="jobs")


def _wrong_date(case: Case, supplies: Supplies, kind: str, name: str, finish: int, late_days: float) -> str:
    at = case.demand(kind).position.get(name, -1)
    if at < 0:
        return "is in the plan, but is not open"
    if finish == BLANK:
        return "has neither a date nor a reason in the plan"
    found = supplies.finish_of(kind, name)
    # Without supplies there is no date to compare with; that is told as a short peg.
    if found is not None and abs(finish - found) > SECOND:
        return f"is said to be finished at {case.when(finish)}, but is at {case.when(found)}"
    due = case.demand(kind).due[at]
    late = 0 if due == BLANK else max(0, finish - due)
    if abs(late_days * DAY - late) > SECOND + SHARE * late:
        return f"is said to be {late_days:g} days late, but is {late / DAY:g}"
    return ""
