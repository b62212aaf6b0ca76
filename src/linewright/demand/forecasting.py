"""The verb: from a factory to a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import NormalDist

import numpy as np

from linewright import __version__
from linewright.demand.batch.series import LEVELS, SeriesForecast, forecast_series
from linewright.demand.changes.reaction import Reaction, react, widened
from linewright.demand.changes.watch import Changes, find_shifts
from linewright.demand.history import History, history_of
from linewright.demand.models.panel import Floats, Panel
from linewright.demand.models.pool import is_intermittent
from linewright.demand.sheets import accuracy_sheet, consumption_sheet, forecast_sheet, history_sheet, intake_sheet
from linewright.demand.sums import add_up
from linewright.demand.telling import alarms_of, ended_long_ago
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
    # What "changed" since the last record of anything is the record.
    unknown = changes.raised <= history.unrecorded
    changes = replace(
        changes, raised=np.where(unknown, 0, changes.raised), ended=changes.ended & (changes.since > history.unrecorded)
    )
    reaction = react(list(history.series), changes, season)
    made = _made(history.series, reaction, season, horizon, ranges)
    made = _judged_by_what_came(made, history, reaction)
    point, low, high = add_up(history, reaction, made.point, *_widened(made, reaction))
    spread = np.hypot(made.spread, reaction.extra)
    options = {"periods": horizon, "bucket": history.bucket.name, "ranges": ranges, "customers": customers,
               "now": history.today.isoformat()}  # fmt: skip
    return _result(factory, history, changes, reaction, made, (point, low, high, spread), options)


def _made(history: Sequence[Floats], reaction: Reaction, season: int, horizon: int, ranges: str) -> SeriesForecast:
    """Forecast what goes on; what has ended has the level that is left, and no range but that down to nothing."""
    ended = ~np.isnan(reaction.ended)
    # The rare demand of others is learnt from what became of it too; steady demand knows of no ends.
    told = [place for place in np.flatnonzero(ended).tolist() if is_intermittent(Panel.of([history[place]], season))[0]]
    taught = [*np.flatnonzero(~ended).tolist(), *told]
    values = [history[place] if ended[place] else reaction.series[place] for place in taught]
    made = forecast_series(values, season, horizon, ranges=ranges)
    if not ended.any():
        return made
    count = len(ended)
    point, low, high = (np.zeros((*shape, count, horizon)) for shape in ((), (len(LEVELS),), (len(LEVELS),)))
    error, usual, spread = (np.full(count, np.nan) for _ in range(3))
    method = np.full(count, "ended", dtype=object)
    point[taught], low[:, taught], high[:, taught] = made.point, made.low, made.high
    error[taught], usual[taught], spread[taught], method[taught] = made.error, made.usual, made.spread, made.method
    point[ended] = high[:, ended] = reaction.ended[ended, None]
    low[:, ended], spread[ended], method[ended] = 0.0, 0.0, "ended"
    return replace(
        made, point=point, low=low, high=high, method=tuple(method), error=error, usual=usual, spread=spread, notes={}
    )


def _judged_by_what_came(made: SeriesForecast, history: History, reaction: Reaction) -> SeriesForecast:
    """The forecasts with the errors of the past as they were: an adjusted history knows of a shift before it came."""
    season, horizon = history.bucket.season, made.point.shape[1]
    pairs = enumerate(zip(history.series, reaction.series, strict=True))
    places = [place for place, (as_it_was, adjusted) in pairs if as_it_was is not adjusted]
    if not places:
        return made
    blind = forecast_series([history.series[place] for place in places], season, horizon)
    error, usual = made.error.copy(), made.usual.copy()
    error[places], usual[places] = blind.error, blind.usual
    return replace(made, error=error, usual=usual)


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
        assumptions=(*history.assumptions, *_notes(history, made, ended_long_ago(history, changes, reaction))),
        origin=Origin(
            made_by="demand.forecast", code_version=__version__, seed=0, options=options,
            reads=factory.hashes(history.reads),
        ),
    )  # fmt: skip


def _notes(history: History, made: SeriesForecast, ended: list[str]) -> Sequence[str]:
    """What must be known about single series."""
    notes = [f"Ranges: {made.ranges}; chances of {' and '.join(f'{100 * level:.0f} %' for level in LEVELS)}."]
    short = [material for (material, customer), values in zip(history.keys, history.series, strict=True)
             if not customer and len(values) < 4]  # fmt: skip
    if short:
        notes.append(
            f"Fewer than four {history.bucket.name}s of history: {_some(short)}. Their ranges are those of the others, "
            "by their level; add earlier demand if there is some."
        )
    if ended:
        notes.append(f"Demand that ended long ago, so that hardly anything is expected: {_some(ended)}.")
    return notes


def _some(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
