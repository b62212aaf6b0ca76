"""When each supply of the plan arrives, and when jobs and orders are therefore finished."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from linewright.model.verify.facts.case import Case, Placed, placed_on
from linewright.model.verify.facts.jobs import Job, optional_instant, rows_of
from linewright.model.verify.facts.rounding import day_seconds, seconds

#: Supplies that a job of the plan makes.
MADE = ("job", "work_order")


@dataclass(frozen=True, slots=True)
class Lot:
    """A dated supply from the tables: its material, quantity (None: not limited), earliest moment and site."""

    material: str
    quantity: float | None
    ready: int
    site: str


@dataclass(frozen=True, slots=True)
class Peg:
    """One row of the pegging; `number` counts rows from 1, `step` is the consuming step of a job with steps."""

    number: int
    consumer_kind: str
    consumer: str
    step: int | None
    material: str
    quantity: float
    kind: str
    supply: str
    available: int | None
    transit: int

    @property
    def where(self) -> str:
        """The row of the plan."""
        return f"pegging:{self.number}"


class Supplies:
    """The pegging of a plan, with what the tables say about each supply.

    `finish` gives the moment at which the output of each job is there, as far as its last steps are in the plan.
    Jobs that feed themselves are in `rings`. `lot_release` is when the orders of each new lot release it.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self.pegs = [self._peg(number, row) for number, row in enumerate(rows_of(case.plan.pegging), start=1)]
        self.lots = _lots(case)
        self._leads: dict[str, int] = {}
        for source in case.factory.sources:
            lead = day_seconds(source.lead_days)
            self._leads[source.material] = min(lead, self._leads.get(source.material, lead))
        self._of: dict[tuple[str, str], list[Peg]] = defaultdict(list)
        self._from: dict[str, list[Peg]] = defaultdict(list)
        for peg in self.pegs:
            self._of[peg.consumer_kind, peg.consumer].append(peg)
            if peg.kind in MADE and peg.supply in case.jobs:
                self._from[peg.supply].append(peg)
        self._last = {job.name: self._last_of(job) for job in case.jobs.values()}
        self.finish: dict[str, int] = {}
        order = self._suppliers_first()
        ordered = set(order)
        self.rings = [name for name in case.jobs if name not in ordered]
        for name in (*order, *self.rings):
            self._finish(case.jobs[name])
        self.lot_release = self._release_lots(order)

    def _peg(self, number: int, row: dict[str, Any]) -> Peg:
        job = self._case.jobs.get(row["consumer"]) if row["consumer_kind"] == "job" else None
        step = row["step"]
        if job is not None and step not in job.route.steps:
            step = job.route.first
        return Peg(
            number, row["consumer_kind"], row["consumer"], step, row["material"], row["quantity"],
            row["supply_kind"], row["supply"], row["available"], day_seconds(row["transit_days"]),
        )  # fmt: skip

    def earliest(self, peg: Peg) -> int:
        """The first moment at which the supply of a row can leave its place, as the tables and other rows have it."""
        start = self._case.start
        if peg.kind in MADE:
            return self.finish.get(peg.supply, start)
        if peg.kind == "planned_purchase":
            return start + self._leads.get(peg.material, 0)
        lot = self.lots.get((peg.kind, peg.supply))
        return max(start, lot.ready) if lot else start

    def arrival(self, peg: Peg) -> int:
        """When the supply of a row is with its consumer: not before the plan says, nor before the tables allow."""
        if peg.kind in MADE and self._last.get(peg.supply):
            # Each last step sends its goods from where it was done.
            return max(_ready(placed) + self.travel(peg, placed) for placed in self._last[peg.supply])
        ready = self.earliest(peg)
        return (ready if peg.available is None else max(ready, peg.available)) + peg.transit

    def travel(self, peg: Peg, last: Placed | None = None) -> int:
        """Seconds that the goods of a row must at least be on the way, those of a job from one of its last steps."""
        lot, places = self.lots.get((peg.kind, peg.supply)), self._case.places
        site = places.site_of(last.machine) if last else lot.site if lot else ""
        return places.travel(site, self._consumer_site(peg))

    def order_finish(self, kind: str, name: str) -> int | None:
        """When an order is finished: the latest arrival of its supplies; None when nothing is known of them."""
        if kind == "work_order":
            return self.finish.get(name)
        pegs = self._of.get((kind, name), [])
        if any(peg.kind in MADE and peg.supply not in self.finish for peg in pegs):
            return None
        return max((self.arrival(peg) for peg in pegs), default=None)

    def _consumer_site(self, peg: Peg) -> str:
        if peg.consumer_kind == "order":
            order = self._case.orders.get(peg.consumer)
            return order.site if order else ""
        job = self._case.jobs.get(peg.consumer)
        user = placed_on(self._case, job, peg.step) if job and peg.step is not None else None
        return self._case.places.site_of(user.machine) if user else ""

    def _last_of(self, job: Job) -> list[Placed]:
        """The last steps of a job; none when one of them is missing."""
        found = [placed for step in job.last_steps if (placed := placed_on(self._case, job, step))]
        return found if len(found) == len(job.last_steps) else []

    def _suppliers_first(self) -> list[str]:
        """The jobs, each after those that supply it; jobs in a ring, and those that they supply, are left out."""
        jobs = self._case.jobs
        waiting = dict.fromkeys(jobs, 0)
        for pegs in self._from.values():
            for peg in pegs:
                if peg.consumer_kind == "job" and peg.consumer in jobs:
                    waiting[peg.consumer] += 1
        order = [name for name, count in waiting.items() if not count]
        # The list grows while it is read: it is the queue.
        for name in order:
            for peg in self._from.get(name, ()):
                if peg.consumer_kind == "job" and peg.consumer in jobs:
                    waiting[peg.consumer] -= 1
                    if not waiting[peg.consumer]:
                        order.append(peg.consumer)
        return order

    def _release_lots(self, order: list[str]) -> dict[str, int]:
        """When each new lot is released by those that it is for: the earliest of them counts."""
        released: dict[str, int] = {}
        for name in reversed(order):
            if self._case.jobs[name].work_order is None:
                released[name] = min((self._released(peg, released) for peg in self._from.get(name, ())), default=0)
        return released

    def _released(self, peg: Peg, lots: dict[str, int]) -> int:
        if peg.consumer_kind == "order":
            order = self._case.orders.get(peg.consumer)
            return 0 if order is None else optional_instant(order.release) or 0
        return lots.get(peg.consumer, 0)

    def _finish(self, job: Job) -> None:
        if self._last[job.name]:
            self.finish[job.name] = max(map(_ready, self._last[job.name]))
        elif not job.open_steps:
            dates = [self._case.start, job.release or 0, job.order_release or 0]
            # Without steps a job is there when its own material is; where all steps are done it needs none.
            needed = [] if job.route.steps else self._of.get(("job", job.name), [])
            self.finish[job.name] = max(*dates, *(self.arrival(peg) for peg in needed))


def _ready(placed: Placed) -> int:
    return placed.end + seconds(placed.step.min_wait_minutes)


def _lots(case: Case) -> dict[tuple[str, str], Lot]:
    """Stock, purchases and the jobs of the plan by their kind and name."""
    found = {}
    for number, stock in enumerate(case.factory.stock, start=1):
        ready = optional_instant(stock.available_from) or case.start
        name = f"{stock.material}@{stock.site}#{number}"
        found["stock", name] = Lot(stock.material, stock.quantity, ready, stock.site)
    for purchase in case.factory.purchases:
        ready = optional_instant(purchase.expected or purchase.due) or case.start
        found["purchase", purchase.purchase] = Lot(purchase.material, purchase.quantity, ready, purchase.site)
    for job in case.jobs.values():
        kind = "work_order" if job.work_order else "job"
        found[kind, job.name] = Lot(job.material, job.quantity, case.start, "")
    return found
