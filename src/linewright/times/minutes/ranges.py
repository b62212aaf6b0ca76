"""Ranges that hold: split conformal by group, on errors of the log in units of what was thought likely.

With n errors of earlier forecasts that are exchangeable with the next one, the ceil((n + 1) p)-th smallest is above it
with a chance of at least p (Vovk, Gammerman & Shafer 2005; Lei et al. 2018). Here this is done for each side of the
range, for errors divided by their expected size (normalised conformal prediction; Papadopoulos et al. 2008), and for
each group apart (Mondrian); a group with few errors takes those of all groups together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np

from linewright.times.minutes.terms import Floats

#: A range from the 10th to the 90th percentile.
SHARE = 0.8
#: A group with fewer errors leans on all groups: with n errors, n / (n + this) of its bound is its own.
LEAN = 30


@dataclass(frozen=True)
class Ranges:
    """Errors of earlier forecasts, in units of their expected size: of each group and of all."""

    groups: Mapping[str, Floats]
    whole: Floats

    def bounds(self, group: Sequence[str], share: float = SHARE) -> tuple[Floats, Floats]:
        """The lower and upper bound of the error for each of some groups, in units of its expected size."""
        tail = (1 - share) / 2
        return self.quantile(group, tail), self.quantile(group, 1 - tail)

    def quantile(self, group: Sequence[str], chance: float) -> Floats:
        """The error that is not exceeded with this chance, for each of some groups."""
        parent = conformal_bound(self.whole, chance)
        known = {name: self._leaning(errors, parent, chance) for name, errors in self.groups.items()}
        return np.array([known.get(name, parent) for name in group])

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


def ranges_of(group: Sequence[str], errors: Floats) -> Ranges:
    """The errors sorted by group."""
    names = np.asarray(group, dtype=object)
    return Ranges({str(name): errors[names == name] for name in dict.fromkeys(group)}, errors)
