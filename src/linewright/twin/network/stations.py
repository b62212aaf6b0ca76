"""Stations and their machines: failures, maintenance, setups, power."""

from __future__ import annotations

from dataclasses import dataclass, field

Law = tuple[float, ...]
RUNNING, CALENDAR = "running", "calendar"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A way in which a machine fails, and how long its repair takes.

    The clock runs while the machine is at work ("running": operation-dependent) or while it is not down ("calendar":
    time-dependent). Work that a failure interrupts goes on after the repair. A named `crew` (a pool) is needed for the
    repair. `age` is how far the clock of the first failure has already run at the start.
    """

    uptime: tuple[float, ...]
    repair: tuple[float, ...]
    name: str = ""
    clock: str = RUNNING
    crew: str = ""
    age: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """Planned maintenance: every so much calendar time, or after so many jobs; it waits for the running job to end.

    `first` is when the first one is due: a time, or a number of jobs; None: after one interval.
    """

    duration: tuple[float, ...]
    every_time: float | None = None
    every_jobs: int | None = None
    first: float | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Power:
    """Electric power in each state, in kW, and when the machine is switched off.

    With `off_after` the machine goes off when it has been empty so long (0: at once), and needs `start_up` before the
    next job. With None it stays on.
    """

    off_kw: float = 0.0
    start_up_kw: float = 0.0
    idle_kw: float = 0.0
    setup_kw: float = 0.0
    run_kw: float = 0.0
    blocked_kw: float = 0.0
    down_kw: float = 0.0
    off_after: float | None = None
    start_up: tuple[float, ...] = (0, 0.0, 0.0, 0.0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Setup:
    """The time to change from one setup family to another.

    An empty `before` stands for every family, also for a machine that has none yet. At least `least_runs` jobs are
    done after it before another family is taken, while any of this one wait.
    """

    after: str
    time: tuple[float, ...]
    before: str = ""
    least_runs: int = 0


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A machine of its own: its speed divides times; what is None is as its station says."""

    name: str
    speed: float = 1.0
    failures: tuple[Failure, ...] | None = None
    maintenance: tuple[Maintenance, ...] | None = None
    power: Power | None = None
    setup: str = ""


@dataclass(frozen=True, kw_only=True)
class Station:
    """Machines that share one queue.

    Parameters
    ----------
    machines
        How many machines are alike, or the machines one by one.
    queue_places
        Places to wait besides the machines' own; None: no limit. A full queue blocks the machine before it after its
        job is done.
    rule
        Which waiting job is taken first: one of "fifo", "lifo", "spt", "edd", "cr", "atc".
    by_priority
        A more urgent class goes first, whatever the rule says of two jobs of one class.
    same_setup_first
        Among jobs of equal class, one that needs no setup goes first.
    block_before_service
        A machine begins only when there is room for its job at the next station, where the part in work counts as well
        (communication blocking; Gershwin's lines). Else it begins, and may be blocked after its job is done.
    preemptive
        A more urgent job interrupts a less urgent one, which goes on later from where it was.
    setups
        Setup times between families.
    operators
        Pool of people who are needed; `operators_for` says during what: "run" (setup and run) or "setup".
    """

    name: str
    machines: int | tuple[Machine, ...] = 1
    queue_places: int | None = None
    rule: str = "fifo"
    by_priority: bool = True
    same_setup_first: bool = False
    block_before_service: bool = False
    preemptive: bool = False
    setups: tuple[Setup, ...] = ()
    operators: str = ""
    operators_for: str = "run"
    failures: tuple[Failure, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    power: Power = field(default_factory=Power)

    @property
    def all_machines(self) -> tuple[Machine, ...]:
        """The machines, each with a name of its own; the first is named as if it were alone, so it keeps its luck."""
        if not isinstance(self.machines, int):
            return self.machines
        return tuple(
            Machine(name=f"{self.name} {number + 1}" if number else self.name) for number in range(self.machines)
        )
