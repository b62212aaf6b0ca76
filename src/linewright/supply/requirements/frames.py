"""The frames of a supply plan that list what is planned: proposals, orders and pegs."""

from __future__ import annotations

import numpy as np
import polars as pl

from linewright.model.supply_results import ORDER_COLUMNS, PEG_COLUMNS, PROPOSAL_COLUMNS
from linewright.supply.requirements.core.records import FOREIGN, MOVE, NEVER_DAY
from linewright.supply.requirements.names import Names
from linewright.supply.requirements.numbers import NO_ORDER


def proposals(names: Names) -> pl.DataFrame:
    """One row for each planned lot, in the order in which they must be placed."""
    numbers, items = names.numbers, names.reading.items
    lots, item = numbers.lots
    ways = names.ways[lots["way"]]
    needed = np.full(numbers.node_day.size, NEVER_DAY, np.int64)
    served = numbers.peg_node >= 0
    np.minimum.at(needed, numbers.peg_node[served], numbers.pegs[0]["day"][served])
    needed = needed[numbers.existing :]
    units = names.reading.factory.materials.frame.select("material", "unit")
    origin = pl.Series([*items.sites, ""], dtype=pl.String).gather(
        items.home[items.material[item]] % (len(items.sites) + 1)
    )
    moved = ways.get_column("kind") == MOVE
    first = numbers.first_order[numbers.existing :]
    late = np.where(needed < NEVER_DAY, np.maximum(lots["day"] - needed, 0), 0)
    frame = pl.DataFrame({
        "proposal": names.nodes.get_column("name")[numbers.existing :],
        "kind": names.nodes.get_column("proposal")[numbers.existing :],
        "material": names.material.gather(item), "site": names.site.gather(item),
        "supplier": ways.get_column("supplier").zip_with(~moved, origin), "quantity": lots["quantity"],
        "price": ways.get_column("price"), "order_on": names.dates(lots["release"]),
        "receive_on": names.dates(lots["day"]), "needed_on": names.dates(needed), "late_days": late,
        "order": [names.orders[rank] if rank < NO_ORDER else "" for rank in first.tolist()],
    }, schema_overrides={"order": pl.String})  # fmt: skip
    frame = frame.join(units, on="material", how="left", maintain_order="left").with_columns(
        pl.col("unit").fill_null("piece"), money=pl.col("quantity") * pl.col("price")
    )
    return _typed(frame, PROPOSAL_COLUMNS).sort("order_on", "kind", "supplier", "proposal", maintain_order=True)


def orders(names: Names, table: pl.DataFrame) -> pl.DataFrame:
    """One row for each planned order by due date, with what keeps the late ones; `table` has their customers."""
    numbers = names.numbers
    rows = names.demands.with_columns(
        arrival=pl.Series(numbers.demand_arrival), at=pl.int_range(pl.len()), rank=pl.Series(numbers.rank)
    ).filter(pl.col("kind") == "order")
    customers = table.select("customer", name="order")
    rows = rows.join(customers, on="name", how="left", maintain_order="left").sort("rank")
    day, arrival = rows.get_column("day").to_numpy(), rows.get_column("arrival").to_numpy()
    met = arrival < NEVER_DAY
    late = pl.Series(np.where(met, np.maximum(arrival - day, 0), 0), dtype=pl.Int64)
    item = rows.get_column("item").to_numpy()
    waits = _waits_for(names)
    frame = pl.DataFrame({
        "order": rows.get_column("name"), "customer": rows.get_column("customer"),
        "material": names.material.gather(item), "site": names.site.gather(item),
        "quantity": rows.get_column("quantity"), "due_on": names.dates(day), "expected_on": names.dates(arrival),
        "late_days": pl.DataFrame({"late": late, "met": met}).select(pl.when("met").then("late")).to_series(),
        "waits_for": [
            waits.get(at, "") if is_late or not is_met else ""
            for at, is_late, is_met in zip(rows.get_column("at").to_list(), late > 0, met.tolist(), strict=True)
        ],
    }, schema_overrides={"waits_for": pl.String})  # fmt: skip
    return _typed(frame, ORDER_COLUMNS)


def _waits_for(names: Names) -> dict[int, str]:
    """For each demand that is met late the material at the bottom of its delay: down the latest way, to the root."""
    numbers = names.numbers
    pegs, item = numbers.pegs
    arrival = np.where(
        numbers.peg_node < 0, NEVER_DAY,
        numbers.node_day[np.maximum(numbers.peg_node, 0)] + numbers.slip[np.maximum(numbers.peg_node, 0)]
        if numbers.node_day.size else NEVER_DAY,
    )  # fmt: skip
    lateness = np.minimum(arrival, NEVER_DAY) - pegs["day"]
    worst = np.lexsort((-lateness,))
    of_node: dict[int, int] = {}
    of_demand: dict[int, int] = {}
    for at in worst[lateness[worst] > 0].tolist():
        user, demand = int(numbers.peg_user[at]), int(numbers.peg_demand[at])
        if user >= 0:
            of_node.setdefault(user, at)
        elif demand >= 0:
            of_demand.setdefault(demand, at)
    roots: dict[int, str] = {}
    for demand, first in of_demand.items():
        at = first
        while (node := int(numbers.peg_node[at])) >= 0 and int(numbers.peg_late[at]) < int(lateness[at]):
            if node not in of_node:
                break
            at = of_node[node]
        roots[demand] = names.item[int(item[at])]
    return roots


def pegs(names: Names) -> pl.DataFrame:
    """One row for each supply given to a need."""
    numbers = names.numbers
    rows, item = numbers.pegs
    node = numbers.peg_node
    kinds = pl.concat([names.nodes.select("kind", "name"), pl.DataFrame({"kind": ["short"], "name": [""]})])
    supply = kinds[np.where(node < 0, kinds.height - 1, node)]
    foreign = rows["supply"] <= FOREIGN
    giver = names.item.gather(numbers.node_item[np.maximum(node, 0)]) if numbers.node_item.size else names.item.head(0)
    if not len(giver):
        giver = pl.Series([""] * rows.size, dtype=pl.String)
    day = np.where(node < 0, NEVER_DAY, rows["day"] + numbers.peg_late)
    if numbers.node_day.size:
        day = np.where(node < 0, NEVER_DAY, numbers.node_day[np.maximum(node, 0)] + numbers.peg_lag)
    late = numbers.peg_late
    frame = pl.DataFrame({
        "material": names.material.gather(item), "site": names.site.gather(item),
        "need_kind": names.needs.get_column("kind"), "need": names.needs.get_column("name"),
        "needed_on": names.dates(rows["day"]), "quantity": rows["quantity"],
        "supply_kind": supply.get_column("kind"), "supply": supply.get_column("name"),
        "available_on": names.dates(day), "late": pl.Series(late, dtype=pl.Int64),
        "given": giver.zip_with(pl.Series(foreign), pl.Series([""], dtype=pl.String)),
    }).with_columns(late_days=pl.when(pl.col("late") < NEVER_DAY).then("late"))  # fmt: skip
    return _typed(frame, PEG_COLUMNS)


def _typed(frame: pl.DataFrame, columns: object) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in dict(columns).items())  # type: ignore[call-overload]
