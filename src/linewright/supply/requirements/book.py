"""The book behind a supply plan: frames when they are asked for, and the plan after a change of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.model.results import Origin
from linewright.model.supply_results import SupplyPlan
from linewright.model.table import Table
from linewright.supply.requirements import exceptions, frames
from linewright.supply.requirements.edits import OrderIndex, merged
from linewright.supply.requirements.names import Names
from linewright.supply.requirements.numbers import NO_ORDER, Numbers
from linewright.supply.requirements.reading.demand import demands_of, sorted_demands
from linewright.supply.requirements.reading.read import READS, Reading, demand_rows
from linewright.supply.requirements.trace import Trace, trace_frame

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.supply.requirements.core.build import Sorting
    from linewright.supply.requirements.core.solution import Solution


@dataclass(frozen=True, eq=False)
class Book:
    """A reading with its solution. `edits` are rows of orders changed since, `fresh` the demands of changed items."""

    reading: Reading
    sorting: Sorting
    solution: Solution
    index: OrderIndex
    plan: Plan | None = None
    edits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fresh: Mapping[int, pl.DataFrame] = field(default_factory=dict)

    def result(self) -> SupplyPlan:
        """The supply plan that this book stands behind."""
        reading = self.reading
        settings = reading.factory.settings
        return SupplyPlan(
            factory_name=settings.name,
            currency=settings.currency,
            timezone=settings.timezone,
            start=reading.start,
            today=reading.days.first,
            horizon_end=reading.days.date(reading.terms.horizon_days),
            faults=reading.faults,
            assumptions=reading.assumptions,
            book=self,
        )

    def frame(self, name: str) -> pl.DataFrame:
        """One of the plan's frames."""
        if name == "exceptions":
            return exceptions.exceptions(self.names, self._shortages)
        if name == "shortages":
            return self._shortages
        if name == "orders":
            return frames.orders(self.names, self.factory().orders.frame)
        return {"proposals": frames.proposals, "pegs": frames.pegs}[name](self.names)

    def upstream(self, order: str) -> pl.DataFrame:
        """All that an order is made from."""
        rows = self.demands.with_row_index("at").filter(pl.col("kind") == "order", pl.col("name") == order)
        if not rows.height:
            raise KeyError(f"no open order {order} within the horizon")
        return trace_frame(self.names, self.trace.up(int(rows.item(0, "at"))))

    def downstream(self, supply: str) -> pl.DataFrame:
        """All that a supply is for."""
        rows = self.names.nodes.with_row_index("at").filter(pl.col("name") == supply)
        if not rows.height:
            raise KeyError(f"no stock, purchase, work order or proposal {supply}")
        parts = [part for at in rows.get_column("at").to_list() for part in self.trace.down(at)]
        return trace_frame(self.names, parts)

    def changed(self, orders: Sequence[Mapping[str, Any]]) -> SupplyPlan:
        """The plan after some orders have changed; a material that is new to the plan has everything planned again."""
        touched = merged(self.edits, orders)
        edits = {**self.edits, **touched}
        rows = self.index.edited(edits)
        names = rows.filter(pl.col("order").is_in(list(touched))).get_column("material").to_list()
        names = list(dict.fromkeys([*names, *self._materials_before(list(touched))]))
        placed = rows.filter(pl.col("site") != "").height and len(self.reading.items.sites) > 1
        if placed or not all(name in self.reading.bill.position for name in names):
            return self._planned_again(edits)
        new = self._demands_of(names, edits)
        solution = self.solution.changed({item: demand_rows(rows) for item, rows in new.items()})
        fresh = {**self.fresh, **new}
        return Book(self.reading, self.sorting, solution, self.index, self.plan, edits, fresh).result()

    def _materials_before(self, names: list[str]) -> list[str]:
        """The materials that some orders were for until now."""
        known = [name for name in names if name in self.index.orders]
        earlier = [str(self.edits[name]["material"]) for name in names if "material" in self.edits.get(name, {})]
        return [self.index.orders[name].material for name in known] + earlier

    def factory(self) -> Factory:
        """The factory that was planned, with all changes."""
        if not self.edits:
            return self.reading.factory
        rows = self.index.all_edited(self.edits)
        return self.reading.factory.with_tables(orders=Table.of("orders", rows))

    def origin(self) -> Origin:
        """What made the plan."""
        from linewright import __version__

        terms = self.reading.terms
        options = {name: getattr(terms, name) for name in terms.__dataclass_fields__}
        return Origin(
            made_by="linewright.supply.requirements.requirements", code_version=__version__, seed=0, options=options,
            reads=self.factory().hashes(READS),
        )  # fmt: skip

    @cached_property
    def demands(self) -> pl.DataFrame:
        """All demands, sorted by item, day and urgency, as they are planned."""
        if not self.fresh:
            return self.reading.demands
        kept = self.reading.demands.filter(~pl.col("item").is_in(list(self.fresh)))
        return pl.concat([kept, *self.fresh.values()]).sort("item", maintain_order=True)

    @cached_property
    def names(self) -> Names:
        """Names of everything."""
        supplies = self.reading.supplies[self.sorting.supplies]
        return Names(self.reading, self.numbers, self.demands, supplies, self.reading.ways[self.sorting.ways])

    @cached_property
    def numbers(self) -> Numbers:
        """The solution as flat numbers."""
        supplies = self.reading.supplies[self.sorting.supplies]
        jobs = supplies.select("kind", "name", node=pl.int_range(pl.len())).filter(pl.col("kind") != "stock")
        demands = self.demands.with_row_index("at")
        joined = demands.join(jobs, on=["kind", "name"], how="left", maintain_order="left")
        orders = demands.filter(pl.col("kind") == "order").sort("day", "priority", "row", "name")
        rank = np.full(demands.height, NO_ORDER)
        rank[orders.get_column("at").to_numpy()] = np.arange(orders.height)
        return Numbers(self.solution, joined.get_column("node").fill_null(-1).to_numpy(), rank)

    @cached_property
    def trace(self) -> Trace:
        """Pegs as intervals."""
        return Trace(self.numbers, exceptions.taken_by(self.names))

    @cached_property
    def _shortages(self) -> pl.DataFrame:
        return exceptions.shortages(self.names)

    def _demands_of(self, materials: list[str], edits: Mapping[str, Mapping[str, Any]]) -> dict[int, pl.DataFrame]:
        """The new demands of all items of some materials, read as they would be from the whole factory."""
        reading, index = self.reading, self.index
        changed = index.edited(edits)
        kept = index.rows_of(materials).filter(~pl.col("order").is_in(list(edits)))
        mine = pl.col("material").is_in(materials)
        # Rows keep their numbers, because these decide between orders that are equally urgent.
        rows = {name: index.orders.row_of(name) for name in kept.get_column("order").to_list()}
        rows |= {name: index.orders.row_of(name) for name in edits if name in index.orders}
        rows |= {name: len(index.orders) + at for at, name in enumerate(name for name in edits if name not in rows)}
        forecast = reading.factory.forecast.content.filter(mine)
        factory = reading.factory.with_tables(
            orders=Table.of("orders", pl.concat([kept, changed.filter(mine).select(kept.columns)])),
            forecast=Table.of("forecast", forecast),
        )
        found = demands_of(factory, reading.bill, reading.items, reading.days, reading.terms).with_columns(
            row=pl.when(pl.col("kind") == "order")
            .then(pl.col("name").replace_strict(rows, default=-1, return_dtype=pl.Int64))
            .otherwise("row")
        )
        at = [reading.bill.position[name] for name in materials]
        items = np.flatnonzero(np.isin(reading.items.material, at))
        others = [index.demands_of(int(item)).filter(~pl.col("kind").is_in(["order", "forecast"])) for item in items]
        both = sorted_demands(pl.concat([found, *others]))
        return {int(item): both.filter(pl.col("item") == item) for item in items}

    def _planned_again(self, edits: Mapping[str, Mapping[str, Any]]) -> SupplyPlan:
        from linewright.supply.requirements.planning import planned

        rows = self.index.all_edited(edits)
        factory = self.reading.factory.with_tables(orders=Table.of("orders", rows))
        return planned(factory, self.reading.start, self.reading.terms, self.plan)
