"""What a simulation of many years says about stops: how much is lost, how likely, through whom, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from linewright.model.results import Origin

#: Every table of a simulation says how many paths it rests on, with which seed, and how its figures were made.
_NOTE: Mapping[str, Any] = {"paths": pl.Int64, "seed": pl.UInt64, "method": pl.String}

#: One row for each figure of the loss: `value` in currency (a share for "nothing lost"), between `low` and `high` with
#: 95 % confidence. `figure` is mean, P50, P80, P95, P99, CVaR 95, nothing lost.
LOSS_COLUMNS: Mapping[str, Any] = {
    "figure": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, **_NOTE,
}  # fmt: skip

#: One row for each cause that happened: `mean_less` and `cvar_less` are what the mean and the mean of the worst
#: twentieth would fall by if it never did, with their 95 % intervals; `stops` is how often it happened along a path on
#: average. First the causes that were simulated again without them, the costliest first, then estimates.
TORNADO_COLUMNS: Mapping[str, Any] = {
    "kind": pl.String, "name": pl.String, "stops": pl.Float64,
    "mean_less": pl.Float64, "mean_low": pl.Float64, "mean_high": pl.Float64,
    "cvar_less": pl.Float64, "cvar_low": pl.Float64, "cvar_high": pl.Float64, **_NOTE,
}  # fmt: skip

#: One row for each product: the share of its demand that is served, on average, in the worst twentieth of the paths (at
#: most so much in 1 of 20), and the share of paths that serve all of it.
SERVICE_COLUMNS: Mapping[str, Any] = {
    "product": pl.String, "demand": pl.Float64, "service": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "service_p5": pl.Float64, "all_served": pl.Float64, "lost_margin": pl.Float64, **_NOTE,
}  # fmt: skip

#: One row for each step: the currency lost in it on average, and the share of paths that lose something in it.
STEP_COLUMNS: Mapping[str, Any] = {
    "day": pl.Float64, "lost_margin": pl.Float64, "losing": pl.Float64, **_NOTE,
}  # fmt: skip

#: One row for each figure of a comparison: before, after, and what is gained, with its paired 95 % interval.
COMPARISON_COLUMNS: Mapping[str, Any] = {
    "figure": pl.String, "before": pl.Float64, "after": pl.Float64,
    "gain": pl.Float64, "low": pl.Float64, "high": pl.Float64, **_NOTE,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class HazardReport:
    """The losses of many simulated years.

    `losses` (R) is the currency lost along each path, in the order of the path numbers; `calm_loss` what is lost
    without any stop; `at_stake` the margin of all demand. The frames have the columns declared in this module.
    """

    currency: str
    days: float
    losses: Any
    calm_loss: float
    at_stake: float
    figures: pl.DataFrame
    tornado: pl.DataFrame
    service: pl.DataFrame
    steps: pl.DataFrame
    assumptions: tuple[str, ...]
    origin: Origin

    def figure(self, name: str) -> tuple[float, float, float]:
        """A figure of the loss, and its 95 % interval.

        Raises
        ------
        KeyError
            There is no such figure.
        """
        rows = self.figures.filter(pl.col("figure") == name)
        if not rows.height:
            raise KeyError(name)
        value, low, high = rows.select("value", "low", "high").row(0)
        return float(value), float(low), float(high)

    @property
    def mean(self) -> float:
        """The mean loss."""
        return self.figure("mean")[0]

    @property
    def cvar(self) -> float:
        """The mean of the worst twentieth of the losses."""
        return self.figure("CVaR 95")[0]

    @property
    def paths(self) -> int:
        """How many years were simulated."""
        return int(np.asarray(self.losses).size)

    def __repr__(self) -> str:
        """In one line."""
        calm, *_ = self.figure("nothing lost")
        return (
            f"HazardReport of {self.paths:,} paths of {self.days:g} days: {self.mean:,.0f} {self.currency} lost on "
            f"average, {self.cvar:,.0f} in the worst twentieth, nothing in {calm:.0%}, seed {self.origin.seed}"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class HazardComparison:
    """Two networks on the same random numbers: `table` has the columns of `COMPARISON_COLUMNS`."""

    currency: str
    gains: Any
    table: pl.DataFrame
    origin: Origin
