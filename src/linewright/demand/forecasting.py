"""The verb: from a factory to a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import NormalDist

import numpy as np

from linewright import __version__
from linewright.demand.batch.series import LEVELS, SeriesForecast, forecast_series
from linewright.demand.changes.reaction import Reaction, react, widened
from linewright.demand.changes.watch import Changes, find_shifts
from linewright.demand.history import History, history_of
from linewright.demand.models.panel import Floats
from linewright.demand.sheets import accuracy_sheet, consumption_sheet, forecast_sheet, history_sheet, intake_sheet
from linewright.demand.sums import add_up
from linewright.demand.telling import alarms_of
from linewright.model.factory import Factory
from linewright.model.forecast_results import ForecastResult
from linewright.model.results import Origin


def forecast(
    factory: Factory, *, periods: int | None = None, now: datetime | None = None, bucket: str = "",
    ranges: str = "split", customers: bool = True,
) -> ForecastResult:  # fmt: skip
    """Forecast the demand for every material, with ranges that hold, and say where demand has changed.

    Parameters
    ----------
    factory
        Its demand_history is learnt from, or, where that is empty, its orders by their due dates.
    periods
        How many periods to look ahead; 12 months or 13 weeks if not given.
    now
        The timezone-aware moment from which to look ahead. Without it the settings' start counts if there is demand
        before it, else the end of the history.
    bucket
        ``month`` or ``week``; blank lets the history decide, see :func:`linewright.demand.periods.bucket_for`.
    ranges
        ``split`` or ``adaptive``, see :func:`linewright.demand.forecast_series`.
    customers
        Whether the larger customers of a material have forecasts of their own, which add up to that of the material.

    Raises
    ------
    ModelError
        There is no demand to learn from.
    ValueError
        `now` has no time zone.
    """
    history = history_of(factory, now=now, bucket=bucket, customers=customers)
    horizon = periods or history.bucket.horizon
    season = history.bucket.season
    changes = find_shifts(history.series, season, history.bucket.periods_per_year)
    reaction = react(list(history.series), changes, season)
    made = forecast_series(reaction.series, season, horizon, ranges=ranges)
    point, low, high = add_up(history, reaction, made.point, *_widened(made, reaction))
    spread = np.hypot(made.spread, reaction.extra)
    options = {"periods": horizon, "bucket": history.bucket.name, "ranges": ranges, "customers": customers,
               "now": history.today.isoformat()}  # fmt: skip
    return _result(factory, history, changes, reaction, made, (point, low, high, spread), options)


def _widened(made: SeriesForecast, reaction: Reaction) -> tuple[Floats, Floats]:
    """The ranges with what a change adds, not below zero."""
    reaches = [NormalDist().inv_cdf((1 + level) / 2) for level in made.levels]
    low, high = (
        np.stack(
            [
                widened(made.point, bound, side * reach * reaction.extra)
                for bound, reach in zip(bounds, reaches, strict=True)
            ]
        )
        for bounds, side in ((made.low, -1.0), (made.high, 1.0))
    )
    return np.maximum(low, 0.0), high


def _result(
    factory: Factory, history: History, changes: Changes, reaction: Reaction, made: SeriesForecast,
    numbers: tuple[Floats, Floats, Floats, Floats], options: dict[str, object],
) -> ForecastResult:  # fmt: skip
    point, low, high, spread = numbers
    frame = forecast_sheet(history, made.method, point, low, high)
    intake = intake_sheet(history, frame)
    return ForecastResult(
        factory_name=factory.name,
        bucket=history.bucket.name,
        frame=frame,
        history=history_sheet(history, reaction.series),
        accuracy=accuracy_sheet(history, made, point, spread),
        consumption=consumption_sheet(history, frame, intake),
        intake=intake,
        alarms=alarms_of(history, changes, reaction),
        ranges=made.ranges,
        assumptions=(*history.assumptions, *_notes(history, made, options)),
        origin=Origin(
            made_by="demand.forecast", code_version=__version__, seed=0, options=options,
            reads=factory.hashes(history.reads),
        ),
    )  # fmt: skip


def _notes(history: History, made: SeriesForecast, options: dict[str, object]) -> Sequence[str]:
    """What must be known about single series."""
    notes = [f"Ranges: {made.ranges}; chances of {' and '.join(f'{100 * level:.0f} %' for level in LEVELS)}."]
    short = [material for (material, customer), values in zip(history.keys, history.series, strict=True)
             if not customer and len(values) < 4]  # fmt: skip
    if short:
        named = ", ".join(short[:5]) + (f" and {len(short) - 5:,} more" if len(short) > 5 else "")
        notes.append(
            f"Fewer than four {history.bucket.name}s of history: {named}. Their ranges are those of the others, by "
            "their level; add earlier demand if there is some."
        )
    return notes
