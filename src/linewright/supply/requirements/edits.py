"""Changes of orders on top of a factory, and an index that finds what they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from linewright.model.table import Table
from linewright.supply.requirements.reading.read import Reading

Edits = Mapping[str, Mapping[str, Any]]


def merged(before: Edits, orders: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Changes on top of earlier changes, by the name of the order."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in orders:
        name = str(row["order"])
        found[name] = {**before.get(name, {}), **found.get(name, {}), **row}
    return found


@dataclass(frozen=True, eq=False)
class OrderIndex:
    """Orders and demands of a reading, found by name, material and item; shared by all plans that change it."""

    reading: Reading

    @property
    def orders(self) -> Table[Any]:
        """The orders as they were read."""
        return self.reading.factory.orders

    def rows_of(self, materials: Sequence[str]) -> pl.DataFrame:
        """The orders of some materials, in the order of the table."""
        order, first = self._by_material
        at = [order[first[place] : first[place + 1]] for place in (self.reading.bill.position[m] for m in materials)]
        return self.orders.content[np.sort(np.concatenate(at))]

    def demands_of(self, item: int) -> pl.DataFrame:
        """The demands of an item, as they were read."""
        begin, end = np.searchsorted(self._demand_items, [item, item + 1]).tolist()
        return self.reading.demands[begin:end]

    def edited(self, edits: Edits) -> pl.DataFrame:
        """The changed orders as whole rows, those that are new at the end."""
        known = [name for name in edits if name in self.orders]
        rows = self.orders.content[np.array([self.orders.row_of(name) for name in known], np.int64)]
        changed = [{**row, **edits[row["order"]]} for row in rows.iter_rows(named=True)]
        new = [dict(edit) for name, edit in edits.items() if name not in self.orders]
        return Table.of("orders", [*changed, *new]).content if edits else self.orders.content.head(0)

    def all_edited(self, edits: Edits) -> pl.DataFrame:
        """All orders with their changes, each where it was; new ones at the end."""
        content, changed = self.orders.content, self.edited(edits)
        place = [self.orders.row_of(name) if name in self.orders else len(self.orders) + at
                 for at, name in enumerate(changed.get_column("order").to_list())]  # fmt: skip
        kept = content.with_columns(place=pl.int_range(pl.len())).filter(~pl.col("order").is_in(list(edits)))
        fresh = changed.with_columns(place=pl.Series(place, dtype=pl.Int64)).select(kept.columns)
        return pl.concat([kept, fresh]).sort("place", maintain_order=True).drop("place")

    @cached_property
    def _by_material(self) -> tuple[Any, Any]:
        code = self.reading.bill.index(self.orders.content.get_column("material"))
        order = np.argsort(code, kind="stable")
        return order, np.searchsorted(code[order], np.arange(len(self.reading.bill.materials) + 1))

    @cached_property
    def _demand_items(self) -> Any:
        return self.reading.demands.get_column("item").to_numpy()
