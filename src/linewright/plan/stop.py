"""When a search has had enough: small objects that can be combined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linewright.model.ports import Progress, Stop


@dataclass(frozen=True)
class Seconds:
    """Stop after so many seconds."""

    seconds: float

    def __call__(self, progress: Progress) -> bool:
        """Whether the time is up."""
        return progress.seconds >= self.seconds


@dataclass(frozen=True)
class Rounds:
    """Stop after so many plans have been tried; the same seed then gives the same plan on every machine."""

    rounds: int

    def __call__(self, progress: Progress) -> bool:
        """Whether enough plans have been tried."""
        return progress.rounds >= self.rounds


@dataclass(frozen=True)
class NoBetterFor:
    """Stop when so many plans in a row were no better."""

    rounds: int

    def __call__(self, progress: Progress) -> bool:
        """Whether the search has come to rest."""
        return progress.rounds_since_better >= self.rounds


@dataclass(frozen=True)
class GapBelow:
    """Stop when the plan is proven to be within this share of the best possible one."""

    share: float

    def __call__(self, progress: Progress) -> bool:
        """Whether the gap is small enough."""
        return progress.best <= 0 or (progress.best - progress.bound) / progress.best <= self.share


class AnyOf:
    """Stop when any of several says so."""

    def __init__(self, *stops: Stop) -> None:
        self.stops = stops

    def __call__(self, progress: Progress) -> bool:
        """Whether one of them says stop."""
        return any(stop(progress) for stop in self.stops)

    def __repr__(self) -> str:
        """All of them."""
        return f"AnyOf({', '.join(repr(stop) for stop in self.stops)})"


def rounds_of(stop: Stop) -> int | None:
    """The number of rounds after which a stop ends the search, None when it does not count them."""
    if isinstance(stop, Rounds):
        return stop.rounds
    limits = [rounds_of(part) for part in stop.stops] if isinstance(stop, AnyOf) else []
    return min((limit for limit in limits if limit is not None), default=None)


def seconds_of(stop: Stop) -> float | None:
    """The time limit inside a stop, None when it counts only rounds."""
    if isinstance(stop, Seconds):
        return stop.seconds
    limits = [seconds_of(part) for part in stop.stops] if isinstance(stop, AnyOf) else []
    return min((limit for limit in limits if limit is not None), default=None)
