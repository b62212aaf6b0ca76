"""The jobs of a plan, and what the tables say that each must do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewright.model.factory import Factory
from linewright.model.verify.facts.columns import (
    BLANK,
    BoolArray,
    Columns,
    FloatArray,
    IntArray,
    numbered,
    offsets,
    positions,
    ranges,
)
from linewright.model.verify.facts.routes import Routes


class Demand:
    """The open rows of `orders` or `work_orders`, and the place of each name among them."""

    def __init__(self, factory: Factory, table: str) -> None:
        frame = factory.table(table).content
        self.rows = Columns(frame.filter(frame["status"] == "open"))
        self.names = self.rows.text(table.removesuffix("s"))
        self.position = numbered(self.names)
        self.due: list[int] = self.rows.whole("due").tolist()


@dataclass(frozen=True, eq=False, kw_only=True)
class Jobs:
    """Work orders and new lots, with the routes that they follow.

    `release` is the job's own, `order_release` that of the order that a work order is for (BLANK for none).
    `work_order` is its place among the open work orders, -1 for a new lot. Rows are rows of the routes: `first_row` up
    to `end_row` are the open steps, `at_row` is the step that a work order's machine, progress and pin are about (its
    number is `at_step`), -1 for none. Each open step of each job has a slot; `first_slot` is where a job's slots begin.
    """

    names: list[str]
    position: dict[str, int]
    material: list[str]
    route: IntArray
    quantity: FloatArray
    release: IntArray
    order_release: IntArray
    work_order: IntArray
    done: FloatArray
    bound_machine: list[str]
    running: BoolArray
    at_step: IntArray
    at_row: IntArray
    first_row: IntArray
    end_row: IntArray
    first_slot: IntArray

    def slot(self, job: IntArray, row: IntArray) -> IntArray:
        """The slot of a row in a job; -1 where the job is not known or the row is not one of its open steps."""
        at = np.maximum(job, 0)
        if not self.names:
            return np.full(job.size, -1, np.int64)
        is_open = (job >= 0) & (row >= self.first_row[at]) & (row < self.end_row[at])
        return np.where(is_open, self.first_slot[at] + row - self.first_row[at], -1)

    def slots(self) -> tuple[IntArray, IntArray]:
        """The job and the row of every slot."""
        return ranges(self.first_row, self.end_row)

    @property
    def has_open_steps(self) -> BoolArray:
        """Whether anything is still to do."""
        return self.end_row > self.first_row


def read_jobs(rows: Columns, orders: Demand, work_orders: Demand, routes: Routes) -> Jobs:
    """The jobs that the rows of a plan name; of equal names the last row counts."""
    latest = {name: at for at, name in enumerate(rows.text("job"))}
    names, chosen = list(latest), np.fromiter(latest.values(), np.int64, len(latest))
    stated = rows.rows(chosen)
    own = [name or job for name, job in zip(stated.text("work_order"), names, strict=True)]
    work_order = positions(own, work_orders.position)
    released, known = work_order >= 0, work_orders.rows
    order = np.append(known.places("order", orders.position), -1)[work_order]
    at = np.where(released, work_order, -1)

    def either(name: str, lot: IntArray) -> IntArray:
        return np.where(released, np.append(known.whole(name), BLANK)[at], lot)

    material = [
        known_as if place >= 0 else said
        for place, known_as, said in zip(
            work_order.tolist(), _gathered(known.text("material"), at), stated.text("material"), strict=True
        )
    ]
    route = positions(material, routes.position)
    begin, end = routes.span(route)
    step = either("step", np.full(len(names), BLANK))
    first_row = np.where(step == BLANK, begin, routes.from_step(route, np.maximum(step, 0)))
    at_row = np.where(step == BLANK, np.where(end > begin, begin, -1), routes.row(route, np.maximum(step, 0)))
    first_step = np.append(routes.step, BLANK)[np.where(end > begin, begin, -1)]
    return Jobs(
        names=names,
        position=numbered(names),
        material=material,
        route=route,
        quantity=np.where(released, np.append(known.real("quantity"), 0.0)[at], stated.real("quantity", 0.0)),
        release=either("release", stated.whole("release")),
        order_release=np.append(orders.rows.whole("release"), BLANK)[order],
        work_order=work_order,
        done=np.append(known.real("done_quantity", 0.0), 0.0)[at],
        bound_machine=_gathered(known.text("machine"), at),
        running=np.append(known.whole("started") != BLANK, False)[at],
        at_step=np.where(step == BLANK, first_step, step),
        at_row=np.where(released, at_row, -1),
        first_row=first_row,
        end_row=end,
        first_slot=offsets(end - first_row),
    )


def _gathered(texts: list[str], at: IntArray) -> list[str]:
    """Texts at some places, blank for -1."""
    with_blank = [*texts, ""]
    return [with_blank[place] for place in at.tolist()]
