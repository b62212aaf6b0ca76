"""Write a tiny factory and a plan for it by hand, so that every number of a test can be checked on paper.

All times are UTC unless a test says otherwise, and the year is 2026: 03-02 is a Monday.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from linewright.model.factory import Factory
from linewright.model.results import (
    JOB_COLUMNS,
    OPERATION_COLUMNS,
    ORDER_COLUMNS,
    PEGGING_COLUMNS,
    Bound,
    Origin,
    Plan,
    Relaxed,
    Weights,
)
from linewright.model.verify import RULES, verify

Row = dict[str, Any]


def at(text: str) -> datetime:
    """An instant such as ``03-02 07:00`` in 2026, UTC."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


START = at("03-02 06:00")


def shop(**tables: list[Row]) -> Factory:
    """A factory whose plan starts on Monday 2 March at 06:00."""
    settings = [{"start": START, **(tables.pop("settings", [{}])[0])}]
    return Factory.of(settings=settings, **tables)


def edited(factory: Factory, **tables: list[Row]) -> Factory:
    """The same factory with other rows in some tables."""
    return Factory.of(**{**{name: table.content for name, table in factory.tables.items()}, **tables})


def work_order(name: str, material: str = "part", quantity: float = 1.0, **more: Any) -> Row:
    """A row of work_orders."""
    return {"work_order": name, "material": material, "quantity": quantity, **more}


def run(name: str, machine: str, start: str, end: str, **more: Any) -> Row:
    """An operation of a plan, ``job/step``; it takes the time from start to end unless `run_minutes` says otherwise."""
    job, _, step = name.rpartition("/")
    first, last = at(start), at(end)
    row = {
        "operation": name, "job": job, "material": "part", "step": int(step), "machine": machine, "quantity": 1.0,
        "setup_start": first, "start": first, "end": last, "setup_minutes": 0.0, "changeover_minutes": 0.0,
        "run_minutes": (last - first).total_seconds() / 60, "kwh": 0.0, "people": [], "setup_people": [],
    }  # fmt: skip
    if "setup_start" in more:
        more["setup_start"] = at(more["setup_start"])
    return {**row, **more}


def lot(name: str, material: str, quantity: float, finish: str, **more: Any) -> Row:
    """A new lot among the jobs of a plan."""
    return {"job": name, "material": material, "quantity": quantity, "finish": at(finish), **more}


def promised(order: str, finish: str | None, **more: Any) -> Row:
    """A row of a plan's orders, in time unless `late_days` says otherwise."""
    done = None if finish is None else at(finish)
    return {"order": order, "kind": "order", "finish": done, "late_days": 0.0, "late_cost": 0.0, "reason": "", **more}


def peg(consumer: str, material: str, quantity: float, supply_kind: str, supply: str, **more: Any) -> Row:
    """A row of a plan's pegging; the consumer is an order, or ``job/step``."""
    job, _, step = consumer.rpartition("/")
    who = {"consumer_kind": "job", "consumer": job, "step": int(step)} if job else {"consumer_kind": "order"}
    row = {"consumer": consumer, "material": material, "quantity": quantity, "transit_days": 0.0}
    return {**row, **who, "supply_kind": supply_kind, "supply": supply, **more}


def plan_of(
    factory: Factory,
    operations: Sequence[Row],
    *,
    lots: Sequence[Row] = (),
    finish: dict[str, str] | None = None,
    orders: Sequence[Row] = (),
    pegging: Sequence[Row] = (),
    costs: dict[str, float] | None = None,
    relaxed: Iterable[Relaxed] = (),
    **more: Any,
) -> Plan:
    """A plan of all open work orders and some lots; a job finishes with its last operation unless `finish` says so."""
    ends = {row["job"]: max(other["end"] for other in operations if other["job"] == row["job"]) for row in operations}
    ends |= {job: at(text) for job, text in (finish or {}).items()}
    released = [
        {"job": row.work_order, "work_order": row.work_order, "order": row.order, "material": row.material,
         "quantity": row.quantity, "release": row.release, "due": row.due, "finish": ends.get(row.work_order)}
        for row in factory.work_orders if row.status == "open"
    ]  # fmt: skip
    facts = {
        "factory_name": "Test", "currency": "EUR", "timezone": "UTC", "start": START, "objective": "cost",
        "value": sum((costs or {}).values()), "costs": costs or {}, "weights": Weights(),
        "bound": Bound(value=0.0, kind="none", meaning=""), "faults": (), "assumptions": (),
        "origin": Origin(made_by="hand", code_version="0", seed=0), "relaxed": tuple(relaxed),
    }  # fmt: skip
    frames = {
        "operations": pl.DataFrame(list(operations), schema=OPERATION_COLUMNS),
        "jobs": pl.DataFrame([*released, *lots], schema=JOB_COLUMNS),
        "orders": pl.DataFrame(list(orders), schema=ORDER_COLUMNS),
        "pegging": pl.DataFrame(list(pegging), schema=PEGGING_COLUMNS),
    }
    return Plan(**{**facts, **frames, **more})


def broken(factory: Factory, plan: Plan, previous: Plan | None = None) -> list[str]:
    """The names of the rules that a plan breaks, once for each breach; every breach has a sentence."""
    breaches = verify(factory, plan, previous=previous)
    assert all(breach.message.endswith(".") and breach.rule in RULES for breach in breaches)
    return [breach.rule for breach in breaches]
