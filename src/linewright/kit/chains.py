"""Follow an order through its jobs back to what kept it waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from linewright.kit.words import cause, cause_thing, moment
from linewright.model.results import Plan

Row = Mapping[str, Any]
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an order is late: in words, and the thing that others may wait for too."""

    words: str
    thing: str


class Chains:
    """The links of one plan, looked up by order, job and operation.

    `Chains.of(plan)` shares the look-up tables between all who ask about the same plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @staticmethod
    @lru_cache(maxsize=1)
    def of(plan: Plan) -> Chains:
        """The links of a plan, those of the last one kept."""
        return Chains(plan)

    @cached_property
    def operations(self) -> dict[str, Row]:
        """Each operation by its name."""
        columns = ["operation", "job", "waits_for", "waits_for_operation", "waits_for_name"]
        return {row["operation"]: row for row in self.plan.operations.select(columns).to_dicts()}

    @cached_property
    def jobs(self) -> dict[str, Row]:
        """Each job by its name, and by that of its work order."""
        rows = self.plan.jobs.to_dicts()
        return {row["work_order"]: row for row in rows if row["work_order"]} | {row["job"]: row for row in rows}

    @cached_property
    def last_of_job(self) -> dict[str, str]:
        """The operation of each job that ends last."""
        last = self.plan.operations.sort(["end", "step"]).group_by("job", maintain_order=True).last()
        return dict(last.select("job", "operation").iter_rows())

    @cached_property
    def supplies(self) -> dict[tuple[str, str], list[Row]]:
        """What feeds each consumer, by kind and name."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.plan.pegging.to_dicts():
            found[row["consumer_kind"], row["consumer"]].append(row)
        return found

    def last_supply(self, kind: str, name: str) -> Row | None:
        """The supply of an order or job that arrives last."""
        return max(self.supplies.get((kind, name), ()), key=self.arrival, default=None)

    def arrival(self, supply: Row) -> datetime:
        """When a supply reaches its consumer."""
        job = self.jobs.get(supply["supply"])
        made = job["finish"] if job else supply["available"]
        return made + timedelta(days=supply["transit_days"] or 0.0) if made else NEVER

    def last_operation(self, order: str) -> str:
        """The operation with which an order is finished; empty when it needs none."""
        return self._origin(order)[0]

    def _origin(self, order: str) -> tuple[str, Row | None]:
        """What finishes an order: its last operation, or else the supply from outside that arrives last."""
        if order in self.last_of_job and ("order", order) not in self.supplies:
            return self.last_of_job[order], None
        # A job without steps, which a work order can be itself, passes its own material on.
        kind = "order" if ("order", order) in self.supplies else "job"
        supply = self.last_supply(kind, order)
        for _ in range(len(self.jobs)):
            if supply is None or supply["supply"] not in self.jobs:
                break
            job = self.jobs[supply["supply"]]["job"]
            if job in self.last_of_job:
                return self.last_of_job[job], None
            supply = self.last_supply("job", job)
        return "", supply

    def back(self, operation: str) -> Iterator[Row]:
        """The operation, the one it waited for, and so on back to one that waited for no other."""
        seen: set[str] = set()
        while operation in self.operations and operation not in seen:
            seen.add(operation)
            row = self.operations[operation]
            yield row
            operation = row["waits_for_operation"]

    def cause(self, order: str) -> Cause:
        """What the order waited for, nearest to its finish, beside the normal course of its own steps."""
        operation, supply = self._origin(order)
        if supply is not None:
            return self._supplied(supply)
        blocked = next((row for row in self.back(operation) if not _own_course(row)), None)
        if blocked is None:
            follow = "its steps follow each other without a gap: the date is too early"
            return Cause(follow if operation else "", "their own steps")
        name = blocked["waits_for_name"] or ""
        told = self._material_words(blocked) or cause(blocked["waits_for"], name, blocked["waits_for_operation"] or "")
        words = told if blocked["operation"] == operation else f"{blocked['operation']} {told}"
        return Cause(words, cause_thing(blocked["waits_for"], name))

    def _material_words(self, row: Row) -> str:
        """For an operation that waits for bought material: which supply of it comes last, and when."""
        if row["waits_for"] != "material" or row["waits_for_operation"]:
            return ""
        needs = self.supplies.get(("job", row["job"]), ())
        named = [supply for supply in needs if supply["material"] == row["waits_for_name"]]
        last = max(named, key=self.arrival, default=None)
        return f"waits for {row['waits_for_name']}: {self._supplied(last).words[10:]}" if last else ""

    def _supplied(self, supply: Row) -> Cause:
        kinds = {"planned_purchase": "new purchase of", "assumed": "assumed supply of", "job": "new lot of"}
        by_material = supply["supply_kind"] in kinds
        kinds["work_order"] = "work order"
        named = supply["material"] if by_material else supply["supply"]
        thing = f"{kinds.get(supply['supply_kind'], supply['supply_kind'])} {named}"
        arrival = self.arrival(supply)
        return Cause(f"waits for {thing}" + (f", there {moment(arrival, self.zone)}" if arrival > NEVER else ""), thing)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the plan."""
        return ZoneInfo(self.plan.timezone)


def _own_course(row: Row) -> bool:
    """Whether an operation waits only for another of the same order: its step before, or a part made in-house."""
    made_here = row["waits_for"] == "material" and row["waits_for_operation"]
    return bool(made_here) or row["waits_for"] in {"predecessor", "nothing"}
