"""How many replications are enough: small objects that can be combined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from linewright.errors import ModelError
from linewright.twin.statistics.intervals import present, quantiles, student, wilson

if TYPE_CHECKING:
    from linewright.twin.statistics.replications import Samples

#: The next look comes after at most so many times the replications of the last one.
GROWTH = 2.0
#: And after at least so many more, as a share: each look costs a little confidence.
STEP = 0.1


class Stopping(Protocol):
    """Says how many replications there should be in all, from those that are there.

    It stops when this is no more than there are. As the answer depends on nothing but the samples, the same seed stops
    at the same number on any executor.
    """

    def wanted(self, samples: Samples) -> int:
        """How many replications there should be in all."""


@dataclass(frozen=True)
class Replications:
    """Stop after so many replications."""

    replications: int

    def wanted(self, samples: Samples) -> int:
        """The number given, whatever the samples say."""
        return self.replications


@dataclass(frozen=True, kw_only=True)
class _Within:
    """Stop when the interval of one figure is narrow enough; the rule of Chow & Robbins (1965), Law (2015, 9.4.1).

    The half-width has to be at most `absolute`, or `relative` times the value; with both given one suffices. There are
    at least `least` replications, since a spread from very few may be small by luck, and at most `most`.
    """

    absolute: float | None = None
    relative: float | None = None
    confidence: float = 0.95
    least: int = 30
    most: int = 100_000

    def __post_init__(self) -> None:
        if not max(self.absolute or 0.0, self.relative or 0.0) > 0:
            raise ModelError(["half-width: say how wide it may be, absolute or relative, and greater than 0"])
        if not 2 <= self.least <= self.most:
            raise ModelError([f"half-width: at least {self.least} and at most {self.most} — use 2 <= least <= most"])

    def wanted(self, samples: Samples) -> int:
        """The number there is when the interval is narrow enough; otherwise a guess of how many it takes."""
        if samples.n < self.least:
            return self.least
        value, half = self._found(samples)
        allowed = max(self.absolute or 0.0, (self.relative or 0.0) * abs(value))
        # What is infinite in one run, or missing in all, will not become known by more of them.
        if half <= allowed or not math.isfinite(value):
            return samples.n
        # The half-width falls with the root of the number.
        guess = GROWTH if math.isnan(half) or allowed <= 0 else (half / allowed) ** 2
        more = max(self.least, math.ceil(samples.n * STEP), math.ceil(samples.n * (min(guess, GROWTH) - 1)))
        return min(samples.n + more, self.most)

    def _found(self, samples: Samples) -> tuple[float, float]:
        """The value and the half-width of its interval, NaN if not known."""
        raise NotImplementedError


@dataclass(frozen=True)
class HalfWidth(_Within):
    """Stop when the mean of a figure is known this well, by Student's t."""

    figure: str

    def _found(self, samples: Samples) -> tuple[float, float]:
        return _middle(student(present(samples.figure(self.figure))[:, None], self.confidence))


@dataclass(frozen=True)
class ShareHalfWidth(_Within):
    """Stop when the share of runs in which a figure is 1 (not 0) is known this well, by Wilson."""

    figure: str

    def _found(self, samples: Samples) -> tuple[float, float]:
        values = present(samples.figure(self.figure))
        return _middle(wilson(np.array([np.count_nonzero(values)]), values.size, self.confidence))


@dataclass(frozen=True)
class QuantileHalfWidth(_Within):
    """Stop when the value that a share `level` of the runs keep is known this well, by order statistics."""

    figure: str
    level: float

    def _found(self, samples: Samples) -> tuple[float, float]:
        return _middle(quantiles(present(samples.figure(self.figure))[:, None], self.level, self.confidence))


class AnyOf:
    """Stop when one of several has enough."""

    def __init__(self, *stops: Stopping) -> None:
        self.stops = stops

    def wanted(self, samples: Samples) -> int:
        """The fewest that one of them wants."""
        return min(stop.wanted(samples) for stop in self.stops)

    def __repr__(self) -> str:
        """All of them."""
        return f"AnyOf({', '.join(repr(stop) for stop in self.stops)})"


class AllOf:
    """Stop when all of several have enough."""

    def __init__(self, *stops: Stopping) -> None:
        self.stops = stops

    def wanted(self, samples: Samples) -> int:
        """The most that one of them wants."""
        return max(stop.wanted(samples) for stop in self.stops)

    def __repr__(self) -> str:
        """All of them."""
        return f"AllOf({', '.join(repr(stop) for stop in self.stops)})"


def _middle(found: tuple[Any, Any, Any]) -> tuple[float, float]:
    value, low, high = (float(part[0]) for part in found)
    return value, (high - low) / 2
