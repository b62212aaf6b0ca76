"""A synthetic plan as a real planner would return it: two shifts, an oven, families, sub-assemblies, late orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, log1p, sqrt
from random import Random
from zoneinfo import ZoneInfo

import polars as pl

from linewright.model import results as r
from linewright.model import run_results as runs
from linewright.model.factory import Factory
from linewright.model.faults import Fault
from linewright.model.run_results import Run

ZONE = ZoneInfo("Europe/Berlin")
# The clock changes on Sunday 29 March, in the middle of the plan.
START = datetime(2026, 3, 23, 6, tzinfo=ZONE).astimezone(UTC)
CENTERS = ("Sawing", "Turning", "Milling", "Deburring", "Hardening", "Grinding", "Assembly", "Packing")
NAMES = ("Ana Ilić", "Bo Berg", "Cem Aydın", "Dora Weiß", "Emil Krüger", "Fay O'Neil", "Gus <Gray>", "Hana Novák")
Window = tuple[datetime, datetime]
OVEN = timedelta(minutes=225)


@dataclass
class Shop:
    """What the sample's simple forward pass keeps in mind."""

    random: Random
    machines: dict[str, str]
    night: list[Window]
    free: dict[str, tuple[datetime, str, str]] = field(default_factory=dict)
    operations: list[dict[str, object]] = field(default_factory=list)
    jobs: list[dict[str, object]] = field(default_factory=list)
    pegging: list[dict[str, object]] = field(default_factory=list)
    loads: dict[tuple[str, datetime], int] = field(default_factory=dict)


def sample_plan(operations: int = 300, seed: int = 7) -> tuple[r.Plan, Factory, dict[str, list[Window]]]:
    """Make a plan of about so many operations, its factory, and the windows in which each machine is closed."""
    random = Random(seed)
    per_center = max(2, operations // 8 // 45)
    # Turning is the bottleneck, and ovens take six jobs at a time.
    sizes = {"Turning": max(1, round(per_center * 0.7)), "Hardening": max(1, per_center // 4)}
    machines = {f"{name[:2].upper()}-{i + 1}": name for name in CENTERS for i in range(sizes.get(name, per_center))}
    shop = Shop(random, machines, closed_nights(120))
    orders: list[dict[str, object]] = []
    while len(shop.operations) < operations:
        orders.append(add_order(shop, f"SO-{4001 + len(orders)}"))
    closed = {machine: ([] if center == "Hardening" else shop.night) for machine, center in machines.items()}
    plan = as_plan(shop, orders, seed)
    return plan, as_factory(shop, orders), closed


def closed_nights(days: int) -> list[Window]:
    """Closed from 22 to 6 o'clock local time, and at weekends."""
    found: list[Window] = []
    first = START.astimezone(ZONE).replace(hour=0)
    for day in range(days):
        morning = (first + timedelta(days=day)).replace(hour=6)
        if morning.weekday() < 5:
            evening, next_day = morning.replace(hour=22), morning + timedelta(days=1 if morning.weekday() < 4 else 3)
            found.append((evening.astimezone(UTC), next_day.astimezone(UTC)))
    return found


def add_order(shop: Shop, order: str) -> dict[str, object]:
    """One order: a part, and for every third order a sub-assembly that feeds it."""
    material = f"GEAR-{shop.random.randrange(40):02d}"
    quantity = float(shop.random.randrange(20, 110))
    needs = None
    if shop.random.random() < 0.35:
        needs = add_job(shop, f"WO-{len(shop.jobs) + 1}", order, f"SUB-{material}", quantity, START)
    job = add_job(shop, f"WO-{len(shop.jobs) + 1}", order, material, quantity, START, needs)
    finish = shop.jobs[-1]["finish"]
    shop.pegging.append(peg("order", order, None, material, quantity, job))
    if needs:
        shop.pegging.append(peg("job", job, 10, f"SUB-{material}", quantity, needs))
    slack = timedelta(hours=shop.random.triangular(-30, 200, 40))
    due = finish + slack
    late = max(0.0, (finish - due) / timedelta(days=1))
    return {
        "order": order, "kind": "order", "customer": f"Customer {shop.random.randrange(9)}", "material": material,
        "quantity": quantity, "due": due.replace(microsecond=0), "finish": finish, "late_days": late,
        "late_cost_per_day": 120.0, "late_cost": 120.0 * late, "reason": "",
    }  # fmt: skip


def peg(kind: str, consumer: str, step: int | None, material: str, quantity: float, supply: str) -> dict[str, object]:
    """A row of pegging from a work order."""
    return {
        "consumer_kind": kind, "consumer": consumer, "step": step, "material": material, "quantity": quantity,
        "supply_kind": "work_order", "supply": supply, "available": None, "transit_days": 0.0,
    }  # fmt: skip


def add_job(
    shop: Shop, job: str, order: str, material: str, quantity: float, ready: datetime, needs: str | None = None
) -> str:
    """Put the steps of a job one after the other on the machine that is free first."""
    wait = ("nothing", "", "")
    if needs:
        feeding = next(row for row in shop.jobs if row["job"] == needs)
        last = [row for row in shop.operations if row["job"] == needs][-1]
        ready, wait = feeding["finish"], ("material", last["operation"], feeding["material"])
    centers = [center for center in CENTERS if shop.random.random() < 0.62] or ["Packing"]
    for number, center in enumerate(centers):
        ready, wait = add_operation(shop, (job, material, quantity), 10 * (number + 1), center, ready, wait)
    shop.jobs.append({
        "job": job, "work_order": job, "order": order, "material": material, "quantity": quantity,
        "release": START, "due": None, "finish": ready,
    })  # fmt: skip
    return job


def add_operation(
    shop: Shop, job: tuple[str, str, float], step: int, center: str, ready: datetime, wait: tuple[str, str, str]
) -> tuple[datetime, tuple[str, str, str]]:
    """One step: setup when the family changes, then the run, both in working time."""
    names = [machine for machine, place in shop.machines.items() if place == center]
    machine = min(names, key=lambda name: shop.free.get(name, (START, "", ""))[0])
    free, before, family = shop.free.get(machine, (START, "", ""))
    name, material, quantity = job
    operation, load = f"{name}/{step}", ""
    setup = 0.0 if family == material[:6] or center == "Hardening" else 20.0
    run = round(quantity * shop.random.uniform(1.5, 8.5 if center == "Turning" else 5.0)) + 0.25
    if center == "Hardening":
        machine, setup_start = free_load(shop, names, ready)
        start, end, load, run = setup_start, setup_start + OVEN, f"{machine} {setup_start:%d.%m. %H}", 225.0
        wait = ("policy", "", "full_load") if start > ready else wait
    else:
        wait = ("machine", before, machine) if free > ready else wait
        setup_start, _ = worked(max(free, ready), 0.0, shop.night)
        _, start = worked(setup_start, setup, shop.night)
        start, end = worked(start, run, shop.night)
        shop.free[machine] = (end, operation, material[:6])
    crew = [shop.random.choice(NAMES)] if center in {"Assembly", "Turning"} else []
    shop.operations.append({
        "operation": operation, "job": name, "material": material, "step": step, "name": center, "machine": machine,
        "work_center": center, "quantity": quantity, "setup_start": setup_start, "start": start, "end": end,
        "setup_minutes": setup, "changeover_minutes": setup / 2, "run_minutes": run, "people": crew,
        "setup_people": crew if setup else [], "load": load, "waits_for": wait[0], "waits_for_operation": wait[1],
        "waits_for_name": wait[2], "kwh": run * 0.11, "pinned": shop.random.random() < 0.01,
    })  # fmt: skip
    return end, ("predecessor", operation, "")


def free_load(shop: Shop, ovens: list[str], ready: datetime) -> tuple[str, datetime]:
    """The oven and the next full four hours in which it has a place left."""
    slot = START + timedelta(hours=4) * max(0, -((START - ready) // timedelta(hours=4)))
    while True:
        for oven in ovens:
            if shop.loads.get((oven, slot), 0) < 6:
                shop.loads[oven, slot] = shop.loads.get((oven, slot), 0) + 1
                return oven, slot
        slot += timedelta(hours=4)


def worked(moment: datetime, minutes: float, nights: list[Window]) -> tuple[datetime, datetime]:
    """The first working moment from `moment` on, and the one at which so many working minutes have passed."""
    for begin, end in nights:
        if begin <= moment < end:
            moment = end
    first, left = moment, timedelta(minutes=minutes)
    for begin, end in nights:
        if begin >= moment:
            if moment + left <= begin:
                break
            left, moment = left - (begin - moment), end
    return first, moment + left


def as_plan(shop: Shop, orders: list[dict[str, object]], seed: int) -> r.Plan:
    """Wrap the rows into a plan with everything that a real one carries."""
    lateness = sum(float(row["late_cost"]) for row in orders)
    costs = {"lateness": lateness, "changeovers": 1830.5, "overtime": 0.0, "early_stock": 212.25, "energy": 640.0}
    total = sum(costs.values())
    return r.Plan(
        factory_name="Gear works <Süd>", currency="EUR", timezone="Europe/Berlin", start=START, objective="cost",
        value=total, costs=costs, weights=r.Weights(),
        bound=r.Bound(value=0.81 * total, kind="load", meaning="the work of Turning does not fit before the due dates"),
        operations=pl.DataFrame(shop.operations, schema=dict(r.OPERATION_COLUMNS)),
        jobs=pl.DataFrame(shop.jobs, schema=dict(r.JOB_COLUMNS)),
        orders=pl.DataFrame([*orders, unplanned()], schema=dict(r.ORDER_COLUMNS)),
        pegging=pl.DataFrame(shop.pegging, schema=dict(r.PEGGING_COLUMNS)),
        relaxed=(r.Relaxed(rule="pin", row="work_orders:17", reason="MI-1 is closed at the pinned time"),),
        faults=sample_faults(), assumptions=tuple(f"{text}." for text in ASSUMPTIONS),
        origin=r.Origin(made_by="plan", code_version="0.1.0", seed=seed), verified=True,
    )  # fmt: skip


ASSUMPTIONS = (
    "No tools table: tools are never short",
    "Machines in Hardening have no calendar: they run round the clock",
    "12 orders have no late_cost_per_day: 120 EUR a day is used",
    "No lanes: transport between sites takes no time",
    "People without skills are not planned",
    "No tariffs: energy costs 0.18 EUR/kWh at all hours",
    "Stock without a date is there from the start",
)


def unplanned() -> dict[str, object]:
    """An order that could not be planned, with its reason."""
    return {
        "order": "SO-9999", "kind": "order", "customer": "Customer 3", "material": "GEAR-99", "quantity": 3.0,
        "due": START + timedelta(days=9), "finish": None, "late_days": None, "late_cost_per_day": 120.0,
        "late_cost": None, "reason": "no machine may do step 20 of GEAR-99",
    }  # fmt: skip


def sample_faults() -> tuple[Fault, ...]:
    """Faults of all levels, ranked."""
    return (
        Fault(
            level="error", rule="reference", table="operations", where="operations!D1362", row=1362, column="machine",
            value="CNC-9", message="CNC-9 is not in machines", cure="did you mean CNC-8?", orders=14, days=6.5,
        ),
        Fault(
            level="warning", rule="range", table="orders", where="orders.csv:88 (due)", row=88, column="due",
            message="due is before release", cure="check both dates", orders=3, days=0.8, count=12,
        ),
        Fault(
            level="note", rule="unused", table="skills", where="skills.csv:4", message="nobody needs <polishing>",
            cure="delete the row or name the skill in operations",
        ),
    )  # fmt: skip


def as_factory(shop: Shop, orders: list[dict[str, object]]) -> Factory:
    """The tables that a report looks at."""
    return Factory.of(
        settings=[{"name": "Gear works <Süd>", "timezone": "Europe/Berlin"}],
        work_centers=[{"work_center": center} for center in CENTERS],
        machines=[
            {"machine": machine, "work_center": center, "capacity": 6 if center == "Hardening" else 1}
            for machine, center in shop.machines.items()
        ],
        orders=[{"order": row["order"], "material": row["material"], "quantity": row["quantity"]} for row in orders],
    )


def sample_run(plan: r.Plan, seed: int = 3, replications: int = 200) -> Run:
    """A run of the plan as the twin would return it: ranges grow towards the plan's end, odds follow from the slack.

    Delays are exponential with a mean of two per cent of the time since the plan's start, so that every percentile has
    a closed form.
    """
    note = {"n": replications, "method": "Wilson", "seed": seed}
    orders = [order_odds(plan, row, note) for row in plan.orders.drop_nulls(["due", "finish"]).iter_rows(named=True)]
    share = sum(row["on_time"] for row in orders) / max(1, len(orders))
    operations = plan.operations.select(
        "operation", "job", "machine", planned_start="start", planned_end="end",
        **{f"start_{name}": later(plan, "start", odds) for name, odds in PERCENTILES.items()},
        **{f"end_{name}": later(plan, "end", odds) for name, odds in PERCENTILES.items()},
        n=pl.lit(replications), method=pl.lit("order statistics"), seed=pl.lit(seed, pl.UInt64),
    )  # fmt: skip
    figures = [
        ("on_time", "share", share, share - 0.02, share + 0.02, share - 0.1, share + 0.08, 0.05, 0.02),
        ("late_cost", "EUR", 1234.5, 1100.0, 1370.0, 420.0, 3200.0, 800.0, 300.0),
        ("makespan", "h", 412.3, 410.1, 414.6, 390.0, 440.0, 14.0, 0.0),
        ("repairs", "1", 3.25, 3.1, 3.4, 1.0, 6.0, 1.2, 0.0),
        ("short", "units", *[0.0] * 7),
    ]
    columns = ("figure", "unit", "mean", "low", "high", "p5", "p95", "chance", "error")
    causes = [("failure", "TU-1", 12.25, 3.5), ("absence", "Ana Ilić", 3.1, 0.8), ("closed hours", "", 1.4, 0.1)]
    return Run(
        factory_name=plan.factory_name, currency=plan.currency, timezone=plan.timezone, start=plan.start,
        mode="skip", replications=replications, worst=(17, 4), stopped="odds are known within 3 points",
        orders=pl.DataFrame(orders, schema=dict(runs.RUN_ORDER_COLUMNS)),
        operations=operations.cast(dict(runs.RUN_OPERATION_COLUMNS)),
        machines=pl.DataFrame(machine_rows(plan, note), schema=dict(runs.RUN_MACHINE_COLUMNS)),
        totals=pl.DataFrame(
            [{**dict(zip(columns, row, strict=True)), **note} for row in figures],
            schema=dict(runs.RUN_TOTAL_COLUMNS),
        ),
        causes=pl.DataFrame(
            [dict(zip(("cause", "name", "hours", "events"), row, strict=True)) | note for row in causes],
            schema=dict(runs.RUN_CAUSE_COLUMNS),
        ),
        assumptions=("No <failure modes> of ovens: they never fail.", "Times vary by 30 %."),
        origin=r.Origin(made_by="twin", code_version="0.1.0", seed=seed),
    )  # fmt: skip


#: Percentiles of start and end.
PERCENTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
#: The mean delay as a share of the time since the plan's start.
SPREAD = 0.02


def later(plan: r.Plan, column: str, odds: float) -> pl.Expr:
    """The moment that so many runs keep."""
    passed = (pl.col(column) - plan.start).dt.total_seconds()
    return pl.col(column) + pl.duration(seconds=(passed * SPREAD * -log1p(-odds)).round(0))


def order_odds(plan: r.Plan, row: dict[str, object], note: dict[str, object]) -> dict[str, object]:
    """The odds of one order: the chance that an exponential delay is less than its slack, with Wilson's interval."""
    finish, due = row["finish"], row["due"]
    mean = max((finish - plan.start) * SPREAD, timedelta(minutes=1))
    slack = (due - finish) / mean
    share = 1 - exp(-slack) if slack > 0 else 0.0
    n, z = note["n"], 1.96
    middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    late = (mean * exp(-max(0.0, slack)) + max(timedelta(0), finish - due)) / timedelta(days=1)
    dates = {name: finish + mean * -log1p(-odds) for name, odds in (("p50", 0.5), ("p80", 0.8), ("p95", 0.95))}
    kept = ("order", "kind", "customer", "material", "quantity", "due")
    return {
        **{name: row[name] for name in kept}, "planned": finish, "on_time": share,
        "low": (middle - half) / (1 + z * z / n), "high": (middle + half) / (1 + z * z / n),
        **dates, "late_days": late, "late_cost": 120.0 * late, **note,
    }  # fmt: skip


def machine_rows(plan: r.Plan, note: dict[str, object]) -> list[dict[str, object]]:
    """States and losses of each machine."""
    rows = []
    places = plan.operations.select("machine", "work_center").unique().sort("machine")
    for place, (machine, center) in enumerate(places.iter_rows()):
        down, setup, blocked = 0.02 + 0.01 * (place % 7), 0.05, 0.005 * (place % 3)
        for figure, mean in (("down", down), ("setup", setup), ("blocked", blocked), ("oee", 0.9 - down - setup)):
            rows.append({
                "machine": machine, "work_center": center, "figure": figure, "unit": "share", "mean": mean,
                "low": 0.9 * mean, "high": 1.1 * mean, **note,
            })  # fmt: skip
    return rows
