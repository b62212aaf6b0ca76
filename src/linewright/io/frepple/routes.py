"""How an item is made: the operations that can make it, in order of priority, and the steps of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linewright.io.frepple.fixture import Fixture, Record

#: Types of operations that only choose among others.
CHOICES = ("alternate", "split")


@dataclass(frozen=True)
class Route:
    """One way to make an item: an operation, and its steps (itself, unless it is a routing)."""

    item: str
    operation: Record
    steps: tuple[Record, ...]
    produced: float

    @property
    def priority(self) -> float:
        """Lower comes first."""
        return self.operation.number("priority", 1)


class Routes:
    """All ways to make all items."""

    def __init__(self, fixture: Fixture) -> None:
        self._operations = {record.name: record for record in fixture["input.operation"]}
        self._children: dict[str, list[Record]] = {}
        for record in self._operations.values():
            if record.text("owner"):
                self._children.setdefault(record.text("owner"), []).append(record)
        # Older fixtures list the suboperations of a routing in a table of its own.
        for record in fixture["input.suboperation"]:
            step = self._operations.get(record.text("suboperation"))
            if step:
                self._children.setdefault(record.text("operation"), []).append(step)
        for children in self._children.values():
            children.sort(key=lambda record: record.number("priority", 1))
        self._made = {
            record.text("operation"): (record.text("item"), record.number("quantity"))
            for record in fixture["input.operationmaterial"]
            if record.number("quantity") > 0
        }
        self._wanted = {record.text("operation"): record.text("item") for record in fixture["input.demand"]}
        self.of: Mapping[str, Sequence[Route]] = self._by_item()

    @property
    def idle(self) -> list[str]:
        """Operations that make no item that is known."""
        used = {record.name for routes in self.of.values() for route in routes for record in route.steps}
        used |= {route.operation.name for routes in self.of.values() for route in routes}
        used |= {name for name, record in self._operations.items() if self._chooses(record)}
        return [name for name in self._operations if name not in used]

    def route_of(self, operation: str) -> tuple[Route, int] | None:
        """The route to which an operation belongs, and the position of its step."""
        for routes in self.of.values():
            for route in routes:
                names = [step.name for step in route.steps]
                if operation in names:
                    return route, names.index(operation)
                if operation == route.operation.name:
                    return route, 0
        return None

    def _by_item(self) -> dict[str, list[Route]]:
        found: dict[str, list[Route]] = {}
        for record in self._operations.values():
            owner = self._operations.get(record.text("owner"))
            if self._chooses(record) or (owner is not None and not self._chooses(owner)):
                continue
            route = self._route(record, owner)
            if route:
                found.setdefault(route.item, []).append(route)
        return {item: sorted(routes, key=lambda route: route.priority) for item, routes in found.items()}

    def _route(self, record: Record, owner: Record | None) -> Route | None:
        is_routing = record.text("type") == "routing"
        steps = tuple(self._children.get(record.name, ())) if is_routing else (record,)
        names = [record.name, *(step.name for step in steps), *([owner.name] if owner else [])]
        made = next((self._made[name] for name in reversed(names) if name in self._made), ("", 1.0))
        named = next((item for name in names if (item := self._item_of(name))), "")
        item = named or made[0]
        return Route(item, record, steps, made[1] or 1.0) if item and steps else None

    def _item_of(self, operation: str) -> str:
        record = self._operations[operation]
        return record.text("item") or self._wanted.get(operation, "")

    @staticmethod
    def _chooses(record: Record) -> bool:
        return record.text("type") in CHOICES
