"""What will be wanted: forecasts with ranges that hold, and alarms when the market moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.demand.batch.series import SeriesForecast, forecast_series
    from linewright.demand.changes.watch import Changes, find_shifts
    from linewright.demand.forecasting import forecast
    from linewright.demand.reconcile import reconciled

__all__ = ["Changes", "SeriesForecast", "find_shifts", "forecast", "forecast_series", "reconciled"]

_HOMES = {
    "Changes": "linewright.demand.changes.watch",
    "SeriesForecast": "linewright.demand.batch.series",
    "find_shifts": "linewright.demand.changes.watch",
    "forecast": "linewright.demand.forecasting",
    "forecast_series": "linewright.demand.batch.series",
    "reconciled": "linewright.demand.reconcile",
}


def __getattr__(name: str) -> Any:
    """Load a verb when it is used: the command line passes through here to find its words, and must start at once."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
