"""What a planner should look at: supplies to move or cancel, and needs that are met late or not at all, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from linewright.model.supply_results import EXCEPTION_COLUMNS, SHORTAGE_COLUMNS
from linewright.supply.requirements.core.records import FOREIGN, MAKE, MOVE, NEVER_DAY
from linewright.supply.requirements.names import Names
from linewright.supply.requirements.numbers import NO_ORDER, REMEMBERED

#: Nobody calls a supplier for less than this share of a delivery.
WORTH_A_CALL = 0.1
WORDS = {"purchase": "purchase", "work_order": "work order", "job": "planned job", "stock": "stock"}


def shortages(names: Names) -> pl.DataFrame:
    """Needs that are met late or not at all, one row for each supply that is late, worst first.

    Only what is late itself is told, not what waits for it; safety stock that is refilled later does no harm.
    """
    numbers = names.numbers
    late = (numbers.peg_late > 0) & ~numbers.is_safety
    chosen = np.flatnonzero(late)
    rows, item = numbers.pegs
    frame = pl.DataFrame({
        "item": item[chosen], "node": numbers.peg_node[chosen], "day": rows["day"][chosen].astype(np.int64),
        "quantity": rows["quantity"][chosen], "at": chosen,
        "lag": numbers.peg_lag[chosen],
    })  # fmt: skip
    groups = frame.group_by("item", "node", maintain_order=True).agg(
        pl.col("quantity").sum(), pl.col("day").min(), pl.col("at"), pl.col("lag").max()
    )
    ranks = _first_ranks(names, groups.get_column("at").to_list())
    told = [_shortage(names, row, own) for row, own in zip(groups.iter_rows(named=True), ranks, strict=True)]
    made = pl.DataFrame(told, schema=dict(SHORTAGE_COLUMNS), orient="row")
    has_orders = pl.col("orders").list.len() > 0
    return made.sort(
        pl.col("late_days").is_null(), has_orders, "late_days", "material", "needed_on", "supply",
        descending=[True, True, True, False, False, False], maintain_order=True,
    )  # fmt: skip


def _first_ranks(names: Names, groups: list[list[int]]) -> list[Any]:
    """The first few orders behind each group of pegs."""
    found = []
    for group in groups:
        ranks = np.unique(names.numbers.orders_of_needs(np.array(group)))
        found.append(ranks[ranks < NO_ORDER][:REMEMBERED])
    return found


def _shortage(names: Names, row: dict[str, Any], ranks: Any) -> tuple[Any, ...]:
    numbers, days = names.numbers, names.reading.days
    item, node = row["item"], row["node"]
    material, site = names.material[item], names.site[item]
    orders = names.order_lists(ranks[None, :])[0] if ranks.size else []
    unit = f"{row['quantity']:,.6g} of {names.item[item]}"
    who = _for(orders)
    needed = days.date(row["day"])
    if node < 0:
        cause = _why_short(names, item)
        text = f"{unit} needed on {needed}{who} cannot be had: {cause}"
        return material, site, row["quantity"], needed, None, None, "short", "", cause, orders, text
    day = int(numbers.node_day[node]) + row["lag"]
    kind, name = names.nodes.row(node)[:2]
    cause = _why_late(names, item, node)
    text = f"{unit} needed on {needed}{who} come on {days.date(day)}, {_days(day - row['day'])} late: {cause}"
    return (
        material, site, row["quantity"], needed, days.date(day), day - row["day"], kind, name, cause, orders, text
    )  # fmt: skip


def _days(count: int) -> str:
    return f"{count:,} day{'s' if count != 1 else ''}"


def _for(orders: list[str]) -> str:
    """Whom a need is for."""
    if not orders:
        return ""
    named = ", ".join(order for order in orders if order != "...")
    more = " and others" if orders[-1] == "..." else ""
    return f" for order{'s' if len(orders) > 1 else ''} {named}{more}"


def _why_short(names: Names, item: int) -> str:
    task = names.numbers.solution.task
    first, last = task.items["first_way"][item], task.items["first_way"][item + 1]
    if first == last:
        return "nothing makes or sells it"
    if np.isfinite(task.ways["capacity"][first:last]).all():
        return "its sources have no capacity left within the horizon"
    return "its sources may not be ordered from any more"


def _why_late(names: Names, item: int, node: int) -> str:
    """Why a supply comes after its need."""
    numbers, days = names.numbers, names.reading.days
    task = numbers.solution.task
    kind, name = names.nodes.row(node)[:2]
    if node < numbers.existing and int(numbers.node_day[node]) == 0:
        return f"it was needed before today; {WORDS[kind]} {name} is there" + (" today" if kind != "stock" else "")
    if node < numbers.existing:
        return f"{WORDS[kind]} {name} comes later"
    lot = numbers.lots[0][node - numbers.existing]
    way = task.ways[lot["way"]]
    lead = int(lot["day"] - lot["release"])
    supplier = names.supplier_words(names.ways.get_column("supplier")[int(lot["way"])])
    verb = {MAKE: "making it", MOVE: "moving it"}.get(int(way["kind"]), supplier or "its source")
    takes = f"{verb} takes {_days(lead)}"
    fence = int(task.terms["fence"][0])
    if np.isfinite(way["capacity"]) and lot["release"] > fence:
        return f"{takes} and has no capacity sooner"
    if fence > 0 and lot["release"] >= fence:
        return f"{takes} and no new order may start before {days.date(fence)}"
    return f"{takes} from {days.date(int(lot['release']))} on"


def exceptions(names: Names, short: pl.DataFrame) -> pl.DataFrame:
    """Everything to act on, what hurts orders first."""
    plain = [*_supplies(names), *_short_rows(names, short)]
    rows = [*[(*row, row[1]) for row in plain], *_borrowed(names)]
    told = {name: dtype for name, dtype in EXCEPTION_COLUMNS.items() if name != "money"}
    frame = pl.DataFrame(rows, schema=told | {"counted": pl.String}, orient="row")
    frame = frame.join(_unit_costs(names), on="counted", how="left", maintain_order="left")
    frame = frame.with_columns(money=pl.col("quantity") * pl.col("each").fill_null(0.0)).select(*EXCEPTION_COLUMNS)
    urgency = pl.col("kind").replace_strict(
        {"short": 0, "fence": 1, "late": 2, "expedite": 3, "substitute": 4, "move": 5, "delay": 6, "cancel": 7}
    )
    nobody = pl.col("orders").list.len() == 0
    # What hurts orders by days; what only costs money by money.
    days = pl.when(~pl.col("kind").is_in(["delay", "cancel"])).then("days")
    return frame.sort(
        urgency, nobody, days, "money", "material", "supply", descending=[False, False, True, True, False, False],
        nulls_last=True, maintain_order=True,
    )  # fmt: skip


def _unit_costs(names: Names) -> pl.DataFrame:
    """What a unit of each material costs; where it has no standard cost, the least price of its sources."""
    factory = names.reading.factory
    asked = factory.sources.frame.filter(pl.col("price") > 0).group_by("material").agg(asked=pl.col("price").min())
    return (
        factory.materials.frame.join(asked, on="material", how="left", maintain_order="left")
        .select(counted="material", each=pl.when(pl.col("cost") > 0).then("cost").otherwise("asked"))
    )  # fmt: skip


def _short_rows(names: Names, short: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Shortages of planned lots, and those that nothing covers; late supplies that exist are to be expedited."""
    fence = int(names.numbers.solution.task.terms["fence"][0])
    rows = []
    for row in short.filter(pl.col("supply_kind").is_in(["short", "proposal"])).iter_rows(named=True):
        inside = fence > 0 and "no new order may start before" in row["cause"]
        kind = "short" if row["supply_kind"] == "short" else "fence" if inside else "late"
        rows.append((
            kind, row["material"], row["site"], row["supply_kind"], row["supply"], row["quantity"], row["expected_on"],
            row["needed_on"], row["late_days"], row["orders"], row["text"],
        ))  # fmt: skip
    return rows


def _supplies(names: Names) -> list[tuple[Any, ...]]:
    """What to do about purchases and work that are on their way: expedite, delay, cancel."""
    numbers = names.numbers
    pegs, _ = numbers.pegs
    node = numbers.peg_node
    real = (node >= 0) & (node < numbers.existing)
    first = np.full(numbers.existing, NEVER_DAY, np.int64)
    np.minimum.at(first, node[real], (pegs["day"] - numbers.peg_lag)[real])
    given = np.bincount(node[real], taken_by(names)[real], numbers.existing)
    # What is there today cannot come sooner, however long ago it was needed.
    hurried = real & (numbers.peg_late > _waits(names, first)) & ~numbers.is_safety
    hurried &= numbers.node_day[np.maximum(node, 0)] > 0
    late = np.bincount(node[hurried], taken_by(names)[hurried], numbers.existing)
    soonest = np.full(numbers.existing, NEVER_DAY, np.int64)
    np.minimum.at(soonest, node[hurried], (pegs["day"] - numbers.peg_lag)[hurried])
    promised = names.supplies.get_column("promised").to_numpy()
    kinds = names.supplies.get_column("kind").to_list()
    patience = int(numbers.solution.task.terms["patience"][0])
    known = names.demands.filter(pl.col("kind").is_in(["order", "forecast"])).get_column("day").to_numpy()
    last_known = int(known.max(initial=-NEVER_DAY))
    rows: list[tuple[Any, ...]] = []
    for at in range(numbers.existing):
        if kinds[at] == "stock":
            continue
        quantity, day = float(numbers.node_quantity[at]), int(numbers.node_day[at])
        free = quantity - float(given[at])
        if late[at] > 0 or (promised[at] < 0 and given[at] > 0):
            rows.append(_expedite(names, at, float(late[at]), max(int(soonest[at]), 0), int(promised[at])))
        elif given[at] > 0 and first[at] - day > patience:
            rows.append(_delay(names, at, float(given[at]), int(first[at])))
        # Past the last order or forecast nothing is known, so what comes then may well be needed.
        if free > WORTH_A_CALL * quantity and day <= last_known:
            rows.append(_cancel(names, at, free, quantity))
    return rows


def _waits(names: Names, first: Any) -> Any:
    """For each peg the days that released work, which it goes into, would lie about before its `first` need."""
    numbers = names.numbers
    # Released work that nothing here needs has a reason of its own, and so has everything that is no released work.
    lies = np.append(np.where(first < NEVER_DAY, np.maximum(first - numbers.node_day[: numbers.existing], 0), 0), 0)
    released = (numbers.peg_user >= 0) & (numbers.peg_user < numbers.existing)
    return lies[np.where(released, numbers.peg_user, numbers.existing)]


def taken_by(names: Names) -> Any:
    """What each peg takes from its supply, in units of the supply."""
    numbers = names.numbers
    pegs, item = numbers.pegs
    taken = pegs["quantity"].copy()
    task = numbers.solution.task
    for at in np.flatnonzero(pegs["supply"] <= FOREIGN).tolist():
        own = task.alternates[task.items["first_alternate"][item[at]] : task.items["first_alternate"][item[at] + 1]]
        taken[at] *= own["quantity"][own["item"] == numbers.node_item[numbers.peg_node[at]]][0]
    return taken


def _head(names: Names, at: int) -> tuple[str, str, str, str, str]:
    """Material, site, kind, name, and the supply in words."""
    kind, name, supplier = names.supplies.select("kind", "name", "supplier").row(at)
    item = int(names.numbers.node_item[at])
    words = f"{WORDS[kind]} {name}" + (f" of {names.supplier_words(supplier)}" if supplier else "")
    return names.material[item], names.site[item], kind, name, words


def _orders_of(names: Names, at: int) -> list[str]:
    return names.order_lists(names.numbers.orders_of[at : at + 1])[0]


def _expedite(names: Names, at: int, quantity: float, to_day: int, promised: int) -> tuple[Any, ...]:
    material, site, kind, name, words = _head(names, at)
    days, orders = names.reading.days, _orders_of(names, at)
    day = int(names.numbers.node_day[at])
    if promised < 0:
        text = f"Chase {words}: {names.numbers.node_quantity[at]:,.6g} of {material} were due on {days.date(promised)}"
        text += f", {_days(-promised)} ago; needed{_for(orders) or ' for stock'}"
        quantity = quantity or float(names.numbers.node_quantity[at])
        return ("expedite", material, site, kind, name, quantity, days.date(promised), days.date(0), -promised, orders,
                text)  # fmt: skip
    text = f"Expedite {words} from {days.date(day)} to {days.date(to_day)}: {quantity:,.6g} of {material} are needed"
    text += f" up to {_days(day - to_day)} sooner{_for(orders)}"
    return ("expedite", material, site, kind, name, quantity, days.date(day), days.date(to_day), day - to_day, orders,
            text)  # fmt: skip


def _delay(names: Names, at: int, quantity: float, to_day: int) -> tuple[Any, ...]:
    material, site, kind, name, words = _head(names, at)
    days, day = names.reading.days, int(names.numbers.node_day[at])
    text = (
        f"Delay {words} from {days.date(day)} to {days.date(to_day)}: nothing needs its {quantity:,.6g} of {material}"
    )
    text += " before"
    return ("delay", material, site, kind, name, quantity, days.date(day), days.date(to_day), to_day - day,
            _orders_of(names, at), text)  # fmt: skip


def _cancel(names: Names, at: int, free: float, quantity: float) -> tuple[Any, ...]:
    material, site, kind, name, words = _head(names, at)
    days, day = names.reading.days, int(names.numbers.node_day[at])
    whole = free > (1 - 1e-6) * quantity
    text = f"Cancel {words}" if whole else f"Cut {words} by {free:,.6g} of {quantity:,.6g}"
    text += f": nothing needs {'it' if whole else 'them'} before {days.date(names.reading.terms.horizon_days)}"
    return ("cancel", material, site, kind, name, free, days.date(day), None, None, [], text)


def _borrowed(names: Names) -> list[tuple[Any, ...]]:
    """Goods that are taken from elsewhere, or stand in for others."""
    numbers = names.numbers
    pegs, item = numbers.pegs
    taken = taken_by(names)
    found: dict[tuple[int, int], list[int]] = {}
    for at in np.flatnonzero(pegs["supply"] <= FOREIGN).tolist():
        found.setdefault((int(item[at]), int(numbers.peg_node[at])), []).append(at)
    rows: list[tuple[Any, ...]] = []
    for (here, node), group in found.items():
        other = int(numbers.node_item[node])
        same = names.material[here] == names.material[other]
        quantity, first = float(taken[group].sum()), int(pegs["day"][group].min())
        ranks = np.unique(numbers.orders_of_needs(np.array(group)))
        orders = names.order_lists(ranks[ranks < NO_ORDER][None, :REMEMBERED])[0]
        day = max(first - int(numbers.peg_lag[group[0]]), 0)
        date = names.reading.days.date(day)
        place = names.site[here]
        text = (
            f"Move {quantity:,.6g} of {names.item[other]} to {place} by {date}" if same
            else f"Use {quantity:,.6g} of {names.item[other]} for {names.item[here]} on {date}"
        ) + _for(orders)  # fmt: skip
        kind, name = names.nodes.row(node)[:2]
        rows.append(("move" if same else "substitute", names.material[here], place, kind, name, quantity, date,
                     names.reading.days.date(max(first, 0)), int(numbers.peg_lag[group[0]]), orders, text,
                     names.material[other]))  # fmt: skip
    return rows
