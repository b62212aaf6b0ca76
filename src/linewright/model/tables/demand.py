"""Who wants what, and when; and the jobs already released for it."""

from __future__ import annotations

from datetime import date as Day
from datetime import datetime

from linewright.model.records import field, record


@record("customers", "demand")
class Customer:
    """Who buys."""

    customer: str = field(key=True, doc="Short name or number.")
    name: str = field(default="", doc="Full name.")
    site: str = field(default="", ref="sites", doc="Where goods are delivered, if transport time matters.")


@record("orders", "demand")
class Order:
    """Who wants what, and when."""

    order: str = field(key=True, doc="Order number (one row for each line).")
    customer: str = field(default="", ref="customers", doc="For whom.")
    material: str = field(ref="materials", doc="What is wanted.")
    quantity: float = field(above=0, high=1e12, unit="units", doc="How much.")
    due: datetime | None = field(
        default=None, day_end=True, doc="When it must be finished; a date means the end of that day."
    )
    release: datetime | None = field(default=None, doc="Work on it may not start earlier.")
    priority: int = field(default=10, low=0, high=1000, doc="Who comes first when material is short; 1 before 10.")
    price: float = field(default=0.0, low=0, unit="currency/unit", doc="Sales price of one unit.")
    late_cost_per_day: float | None = field(
        default=None, low=0, unit="currency/day", doc="Cost of each late day; blank: the settings'."
    )
    site: str = field(default="", ref="sites", doc="Where it must be ready.")
    status: str = field(default="open", choices=("open", "closed", "canceled"), doc="Only open orders are planned.")


@record("work_orders", "demand")
class WorkOrder:
    """A released job and how far it is."""

    work_order: str = field(key=True, doc="Job number.")
    order: str = field(
        default="", ref="orders", doc="The order it was released for; blank: for stock or for whoever needs it."
    )
    material: str = field(ref="materials", doc="What is made.")
    quantity: float = field(above=0, high=1e12, unit="units", doc="Good units that are wanted.")
    due: datetime | None = field(default=None, day_end=True, doc="Its own due date, if it has one.")
    release: datetime | None = field(default=None, doc="Work on it may not start earlier.")
    priority: int = field(default=10, low=0, high=1000, doc="Who comes first when material is short.")
    late_cost_per_day: float | None = field(
        default=None, low=0, unit="currency/day", doc="Cost of each day after its own due date; blank: the settings'."
    )
    step: int | None = field(default=None, low=0, doc="The step it is at; earlier steps are done. Blank: not started.")
    done_quantity: float = field(default=0.0, low=0, unit="units", doc="Units finished at that step.")
    machine: str = field(default="", ref="machines", doc="The machine that it is on or must go to at that step.")
    started: datetime | None = field(default=None, doc="When that step began; filled in means it is running now.")
    pinned: bool = field(default=False, doc="yes: that step must start at pinned_start.")
    pinned_start: datetime | None = field(default=None, doc="Start of the run of a pinned step.")
    status: str = field(default="open", choices=("open", "closed", "canceled"), doc="Only open jobs are planned.")


@record("demand_history", "demand")
class Demand:
    """What was wanted in the past."""

    material: str = field(ref="materials", doc="Which material.")
    date: Day = field(doc="Day, or first day of the period.")
    quantity: float = field(unit="units", doc="How much.")
    customer: str = field(default="", doc="Who.")


@record("forecast", "demand")
class Forecast:
    """What is expected to be wanted."""

    material: str = field(ref="materials", doc="Which material.")
    date: Day = field(doc="Day, or first day of the period.")
    quantity: float = field(low=0, unit="units", doc="How much.")
