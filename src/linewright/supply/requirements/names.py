"""Names of items, supplies and needs, for people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from linewright.supply.requirements.core.records import BUY, MAKE, NEVER_DAY, SAFETY_NEED
from linewright.supply.requirements.numbers import NO_ORDER, REMEMBERED, Numbers
from linewright.supply.requirements.reading.read import Reading

KINDS = {MAKE: "work_order", BUY: "purchase"}
VERBS = {MAKE: "make", BUY: "buy"}


@dataclass(frozen=True, eq=False)
class Names:
    """Columns of names, each made once: for items, nodes (see :class:`Numbers`) and demands."""

    reading: Reading
    numbers: Numbers
    demands: pl.DataFrame
    supplies: pl.DataFrame
    ways: pl.DataFrame

    @cached_property
    def material(self) -> pl.Series:
        """The material of each item."""
        return pl.Series("material", self.reading.bill.materials, pl.String).gather(self.reading.items.material)

    @cached_property
    def site(self) -> pl.Series:
        """The site of each item, blank where there is none."""
        sites = pl.Series("site", [*self.reading.items.sites, ""], pl.String)
        return sites.gather(self.reading.items.site % len(sites))

    @cached_property
    def item(self) -> pl.Series:
        """Material and site of each item in one word."""
        frame = pl.DataFrame({"material": self.material, "site": self.site})
        return frame.select(
            pl.when(pl.col("site") == "").then("material").otherwise(pl.format("{}@{}", "material", "site"))
        ).to_series()

    @cached_property
    def nodes(self) -> pl.DataFrame:
        """Kind and name of each node."""
        lots, item = self.numbers.lots
        begin = self.numbers.first_lot[item] if item.size else item
        kind = self.ways.get_column("kind").gather(lots["way"])
        planned = pl.DataFrame({
            "kind": kind.replace_strict(KINDS, default="transfer", return_dtype=pl.String),
            "verb": kind.replace_strict(VERBS, default="move", return_dtype=pl.String),
            "item": self.item.gather(item),
            "nth": pl.Series(self.numbers.existing + np.arange(item.size) - begin + 1, dtype=pl.Int64),
        })  # fmt: skip
        planned = planned.select(
            kind=pl.lit("proposal"), name=pl.format("{}:{}:{}", "verb", "item", "nth"), proposal="kind"
        )
        here = self.supplies.select("kind", "name", proposal=pl.lit(""))
        return pl.concat([here, planned])

    @cached_property
    def needs(self) -> pl.DataFrame:
        """Kind and name of what each peg is for."""
        pegs, item = self.numbers.pegs
        user, demand = self.numbers.peg_user, self.numbers.peg_demand
        known = pl.concat([
            self.nodes.select("kind", "name"), self.demands.select("kind", "name"),
            pl.DataFrame({"kind": ["safety_stock"], "name": [""]}),
        ])  # fmt: skip
        at = np.where(demand >= 0, self.nodes.height + demand, np.where(user >= 0, user, known.height - 1))
        safety = pl.Series(pegs["line"] == SAFETY_NEED)
        frame = known[at].with_columns(item=self.item.gather(item))
        return frame.select(
            "kind",
            name=pl.when(safety).then("item").otherwise("name"),
        )

    @cached_property
    def orders(self) -> list[str]:
        """The names of all orders by rank."""
        rows = self.demands.with_columns(rank=pl.Series(self.numbers.rank)).filter(pl.col("kind") == "order")
        return rows.sort("rank").get_column("name").to_list()

    @cached_property
    def _suppliers(self) -> dict[str, str]:
        frame = self.reading.factory.suppliers.frame
        return dict(zip(frame.get_column("supplier").to_list(), frame.get_column("name").to_list(), strict=True))

    def supplier_words(self, supplier: str) -> str:
        """A supplier by number and name."""
        name = self._suppliers.get(supplier, "")
        return f"{supplier} ({name})" if name and name != supplier else supplier

    def order_lists(self, ranks: Any) -> list[list[str]]:
        """The names of the first orders in rows of ranks; "..." says that there are others."""
        named = []
        for row in ranks.tolist():
            found = [self.orders[rank] for rank in row if rank < NO_ORDER]
            named.append([*found[: REMEMBERED - 1], "..."] if len(found) == REMEMBERED else found)
        return named

    def dates(self, days: Any) -> pl.Series:
        """Days as dates; none for days that never come."""
        first = (self.reading.days.first - EPOCH).days
        series = pl.Series(np.asarray(days, np.int64))
        known = series.is_between(-NEVER_DAY // 2, NEVER_DAY // 2)
        frame = pl.DataFrame({"day": series, "known": known})
        return frame.select(pl.when("known").then(pl.col("day") + first).cast(pl.Int32).cast(pl.Date)).to_series()


EPOCH = pl.Series([0], dtype=pl.Int32).cast(pl.Date)[0]
