"""A factory as it stands in the middle of a run: what is done, what is running, what is used up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linewright.model.table import Table
from linewright.twin.execute import records as r

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.twin.execute.problem import Prepared

#: Tables that a run writes its progress into.
WRITTEN = ("settings", "machines", "orders", "work_orders", "stock", "purchases")


@dataclass
class _Moment:
    """A run at a moment, with its plan's words."""

    prepared: Prepared
    now: r.Situation
    finished: set[str]
    seconds: int = field(init=False)
    moment: datetime = field(init=False)
    #: Operations of each job that have begun (with the share worked), by job and step number.
    begun: dict[tuple[str, int], float] = field(init=False)
    done: set[tuple[str, int]] = field(init=False)
    running: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        shop, problem = self.prepared.shop, self.prepared.problem
        self.seconds = int(self.now.counts[r.NOW])
        self.moment = shop.start + timedelta(seconds=self.seconds)
        self.begun, self.done, self.running = {}, set(), {}
        for at in range(shop.size):
            key = shop.job_names[int(problem.steps.job[at])], int(shop.steps[at])
            state = self.now.blocks[int(problem.steps.block[at])]
            if state.stage == r.DONE:
                self.done.add(key)
                self.begun[key] = 1.0
            elif state.stage in {r.FIRST_PART, r.RUNNING, r.HELD}:
                self.begun[key] = _worked_share(state)
                self.running[shop.operation_names[at]] = at


def _worked_share(state: Any) -> float:
    """The share of a run that is done; a stretch that goes on is taken to have gone on evenly."""
    total = max(int(state.run) + int(state.again), 1)
    left = int(state.left) + int(state.rest)
    return min(max(1.0 - left / total, 0.0), 1.0)


def in_progress(prepared: Prepared, now: r.Situation, finished: set[str]) -> Factory:
    """The factory for a planner at the moment at which a run stopped.

    Jobs that have begun become work orders at their first unfinished step, running steps with what is left of them;
    finished goods that wait for somebody go on stock, used material comes off it, and purchases come when they will.
    Where steps of a job run side by side, those behind its first unfinished one count as not begun.

    Parameters
    ----------
    finished
        Orders that are delivered; they are closed.
    """
    what = _Moment(prepared, now, finished)
    factory = prepared.factory
    stock, purchases = _supplies(what)
    machines = factory.machines.content.to_dicts()
    families = _families(prepared)
    for at, row in enumerate(machines):
        family = int(now.machines[at].family)
        row["setup_family"] = families.get(family, row["setup_family"])
    orders = factory.orders.content.to_dicts()
    for row in orders:
        if row["order"] in finished:
            row["status"] = "closed"
    tables = {
        "machines": machines, "orders": orders, "work_orders": _work_orders(what), "stock": stock,
        "purchases": purchases,
    }  # fmt: skip
    changed = factory.with_tables(**{name: Table.of(name, rows) for name, rows in tables.items()})
    return changed.with_settings(start=what.moment, frozen_hours=0.0)


def _families(prepared: Prepared) -> dict[int, str]:
    """Setup families by the number that the shop gives them."""
    shop = prepared.shop
    named = shop.factory.operations.frame["setup_family"].to_list()
    numbers = shop.arrays.operations.family[:-1].tolist()
    return {number: named[row] for number, row in zip(numbers, shop.routing.tolist(), strict=True) if number >= 0}


def _work_orders(what: _Moment) -> list[dict[str, Any]]:
    """Open work orders and begun lots, with how far they are."""
    shop, problem = what.prepared.shop, what.prepared.problem
    factory = what.prepared.factory
    jobs = {row["job"]: row for row in what.prepared.plan.jobs.iter_rows(named=True)}
    steps: dict[str, list[tuple[int, int]]] = {}
    for at in range(shop.size):
        steps.setdefault(shop.job_names[int(problem.steps.job[at])], []).append((int(shop.steps[at]), at))
    rows = {row["work_order"]: row for row in factory.work_orders.content.to_dicts()}
    known_orders = set(factory.orders.column("order"))
    for job, own in steps.items():
        begun = [step for step, _ in own if (job, step) in what.begun]
        if not begun:
            continue
        left = sorted((step, at) for step, at in own if (job, step) not in what.done)
        row = rows.get(job)
        if row is None:
            planned = jobs[job]
            order = planned["order"] if planned["order"] in known_orders else ""
            row = rows[job] = {
                "work_order": job, "material": planned["material"], "quantity": planned["quantity"], "order": order,
                "status": "open", "priority": 10, "done_quantity": 0.0, "machine": "", "pinned": False,
            }  # fmt: skip
        if not left:
            row["status"] = "closed"
            continue
        step, at = left[0]
        row |= {"step": step, "done_quantity": row["done_quantity"] if row.get("step") == step else 0.0,
                "pinned": False, "pinned_start": None, "started": None}  # fmt: skip
        share = what.begun.get((job, step), 0.0)
        if (job, step) in what.begun:
            block = int(problem.steps.block[at])
            begin = shop.start + timedelta(seconds=int(what.now.blocks[block].start))
            row["machine"] = shop.machine_names[int(problem.blocks.machine[block])]
            row["started"] = min(begin, what.moment)
            row["done_quantity"] += share * float(problem.steps[at].units)
    return list(rows.values())


def _supplies(what: _Moment) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Stock and purchases after what has been used, with what is finished and waits."""
    prepared, factory = what.prepared, what.prepared.factory
    stock = factory.stock.content.to_dicts()
    place = {f"{row['material']}@{row['site']}#{at}": at - 1 for at, row in enumerate(stock, start=1)}
    purchases = {row["purchase"]: row for row in factory.purchases.content.to_dicts()}
    late = dict(zip(prepared.supply_keys, what.now.supplies.tolist(), strict=True))
    closed = _closed_jobs(what)
    for number, peg in enumerate(prepared.plan.pegging.iter_rows(named=True)):
        used = _is_used(what, peg)
        kind, supply, quantity = peg["supply_kind"], peg["supply"], peg["quantity"]
        if kind == "stock" and used and supply in place:
            row = stock[place[supply]]
            row["quantity"] = max(row["quantity"] - quantity, 0.0)
        elif kind in {"work_order", "job"} and supply in closed and not used:
            stock.append({"material": peg["material"], "quantity": quantity, "available_from": what.moment})
        elif kind in {"purchase", "planned_purchase"}:
            come = peg["available"] + timedelta(seconds=late.get((kind, supply, peg["material"]), 0))
            if kind == "planned_purchase" and not used:
                name = f"{supply} {number}"
                purchases[name] = {
                    "purchase": name, "material": peg["material"], "quantity": quantity, "due": come, "expected": come,
                }  # fmt: skip
            elif kind == "purchase" and supply in purchases:
                row = purchases[supply]
                row["expected"] = come
                if used:
                    row["quantity"] = max(row["quantity"] - quantity, 0.0)
    return stock, list(purchases.values())


def _closed_jobs(what: _Moment) -> set[str]:
    """Jobs of which every step is done."""
    shop, problem = what.prepared.shop, what.prepared.problem
    steps = [
        (shop.job_names[int(job)], int(step)) for job, step in zip(problem.steps.job[:-1], shop.steps, strict=True)
    ]
    return {job for job, _ in steps} - {job for job, step in steps if (job, step) not in what.done}


def _is_used(what: _Moment, peg: dict[str, Any]) -> bool:
    """Whether a supply has gone into its order or job."""
    if peg["consumer_kind"] == "order":
        return peg["consumer"] in what.finished
    if peg["step"] is not None:
        return (peg["consumer"], peg["step"]) in what.begun
    return any(job == peg["consumer"] for job, _ in what.begun)
