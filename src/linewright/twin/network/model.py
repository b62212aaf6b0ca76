"""What flows through a network of stations: frozen records that say it, and nothing that runs it.

All times are in one unit of the modeller's choice; `Network.unit_hours` says how many hours it has, for energy. A
duration is a law of :mod:`linewright.shop.distributions` (``exponential(5.0)``) or :func:`empirical`. A name leads
from one record to another: a step names its station, a station its operator pool.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linewright.twin.network.stations import Station

#: `kind` and parameters of a distribution, as the functions of :mod:`linewright.shop.distributions` make it.
Law = tuple[float, ...]
#: Dispatch rules: which waiting job a free machine takes (ties and "fifo": the one that came first). "cr" is the
#: critical ratio, "atc" the apparent tardiness cost (Vepsalainen and Morton 1987).
RULES = ("fifo", "lifo", "spt", "edd", "cr", "atc")
#: What a step's time is multiplied by.
PER = ("job", "piece", "batch")
#: Where a branch may lead besides a step's name.
SCRAP, LEAVE = "scrap", "leave"


def empirical(values: Iterable[float]) -> Law:
    """Observed values, each as likely as the next."""
    from linewright.shop.distributions import EMPIRICAL

    return (EMPIRICAL, *sorted(values))


@dataclass(frozen=True, kw_only=True)
class Join:
    """Finished jobs of another type that a step takes in: assembly.

    `places` is how many of them may wait there; with None there is no limit, else a full store blocks the machine
    that made the part.
    """

    job_type: str
    quantity: int = 1
    places: int | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """With a chance of `share`, a job goes on after a step to the step `to` (or "scrap", or "leave").

    With a `detour`, it first goes through those steps (rework), then to `to`; without a `to`, back to the step itself.
    """

    share: float
    to: str = ""
    detour: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a route.

    Parameters
    ----------
    station
        Where it is done.
    time
        Its duration for each job, piece or batch, see `per`.
    name
        By which other steps lead to it; its number in the route, from "0", when empty.
    setup
        Setup family, "" for a step that needs none and changes none.
    batch
        Batch family: jobs of one family at one station may be done together.
    batch_least, batch_most
        Jobs in a batch, at least and at most.
    load_time, unload_time
        Fixed times that occupy the machine before and after.
    transport
        Delay between leaving the step before and arriving here; a place in a limited queue is kept meanwhile.
    scrap_share
        Chance that the job is lost here, at the end of the step.
    branches
        Other ways on, each with its chance; what is left of the chance goes on to `then`.
    then
        Name of the step that follows as a rule; the next in the route when empty.
    done_share
        Share of jobs that do the step (sampling); the others skip it.
    wait_limit, wait_limit_to
        The longest time from the end of this step to the start of that one (the next when empty). A longer one is
        counted.
    same_machine_as
        Name of an earlier step on the same station: the job returns to the machine that did it.
    cascade
        After so long, the machine can begin the next job while this one is still inside; None: it cannot.
    operators
        People needed from the station's pool; None: one, if the station names a pool.
    joins
        Parts that must have come before it starts.
    """

    station: str
    time: Law
    name: str = ""
    per: str = "job"
    setup: str = ""
    batch: str = ""
    batch_least: int = 1
    batch_most: int = 1
    load_time: float = 0.0
    unload_time: float = 0.0
    transport: Law | None = None
    scrap_share: float = 0.0
    branches: tuple[Branch, ...] = ()
    then: str = ""
    done_share: float = 1.0
    wait_limit: float | None = None
    wait_limit_to: str = ""
    same_machine_as: str = ""
    cascade: Law | None = None
    operators: int | None = None
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """Jobs that come at random: `jobs` at once, with an `interval` between, from the first one at `first`.

    The first comes after one interval when `first` is None. Who finds a limited queue full waits outside, or is lost.
    """

    interval: Law
    jobs: int = 1
    first: float | None = None
    most: int | None = None
    lost_when_full: bool = False


@dataclass(frozen=True, kw_only=True)
class Releases:
    """Jobs that come at given times, ascending, each with its due date where it has one."""

    times: tuple[float, ...]
    due: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Saturated:
    """The first station never lacks work; together with a loop of cards, the number of jobs inside is constant."""


@dataclass(frozen=True, kw_only=True)
class Cards:
    """A loop with so many cards: a job needs one to enter and gives it back when it leaves (CONWIP)."""

    name: str
    cards: int


@dataclass(frozen=True, kw_only=True)
class JobType:
    """Jobs of one kind.

    `priority` 0 is the most urgent class. A job is due `lead_time` after its arrival, unless its release says when.
    `cards` names the loop that limits how many are inside.
    """

    name: str
    route: tuple[Step, ...]
    arrivals: Arrivals | Releases | Saturated
    priority: int = 0
    pieces: int = 1
    weight: float = 1.0
    lead_time: float | None = None
    cards: str = ""


@dataclass(frozen=True, kw_only=True)
class StartJobs:
    """Jobs that are inside at the beginning: so many waiting for a step (the first when empty)."""

    job_type: str
    jobs: int = 1
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """So many people who are alike: operators of stations, or a repair crew."""

    name: str
    people: int


@dataclass(frozen=True, kw_only=True)
class Network:
    """A flow of jobs through stations."""

    name: str
    stations: tuple[Station, ...]
    job_types: tuple[JobType, ...]
    pools: tuple[Pool, ...] = ()
    cards: tuple[Cards, ...] = ()
    start: tuple[StartJobs, ...] = ()
    unit_hours: float = 1.0

    def __repr__(self) -> str:
        """The network's size."""
        machines = sum(len(station.all_machines) for station in self.stations)
        return (
            f"Network {self.name}: {machines:,} machines at {len(self.stations):,} stations, "
            f"{len(self.job_types):,} types of jobs"
        )
