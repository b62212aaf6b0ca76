"""What harm a fault can do: the open orders that need its row, and the machine time of their work.

Definition
----------
From the materials that a faulty row is about, harm climbs through the bills of materials to everything that is made
of them. `orders` counts the open orders for those materials, and the open work orders that were not released for an
order. `days` is their machine time in days of 24 hours: for each the setup and run minutes of the ordered
material's own steps (for a work order the steps from the one it is at), at the quickest alternative, without yield,
calendars or what is in stock. A fault in an order's or work order's own row harms that one alone. Notes do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from linewright.model.faults import Fault
from linewright.model.findings import Finding, Places, faults_of
from linewright.model.users import Frames, Users
from linewright.model.wants import wants_of

#: How many orders a fault names.
NAMED = 5
#: Faults whose where-used is climbed together; it bounds the memory.
CHUNK = 500

Ints = np.ndarray[Any, np.dtype[np.int64]]


class Harm:
    """Turns findings into faults that say which orders they touch."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.users = Users(frames)
        self._wants = wants_of(frames)

    def faults(self, findings: Iterable[Finding], places: Mapping[str, Places]) -> list[Fault]:
        """Make the faults of some findings, with their harm; `places` knows the rows of each table."""
        made: list[Fault] = []
        climbing: list[Fault] = []
        for finding in findings:
            place = places[finding.table]
            if finding.table in {"orders", "work_orders"} and len(finding.positions) and finding.level != "note":
                made += self._direct(finding, place)
            else:
                climbing += faults_of(self._with_materials(finding, place), place)
        return made + self.filled(climbing)

    def filled(self, faults: Sequence[Fault]) -> list[Fault]:
        """The faults with the harm of their materials."""
        queries = list(dict.fromkeys(fault.materials for fault in faults if fault.materials and fault.level != "note"))
        harms: dict[tuple[str, ...], tuple[int, float, tuple[str, ...]]] = {}
        for first in range(0, len(queries), CHUNK):
            chunk = queries[first : first + CHUNK]
            harms.update(zip(chunk, self._climb(chunk), strict=True))
        filled = []
        for fault in faults:
            orders, days, names = harms.get(fault.materials, (0, 0.0, ())) if fault.level != "note" else (0, 0.0, ())
            filled.append(replace(fault, orders=orders, days=days, order_names=names) if orders else fault)
        return filled

    def _with_materials(self, finding: Finding, place: Places) -> Finding:
        if finding.materials or not len(finding.positions) or finding.level == "note":
            return finding
        return replace(finding, materials=self.users.of_rows(finding.table, place.frame[finding.positions]))

    def _direct(self, finding: Finding, place: Places) -> list[Fault]:
        kind = finding.table.removesuffix("s")
        rows = place.frame.select(kind, "material")[finding.positions]
        wants = self._wants.filter(kind=kind).select("minutes", "counts", pl.col("name").alias(kind)).unique(kind)
        rows = rows.join(wants, on=kind, how="left", maintain_order="left")
        finding = replace(finding, materials=[(name,) if name else () for name in rows.get_column("material")])
        days = (rows.get_column("minutes").fill_null(0.0) / 1440).to_list()
        names = [name or "" for name in rows.get_column(kind)]
        open_ones = rows.get_column("counts").is_not_null().to_list()
        faults = faults_of(finding, place)
        if finding.together:
            named = tuple(name for name, is_open in zip(names, open_ones, strict=True) if name and is_open)
            return [replace(faults[0], orders=sum(open_ones), days=sum(days), order_names=named[:NAMED])]
        return [
            replace(fault, orders=1, days=day, order_names=(name,) if name else ()) if is_open else fault
            for fault, name, day, is_open in zip(faults, names, days, open_ones, strict=True)
        ]

    def _climb(self, queries: Sequence[tuple[str, ...]]) -> list[tuple[int, float, tuple[str, ...]]]:
        """Orders, days and names for each of some sets of materials."""
        number = self._number
        starts = [(query, number[name]) for query, names in enumerate(queries) for name in names if name in number]
        if not starts:
            return [(0, 0.0, ())] * len(queries)
        query, material = self._ancestors(np.array(starts, dtype=np.int64))
        orders = np.bincount(query, self._orders[material], len(queries))
        days = np.bincount(query, self._minutes[material], len(queries)) / 1440
        names = self._first_names(query, material, len(queries))
        return list(zip(orders.astype(int).tolist(), days.tolist(), names, strict=True))

    def _ancestors(self, starts: Ints) -> tuple[Ints, Ints]:
        """All pairs (query, material made of it), all queries climbing one level of the bills at a time."""
        size = len(self._number)
        seen = frontier = np.unique(starts[:, 0] * size + starts[:, 1])
        while len(frontier):
            query, material = np.divmod(frontier, size)
            first, counts = self._first_parent[material], np.diff(self._first_parent)[material]
            steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            parents = self._parents[np.repeat(first, counts) + steps]
            frontier = np.setdiff1d(np.repeat(query, counts) * size + parents, seen)
            seen = np.union1d(seen, frontier)
        return np.divmod(seen, size)

    def _first_names(self, query: Ints, material: Ints, size: int) -> list[tuple[str, ...]]:
        wanted = self._orders[material] > 0
        ranks = self._ranks[material[wanted]]
        pairs = np.column_stack([np.repeat(query[wanted], ranks.shape[1]), ranks.ravel()])
        pairs = pairs[pairs[:, 1] >= 0]
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        names: list[list[str]] = [[] for _ in range(size)]
        for at, rank in pairs.tolist():
            if len(names[at]) < NAMED:
                names[at].append(self._names[rank])
        return [tuple(some) for some in names]

    @cached_property
    def _number(self) -> dict[str, int]:
        bill = self.frames["components"]
        columns = [self._wants.get_column("material"), bill.get_column("material"), bill.get_column("component")]
        names = pl.concat([column.rename("name") for column in columns]).drop_nulls().unique(maintain_order=True)
        return {name: number for number, name in enumerate(names)}

    @cached_property
    def _edges(self) -> tuple[Ints, Ints]:
        bill = self.frames["components"].select("component", "material").drop_nulls().unique(maintain_order=True)
        child, parent = (self._numbers(bill.get_column(name)) for name in ("component", "material"))
        order = np.argsort(child, kind="stable")
        counts = np.bincount(child, minlength=len(self._number))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), parent[order]

    @property
    def _first_parent(self) -> Ints:
        return self._edges[0]

    @property
    def _parents(self) -> Ints:
        return self._edges[1]

    @cached_property
    def _of_wants(self) -> Ints:
        return self._numbers(self._wants.get_column("material"))

    @cached_property
    def _orders(self) -> np.ndarray[Any, Any]:
        return np.bincount(self._of_wants, self._wants.get_column("counts").to_numpy(), len(self._number))

    @cached_property
    def _minutes(self) -> np.ndarray[Any, Any]:
        return np.bincount(self._of_wants, self._wants.get_column("minutes").to_numpy(), len(self._number))

    @cached_property
    def _names(self) -> list[str]:
        return self._wants.get_column("name").to_list()

    @cached_property
    def _ranks(self) -> Ints:
        """The first few rows of `wants` (the earliest due) for each material, -1 where there are fewer."""
        counted = self._wants.with_row_index("rank").filter(pl.col("counts") > 0)
        counted = counted.with_columns(nth=pl.int_range(pl.len()).over("material")).filter(pl.col("nth") < NAMED)
        table = np.full((len(self._number), NAMED), -1, dtype=np.int64)
        at = self._numbers(counted.get_column("material")), counted.get_column("nth").to_numpy()
        table[at] = counted.get_column("rank").to_numpy()
        return table

    def _numbers(self, names: pl.Series) -> Ints:
        return np.fromiter(map(self._number.__getitem__, names.to_list()), dtype=np.int64, count=len(names))
