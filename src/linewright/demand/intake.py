"""Order intake within the running period: what is in so far, and what that says about the whole."""

from __future__ import annotations

import numpy as np

from linewright.demand.models.panel import Floats

#: Below this share so little is in that it says nothing.
LEAST_SHARE = 0.02
#: The mean of all materials counts like so many earlier periods of a material itself.
SHARED_PERIODS = 3.0


def usual_shares(early: Floats, whole: Floats) -> Floats:
    """The share of a period's orders that is usually in by now, for each material.

    Parameters
    ----------
    early
        Quantities that were in at the same moment of earlier periods (periods × materials).
    whole
        Quantities of those whole periods (periods × materials).
    """
    sums = whole.sum(axis=0)
    if not sums.sum() > 0:
        return np.zeros(whole.shape[1])
    shared = float(early.sum() / sums.sum())
    # A material's own ratio counts by its size, and that of all by some periods of its usual size.
    weight = SHARED_PERIODS * sums / max(len(whole), 1)
    return np.divide(early.sum(axis=0) + shared * weight, sums + weight, out=np.full(len(sums), shared), where=sums > 0)


def expected_intake(ordered: Floats, shares: Floats, forecast: Floats) -> Floats:
    """What the whole period will bring, from what is ordered and from the forecast.

    The more of a period's orders is usually in by now, the more they count: p × (ordered / p) + (1 - p) × (ordered +
    (1 - p) × forecast), with p the usual share. Insurers expect the claims of a year in this way (Benktander 1976; Mack
    2000). It is never less than what is ordered.
    """
    known = shares >= LEAST_SHARE
    grown = np.where(known, ordered / np.where(known, shares, 1.0), forecast)
    mixed = shares * grown + (1 - shares) * (ordered + (1 - shares) * forecast)
    return np.maximum(mixed, ordered)
