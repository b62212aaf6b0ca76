"""Follow an order through its jobs back to what kept it waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from linewright.kit.words import cause, moment
from linewright.model.results import Plan

Row = Mapping[str, Any]
NEVER = datetime.min.replace(tzinfo=UTC)


class Chains:
    """The links of one plan, looked up by order, job and operation."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def operations(self) -> dict[str, Row]:
        """Each operation by its name."""
        return {row["operation"]: row for row in self.plan.operations.iter_rows(named=True)}

    @cached_property
    def jobs(self) -> dict[str, Row]:
        """Each job by its name, and by that of its work order."""
        rows = list(self.plan.jobs.iter_rows(named=True))
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
        for row in self.plan.pegging.iter_rows(named=True):
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
        if order in self.last_of_job and ("order", order) not in self.supplies:
            return self.last_of_job[order]
        kind, name = "order", order
        for _ in range(len(self.jobs) + 1):
            supply = self.last_supply(kind, name)
            if supply is None or supply["supply"] not in self.jobs:
                return ""
            job = self.jobs[supply["supply"]]["job"]
            if job in self.last_of_job:
                return self.last_of_job[job]
            kind, name = "job", job
        return ""

    def back(self, operation: str) -> Iterator[Row]:
        """The operation, the one it waited for, and so on back to one that waited for no other."""
        seen: set[str] = set()
        while operation in self.operations and operation not in seen:
            seen.add(operation)
            row = self.operations[operation]
            yield row
            operation = row["waits_for_operation"]

    def first_cause(self, order: str) -> str:
        """What the order waited for, nearest to its finish, beside the normal course of its own steps."""
        operation = self.last_operation(order)
        if not operation:
            return self._supply_words(order)
        chain = list(self.back(operation))
        blocked = next((row for row in chain if not _own_course(row)), None)
        if blocked is None:
            return "its steps follow each other without a gap: the date is too early"
        words = cause(blocked["waits_for"], blocked["waits_for_name"] or "", blocked["waits_for_operation"] or "")
        return words if blocked is chain[0] else f"{blocked['operation']} {words}"

    def _supply_words(self, order: str) -> str:
        supply = self.last_supply("order", order)
        if supply is None:
            return ""
        kind = {"purchase": "purchase", "planned_purchase": "a new purchase", "assumed": "assumed supply"}
        arrives = moment(self.arrival(supply), self.zone)
        return f"waits for {kind.get(supply['supply_kind'], supply['supply_kind'])} {supply['supply']}, there {arrives}"

    @cached_property
    def zone(self) -> Any:
        """The time zone of the plan."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.plan.timezone)


def _own_course(row: Row) -> bool:
    """Whether an operation waits only for another of the same order: its step before, or a part made in-house."""
    made_here = row["waits_for"] == "material" and row["waits_for_operation"]
    return bool(made_here) or row["waits_for"] in {"predecessor", "nothing"}
