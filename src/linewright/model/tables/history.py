"""What really happened: on the floor, and at the goods entrance."""

from __future__ import annotations

from datetime import datetime

from linewright.model.records import field, record


@record("actuals", "history")
class Actual:
    """One report from the floor: a setup, a run or a stop with its start, end and count."""

    work_order: str = field(default="", doc="Which job.")
    material: str = field(default="", doc="Which material.")
    step: int | None = field(default=None, doc="Which step.")
    operation: str = field(default="", doc="What was done, in the words of the report.")
    machine: str = field(default="", doc="On which machine.")
    person: str = field(default="", doc="By whom.")
    kind: str = field(default="run", choices=("setup", "run", "stop", "break"), doc="What kind of time it was.")
    start: datetime | None = field(default=None, doc="From when.")
    end: datetime | None = field(default=None, doc="Until when.")
    minutes: float | None = field(
        default=None, low=0, unit="min", doc="Reported duration, where it differs from end - start."
    )
    good: float = field(default=0.0, low=0, unit="units", doc="Good units.")
    scrap: float = field(default=0.0, low=0, unit="units", doc="Scrapped units.")
    rework: bool = field(default=False, doc="yes: the time went into rework.")
    reason: str = field(default="", doc="Reason of a stop or of scrap.")


@record("receipts", "history")
class Receipt:
    """A delivery that came: what a supplier promised, and what arrived when."""

    purchase: str = field(default="", doc="Number of the purchase order line.")
    supplier: str = field(default="", ref="suppliers", doc="From whom.")
    material: str = field(default="", doc="What.")
    quantity: float = field(default=0.0, low=0, unit="units", doc="How much came.")
    wanted: float | None = field(default=None, low=0, unit="units", doc="How much was wanted; blank: as much as came.")
    ordered: datetime | None = field(default=None, doc="When it was ordered.")
    promised: datetime | None = field(default=None, day_end=True, doc="When it was promised.")
    received: datetime = field(day_end=True, doc="When it came.")
