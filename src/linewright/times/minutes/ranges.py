"""Ranges that hold: split conformal by group, on errors of the log in units of what was thought likely.

With n errors of earlier forecasts that are exchangeable with the next one, the ceil((n + 1) p)-th smallest is above it
with a chance of at least p (Vovk, Gammerman & Shafer 2005; Lei et al. 2018). Here this is done for each side of the
range, for errors divided by their expected size (normalised conformal prediction; Papadopoulos et al. 2008), and for
each group apart (Mondrian); a group with few errors takes those of all groups together.

Work changes, so errors are not quite exchangeable. The trials are replayed in the order of time: where a group was
missed more often than meant by the ranges of the trials before, its tail is made smaller, and larger where it was
missed less (adaptive conformal inference; Gibbs & Candès 2021, with a step that grows with the number of errors).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, inf

import numpy as np

from linewright.times.minutes.terms import Floats

#: A range from the 10th to the 90th percentile.
SHARE = 0.8
#: A group with fewer errors leans on all groups: with n errors, n / (n + this) of its bound is its own.
LEAN = 30
#: The share of errors that each side of a range misses, and how far replaying may move it.
TAIL, LEAST_TAIL, MOST_TAIL = 0.1, 0.03, 0.2
#: With n errors of a trial, the tail moves by n / (n + this) of what was missed too often.
SLOW = 100


@dataclass(frozen=True)
class Ranges:
    """Errors of earlier forecasts, in units of their expected size: of each group and of all."""

    groups: Mapping[str, Floats]
    whole: Floats
    tails: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def bounds(self, group: Sequence[str], share: float = SHARE) -> tuple[Floats, Floats]:
        """The lower and upper bound of the error for each of some groups, in units of its expected size."""
        tail = (1 - share) / 2
        return self.quantile(group, tail), self.quantile(group, 1 - tail)

    def quantile(self, group: Sequence[str], chance: float) -> Floats:
        """The error that is not exceeded with this chance, for each of some groups."""
        parent = conformal_bound(self.whole, chance)
        known = {}
        for name, errors in self.groups.items():
            moved = self._moved(name, chance)
            known[name] = self._leaning(errors, conformal_bound(self.whole, moved), moved)
        return np.array([known.get(name, parent) for name in group])

    def _moved(self, name: str, chance: float) -> float:
        """A chance with its tail made larger or smaller as the replay says; a half stays a half."""
        low, high = self.tails.get(name, (TAIL, TAIL))
        if chance < 0.5:
            return min(chance * low / TAIL, 0.5)
        return max(1 - (1 - chance) * high / TAIL, 0.5)

    @staticmethod
    def _leaning(errors: Floats, parent: float, chance: float) -> float:
        own = conformal_bound(errors, chance)
        weight = len(errors) / (len(errors) + LEAN)
        # A bound that too few errors cannot give is the parent's.
        return parent if not np.isfinite(own) else weight * own + (1 - weight) * parent


def conformal_bound(errors: Floats, chance: float) -> float:
    """The bound that the next error is below with at least this chance (above half), or above with 1 - chance (below).

    Infinite where there are too few errors to say.
    """
    count = len(errors)
    if chance >= 0.5:
        rank = ceil((count + 1) * chance - 1e-9)
        return float(np.partition(errors, rank - 1)[rank - 1]) if rank <= count else inf
    rank = floor((count + 1) * chance + 1e-9)
    return float(np.partition(errors, rank - 1)[rank - 1]) if rank >= 1 else -inf


def ranges_of(group: Sequence[str], errors: Floats, tails: Mapping[str, tuple[float, float]] | None = None) -> Ranges:
    """The errors sorted by group."""
    names = np.asarray(group, dtype=object)
    return Ranges({str(name): errors[names == name] for name in dict.fromkeys(group)}, errors, dict(tails or {}))


def replayed(group: Sequence[str], errors: Floats, trial: Sequence[int]) -> dict[str, tuple[float, float]]:
    """The tails of each group after all trials: each was met by the ranges of those before it."""
    names, number = np.asarray(group, dtype=object), np.asarray(trial)
    tails: dict[str, tuple[float, float]] = {}
    for one in sorted(set(trial))[1:]:
        before, now = number < one, number == one
        found = ranges_of(names[before].tolist(), errors[before], tails)
        for name in dict.fromkeys(names[now].tolist()):
            met = errors[now & (names == name)]
            bounds = found.bounds([name])
            missed = (float((met < bounds[0][0]).mean()), float((met > bounds[1][0]).mean()))
            weight = len(met) / (len(met) + SLOW)
            low, high = (
                float(np.clip(tail + weight * (TAIL - miss), LEAST_TAIL, MOST_TAIL))
                for tail, miss in zip(tails.get(name, (TAIL, TAIL)), missed, strict=True)
            )
            tails[name] = (low, high)
    return tails
