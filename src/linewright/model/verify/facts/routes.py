"""How each material is made, read from the tables: steps, what waits for what, alternatives and demands."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from linewright.model.factory import Factory
from linewright.model.tables import Operation, OperationCrew, OperationMachine


@dataclass(frozen=True, eq=False)
class Route:
    """The steps of one material, in order of their numbers."""

    steps: dict[int, Operation]

    @cached_property
    def good_share(self) -> dict[int, float]:
        """For each step the share of its units that ends as good units."""
        share, shares = 1.0, {}
        for number in sorted(self.steps, reverse=True):
            share *= self.steps[number].yield_share
            shares[number] = share
        return shares

    @cached_property
    def before(self) -> dict[int, tuple[int, ...]]:
        """For each step the steps that it waits for."""
        found, smaller = {}, None
        for number in sorted(self.steps):
            after = self.steps[number].after.strip()
            named = {int(word) for word in re.findall(r"\d+", after)} & self.steps.keys()
            found[number] = tuple(sorted(named)) if after else () if smaller is None else (smaller,)
            smaller = number
        return found

    @property
    def first(self) -> int | None:
        """The smallest step number; None without steps."""
        return min(self.steps, default=None)

    def last(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """Those of some steps that none of the others waits for; all of them when they wait in a ring."""
        awaited = {earlier for number in numbers for earlier in self.before[number]}
        return tuple(number for number in numbers if number not in awaited) or numbers


class Routes:
    """All routes, alternatives, further crews and tools of a factory."""

    def __init__(self, factory: Factory) -> None:
        steps: dict[str, dict[int, Operation]] = defaultdict(dict)
        for operation in factory.operations:
            steps[operation.material][operation.step] = operation
        self._routes = {
            material: Route({number: rows[number] for number in sorted(rows)}) for material, rows in steps.items()
        }
        self.alternatives: dict[tuple[str, int], list[OperationMachine]] = defaultdict(list)
        for alternative in factory.operation_machines:
            self.alternatives[alternative.material, alternative.step].append(alternative)
        self.crews: dict[tuple[str, int], list[OperationCrew]] = defaultdict(list)
        for crew in factory.operation_crews:
            self.crews[crew.material, crew.step].append(crew)
        self._tools: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        for tool in factory.operation_tools:
            self._tools[tool.material, tool.step].append((tool.tool, tool.quantity))

    def of(self, material: str) -> Route:
        """The route of a material, without steps when it has none."""
        return self._routes.get(material, NO_ROUTE)

    def tools(self, operation: Operation) -> dict[str, int]:
        """How many of which tools a step holds."""
        held = defaultdict(int, {operation.tool: 1} if operation.tool else {})
        for tool, quantity in self._tools.get((operation.material, operation.step), ()):
            held[tool] += quantity
        return held


NO_ROUTE = Route({})
