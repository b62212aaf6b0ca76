"""Items, stock, suppliers, transport and purchases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from linewright.io.frepple.fixture import Fixture, Record, add_rows
from linewright.io.frepple.routes import Routes
from linewright.io.raw_tables import Gathered
from linewright.model.faults import Fault

DAY_SECONDS = 86_400

#: Orders that people have agreed to; frePPLe's own proposals are planned anew.
FIRM = ("approved", "confirmed")


def aware(moment: datetime | None) -> datetime | None:
    """A fixture's time as an instant; fixtures name no time zone."""
    return moment.replace(tzinfo=UTC) if moment else None


class Items:
    """The hierarchy of items."""

    def __init__(self, fixture: Fixture) -> None:
        self.by_name = {record.name: record for record in fixture["input.item"]}
        self._below: dict[str, list[str]] = {}
        for record in self.by_name.values():
            self._below.setdefault(record.text("owner"), []).append(record.name)
        models = ("buffer", "demand", "operationmaterial", "operation", "operationplan")
        used = {record.text("item") for model in models for record in fixture[f"input.{model}"]}
        # Items that only group others are no materials.
        self.materials = [record for name, record in self.by_name.items() if name in used or name not in self._below]

    def leaves(self, name: str) -> list[str]:
        """The item, or all materials below a group."""
        below = self._below.get(name, []) if name else []
        return [leaf for item in below for leaf in self.leaves(item)] if below else [name]


def add_places(found: Gathered, fixture: Fixture) -> None:
    """Locations and the customers."""
    rows = [
        {**record.place, "site": record.name, "name": record.text("description")}
        for record in fixture["input.location"]
    ]
    add_rows(found, "sites", rows)
    customers = fixture["input.customer"]
    names = [{**record.place, "customer": record.name, "name": record.text("description")} for record in customers]
    add_rows(found, "customers", names)


def add_materials(found: Gathered, fixture: Fixture, items: Items, routes: Routes) -> None:
    """Items with their lot rules, and what lies in their buffers."""
    least: dict[str, float] = {}
    stock = []
    for buffer in fixture["input.buffer"]:
        item, quantity = buffer.text("item"), buffer.number("onhand")
        least[item] = least.get(item, 0.0) + buffer.number("minimum")
        stock.append({**buffer.place, "material": item, "site": buffer.text("location"), "quantity": quantity})
    rows = []
    for record in items.materials:
        made = routes.of.get(record.name)
        lots = _lots(made[0].operation, made[0].produced) if made else {}
        row: dict[str, Any] = {"material": record.name, "name": record.text("description")}
        row |= {"kind": "made" if made else "bought", "cost": record.number("cost"), **lots}
        rows.append({**record.place, **row, "safety_stock": least.get(record.name, 0.0)})
    add_rows(found, "materials", rows)
    add_rows(found, "stock", stock)


def _lots(operation: Record, produced: float) -> dict[str, float]:
    smallest, multiple = operation.number("sizeminimum"), operation.number("sizemultiple")
    return {"lot_size_min": smallest * produced, "lot_multiple": multiple * produced}


def add_suppliers(found: Gathered, fixture: Fixture, items: Items) -> None:
    """Suppliers and what they sell; an offer for a group of items holds for each of them."""
    names = [{**record.place, "supplier": record.name} for record in fixture["input.supplier"]]
    add_rows(found, "suppliers", names)
    rows = []
    for record in fixture["input.itemsupplier"]:
        offer = {
            "supplier": record.text("supplier"),
            "lead_days": record.seconds("leadtime") / DAY_SECONDS,
            "price": record.number("cost"),
            "min_quantity": record.number("sizeminimum"),
            "multiple": record.number("sizemultiple"),
        }
        rows += [{**record.place, "material": item, **offer} for item in items.leaves(record.text("item"))]
    add_rows(found, "sources", rows)


def add_lanes(found: Gathered, fixture: Fixture) -> None:
    """One lane for each pair of locations between which items are distributed, directly or through others."""
    direct: dict[tuple[str, str], tuple[float, Record]] = {}
    differing: set[str] = set()
    for record in fixture["input.itemdistribution"]:
        pair = record.text("origin"), record.text("location")
        days = record.seconds("leadtime") / DAY_SECONDS
        if pair in direct and direct[pair][0] != days:
            differing.add(" to ".join(pair))
        direct[pair] = max(days, direct[pair][0] if pair in direct else days), record
    lanes = _through(direct)
    rows = [
        {**record.place, "lane": " to ".join(pair), "from_site": pair[0], "to_site": pair[1], "days": days}
        for pair, (days, record) in lanes.items()
    ]
    add_rows(found, "lanes", rows)
    if rows:
        found.assumptions.append(
            f"Transport takes the lead time of distribution for all items ({len(direct)} direct lanes, "
            f"{len(lanes) - len(direct)} through other locations); least shipments and multiples are not followed."
        )
    if differing:
        found.assumptions.append(f"Lead times differ by item, the longest is taken: {', '.join(sorted(differing))}.")


def _through(direct: dict[tuple[str, str], tuple[float, Record]]) -> dict[tuple[str, str], tuple[float, Record]]:
    """The quickest way between every two locations that lanes join (Floyd and Warshall, 1962)."""
    ways = dict(direct)
    places = list(dict.fromkeys(place for pair in direct for place in pair))
    for middle in places:
        for first in places:
            for last in places:
                one, two = ways.get((first, middle)), ways.get((middle, last))
                if first == last or one is None or two is None:
                    continue
                known = ways.get((first, last))
                if known is None or one[0] + two[0] < known[0]:
                    ways[first, last] = one[0] + two[0], two[1]
    return ways


def add_purchases(found: Gathered, fixture: Fixture, start: datetime | None) -> None:
    """Firm purchase orders, and distribution orders that are on their way."""
    rows = []
    waiting: list[Record] = []
    for record in fixture["input.operationplan"]:
        kind = record.text("type")
        if kind not in {"PO", "DO"} or record.text("status") not in FIRM:
            continue
        begun = record.moment("startdate")
        if kind == "DO" and start and begun and begun >= start:
            waiting.append(record)
            continue
        rows.append(
            {
                **record.place,
                "purchase": record.text("reference") or record.name,
                "supplier": record.text("supplier"),
                "material": record.text("item"),
                "quantity": record.number("quantity"),
                "due": aware(record.moment("enddate")),
                "site": record.text("location") or record.text("destination"),
            }
        )
    add_rows(found, "purchases", rows)
    if waiting:
        first = waiting[0]
        found.faults.append(
            Fault(
                level="note", rule="transfer_not_begun", table="purchases", where=f"{first.file}:{first.line}",
                row=first.line, value=first.text("reference"), count=len(waiting), cure="nothing to do",
                message=f"{len(waiting)} distribution orders have not left yet; goods are moved as orders need them",
                materials=tuple(dict.fromkeys(record.text("item") for record in waiting)),
            )
        )  # fmt: skip
