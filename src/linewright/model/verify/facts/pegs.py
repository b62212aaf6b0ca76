"""The pegging of a plan as columns: what is given to whom, and what the tables say about each supply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BLANK, BoolArray, Columns, FloatArray, IntArray, numbered, positions
from linewright.model.verify.facts.rounding import DAY, day_seconds

#: Supplies that a job of the plan makes.
MADE = ("job", "work_order")


NOTHING: dict[str, int] = {}


@dataclass(frozen=True, eq=False, kw_only=True)
class Lots:
    """Dated supplies from the tables: stock, purchases and the jobs of the plan, one behind the other.

    `places` gives the place of a supply by its kind and name.
    """

    material: list[str]
    quantity: FloatArray
    ready: IntArray
    site: IntArray
    places: dict[str, dict[str, int]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Pegs:
    """The rows of the pegging.

    `order` is the place of the order that a row supplies among the open ones, `job` the job that it supplies and
    `maker` the job that makes it (-1 for none); `row` is the row of the routes at which a job with steps consumes it.
    `lot` is the place of its supply in the lots, -1 where the tables know none.
    """

    kind: list[str]
    consumer_kind: list[str]
    consumer: list[str]
    material: list[str]
    supply: list[str]
    quantity: FloatArray
    available: IntArray
    transit: IntArray
    step: IntArray
    for_order: BoolArray
    for_job: BoolArray
    made: BoolArray
    order: IntArray
    job: IntArray
    row: IntArray
    maker: IntArray
    lot: IntArray

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.kind)


def read_lots(case: Case) -> Lots:
    """Stock, purchases and jobs with what there is of each."""
    stock, purchases, jobs = Columns(case.factory.stock.content), Columns(case.factory.purchases.content), case.jobs
    named = zip(stock.text("material"), stock.text("site"), strict=True)
    stock_names = [f"{material}@{site}#{number}" for number, (material, site) in enumerate(named, start=1)]
    expected = purchases.whole("expected")
    ready = np.concatenate([
        stock.whole("available_from"), np.where(expected == BLANK, purchases.whole("due"), expected),
    ])  # fmt: skip
    sites = [case.places.site_number(site) for site in stock.text("site") + purchases.text("site")]
    size, released = len(jobs.names), jobs.work_order >= 0
    made = len(stock) + len(purchases)
    return Lots(
        material=stock.text("material") + purchases.text("material") + jobs.material,
        quantity=np.concatenate([stock.real("quantity"), purchases.real("quantity"), jobs.quantity]),
        ready=np.append(np.where(ready == BLANK, case.start, ready), np.full(size, case.start)),
        site=np.append(np.array(sites, np.int64), np.zeros(size, np.int64)),
        places={
            "stock": numbered(stock_names),
            "purchase": {name: len(stock) + at for name, at in numbered(purchases.text("purchase")).items()},
            "work_order": {jobs.names[at]: made + at for at in np.flatnonzero(released).tolist()},
            "job": {jobs.names[at]: made + at for at in np.flatnonzero(~released).tolist()},
        },
    )


def read_pegs(case: Case, lots: Lots) -> Pegs:
    """The rows of the pegging, joined with orders, jobs and supplies."""
    rows, jobs, routes = Columns(case.plan.pegging), case.jobs, case.routes
    kind, consumer, supply = rows.text("supply_kind"), rows.text("consumer"), rows.text("supply")
    consumer_kind = rows.text("consumer_kind")
    for_order = np.array([each == "order" for each in consumer_kind], np.bool_)
    made = np.array([each in MADE for each in kind], np.bool_)
    job = np.where(for_order, -1, positions(consumer, jobs.position))
    for_job = np.array([each == "job" for each in consumer_kind], np.bool_)
    of_job = for_job & (job >= 0)
    step = rows.whole("step")
    route = np.where(of_job, np.append(jobs.route, -1)[job], -1)
    row = np.where(step == BLANK, -1, routes.row(route, np.maximum(step, 0)))
    begin, end = routes.span(route)
    # A step that the routing does not have counts as the first; without steps there is none.
    row = np.where((row < 0) & (end > begin), begin, row)
    step = np.where(of_job, np.append(routes.step, BLANK)[row], step)
    return Pegs(
        kind=kind,
        consumer_kind=consumer_kind,
        consumer=consumer,
        material=rows.text("material"),
        supply=supply,
        quantity=rows.real("quantity", 0.0),
        available=rows.whole("available"),
        transit=np.floor(DAY * rows.real("transit_days", 0.0) + 0.5).astype(np.int64),
        step=step,
        for_order=for_order,
        for_job=for_job,
        made=made,
        order=np.where(for_order, positions(consumer, case.orders.position), -1),
        job=job,
        row=row,
        maker=np.where(made, positions(supply, jobs.position), -1),
        lot=np.array(
            [lots.places.get(one, NOTHING).get(name, -1) for one, name in zip(kind, supply, strict=True)], np.int64
        ),
    )


def shortest_leads(case: Case) -> dict[str, int]:
    """The shortest lead time of each material that can be bought, in seconds."""
    leads: dict[str, int] = {}
    frame = case.factory.sources.frame.select("material", "lead_days")
    for material, days in frame.iter_rows():
        lead = day_seconds(days)
        leads[material] = min(lead, leads.get(material, lead))
    return leads
