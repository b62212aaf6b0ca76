"""Who may take from whom: the same material elsewhere, and substitutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.supply.requirements.core.records import ALTERNATE, ELSEWHERE, NEVER_DAY, SUBSTITUTE
from linewright.supply.requirements.reading.calendar import Days
from linewright.supply.requirements.reading.items import Items

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.bill import Bill


@dataclass(frozen=True)
class Alternates:
    """Alternates with their items, the block of each item, and the rows of substitutes that cannot be used."""

    rows: Any
    item: Any
    block: Any
    refused: list[int]


def alternates_of(factory: Factory, bill: Bill, items: Items, days: Days, lines: tuple[Any, Any]) -> Alternates:
    """Alternates in the order in which they are tried: nearest first, then substitutes by preference.

    `lines` are the parents and components of all lines. Items that may take from each other are planned together, so
    a substitute that goes into what it stands in for, however far down, cannot be used.
    """
    elsewhere, substitutes = _elsewhere(bill, items), _substitutes(factory, bill, items, days)
    refused: list[int] = []
    while True:
        used = [row for row in [*elsewhere, *substitutes] if row[-1] not in refused]
        block = _components(len(items.material), [row[0] for row in used], [row[1] for row in used])
        circular = _in_circles(block, *lines)
        wrong = {row[-1] for row in used if row[-1] >= 0 and block[row[0]] in circular}
        if not wrong:
            break
        refused += sorted(wrong)
    used.sort(key=lambda row: (row[0], row[2], row[3], row[4]))
    found = np.zeros(len(used), ALTERNATE)
    for at, (_, other, kind, _, lag, quantity, first_day, last_day, _) in enumerate(used):
        found[at] = (other, kind, lag, first_day, last_day, quantity)
    return Alternates(found, np.array([row[0] for row in used], np.int64), block, refused)


Row = tuple[int, int, int, int, int, float, int, int, int]


def _elsewhere(bill: Bill, items: Items) -> list[Row]:
    """Every other place of a material; what lies where it is made comes by being moved, like new lots."""
    count = np.bincount(items.material, minlength=len(bill.materials))
    rows: list[Row] = []
    for material in np.flatnonzero(count > 1).tolist():
        places = np.flatnonzero(items.material == material).tolist()
        for here in places:
            for there in places:
                moved = bill.made[material] and items.site[there] == items.home[material]
                if here != there and not moved:
                    lag = int(items.lag(items.site[there], items.site[here]))
                    rows.append((here, there, ELSEWHERE, 0, lag, 1.0, -NEVER_DAY, NEVER_DAY, -1))
    return rows


def _substitutes(factory: Factory, bill: Bill, items: Items, days: Days) -> list[Row]:
    frame = factory.substitutes.frame.with_row_index("row").filter(
        pl.col("quantity").is_finite() & (pl.col("quantity") > 0) & (pl.col("material") != pl.col("substitute"))
    )
    first = days.of_dates(frame.get_column("valid_from"), missing=-NEVER_DAY).tolist()
    last = days.of_dates(frame.get_column("valid_to"), missing=NEVER_DAY).tolist()
    rows: list[Row] = []
    for at, (row, material, other, quantity, preference) in enumerate(
        frame.select("row", "material", "substitute", "quantity", "preference").iter_rows()
    ):
        for here in np.flatnonzero(items.material == bill.position[material]).tolist():
            for there in np.flatnonzero(items.material == bill.position[other]).tolist():
                lag = int(items.lag(items.site[there], items.site[here]))
                rows.append((here, there, SUBSTITUTE, preference, lag, quantity, first[at], last[at], row))
    return rows


def _components(count: int, one: list[int], other: list[int]) -> Any:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def _in_circles(block: Any, parent: Any, component: Any) -> set[int]:
    """Blocks that need themselves, once the items of a block are one; moves inside a block are not meant."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    above, below = block[parent], block[component]
    count = int(block.max(initial=-1)) + 1
    graph = coo_array((np.ones(above.size), (above, below)), shape=(count, count))
    strong = connected_components(graph, directed=True, connection="strong")[1]
    size = np.bincount(strong, minlength=1)
    return set(np.flatnonzero(size[strong] > 1).tolist()) | set(above[above == below].tolist())
