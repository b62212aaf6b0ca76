"""Follow pegs up and down, part by part.

Pegs cut every supply and every need into intervals, first come first served. What an order gets of a lot is one of
the lot's intervals; it is made from the same share, in the same order, of each of the lot's own needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from linewright.model.supply_results import TRACE_COLUMNS
from linewright.supply.requirements.core.records import NEVER_DAY
from linewright.supply.requirements.names import Names
from linewright.supply.requirements.numbers import Numbers

#: Parts smaller than this share of a lot are rounding.
DUST = 1e-9

Part = tuple[int, int, float, float]


@dataclass(frozen=True, eq=False)
class Trace:
    """Pegs as intervals of their needs and of their supplies.

    `taken` is what each peg takes from its supply, in units of the supply.
    """

    numbers: Numbers
    taken: Any

    def up(self, demand: int) -> list[Part]:
        """All parts that a demand is made from: rows of (depth, peg, quantity, quantity of the supply)."""
        rows: list[Part] = []
        pegs = self._of_demand.pegs(demand)
        total = float(self.numbers.pegs[0]["quantity"][pegs].sum())
        stack = [(0, pegs, 0.0, total)]
        while stack:
            depth, pegs, begin, end = stack.pop()
            for peg in pegs.tolist():
                low, high = self._cut(peg, self._need_begin, self._quantity, begin, end)
                if high - low <= DUST * max(end, 1.0):
                    continue
                rate = self.taken[peg] / self._quantity[peg]
                rows.append((depth, peg, high - low, (high - low) * rate))
                node = int(self.numbers.peg_node[peg])
                if node >= 0:
                    at = self._supply_begin[peg] + (low - self._need_begin[peg]) * rate
                    share = at / self._size(node), (at + (high - low) * rate) / self._size(node)
                    stack += [(depth + 1, group, share[0] * size, share[1] * size) for group, size in self._parts(node)]
        return rows

    def down(self, node: int) -> list[Part]:
        """All that a supply is for, up to the demands: rows as in :meth:`up`."""
        rows: list[Part] = []
        stack = [(0, node, 0.0, self._size(node))]
        while stack:
            depth, node, begin, end = stack.pop()
            for peg in self._of_node.pegs(node).tolist():
                low, high = self._cut(peg, self._supply_begin, self.taken, begin, end)
                if high - low <= DUST * max(end, 1.0):
                    continue
                rate = self._quantity[peg] / self.taken[peg]
                rows.append((depth, peg, (high - low) * rate, high - low))
                user = int(self.numbers.peg_user[peg])
                if user >= 0:
                    at = self._need_begin[peg] + (low - self._supply_begin[peg]) * rate
                    size, scale = self._need_size[peg], self._size(user)
                    stack.append((depth + 1, user, at / size * scale, (at + (high - low) * rate) / size * scale))
        return rows

    def _cut(self, peg: int, begins: Any, sizes: Any, begin: float, end: float) -> tuple[float, float]:
        """The part of a peg's interval that lies between two ends."""
        return max(float(begins[peg]), begin), min(float(begins[peg] + sizes[peg]), end)

    def _size(self, node: int) -> float:
        return float(self.numbers.node_quantity[node])

    def _parts(self, node: int) -> list[tuple[Any, float]]:
        """The pegs of each of a node's needs, and the whole of that need."""
        pegs = self._of_user.pegs(node)
        need = self._need[pegs]
        return [(group := pegs[need == one], float(self._quantity[group].sum())) for one in np.unique(need)]

    @cached_property
    def _quantity(self) -> Any:
        return self.numbers.pegs[0]["quantity"]

    @cached_property
    def _need(self) -> Any:
        """A number for each need, the same for all pegs that serve it."""
        pegs, item = self.numbers.pegs
        order = np.lexsort((pegs["at"], pegs["line"], item))
        keys = np.column_stack([item[order], pegs["line"][order], pegs["at"][order]])
        fresh = np.concatenate([[0], np.any(np.diff(keys, axis=0) != 0, axis=1)])[: order.size]
        need = np.empty(order.size, np.int64)
        need[order] = np.cumsum(fresh)
        return need

    @cached_property
    def _need_begin(self) -> Any:
        return _begins(self._need, self._quantity)

    @cached_property
    def _need_size(self) -> Any:
        return np.bincount(self._need, self._quantity)[self._need]

    @cached_property
    def _supply_begin(self) -> Any:
        return _begins(self.numbers.peg_node, self.taken)

    @cached_property
    def _of_demand(self) -> Groups:
        return Groups.of(self.numbers.peg_demand)

    @cached_property
    def _of_node(self) -> Groups:
        return Groups.of(self.numbers.peg_node)

    @cached_property
    def _of_user(self) -> Groups:
        return Groups.of(self.numbers.peg_user)


@dataclass(frozen=True, eq=False)
class Groups:
    """Pegs by a number that several share."""

    order: Any
    keys: Any

    @classmethod
    def of(cls, keys: Any) -> Groups:
        """Sort once, so that each group is a slice."""
        order = np.argsort(keys, kind="stable")
        return cls(order, keys[order])

    def pegs(self, key: int) -> Any:
        """The pegs with this number, in their own order."""
        return self.order[np.searchsorted(self.keys, key) : np.searchsorted(self.keys, key, "right")]


def _begins(keys: Any, sizes: Any) -> Any:
    """Where each row begins when rows with the same key follow each other."""
    order = np.argsort(keys, kind="stable")
    ends = np.cumsum(sizes[order])
    begins = ends - sizes[order]
    fresh = np.concatenate([[True], np.diff(keys[order]) != 0])[: order.size]
    base = np.maximum.accumulate(np.where(fresh, np.arange(order.size), 0))
    found = np.empty(order.size)
    found[order] = begins - begins[base]
    return found


def trace_frame(names: Names, rows: list[Part]) -> pl.DataFrame:
    """Parts as rows of TRACE_COLUMNS."""
    numbers = names.numbers
    peg = np.array([row[1] for row in rows], np.int64)
    pegs, item = numbers.pegs
    node = numbers.peg_node[peg]
    supply = pl.concat([names.nodes.select("kind", "name"), pl.DataFrame({"kind": ["short"], "name": [""]})])
    supply = supply[np.where(node < 0, supply.height - 1, node)]
    day = np.where(node < 0, NEVER_DAY, pegs["day"][peg] + numbers.peg_late[peg])
    if numbers.node_day.size:
        day = np.where(node < 0, NEVER_DAY, numbers.node_day[np.maximum(node, 0)] + numbers.peg_lag[peg])
    needs = names.needs[peg]
    frame = pl.DataFrame({
        "depth": [row[0] for row in rows], "material": names.material.gather(item[peg]),
        "site": names.site.gather(item[peg]), "quantity": [row[2] for row in rows],
        "need_kind": needs.get_column("kind"), "need": needs.get_column("name"),
        "needed_on": names.dates(pegs["day"][peg]), "supply_kind": supply.get_column("kind"),
        "supply": supply.get_column("name"), "available_on": names.dates(day),
    }, schema_overrides={"depth": pl.Int64, "quantity": pl.Float64})  # fmt: skip
    return frame.select(pl.col(name).cast(dtype) for name, dtype in TRACE_COLUMNS.items()).sort(
        "depth", "material", "needed_on", maintain_order=True
    )
