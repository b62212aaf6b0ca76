"""Demands as orders or history, and manufacturing orders as jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from linewright.io.frepple.fixture import Fixture, Record, add_rows
from linewright.io.frepple.routes import Routes
from linewright.io.frepple.routing import Routing
from linewright.io.frepple.supply import FIRM, aware
from linewright.io.raw_tables import Gathered
from linewright.model.faults import Fault


def add_demand(found: Gathered, fixture: Fixture) -> None:
    """Open demands are orders, closed ones are history; quotes and inquiries are not planned."""
    orders, history = [], []
    others: Counter[str] = Counter()
    for record in fixture["input.demand"]:
        status = record.text("status") or "open"
        due = record.moment("due")
        wanted = {**record.place, "material": record.text("item"), "quantity": record.number("quantity")}
        if status == "open":
            order = {"order": record.name, "customer": record.text("customer"), "site": record.text("location")}
            priority = int(record.number("priority", 10))
            orders.append({**wanted, **order, "due": aware(due), "priority": priority})
        elif status == "closed" and due:
            history.append({**wanted, "date": due.date(), "customer": record.text("customer")})
        else:
            others[status] += 1
    add_rows(found, "orders", orders)
    add_rows(found, "demand_history", history)
    if others:
        shown = ", ".join(f"{count} {status}" for status, count in sorted(others.items()))
        found.assumptions.append(f"Demands that are neither open nor closed are left out: {shown}.")
    if not orders:
        closed = f"; its {len(history):,} closed demands are history" if history else ""
        found.assumptions.append(f"The file has no open demand, so there are no orders to plan{closed}.")


def add_jobs(found: Gathered, fixture: Fixture, routes: Routes, routing: Routing, start: datetime | None) -> None:
    """Firm manufacturing orders as jobs at their step; those that have begun are running now."""
    rows = []
    lost: list[Record] = []
    for record in fixture["input.operationplan"]:
        if record.text("type") != "MO" or record.text("status") not in FIRM:
            continue
        known = routes.route_of(record.text("operation"))
        if known is None:
            lost.append(record)
            continue
        route, step = known
        begun = record.moment("startdate")
        running = bool(start and begun and begun <= start and record.text("status") == "confirmed")
        machines = routing.machines_of(route, step)
        rows.append(
            {
                **record.place,
                "work_order": record.text("reference") or record.name,
                "material": route.item,
                "quantity": record.number("quantity") * route.produced,
                "due": aware(record.moment("enddate")),
                "release": None if running else aware(begun),
                "step": (step + 1) * 10,
                "machine": machines[0] if running and len(machines) == 1 else None,
                "started": aware(begun) if running and len(machines) == 1 else None,
            }
        )
    add_rows(found, "work_orders", rows)
    _tell_lost(found, lost)


def _tell_lost(found: Gathered, lost: Sequence[Record]) -> None:
    if lost:
        first = lost[0]
        found.faults.append(
            Fault(
                level="warning", rule="unknown_operation", table="work_orders", where=f"{first.file}:{first.line}",
                row=first.line, column="operation", value=first.text("operation"), count=len(lost),
                message=f"{len(lost)} manufacturing orders name an operation that makes no item; they are left out",
                cure="add the operation, or the item that it makes",
            )
        )  # fmt: skip
