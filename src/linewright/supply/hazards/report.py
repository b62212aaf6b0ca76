"""The verb: simulate the stops of a network, and say what they cost; compare two networks path by path."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

import numpy as np
import polars as pl

from linewright import __version__
from linewright.errors import ModelError
from linewright.model.hazard_results import (
    COMPARISON_COLUMNS,
    LOSS_COLUMNS,
    SERVICE_COLUMNS,
    STEP_COLUMNS,
    TORNADO_COLUMNS,
    HazardComparison,
    HazardReport,
)
from linewright.model.results import Origin
from linewright.supply.hazards.base_plan import Walk, walk_of
from linewright.supply.hazards.causes import Hazards
from linewright.supply.hazards.estimates import LEVELS, figures_of, mean_of, tail_values
from linewright.supply.hazards.simulation import CHUNK, ROUNDS, Paths, simulate_paths
from linewright.supply.hazards.stops import Calendar
from linewright.supply.hazards.tornado import tornado_rows
from linewright.supply.network.arrays import Network

#: A loss of less than this part of what is at stake is rounding.
NOTHING = 1e-7
METHOD = "Monte Carlo, Philox4x32-10"
PAIRED = "paired on common random numbers"


def simulate_stops(
    network: Network,
    hazards: Hazards,
    *,
    paths: int = 10_000,
    steps: int = 52,
    step_days: float = 7.0,
    seed: int = 0,
    exact: int = 10,
    flows: Any | None = None,
    rounds: int = ROUNDS,
    chunk: int = CHUNK,
    executor: Executor | None = None,
    currency: str = "EUR",
) -> HazardReport:
    """Simulate many years of a network with everything up at their start.

    Parameters
    ----------
    paths
        How many years; at least 20, for the worst twentieth to hold one.
    steps, step_days
        The calendar of a path: 52 weeks, or 364 steps of one day. Stock is drawn down and goods flow once in a step, so
        shorter steps see finer, and take longer.
    seed
        The same seed gives the same stops, for any network, chunk and executor.
    exact
        How many rows of the tornado are simulated again; the others are estimated.
    flows
        The steady plan (A, units a day); None finds one that loses the least margin.
    rounds
        How often a step looks for another way to serve what is unmet.
    chunk, executor
        How many paths one task has, and where tasks run; neither changes a figure.

    Raises
    ------
    ModelError
        The hazards are those of another network, or a count is too small.
    """
    _check(network, hazards, paths, steps, step_days, rounds, chunk)
    calendar, walk = Calendar(steps, step_days), walk_of(network, flows)
    settings: dict[str, Any] = {"seed": seed, "calendar": calendar, "rounds": rounds}
    done = simulate_paths(walk, hazards, np.arange(paths), chunk=chunk, executor=executor, **settings)
    never = hazards.without(range(len(hazards.cause_names)))
    calm = float(simulate_paths(walk, never, np.zeros(1), **settings).losses[0])
    at_stake = float((walk.demand * walk.margin).sum()) * calendar.days
    note = {"paths": paths, "seed": seed, "method": METHOD}
    rows = [
        {"figure": name, "value": value, "low": low, "high": high, **note}
        for name, value, low, high in figures_of(done.losses, calm, NOTHING * at_stake)
    ]
    tornado = tornado_rows(done, walk, hazards, exact=exact, executor=executor, **settings)
    assumptions = (*hazards.assumptions, *walk.assumptions)
    if calm > NOTHING * at_stake:
        assumptions += (f"{calm:,.0f} {currency} are lost even without any stop: capacity does not cover the demand.",)
    options = {"paths": paths, "steps": steps, "step_days": step_days, "rounds": rounds, "exact": exact}
    return HazardReport(
        currency=currency,
        days=calendar.days,
        losses=done.losses,
        calm_loss=calm,
        at_stake=at_stake,
        figures=pl.DataFrame(rows, schema=dict(LOSS_COLUMNS)),
        tornado=pl.DataFrame([{**note, **row} for row in tornado], schema=dict(TORNADO_COLUMNS)),
        service=_service(network, walk, done, calendar, note),
        steps=_steps(done, calendar, NOTHING * at_stake / steps, note),
        assumptions=assumptions,
        origin=Origin(made_by="simulate_stops", code_version=__version__, seed=seed, options=options),
    )


def compare(before: HazardReport, after: HazardReport) -> HazardComparison:
    """What a change gains, path by path; positive is money saved.

    Parameters
    ----------
    before, after
        Reports of two networks or hazards with the same paths and seed.

    Raises
    ------
    ModelError
        The reports rest on other paths, seeds or calendars.
    """
    keys = ("paths", "steps", "step_days")
    same = all(before.origin.options[key] == after.origin.options[key] for key in keys)
    if not same or before.origin.seed != after.origin.seed:
        raise ModelError(["the two reports do not share their random numbers: use the same paths, calendar and seed"])
    gains = before.losses - after.losses
    note = {"paths": gains.size, "seed": before.origin.seed, "method": PAIRED}
    tails = tail_values(before.losses), tail_values(after.losses)
    rows = [("mean", before.losses.mean(), after.losses.mean(), *mean_of(gains))]
    rows += [(f"P{level * 100:g}", *_quantiles(before.losses, after.losses, level)) for level in LEVELS]
    rows.append(("CVaR 95", tails[0].mean(), tails[1].mean(), *mean_of(tails[0] - tails[1])))
    named = [dict(zip(COMPARISON_COLUMNS, row, strict=False)) | note for row in rows]
    table = pl.DataFrame(named, schema=dict(COMPARISON_COLUMNS))
    origin = Origin(
        made_by="compare", code_version=__version__, seed=before.origin.seed, options=dict(before.origin.options)
    )
    return HazardComparison(currency=before.currency, gains=gains, table=table, origin=origin)


def _quantiles(before: Any, after: Any, level: float) -> tuple[float, float, float, float, float]:
    """A quantile of both and its gain; the interval is that of paired bootstrap samples (Efron 1979)."""
    random = np.random.default_rng(before.size)
    gains = np.empty(200)
    for sample in range(gains.size):
        chosen = random.integers(0, before.size, before.size)
        gains[sample] = np.quantile(before[chosen], level) - np.quantile(after[chosen], level)
    first, second = float(np.quantile(before, level)), float(np.quantile(after, level))
    low, high = np.quantile(gains, [0.025, 0.975])
    return first, second, first - second, float(low), float(high)


def _service(network: Network, walk: Walk, done: Paths, calendar: Calendar, note: dict[str, Any]) -> pl.DataFrame:
    demand = walk.demand * calendar.days
    rows = []
    for at, pool in enumerate(walk.sold):
        served = 1 - done.lost[:, at] / demand[at]
        mean, low, high = mean_of(served)
        rows.append(
            {
                "product": network.pool_names[pool],
                "demand": float(demand[at]),
                "service": mean,
                "low": max(0.0, low),
                "high": min(1.0, high),
                "service_p5": float(np.quantile(served, 0.05)),
                "all_served": float((served > 1 - NOTHING).mean()),
                "lost_margin": float(done.lost[:, at].mean() * walk.margin[at]),
                **note,
            }
        )
    return pl.DataFrame(rows, schema=dict(SERVICE_COLUMNS))


def _steps(done: Paths, calendar: Calendar, tolerance: float, note: dict[str, Any]) -> pl.DataFrame:
    rows = [
        {
            "day": step * calendar.step_days,
            "lost_margin": float(lost.mean()),
            "losing": float((lost > tolerance).mean()),
            **note,
        }
        for step, lost in enumerate(done.lost_margin.T)
    ]
    return pl.DataFrame(rows, schema=dict(STEP_COLUMNS))


def _check(
    network: Network, hazards: Hazards, paths: int, steps: int, step_days: float, rounds: int, chunk: int
) -> None:
    problems = []
    if (hazards.kinds, hazards.names) != (network.node_kinds, network.node_names):
        problems.append("the hazards are those of another network: make them with Hazards.of or hazards_of")
    for name, value, least in (
        ("paths", paths, 20), ("steps", steps, 1), ("rounds", rounds, 1), ("chunk", chunk, 1),
    ):  # fmt: skip
        if value < least:
            problems.append(f"{name} {value}: use at least {least}")
    if step_days <= 0:
        problems.append(f"step_days {step_days:g}: use more than 0")
    if problems:
        raise ModelError(problems)
