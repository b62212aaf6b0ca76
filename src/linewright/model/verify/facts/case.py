"""What the rules look at: the columns of the plan joined with what the tables say about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.tables import Machine, Settings
from linewright.model.verify.facts.blocks import Blocks
from linewright.model.verify.facts.calendars import Calendars
from linewright.model.verify.facts.choices import Alternatives
from linewright.model.verify.facts.columns import Columns, IntArray
from linewright.model.verify.facts.jobs import Demand, Jobs
from linewright.model.verify.facts.operations import Operations, Stated
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.routes import Routes


@dataclass(frozen=True, slots=True)
class Pin:
    """A start (and, where not blank, a machine) that an operation must keep, and who says so."""

    operation: int
    start: int
    machine: str
    reason: str


@dataclass(eq=False, kw_only=True)
class Case:
    """A plan and its factory, ready to be checked.

    `stated`, `job_rows` and `order_rows` are the rows of the plan as they stand; `operations` are those of them that
    can be checked, `jobs` all jobs of the plan. `pairs` are operations of which the second waits for the first. `pins`
    holds the work orders' pins and the earlier plan's frozen starts; `unplanned` are (kind, name) of orders that the
    plan gives up with a reason.
    """

    factory: Factory
    settings: Settings
    plan: Plan
    start: int
    zone: ZoneInfo
    routes: Routes
    places: Places
    calendars: Calendars
    alternatives: Alternatives
    orders: Demand
    work_orders: Demand
    stated: Stated
    job_rows: Columns
    order_rows: Columns
    unplanned: set[tuple[str, str]]
    jobs: Jobs
    operations: Operations
    blocks: Blocks
    pairs: tuple[IntArray, IntArray]
    last_slot: IntArray
    earlier: dict[str, tuple[str, int]]
    pins: list[Pin]

    def machine(self, operation: int) -> Machine:
        """The machine of an operation."""
        return self.places.machines[int(self.operations.machine[operation])]

    def demand(self, kind: str) -> Demand:
        """The open orders or the open work orders."""
        return self.orders if kind == "order" else self.work_orders

    def when(self, moment: int) -> str:
        """A moment as people of the factory read it, such as ``Mon 2026-03-02 07:00``."""
        local = datetime.fromtimestamp(int(moment), UTC).astimezone(self.zone)
        return local.strftime("%a %Y-%m-%d %H:%M" + (":%S" if local.second else ""))
