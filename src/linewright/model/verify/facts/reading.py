"""Read a plan and its factory once, and join them into a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.tables import Order, WorkOrder
from linewright.model.verify.facts.calendars import Calendars
from linewright.model.verify.facts.case import Block, Case, Pin, Placed
from linewright.model.verify.facts.changeovers import Changeovers
from linewright.model.verify.facts.choices import choose
from linewright.model.verify.facts.jobs import Job, optional_instant, rows_of
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import DAY, HOUR, instant, seconds
from linewright.model.verify.facts.routes import Routes


def read_case(factory: Factory, plan: Plan, previous: Plan | None) -> Case:
    """Join a plan with its factory and, if there is one, with the plan before it."""
    operation_rows, job_rows, order_rows = (list(rows_of(f)) for f in (plan.operations, plan.jobs, plan.orders))
    settings, start = factory.settings, instant(plan.start)
    last = max([start, *(row["end"] for row in operation_rows if row["end"] is not None)])
    routes, places = Routes(factory), Places(factory)
    calendars = Calendars(factory, start - DAY, last + DAY)
    orders = {row.order: row for row in factory.orders if row.status == "open"}
    work_orders = {row.work_order: row for row in factory.work_orders if row.status == "open"}
    unplanned = {(row["kind"], row["order"]) for row in order_rows if row["reason"]}
    busy = {row["job"] for row in operation_rows}
    jobs = {
        row["job"]: _job(row, work_orders, orders, routes)
        for row in job_rows
        # A work order that the plan gives up needs no operations.
        if row["job"] in busy or ("work_order", row["job"]) not in unplanned
    }
    placed: dict[str, Placed] = {}
    for row in operation_rows:
        made = _placed(row, jobs, places, routes)
        if made is not None:
            placed.setdefault(made.name, made)
    blocks = _blocks(placed.values(), places, calendars)
    Changeovers(factory, places).assign(blocks)
    earlier = {r["operation"]: (r["machine"], r["start"]) for r in (rows_of(previous.operations) if previous else ())}
    return Case(
        factory=factory, settings=settings, plan=plan, start=start, zone=ZoneInfo(settings.timezone), routes=routes,
        places=places, calendars=calendars, orders=orders, work_orders=work_orders, operation_rows=operation_rows,
        job_rows=job_rows, order_rows=order_rows, unplanned=unplanned, jobs=jobs, placed=placed, blocks=blocks,
        block_of={name: block for row in blocks.values() for block in row for name in block.names},
        earlier=earlier, pins=_pins(jobs, earlier, start, round(settings.frozen_hours * HOUR)),
    )  # fmt: skip


def _job(row: dict[str, Any], work_orders: dict[str, WorkOrder], orders: dict[str, Order], routes: Routes) -> Job:
    work_order = work_orders.get(row["work_order"] or row["job"])
    order = orders.get(work_order.order) if work_order else None
    material = work_order.material if work_order else row["material"]
    return Job(
        name=row["job"],
        material=material,
        quantity=work_order.quantity if work_order else row["quantity"],
        route=routes.of(material),
        work_order=work_order,
        release=optional_instant(work_order.release) if work_order else row["release"],
        order_release=optional_instant(order.release) if order else None,
    )


def _placed(row: dict[str, Any], jobs: dict[str, Job], places: Places, routes: Routes) -> Placed | None:
    """The operation of a row, None when it is not of this plan's jobs, or has no machine or no times."""
    job, machine = jobs.get(row["job"]), places.machines.get(row["machine"])
    if job is None or machine is None or row["step"] not in job.open_steps:
        return None
    if row["start"] is None or row["end"] is None:
        return None
    step, people = job.route.steps[row["step"]], tuple(row["people"] or ())
    run, setup = seconds(row["run_minutes"]), seconds(row["setup_minutes"])
    return Placed(
        name=f"{job.name}/{step.step}", job=job, step=step, machine=machine,
        setup_start=row["start"] if row["setup_start"] is None else row["setup_start"],
        start=row["start"], end=row["end"],
        stated_setup=setup, stated_changeover=seconds(row["changeover_minutes"]), stated_run=run,
        stated_quantity=row["quantity"], kwh=row["kwh"],
        people=people, setup_people=tuple(row["setup_people"] or ()), load=row["load"],
        choice=choose(routes, job, step, machine, people, (run, setup)), units=job.units(step.step),
    )  # fmt: skip


def _blocks(placed: Iterable[Placed], places: Places, calendars: Calendars) -> dict[str, list[Block]]:
    """Machine time by machine, in order of start; the operations of a load share theirs."""
    groups: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for operation in placed:
        # On a machine that makes no loads every operation stands alone, whatever its row says.
        load = f"load {operation.load}" if operation.load and operation.machine.batch else operation.name
        groups[operation.machine.machine, load].append(operation)
    blocks: dict[str, list[Block]] = defaultdict(list)
    for (machine, _), members in groups.items():
        blocks[machine].append(_block(members, places, calendars))
    for on_machine in blocks.values():
        on_machine.sort(key=lambda block: (block.first.start, block.first.end, block.first.setup_start))
    return blocks


def _block(members: list[Placed], places: Places, calendars: Calendars) -> Block:
    own = places.machine_calendar(members[0].machine)
    setup_people = {person for member in members for person in member.setup_people}
    people = {person for member in members for person in member.people}
    return Block(
        machine=members[0].machine,
        members=members,
        setup_time=calendars.common([own, *map(places.person_calendar, setup_people)]),
        run_time=calendars.common([own, *map(places.person_calendar, people)]),
        setup_seconds=max(member.choice.setup_seconds for member in members),
        run_seconds=max(member.choice.run_seconds for member in members),
    )


def _pins(jobs: dict[str, Job], earlier: dict[str, tuple[str, int | None]], start: int, frozen: int) -> dict[str, Pin]:
    pins = {
        name: Pin(begin, machine, "the earlier plan, inside the frozen zone")
        for name, (machine, begin) in earlier.items()
        if begin is not None and start <= begin < start + frozen
    }
    for job in jobs.values():
        order = job.work_order
        if order and order.pinned and order.pinned_start is not None:
            pins[f"{job.name}/{job.step_at}"] = Pin(instant(order.pinned_start), "", "its work order's pin")
    # What is running now starts now, whatever a pin says.
    running = {f"{job.name}/{job.running_step}" for job in jobs.values() if job.running_step is not None}
    return {name: pin for name, pin in pins.items() if name not in running}
