"""What the rules look at: the plan's rows joined with what the tables say about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.tables import Changeover, Machine, Operation, Order, Settings, WorkOrder
from linewright.model.verify.facts.calendars import Calendars
from linewright.model.verify.facts.choices import Choice
from linewright.model.verify.facts.jobs import Job
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.routes import Routes
from linewright.model.verify.facts.windows import Windows


@dataclass(eq=False, slots=True)
class Placed:
    """One operation of the plan on its machine.

    Times are seconds since 1970 and durations whole seconds. What is `stated` stands in the plan; `choice` and `units`
    are what the tables ask for.
    """

    name: str
    job: Job
    step: Operation
    machine: Machine
    setup_start: int
    start: int
    end: int
    stated_setup: int
    stated_changeover: int
    stated_run: int
    stated_quantity: float
    kwh: float
    people: tuple[str, ...]
    setup_people: tuple[str, ...]
    load: str
    choice: Choice
    units: float

    @property
    def running(self) -> bool:
        """Whether it is running now."""
        return self.job.running_step == self.step.step


@dataclass(eq=False, slots=True)
class Block:
    """Machine time that one operation, or all operations of a load, take together.

    `setup_seconds`, `changeover_seconds` and `run_seconds` are what the tables ask for; `setup_time` and `run_time`
    say when setup and run may go on.
    """

    machine: Machine
    members: list[Placed]
    setup_time: Windows
    run_time: Windows
    setup_seconds: int
    run_seconds: int
    changeover: Changeover | None = None
    changeover_seconds: int = 0

    @property
    def first(self) -> Placed:
        """The operation that stands for the block."""
        return self.members[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its operations."""
        return tuple(member.name for member in self.members)

    @property
    def family(self) -> str:
        """The setup family of the block."""
        return self.first.step.setup_family

    @property
    def places(self) -> int:
        """Places that it takes on its machine."""
        return sum(member.step.load for member in self.members)

    @property
    def refused(self) -> bool:
        """Whether the tables do not say how long it takes, because it is on a machine that may not do it."""
        return any(member.choice.refusal for member in self.members)


@dataclass(frozen=True, slots=True)
class Pin:
    """A start (and, where not blank, a machine) that an operation must keep, and who says so."""

    start: int
    machine: str
    reason: str


@dataclass(eq=False, kw_only=True)
class Case:
    """A plan and its factory, ready to be checked.

    `jobs` are all jobs of the plan, `placed` its operations with known job, step, machine and times, `blocks` these by
    machine in order of start. `pins` holds the work orders' pins and the earlier plan's frozen starts; `unplanned` are
    (kind, name) of orders that the plan gives up with a reason.
    """

    factory: Factory
    settings: Settings
    plan: Plan
    start: int
    zone: ZoneInfo
    routes: Routes
    places: Places
    calendars: Calendars
    orders: dict[str, Order]
    work_orders: dict[str, WorkOrder]
    operation_rows: list[dict[str, Any]]
    job_rows: list[dict[str, Any]]
    order_rows: list[dict[str, Any]]
    unplanned: set[tuple[str, str]]
    jobs: dict[str, Job]
    placed: dict[str, Placed]
    blocks: dict[str, list[Block]]
    block_of: dict[str, Block]
    earlier: dict[str, tuple[str, int | None]]
    pins: dict[str, Pin]

    def all_blocks(self) -> Iterator[Block]:
        """Every block, machine by machine."""
        for blocks in self.blocks.values():
            yield from blocks

    def when(self, moment: int) -> str:
        """A moment as people of the factory read it, such as ``Mon 2026-03-02 07:00``."""
        local = datetime.fromtimestamp(moment, UTC).astimezone(self.zone)
        return local.strftime("%a %Y-%m-%d %H:%M" + (":%S" if local.second else ""))


def placed_on(case: Case, job: Job, step: int) -> Placed | None:
    """The operation of a job's step, None when the plan does not place it."""
    return case.placed.get(f"{job.name}/{step}")
