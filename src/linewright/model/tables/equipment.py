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
    queue_places: int | None = field(
        default=None,
        low=0,
        unit="jobs",
        doc="Places for jobs that wait before it; when they are full, the machine before keeps its job (blocked). "
        "Blank: no limit. Counts in simulations of the flow.",
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
    blocked_kw: float | None = field(
        default=None, low=0, unit="kW", doc="Power drawn while a finished job cannot leave; blank: as idle."
    )
    down_kw: float | None = field(default=None, low=0, unit="kW", doc="Power drawn while broken down; blank: as off.")
    switch_off_minutes: float | None = field(
        default=None, low=0, unit="min", doc="It is switched off after so long without work; blank: never."
    )
    start_up_minutes: float = field(default=0.0, low=0, unit="min", doc="Time to get ready after it was off.")
    start_up_kw: float | None = field(default=None, low=0, unit="kW", doc="Power drawn meanwhile; blank: as setup.")
    mtbf_hours: float | None = field(
        default=None, above=0, unit="h", doc="Mean hours of running between failures, where failure_modes is silent."
    )
    mttr_hours: float | None = field(default=None, low=0, unit="h", doc="Mean time to repair.")
    endpoint: str = field(default="", doc="Address of the machine's data source.")


@record("tools", "equipment")
class Tool:
    """A mould, fixture or gauge that operations share."""

    tool: str = field(key=True, doc="Short name.")
    quantity: int = field(default=1, low=1, high=100_000, unit="pieces", doc="How many there are.")
    name: str = field(default="", doc="Full name.")


@record("repair_crews", "equipment")
class RepairCrew:
    """People who repair machines, counted as crews that repair one machine at a time."""

    repair_crew: str = field(key=True, doc="Short name.")
    quantity: int = field(default=1, low=1, high=1000, unit="crews", doc="How many repairs can go on at once.")
    name: str = field(default="", doc="Full name.")


@record("failure_modes", "equipment")
class FailureMode:
    """One way in which a machine fails, and how long its repair takes."""

    machine: str = field(key=True, ref="machines", doc="Which machine.")
    mode: str = field(default="", key=True, doc="Short name, such as spindle or tool breakage.")
    clock: str = field(
        default="running",
        choices=("running", "calendar"),
        doc="What ages it: running counts hours of setup and run only, calendar counts all hours.",
    )
    up_hours: float = field(above=0, unit="h", doc="Mean time until it fails, counted after the last repair.")
    up_distribution: str = field(
        default="exponential",
        choices=("exponential", "weibull", "lognormal", "fixed", "empirical"),
        doc="How the time until it fails is spread; fixed is planned maintenance.",
    )
    up_shape: float | None = field(
        default=None, above=0, doc="Weibull: the shape, above 1 wears out; log-normal: the coefficient of variation."
    )
    up_values: str = field(default="", doc="Empirical: observed hours, such as 12;30.5;41.")
    repair_hours: float = field(low=0, unit="h", doc="Mean time of a repair, without waiting for a crew.")
    repair_distribution: str = field(
        default="exponential",
        choices=("exponential", "weibull", "lognormal", "fixed", "empirical"),
        doc="How the time of a repair is spread.",
    )
    repair_shape: float | None = field(default=None, above=0, doc="As up_shape.")
    repair_values: str = field(default="", doc="Empirical: observed hours.")
    repair_crew: str = field(default="", ref="repair_crews", doc="Who repairs it; blank: somebody at once.")
    age_hours: float = field(default=0.0, low=0, unit="h", doc="Hours on its clock since the last repair.")
