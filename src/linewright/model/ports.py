"""What features may ask of each other, without knowing who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from linewright.model.factory import Factory
from linewright.model.forecast_results import ForecastResult
from linewright.model.results import Plan
from linewright.model.run_results import Run


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a search is: rounds done, seconds used, best value, proven bound, rounds since the last improvement."""

    rounds: int
    seconds: float
    best: float
    bound: float
    rounds_since_better: int


class Stop(Protocol):
    """Says when a search has had enough."""

    def __call__(self, progress: Progress) -> bool:
        """Whether to stop now."""


class Clock(Protocol):
    """Tells the time, so that nothing reads a hidden clock."""

    def now(self) -> datetime:
        """The current instant, timezone-aware."""

    def seconds(self) -> float:
        """Seconds of a clock that only moves forward."""


class Watcher(Protocol):
    """Is told of each better plan while the search goes on."""

    def __call__(self, progress: Progress) -> None:
        """Take note."""


class Keeper(Protocol):
    """Times the work of a plan anew under changed rows, in its order and on its machines."""

    def __call__(self, factory: Factory, plan: Plan, *, now: datetime | None = None) -> Plan:
        """Make a verified plan without searching."""


class Kept(Protocol):
    """Finds the plan that a command starts from."""

    def __call__(self, paths: tuple[Path, ...], factory: Factory) -> Plan:
        """The last plan that was kept, while it holds; else a quick one."""


class Planner(Protocol):
    """Turns a factory into a plan."""

    def __call__(
        self, factory: Factory, *, stop: Stop | None = None, seed: int = 0, now: datetime | None = None
    ) -> Plan:
        """Make a verified plan."""


class Forecaster(Protocol):
    """Turns a factory's past demand into what is expected, with ranges that hold."""

    def __call__(self, factory: Factory, *, periods: int | None = None, now: datetime | None = None) -> ForecastResult:
        """Forecast the demand for every material."""


class Simulator(Protocol):
    """Runs a plan many times against chance."""

    def __call__(
        self, factory: Factory, plan: Plan, *, replications: int | None = None, seed: int = 0, mode: str = "strict"
    ) -> Run:
        """Odds and ranges of the plan."""


class Odds(Protocol):
    """Says how likely a plan's dates are."""

    def __call__(self, factory: Factory, plan: Plan, *, replications: int = 200, seed: int = 0) -> Run | None:
        """A few runs of the plan; None where nothing is known that could change it."""
