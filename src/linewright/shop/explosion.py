"""From orders to jobs: level by level down the bill of materials, with a record of what feeds what.

At each level the needs of orders and of the jobs above are sorted by urgency, and stock, released work orders and
purchases are given to them first come first served (time-phased netting and pegging, as in Orlicky, *Material
Requirements Planning*, 1975, ch. 4-6; the pegging is kept lot by lot). What is left becomes a new lot or a purchase.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.shop.bill import Bill
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.model.factory import Factory

SUPPLY_KINDS = ("stock", "work_order", "job", "purchase", "planned_purchase", "assumed")
STOCK, WORK_ORDER, NEW_JOB, PURCHASE, PLANNED_PURCHASE, ASSUMED = range(6)
ORDER, JOB = 0, 1


@dataclass
class Columns:
    """Columns that grow by whole arrays."""

    names: tuple[str, ...]
    parts: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, size: int, **columns: Any) -> None:
        """Append `size` rows; a single value is repeated."""
        for name in self.names:
            self.parts.setdefault(name, []).append(np.broadcast_to(np.asarray(columns[name]), size))

    def __getitem__(self, name: str) -> Any:
        """A whole column."""
        parts = self.parts.get(name)
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def __len__(self) -> int:
        """Rows so far."""
        return sum(len(part) for part in self.parts.get(self.names[0], []))


@dataclass(frozen=True)
class Explosion:
    """Jobs and pegs as columns; times are seconds since the plan's start, NEVER where there is none.

    `jobs`: material (index into `materials`), quantity, release, due, priority, work_order (row, -1 for new lots),
    order (row of the demand served first, -1 when none).
    `demands`, the things with a date to keep: kind (0 orders, 1 work_orders), row, material, quantity, due, and job
    (-1 unless it is a work order).
    `pegs`: consumer_kind (0 demand, 1 job), consumer, step (-1 none), material, quantity, supply_kind, supply (row or
    job), available, supply_site, consumer_site.
    """

    materials: list[str]
    jobs: dict[str, Any]
    demands: dict[str, Any]
    pegs: dict[str, Any]
    planned_purchases: int
    assumed: dict[str, float]


def explode(factory: Factory, start: datetime, splits: Mapping[tuple[str, str], int] | None = None) -> Explosion:
    """Find the jobs that the open orders need, and what feeds what.

    `splits` says for an order and a material into how many lots what is newly made of it is split, so that machines
    can work on them side by side; lot rules hold for each of them.

    Raises
    ------
    ModelError
        The bill of materials runs in a circle.
    """
    return _Exploder(factory, start, splits or {}).run()


class _Exploder:
    """The state of one explosion."""

    def __init__(self, factory: Factory, start: datetime, splits: Mapping[tuple[str, str], int]) -> None:
        self.factory = factory
        self.start = start
        self.splits = splits
        self.bill = Bill.of(factory, start)
        self.sites = {name: index for index, name in enumerate(factory.sites.frame.get_column("site").to_list())}
        self.jobs = Columns(("material", "quantity", "release", "due", "priority", "work_order", "order"))
        self.pegs = Columns(
            ("consumer_kind", "consumer", "step", "material", "quantity", "supply_kind", "supply", "available",
             "supply_site", "consumer_site")
        )  # fmt: skip
        self.needs = Columns(
            ("material", "quantity", "priority", "due", "release", "kind", "consumer", "step", "site", "order")
        )
        self.assumed: dict[str, float] = {}

    def run(self) -> Explosion:
        """Work through the levels, products first."""
        self._read_orders()
        self._read_work_orders()
        self._read_needs()
        for level in range(self.bill.levels):
            self._plan_level(np.flatnonzero(self.bill.level == level))
        jobs = {name: self.jobs[name] for name in self.jobs.names}
        pegs = {name: self.pegs[name] for name in self.pegs.names}
        first = _first_order(jobs, pegs)
        jobs["order"] = np.where(jobs["order"] >= 0, jobs["order"], first)
        planned = int((pegs["supply_kind"] == PLANNED_PURCHASE).sum())
        return Explosion(self.bill.materials, jobs, self.demands, pegs, planned, self.assumed)

    def seconds(self, frame: pl.DataFrame, column: str, missing: int) -> Any:
        """An instant column as seconds since the plan's start."""
        since = (frame.get_column(column) - self.start).dt.total_seconds()
        return since.fill_null(missing).to_numpy().astype(np.int64)

    def site_index(self, names: pl.Series) -> Any:
        """Site names as positions, -1 where blank."""
        return names.replace_strict(self.sites, default=-1, return_dtype=pl.Int64).to_numpy()

    def _read_orders(self) -> None:
        self.orders = self.factory.orders.frame.with_row_index("at").filter(pl.col("status") == "open")
        self.order_release = np.maximum(self.seconds(self.orders, "release", 0), 0)
        names = self.orders.get_column("order").to_list()
        self.order_names = {name: index for index, name in enumerate(names)}

    def _read_work_orders(self) -> None:
        rows = self.factory.work_orders.frame.with_row_index("at").filter(pl.col("status") == "open")
        self.released = rows.get_column("at").to_numpy().astype(np.int64)
        self.work_order_of_order = rows.get_column("order").to_list()
        self.own_due = self.seconds(rows, "due", NEVER)
        order = rows.get_column("order").replace_strict(self.order_names, default=-1, return_dtype=pl.Int64).to_numpy()
        self.jobs.add(
            rows.height,
            material=self.bill.index(rows.get_column("material")),
            quantity=rows.get_column("quantity").to_numpy(),
            release=np.maximum(self.seconds(rows, "release", 0), self._release_of(order)),
            due=self.own_due,
            priority=rows.get_column("priority").to_numpy(),
            work_order=self.released,
            order=order,
        )

    def _read_needs(self) -> None:
        """Orders as needs, and everything with a date to keep as demands."""
        rows = self.orders
        material = self.bill.index(rows.get_column("material"))
        due = self.seconds(rows, "due", NEVER)
        at = rows.get_column("at").to_numpy().astype(np.int64)
        dated = np.flatnonzero(self.own_due < NEVER)
        self.demands = {
            "kind": np.repeat([0, 1], [rows.height, dated.size]),
            "row": np.concatenate([at, self.released[dated]]),
            "material": np.concatenate([material, self.jobs["material"][dated]]),
            "quantity": np.concatenate([rows.get_column("quantity").to_numpy(), self.jobs["quantity"][dated]]),
            "due": np.concatenate([due, self.own_due[dated]]),
            "job": np.concatenate([np.full(rows.height, -1), dated]),
        }
        self.needs.add(
            rows.height,
            material=material,
            quantity=rows.get_column("quantity").to_numpy(),
            priority=rows.get_column("priority").to_numpy(),
            due=due,
            release=self.order_release,
            kind=ORDER,
            consumer=np.arange(rows.height),
            step=-1,
            site=self.site_index(rows.get_column("site")),
            order=np.arange(rows.height),
        )

    def _plan_level(self, materials: Any) -> None:
        """Cover every need of these materials, and pass the needs of their jobs on to the levels below."""
        needs = {name: self.needs[name] for name in self.needs.names}
        mine = np.isin(needs["material"], materials, kind="table") if materials.size else np.zeros(0, bool)
        rest = {name: column[~mine] for name, column in needs.items()}
        order = np.lexsort(
            (needs["consumer"][mine], needs["due"][mine], needs["priority"][mine], needs["material"][mine])
        )
        needs = {name: column[mine][order] for name, column in needs.items()}
        self.needs = Columns(self.needs.names)
        self.needs.add(rest["material"].size, **rest)
        left = needs["quantity"].astype(np.float64)
        self._give(needs, left, self._supplies(materials))
        self._make_or_buy(needs, left)
        self._pass_on(materials)

    def _give(self, needs: dict[str, Any], left: Any, supplies: dict[str, Any]) -> None:
        from linewright.shop.pegging import give

        count = len(self.bill.materials)
        first = np.searchsorted(supplies["material"], np.arange(count + 1))
        open_quantity = supplies["quantity"].astype(np.float64)
        self._give_own_work_orders(needs, left, supplies, open_quantity)
        for same_site_only in (True, False):
            rows = give(
                needs["material"], needs["site"], left,
                supplies["material"], supplies["site"], open_quantity, first, same_site_only,
            )  # fmt: skip
            self._peg(needs, rows[0], supplies, rows[1], rows[2])

    def _give_own_work_orders(
        self, needs: dict[str, Any], left: Any, supplies: dict[str, Any], open_quantity: Any
    ) -> None:
        """A work order that names its order serves that order first."""
        is_order = needs["kind"] == ORDER
        position = dict(zip(needs["consumer"][is_order].tolist(), np.flatnonzero(is_order).tolist(), strict=True))
        rows: list[tuple[int, int, float]] = []
        for supply in np.flatnonzero(supplies["kind"] == WORK_ORDER).tolist():
            name = self.work_order_of_order[supplies["supply"][supply]]
            need = position.get(self.order_names.get(name, -1)) if name else None
            if need is not None and needs["material"][need] == supplies["material"][supply]:
                quantity = min(left[need], open_quantity[supply])
                left[need] -= quantity
                open_quantity[supply] -= quantity
                rows.append((need, supply, quantity))
        if rows:
            need_rows, supply_rows, quantities = (np.array(column) for column in zip(*rows, strict=True))
            self._peg(needs, need_rows, supplies, supply_rows, quantities)

    def _supplies(self, materials: Any) -> dict[str, Any]:
        """Stock, purchases and released work orders of these materials, by material and date."""
        if not hasattr(self, "_all_supplies"):
            self._all_supplies = self._read_supplies()
        everything = self._all_supplies
        mine = np.isin(everything["material"], materials, kind="table") if materials.size else np.zeros(0, bool)
        return {name: column[mine] for name, column in everything.items()}

    def _read_supplies(self) -> dict[str, Any]:
        """Every supply there is, sorted by material and date."""
        stock, purchases = self.factory.stock.frame, self.factory.purchases.frame
        expires = stock.get_column("expires").to_numpy()
        usable = ~(expires < np.datetime64(self.bill.day))
        arrival = purchases.with_columns(pl.coalesce("expected", "due").alias("expected"))
        columns = Columns(("material", "quantity", "available", "kind", "supply", "site"))
        columns.add(
            stock.height,
            material=self.bill.index(stock.get_column("material")),
            quantity=np.where(usable, stock.get_column("quantity").to_numpy(), 0.0),
            available=np.maximum(self.seconds(stock, "available_from", 0), 0),
            kind=STOCK,
            supply=np.arange(stock.height),
            site=self.site_index(stock.get_column("site")),
        )
        columns.add(
            purchases.height,
            material=self.bill.index(purchases.get_column("material")),
            quantity=purchases.get_column("quantity").to_numpy(),
            available=np.maximum(self.seconds(arrival, "expected", 0), 0),
            kind=PURCHASE,
            supply=np.arange(purchases.height),
            site=self.site_index(purchases.get_column("site")),
        )
        released = self.released.size
        material = self.jobs["material"][:released]
        columns.add(
            released,
            material=material,
            quantity=self.jobs["quantity"][:released],
            available=np.where(self.own_due < NEVER, self.own_due, 0),
            kind=WORK_ORDER,
            supply=np.arange(released),
            site=self.bill.home_site[material] if released else -1,
        )
        order = np.lexsort((columns["supply"], columns["kind"], columns["available"], columns["material"]))
        return {name: columns[name][order] for name in columns.names}

    def _peg(self, needs: dict[str, Any], need: Any, supplies: dict[str, Any], supply: Any, quantity: Any) -> None:
        kind = supplies["kind"][supply]
        is_job = (kind == WORK_ORDER) | (kind == NEW_JOB)
        self.pegs.add(
            need.size,
            consumer_kind=needs["kind"][need],
            consumer=needs["consumer"][need],
            step=needs["step"][need],
            material=needs["material"][need],
            quantity=quantity,
            supply_kind=kind,
            supply=supplies["supply"][supply],
            available=np.where(is_job, NEVER, supplies["available"][supply]),
            supply_site=supplies["site"][supply],
            consumer_site=needs["site"][need],
        )

    def _make_or_buy(self, needs: dict[str, Any], left: Any) -> None:
        """Cover what stock and released work could not: a new lot, a new purchase, or an assumption."""
        short = left > 1e-9
        made = short & self.bill.made[needs["material"]]
        lead = self.bill.lead_seconds[needs["material"]]
        self._new_lots(needs, left, np.flatnonzero(made))
        for chosen, kind in ((short & ~made & (lead >= 0), PLANNED_PURCHASE), (short & ~made & (lead < 0), ASSUMED)):
            at = np.flatnonzero(chosen)
            material = needs["material"][at]
            supplies = {
                "kind": np.full(at.size, kind), "supply": material, "available": np.maximum(lead[at], 0),
                "site": needs["site"][at],
            }  # fmt: skip
            self._peg(needs, at, supplies, np.arange(at.size), left[at])
            if kind == ASSUMED:
                for name, quantity in zip(material.tolist(), left[at].tolist(), strict=True):
                    label = self.bill.materials[name]
                    self.assumed[label] = self.assumed.get(label, 0.0) + quantity

    def _new_lots(self, needs: dict[str, Any], left: Any, at: Any) -> None:
        """One new lot for each open need, enlarged to the lot rules; what is left over serves the needs that follow."""
        lots: list[tuple[int, float]] = []
        rows: list[tuple[int, int, float]] = []
        over = 0.0
        previous = -1
        first_job = len(self.jobs)
        for need in at.tolist():
            material = int(needs["material"][need])
            over = over if material == previous else 0.0
            previous = material
            wanted = float(left[need])
            taken = min(over, wanted)
            if taken > 0:
                rows.append((need, first_job + len(lots) - 1, taken))
                over -= taken
                wanted -= taken
            part = self._part(needs, need, wanted)
            while wanted > 1e-9:
                lot = self.bill.lot(material, min(part, wanted))
                taken = min(lot, wanted)
                lots.append((need, lot))
                rows.append((need, first_job + len(lots) - 1, taken))
                wanted -= taken
                over = lot - taken
        if not lots:
            return
        first_need = np.array([lot[0] for lot in lots])
        need_rows, job_rows, quantities = (np.array(column) for column in zip(*rows, strict=True))
        release = np.full(len(lots), NEVER)
        np.minimum.at(release, job_rows - first_job, needs["release"][need_rows])
        self.jobs.add(
            len(lots),
            material=needs["material"][first_need],
            quantity=np.array([lot[1] for lot in lots]),
            release=release,
            due=needs["due"][first_need],
            priority=needs["priority"][first_need],
            work_order=-1,
            order=needs["order"][first_need],
        )
        supplies = {
            "kind": np.full(need_rows.size, NEW_JOB), "supply": job_rows,
            "available": np.zeros(need_rows.size, np.int64),
            "site": self.bill.home_site[needs["material"][need_rows]],
        }  # fmt: skip
        self._peg(needs, need_rows, supplies, np.arange(need_rows.size), quantities)

    def _part(self, needs: dict[str, Any], need: int, wanted: float) -> float:
        """How much of what is wanted one lot makes: all of it unless it is to be split; whole units stay whole."""
        order = int(needs["order"][need])
        if not self.splits or order < 0 or wanted <= 0:
            return wanted
        key = self.orders.item(order, "order"), self.bill.materials[int(needs["material"][need])]
        part = wanted / max(self.splits.get(key, 1), 1)
        return float(math.ceil(part)) if wanted == int(wanted) else part

    def _release_of(self, orders: Any) -> Any:
        release = np.append(self.order_release, 0)
        return np.maximum(release[orders], 0)

    def _pass_on(self, materials: Any) -> None:
        """Turn the jobs of these materials into needs for their components."""
        jobs = {name: self.jobs[name] for name in self.jobs.names}
        if not jobs["material"].size:
            return
        chosen = np.flatnonzero(np.isin(jobs["material"], materials, kind="table"))
        job, line = self.bill.lines_of(jobs["material"][chosen])
        job = chosen[job]
        kept = self._still_needed(jobs, job, line)
        job, line = job[kept], line[kept]
        due, order = self._wanted_by(jobs)
        self.needs.add(
            job.size,
            material=self.bill.component[line],
            quantity=jobs["quantity"][job] * self.bill.per_good_unit[line],
            priority=jobs["priority"][job],
            due=due[job],
            # What a work order needs may be made at once; what a new lot needs, when the lot may.
            release=np.where(jobs["work_order"][job] >= 0, 0, jobs["release"][job]),
            kind=JOB,
            consumer=job,
            step=self.bill.line_step[line],
            site=self.bill.step_site[line],
            order=order[job],
        )

    def _still_needed(self, jobs: dict[str, Any], job: Any, line: Any) -> Any:
        """Which lines count: valid on the day, and not of a step that is done or running."""
        first = self.factory.operations.frame.group_by("material").agg(pl.col("step").min().alias("first_step"))
        work_orders = self.factory.work_orders.frame.join(first, on="material", how="left", maintain_order="left")
        steps = work_orders.select(pl.coalesce("step", "first_step", pl.lit(-1))).to_series()
        at = np.append(steps.to_numpy(), -1)
        running = np.append(work_orders.get_column("started").is_not_null().to_numpy(), False)
        row = jobs["work_order"][job]
        first_open = at[row] + running[row]
        days = jobs["release"][job]
        day = np.datetime64(self.bill.day) + self._local_days(days)
        return (
            (self.bill.line_step[line] >= first_open)
            & (self.bill.valid_from[line] <= day)
            & (day <= self.bill.valid_to[line])
        )

    def _local_days(self, seconds: Any) -> Any:
        """Local calendar days from the plan's day to moments after its start."""
        zone = self.factory.timezone
        unique, inverse = np.unique(seconds, return_inverse=True)
        days = [
            ((self.start + timedelta(seconds=int(value))).astimezone(zone).date() - self.bill.day).days
            for value in unique
        ]
        return np.array(days, "timedelta64[D]")[inverse]

    def _wanted_by(self, jobs: dict[str, Any]) -> tuple[Any, Any]:
        """When each job is wanted, and by which order: its own date, or the earliest of those that it feeds."""
        due = jobs["due"].copy()
        order = jobs["order"].copy()
        pegs = {name: self.pegs[name] for name in ("consumer_kind", "consumer", "supply_kind", "supply")}
        feeds = np.flatnonzero(np.isin(pegs["supply_kind"], (WORK_ORDER, NEW_JOB)))
        to_order = pegs["consumer_kind"][feeds] == ORDER
        consumer = pegs["consumer"][feeds]
        consumer_due = np.empty(feeds.size, np.int64)
        consumer_due[to_order] = self.demands["due"][consumer[to_order]]
        consumer_due[~to_order] = due[consumer[~to_order]]
        no_own = jobs["work_order"] >= 0
        no_own[: self.own_due.size] &= self.own_due == NEVER
        undated = no_own[pegs["supply"][feeds]]
        np.minimum.at(due, pegs["supply"][feeds][undated], consumer_due[undated])
        return due, order


def _first_order(jobs: dict[str, Any], pegs: dict[str, Any]) -> Any:
    """For each job the order that it serves first, following feeds upwards; -1 when none."""
    order = jobs["order"].copy()
    feeds = np.flatnonzero(np.isin(pegs["supply_kind"], (WORK_ORDER, NEW_JOB)))
    # Pegs of upper levels come first, so one pass from top to bottom is enough.
    for row in feeds.tolist():
        job = pegs["supply"][row]
        if order[job] < 0:
            consumer = pegs["consumer"][row]
            order[job] = consumer if pegs["consumer_kind"][row] == ORDER else order[consumer]
    return order
