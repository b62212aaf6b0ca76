"""Operations, their alternatives and crews, and bills of materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from linewright.io.frepple.fixture import Fixture, Record, add_rows
from linewright.io.frepple.resources import Resources
from linewright.io.frepple.routes import Route, Routes
from linewright.io.raw_tables import Gathered
from linewright.model.faults import Fault


@dataclass(frozen=True)
class Needs:
    """What a step takes: machines of which one is chosen, people of teams, and materials for one unit of the item."""

    machines: tuple[str, ...]
    load: int
    crews: tuple[tuple[str, int], ...]
    materials: tuple[tuple[str, float], ...]

    def fits(self, other: Needs) -> bool:
        """Whether a step with these needs is the same work on other machines."""
        return (self.load, self.crews, self.materials) == (other.load, other.crews, other.materials)


class Routing:
    """Collects the rows of all routings."""

    def __init__(self, fixture: Fixture, resources: Resources, found: Gathered) -> None:
        self.resources = resources
        self.found = found
        self.rows: dict[str, list[dict[str, Any]]] = {
            "operations": [], "operation_machines": [], "operation_crews": [], "components": [],
        }  # fmt: skip
        self.joined: list[str] = []
        self._uses = _by_operation(fixture["input.operationresource"])
        self._flows = _by_operation(fixture["input.operationmaterial"])

    def add(self, routes: Routes) -> None:
        """Add the routing of every item that is made."""
        for item, ways in routes.of.items():
            self._add_item(item, ways)
        for table, rows in self.rows.items():
            add_rows(self.found, table, rows)
        if self.joined:
            self.found.assumptions.append(
                f"{', '.join(self.joined)}: operations that do the same work on other resources are alternatives of "
                "each other, whatever their priority."
            )

    def machines_of(self, route: Route, step: int) -> tuple[str, ...]:
        """The machines that may do a step of a route."""
        return self._needs(route, route.steps[step]).machines

    def _add_item(self, item: str, ways: Sequence[Route]) -> None:
        usable = [way for way in ways if way.priority > 0] or list(ways)
        base, *others = usable
        same = [way for way in others if self._same_work(base, way)]
        if same:
            self.joined.append(item)
        for way in others:
            if way not in same:
                self.found.faults.append(_unused(way, base))
        for number, record in enumerate(base.steps, start=1):
            steps = [(way, way.steps[number - 1]) for way in (base, *same)]
            self._add_step(item, number * 10, record, steps)

    def _same_work(self, base: Route, other: Route) -> bool:
        if len(base.steps) != len(other.steps):
            return False
        pairs = zip(base.steps, other.steps, strict=True)
        return all(self._needs(base, mine).fits(self._needs(other, theirs)) for mine, theirs in pairs)

    def _add_step(self, item: str, step: int, record: Record, ways: Sequence[tuple[Route, Record]]) -> None:
        place = {**record.place, "material": item, "step": step}
        needs = self._needs(ways[0][0], record)
        row = {**place, "name": record.name, "load": needs.load, **_times(*ways[0])}
        if needs.crews:
            row["skill"], row["crew"] = needs.crews[0]
        for skill, people in needs.crews[1:]:
            self.rows["operation_crews"].append({**place, "skill": skill, "people": people})
        if len(ways) == 1 and len(needs.machines) == 1:
            row["machine"] = needs.machines[0]
        else:
            for way, other in ways:
                for machine in self._needs(way, other).machines:
                    own = {"material": item, "step": step, "machine": machine, **_times(way, other)}
                    self.rows["operation_machines"].append({**other.place, **own})
        self.rows["operations"].append(row)
        self._add_components(item, step, ways[0])

    def _add_components(self, item: str, step: int, way: tuple[Route, Record]) -> None:
        route, record = way
        for flow in self._flows.get(record.name, []) + self._outer_flows(route, record):
            if flow.number("quantity") >= 0:
                continue
            since, until = flow.moment("effective_start"), flow.moment("effective_end")
            self.rows["components"].append(
                {
                    **flow.place,
                    "material": item,
                    "component": flow.text("item"),
                    "quantity": -flow.number("quantity") / route.produced,
                    "step": step,
                    "valid_from": since.date() if since else None,
                    "valid_to": until.date() if until else None,
                }
            )

    def _outer_flows(self, route: Route, record: Record) -> list[Record]:
        """Materials of a routing itself are needed by its first step."""
        first = record is route.steps[0] and record is not route.operation
        return self._flows.get(route.operation.name, []) if first else []

    def _needs(self, route: Route, record: Record) -> Needs:
        groups: dict[str, list[Record]] = {}
        crews: list[tuple[str, int]] = []
        for use in self._uses.get(record.name, []):
            amount = max(1, round(use.number("quantity", 1)))
            if self.resources.is_team(use.text("resource")):
                crews.append((use.text("skill") or use.text("resource"), amount))
            else:
                # Rows with the same name are alternatives; rows without a name are needed together.
                groups.setdefault(str(use.fields.get("name") or use.text("resource")), []).append(use)
        machines, load = self._machines(record, list(groups.values()))
        flows = self._flows.get(record.name, []) + self._outer_flows(route, record)
        taken = sorted((flow.text("item"), flow.number("quantity") / route.produced) for flow in flows)
        materials = tuple((item, quantity) for item, quantity in taken if quantity < 0)
        return Needs(machines, load, tuple(sorted(crews)), materials)

    def _machines(self, record: Record, groups: Sequence[Sequence[Record]]) -> tuple[tuple[str, ...], int]:
        if not groups:
            return (self.resources.machine_for_anything(record),), 1
        for use in (use for group in groups[1:] for use in group):
            fault = _second_machine(record, use)
            if fault not in self.found.faults:
                self.found.faults.append(fault)
        chosen = sorted(groups[0], key=lambda use: use.number("priority", 1))
        names = [name for use in chosen for name in self.resources.machines.get(use.text("resource"), [])]
        return tuple(dict.fromkeys(names)), max(1, round(chosen[0].number("quantity", 1)))


def _by_operation(records: Sequence[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.text("operation"), []).append(record)
    return found


def _times(route: Route, record: Record) -> dict[str, float]:
    """Minutes of a step: a fixed part, and for operations with time per unit a part for each unit."""
    per_unit = record.seconds("duration_per") if record.text("type") == "time_per" else 0.0
    return {"fixed_minutes": record.seconds("duration") / 60, "run_minutes": per_unit / 60 / route.produced}


def _unused(way: Route, base: Route) -> Fault:
    record = way.operation
    return Fault(
        level="warning", rule="alternative_not_used", table="operations", where=f"{record.file}:{record.line}",
        row=record.line, value=record.name, materials=(way.item,),
        message=f"{record.name} is another way to make {way.item}, with other steps or materials; "
        f"{base.operation.name} is used, which has the lower priority number",
        cure="nothing to do, or give the preferred operation the lowest priority number",
    )  # fmt: skip


def _second_machine(record: Record, use: Record) -> Fault:
    return Fault(
        level="warning", rule="second_machine", table="operations", where=f"{use.file}:{use.line} (resource)",
        row=use.line, column="resource", value=use.text("resource"),
        message=f"{record.name} needs {use.text('resource')} beside another machine; only the first machine is planned",
        cure="make the second resource a tool of the operation",
    )  # fmt: skip
