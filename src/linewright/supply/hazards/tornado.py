"""Which causes the losses come from: what the mean and the tail would fall by if a cause never happened.

First each cause is put into an otherwise calm year, to see which ones matter most. For those, the paths along which
they did happen are simulated again without them, everything else alike ("common random numbers"); the other paths
cannot change. For the rest an estimate needs no simulation: causes are independent of each other, so that the paths
along which one did not happen are a sample of the years without it, and mean(all) - mean(those) is its part
("conditional on no stop"). That is noisy, as those paths differ in everything else too.
"""

from __future__ import annotations

import math
from concurrent.futures import Executor
from typing import Any

import numpy as np

from linewright.supply.hazards.base_plan import Walk
from linewright.supply.hazards.causes import Hazards
from linewright.supply.hazards.estimates import WIDTH, mean_of, tail_values
from linewright.supply.hazards.recovery import days_of
from linewright.supply.hazards.simulation import ROUNDS, Paths, simulate_paths, walk_paths
from linewright.supply.hazards.stops import Calendar, Events, draw_downs

CONDITIONAL = "conditional on no stop"
COMMON = "common random numbers"
#: The middles of the shorter and of the longer half of stops.
SCREENED = (0.25, 0.75)


def tornado_rows(
    paths: Paths, walk: Walk, hazards: Hazards, *, seed: int, calendar: Calendar, exact: int,
    rounds: int = ROUNDS, executor: Executor | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """One row for each cause that happened: the exact ones, the costliest first, then the others as screened.

    Parameters
    ----------
    exact
        How many causes are simulated again without them; the others are estimated.
    """
    losses = paths.losses
    worth = screen(walk, hazards, calendar, rounds)
    happened = np.flatnonzero(paths.stops.sum(axis=0, dtype=np.int64) > 0)
    ranked = sorted(happened.tolist(), key=lambda cause: (-worth[cause], cause))
    rows = []
    for rank, cause in enumerate(ranked):
        if rank < exact:
            row = _paired(losses, losses_without(paths, walk, hazards, [cause], seed, calendar, rounds, executor))
        else:
            row = _conditional(losses, paths.stops[:, cause])
        stops = float(paths.stops[:, cause].mean())
        rows.append({"kind": hazards.cause_kinds[cause], "name": hazards.cause_names[cause], "stops": stops, **row})
    return sorted(rows[:exact], key=lambda row: -row["mean_less"]) + rows[exact:]


def screen(walk: Walk, hazards: Hazards, calendar: Calendar, rounds: int = ROUNDS) -> Any:
    """What each cause would cost a year if it came alone: its stops a year times the loss of one at the start.

    A stop of short and one of long duration are tried, each in the middle of its half of all stops.
    """
    causes = np.arange(len(hazards.cause_names))
    losses = np.zeros(causes.size)
    for share in SCREENED:
        days = days_of(hazards.cause_recoveries, causes, np.full(causes.size, share))
        alone = Events(causes, causes, np.zeros(causes.size), days)
        downs = draw_downs(hazards, alone, causes, calendar, 0)
        losses += walk_paths(walk, downs, causes.size, calendar, rounds)[1].sum(axis=1) / len(SCREENED)
    return hazards.cause_rates * losses


def losses_without(
    paths: Paths, walk: Walk, hazards: Hazards, causes: list[int], seed: int, calendar: Calendar,
    rounds: int = ROUNDS, executor: Executor | None = None,
) -> Any:  # fmt: skip
    """The loss along each path when some causes never happen; only paths along which they did are simulated."""
    struck = paths.stops[:, causes].any(axis=1)
    losses = paths.losses
    again = simulate_paths(
        walk, hazards.without(causes), paths.numbers[struck], seed=seed, calendar=calendar, rounds=rounds,
        executor=executor,
    )  # fmt: skip
    losses[struck] = again.losses
    return losses


def _paired(losses: Any, without: Any) -> dict[str, Any]:
    less = mean_of(losses - without)
    tail = mean_of(tail_values(losses) - tail_values(without))
    return _row(less, tail, COMMON)


def _conditional(losses: Any, stops: Any) -> dict[str, Any]:
    """E[L] - E[L | no stop] as a mean of values, so that its interval follows (a ratio's, by linearisation)."""
    free = (stops == 0).astype(np.float64)
    if not free.any():
        nothing = (math.nan, math.nan, math.nan)
        return _row(nothing, nothing, CONDITIONAL)
    tail = _difference(tail_values(losses), tail_values(losses, weights=free), free)
    return _row(_difference(losses, losses, free), tail, CONDITIONAL)


def _difference(values: Any, values_free: Any, free: Any) -> tuple[float, float, float]:
    """mean(values) - mean(values_free where free), with the interval of the difference."""
    share = free.mean()
    there = float((values_free * free).mean() / share)
    mean = float(values.mean()) - there
    influence = values - values.mean() - (values_free - there) * free / share
    half = WIDTH * float(np.std(influence)) / math.sqrt(values.size)
    return mean, mean - half, mean + half


def _row(less: tuple[float, float, float], tail: tuple[float, float, float], method: str) -> dict[str, Any]:
    names = ("mean_less", "mean_low", "mean_high", "cvar_less", "cvar_low", "cvar_high")
    return {**dict(zip(names, (*less, *tail), strict=True)), "method": method}
