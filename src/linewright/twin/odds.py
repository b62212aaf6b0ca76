"""Odds for a plan that was just made: a few hundred runs, where something is known that can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.model.run_results import Run

#: Runs that tell 80 % from 90 % apart, in the time of a breath.
RUNS = 200


def odds(factory: Factory, plan: Plan, *, replications: int = RUNS, seed: int = 0) -> Run | None:
    """Run a plan as it is followed in its order; None where nothing is known that could change it.

    Parameters
    ----------
    replications
        How many runs.
    seed
        Where chance begins.

    Raises
    ------
    StaleResult
        The plan was made from other rows.
    """
    if not varies(factory):
        return None
    from linewright.twin.simulating import simulate

    return simulate(factory, plan, replications=replications, seed=seed)


def varies(factory: Factory) -> bool:
    """Whether any row says that something can go another way than planned."""
    steps, machines = factory.operations.frame, factory.machines.frame
    spread = pl.any_horizontal(pl.col("run_variation", "setup_variation", "time_error").fill_null(0.0) > 0)
    return bool(
        len(factory.failure_modes) > 0
        or steps.select((spread | (pl.col("rework_share") > 0)).any()).item()
        or machines["mtbf_hours"].is_not_null().any()
        or (factory.people.frame["absence_share"] > 0).any()
        or (factory.suppliers.frame["reliability"] < 1).any()
        or (factory.sources.frame["lead_days_sd"] > 0).any()
    )
