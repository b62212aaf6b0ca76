"""What does the work: work centers, machines and the tools that operations share."""

from __future__ import annotations

from linewright.model.records import field, record


@record("work_centers", "equipment")
class WorkCenter:
    """A group of interchangeable or similar machines (ISA-95: work center)."""

    work_center: str = field(key=True, doc="Short name of the group.")
    site: str = field(default="", ref="sites", doc="Where it stands.")
    name: str = field(default="", doc="Full name.")
    cost_per_hour: float = field(
        default=0.0, low=0, unit="currency/h", doc="Cost of one machine hour, used for changeovers."
    )


@record("machines", "equipment")
class Machine:
    """One piece of equipment that does work (ISA-95: work unit)."""

    machine: str = field(key=True, doc="Short name.")
    work_center: str = field(default="", ref="work_centers", doc="The group it belongs to.")
    calendar: str = field(default="", ref="shifts.calendar", doc="When it works; blank means round the clock.")
    speed: float = field(
        default=1.0,
        above=0,
        high=1000,
        doc="Run times taken from the operation are divided by this; 2 is twice as fast.",
    )
    capacity: int = field(default=1, low=1, high=100_000, unit="places", doc="Places for jobs at the same time.")
    batch: bool = field(default=False, doc="yes: jobs that share it start and end together, as in an oven.")
    min_load: int = field(
        default=1,
        low=1,
        high=100_000,
        unit="places",
        doc="A load starts with at least this many places, unless it is the last.",
    )
    setup_family: str = field(default="", doc="The family it is set up for when the plan starts.")
    off_kw: float = field(default=0.0, low=0, unit="kW", doc="Power drawn while switched off.")
    idle_kw: float = field(default=0.0, low=0, unit="kW", doc="Power drawn while waiting.")
    setup_kw: float = field(default=0.0, low=0, unit="kW", doc="Power drawn during setup and changeover.")
    run_kw: float = field(default=0.0, low=0, unit="kW", doc="Power drawn while running.")
    mtbf_hours: float | None = field(default=None, above=0, unit="h", doc="Mean time between failures.")
    mttr_hours: float | None = field(default=None, low=0, unit="h", doc="Mean time to repair.")
    endpoint: str = field(default="", doc="Address of the machine's data source.")


@record("tools", "equipment")
class Tool:
    """A mould, fixture or gauge that operations share."""

    tool: str = field(key=True, doc="Short name.")
    quantity: int = field(default=1, low=1, high=100_000, unit="pieces", doc="How many there are.")
    name: str = field(default="", doc="Full name.")
