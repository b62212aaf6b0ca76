"""How each material is made, read from the tables: steps, what waits for what, alternatives, crews and tools."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

import numpy as np
import polars as pl

from linewright.model.factory import Factory
from linewright.model.tables import OperationCrew
from linewright.model.verify.facts.columns import BoolArray, Columns, FloatArray, IntArray, numbered, ranges
from linewright.model.verify.facts.seats import Seats


class Routes:
    """Every step of the routings as a row, sorted by material and number; routes are numbered as materials come.

    `table` holds the columns of the operations table in that order, `first[route]` the first row of each route.
    """

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        rows = Columns(factory.operations.frame)
        step = rows.whole("step")
        self.position = numbered(list(dict.fromkeys(rows.text("material"))))
        route = rows.places("material", self.position)
        order = np.lexsort((step, route))
        # Of two rows for one step the later counts.
        again = (np.diff(route[order]) == 0) & (np.diff(step[order]) == 0)
        order = order[~np.append(again, np.zeros(min(order.size, 1), np.bool_))]
        self.table = rows.rows(order)
        self.route, self.step = route[order], step[order]
        self.first = np.searchsorted(self.route, np.arange(len(self.position) + 1))
        self._numbers = np.unique(self.step)
        #: The seats of rows that ask for people, filled in as they are asked for.
        self.seats: dict[int, tuple[Seats, Seats, Seats]] = {}

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.table)

    def span(self, route: IntArray) -> tuple[IntArray, IntArray]:
        """The first row of each route and the row after its last; empty for -1, a material without steps."""
        known = route >= 0
        at = np.where(known, route, 0)
        if not len(self):
            return at * 0, at * 0
        return np.where(known, self.first[at], 0), np.where(known, self.first[at + 1], 0)

    def row(self, route: IntArray, step: IntArray) -> IntArray:
        """The row of a step of a route; -1 where the route has no such step."""
        at = self.from_step(route, step)
        begin, end = self.span(route)
        inside = (at >= begin) & (at < end)
        inside[inside] = self.step[at[inside]] == step[inside]
        return np.where(inside, at, -1)

    def from_step(self, route: IntArray, step: IntArray) -> IntArray:
        """The first row of a route whose number is not smaller than a step; the row after its last where none is."""
        begin, end = self.span(route)
        rank = np.searchsorted(self._numbers, step)
        width = self._numbers.size + 1
        keys = self.route * width + np.searchsorted(self._numbers, self.step)
        return np.clip(np.searchsorted(keys, route * width + rank), begin, end)

    @cached_property
    def good_share(self) -> FloatArray:
        """For each step the share of its units that ends as good units."""
        share = self.table.real("yield_share")
        if (share == 1).all():
            return share
        shares = pl.DataFrame({"route": self.route, "share": share})
        return shares.select(pl.col("share").cum_prod(reverse=True).over("route")).to_series().to_numpy()

    @cached_property
    def before(self) -> tuple[IntArray, IntArray]:
        """Pairs of rows of which the second waits for the first, sorted by the second."""
        after = [text.strip() for text in self.table.text("after")]
        follows = np.flatnonzero(np.append(False, self.route[1:] == self.route[:-1])[: len(after)])
        spoken = [row for row, text in enumerate(after) if text]
        follows = follows[~np.isin(follows, spoken)]
        named = [(early, row) for row in spoken for early in self._named(row, after[row])]
        pairs = np.array(named, np.int64).reshape(-1, 2)
        early, late = np.append(follows - 1, pairs[:, 0]), np.append(follows, pairs[:, 1])
        order = np.lexsort((early, late))
        return early[order], late[order]

    def _named(self, row: int, after: str) -> list[int]:
        """The rows of the same route that the column `after` names."""
        begin, end = int(self.first[self.route[row]]), int(self.first[self.route[row] + 1])
        steps = {step: at for at, step in enumerate(self.step[begin:end].tolist())}
        return [begin + steps[step] for step in {int(word) for word in re.findall(r"\d+", after)} if step in steps]

    def waits_for(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """For some rows: which of them waits, and the row that it waits for."""
        early, late = self.before
        owner, at = ranges(np.searchsorted(late, rows), np.searchsorted(late, rows, side="right"))
        return owner, early[at]

    @cached_property
    def crews(self) -> dict[int, list[OperationCrew]]:
        """The further crews of each row that has any."""
        found: dict[int, list[OperationCrew]] = defaultdict(list)
        if len(self._factory.operation_crews):
            for crew, row in zip(self._factory.operation_crews, self._rows_of("operation_crews"), strict=True):
                found[int(row)].append(crew)
        return found

    def run_seats(self, row: int) -> int:
        """How many people the run of a row asks for."""
        further = (crew.people for crew in self.crews.get(row, ()) if crew.phase != "setup")
        return int(self.table.frame.item(row, "crew")) + sum(further)

    def rows_of_alternatives(self) -> IntArray:
        """The row that each row of `operation_machines` is for; -1 where there is no such step."""
        return self._rows_of("operation_machines")

    @cached_property
    def tools(self) -> dict[int, dict[str, int]]:
        """How many of which tools each row holds, for the rows that hold any."""
        held: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        names = self.table.frame.get_column("tool")
        for row in np.flatnonzero((names != "").to_numpy()).tolist():
            held[row][names[row]] = 1
        more = self._factory.operation_tools.frame
        columns = (self._rows_of("operation_tools").tolist(), more["tool"].to_list(), more["quantity"].to_list())
        for row, tool, quantity in zip(*columns, strict=True):
            held[row][tool] += quantity
        return held

    def _rows_of(self, table: str) -> IntArray:
        rows = Columns(self._factory.table(table).frame)
        return self.row(rows.places("material", self.position), rows.whole("step"))

    def may_pause(self, rows: IntArray) -> BoolArray:
        """Whether the work of each row may pause."""
        return self.table.true("may_pause")[rows]
