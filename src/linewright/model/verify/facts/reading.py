"""Read a plan and its factory once, and join them into a case."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.verify.facts.blocks import read_blocks
from linewright.model.verify.facts.calendars import Calendars
from linewright.model.verify.facts.case import Case, Pin
from linewright.model.verify.facts.changeovers import Changeovers
from linewright.model.verify.facts.choices import Alternatives
from linewright.model.verify.facts.columns import BLANK, Columns, IntArray
from linewright.model.verify.facts.jobs import Demand, Jobs, read_jobs
from linewright.model.verify.facts.operations import Operations, read_operations, read_stated
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import DAY, HOUR, instant
from linewright.model.verify.facts.routes import Routes


def read_case(factory: Factory, plan: Plan, previous: Plan | None) -> Case:
    """Join a plan with its factory and, if there is one, with the plan before it."""
    rows, job_rows, order_rows = (Columns(f) for f in (plan.operations, plan.jobs, plan.orders))
    settings, start = factory.settings, instant(plan.start)
    routes, places = Routes(factory), Places(factory)
    calendars = Calendars(factory, start - DAY, max(start, int(rows.whole("end").max(initial=start))) + DAY)
    orders, work_orders = Demand(factory, "orders"), Demand(factory, "work_orders")
    told = zip(order_rows.text("kind"), order_rows.text("order"), order_rows.text("reason"), strict=True)
    unplanned = {(kind, name) for kind, name, reason in told if reason}
    jobs = read_jobs(_without_unplanned(job_rows, rows, unplanned), orders, work_orders, routes)
    stated = read_stated(rows, jobs, routes, places)
    alternatives = Alternatives(factory, routes, jobs, places)
    operations = read_operations(stated, jobs, routes, alternatives)
    waiting, last_slot = _precedence(jobs, routes)
    earlier = _earlier(previous)
    return Case(
        factory=factory, settings=settings, plan=plan, start=start, zone=ZoneInfo(settings.timezone), routes=routes,
        places=places, calendars=calendars, alternatives=alternatives, orders=orders, work_orders=work_orders,
        stated=stated, job_rows=job_rows, order_rows=order_rows, unplanned=unplanned, jobs=jobs, operations=operations,
        blocks=read_blocks(operations, places, calendars, Changeovers(factory, places, routes)),
        pairs=_pairs(operations, *waiting), last_slot=last_slot, earlier=earlier,
        pins=_pins(operations, work_orders, earlier, start, round(settings.frozen_hours * HOUR)),
    )  # fmt: skip


def _without_unplanned(job_rows: Columns, rows: Columns, unplanned: set[tuple[str, str]]) -> Columns:
    """The rows of jobs that need operations: a work order that the plan gives up needs none."""
    given_up = {name for kind, name in unplanned if kind == "work_order"}
    if not given_up:
        return job_rows
    given_up -= set(rows.text("job"))
    return Columns(job_rows.frame.filter([name not in given_up for name in job_rows.text("job")]))


def _precedence(jobs: Jobs, routes: Routes) -> tuple[tuple[IntArray, IntArray], IntArray]:
    """Pairs of slots of which the second waits for the first, and the slots that nothing of their job waits for.

    Where the steps of a job wait in a ring, all of them are its last.
    """
    job, row = jobs.slots()
    late, before_row = routes.waits_for(row)
    early = jobs.slot(job[late], before_row)
    # Steps that are done do not bind.
    late, early = late[early >= 0], early[early >= 0]
    is_last = np.ones(job.size, np.bool_)
    is_last[early] = False
    has_last = np.bincount(job[is_last], minlength=len(jobs.names)) > 0
    return (early, late), np.flatnonzero(is_last | ~has_last[job])


def _pairs(operations: Operations, early: IntArray, late: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of operations of which the second waits for the first, in the order of the second."""
    before, after = operations.by_slot[early], operations.by_slot[late]
    both = (before >= 0) & (after >= 0)
    before, after = before[both], after[both]
    order = np.lexsort((operations.row[before], after))
    return before[order], after[order]


def _earlier(previous: Plan | None) -> dict[str, tuple[str, int]]:
    """The machine and the start (BLANK for none) that the plan before gave each operation."""
    if previous is None:
        return {}
    rows = Columns(previous.operations)
    given = zip(rows.text("machine"), rows.whole("start").tolist(), strict=True)
    return dict(zip(rows.text("operation"), given, strict=True))


def _pins(
    operations: Operations, work_orders: Demand, earlier: dict[str, tuple[str, int]], start: int, frozen: int
) -> list[Pin]:
    """What must keep its start; what is running now starts now, whatever a pin says."""
    pins: dict[str, Pin] = {}
    frozen_now = {name for name, (_, begin) in earlier.items() if begin != BLANK and start <= begin < start + frozen}
    if frozen_now:
        place = {operations.name(at): at for at in range(len(operations))}
        pins = {
            name: Pin(place[name], begin, machine, "the earlier plan, inside the frozen zone")
            for name, (machine, begin) in earlier.items()
            if name in frozen_now and name in place
        }
    pinned = work_orders.rows.true("pinned") & (work_orders.rows.whole("pinned_start") != BLANK)
    if pinned.any():
        jobs, starts = operations.jobs, work_orders.rows.whole("pinned_start")
        wanted = np.append(pinned, False)[jobs.work_order]
        slots = jobs.slot(np.flatnonzero(wanted), jobs.at_row[wanted])
        for job, slot in zip(np.flatnonzero(wanted).tolist(), slots.tolist(), strict=True):
            at = int(operations.by_slot[slot]) if slot >= 0 else -1
            if at >= 0:
                begin = int(starts[jobs.work_order[job]])
                pins[operations.name(at)] = Pin(at, begin, "", "its work order's pin")
    return [pin for pin in pins.values() if not operations.running[pin.operation]]
