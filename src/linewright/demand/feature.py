"""What the doors need to know about forecasting."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(
    name="demand",
    title="the forecaster",
    commands={"forecast": "linewright.demand.cli:forecast"},
    sections=("linewright.demand.show.whole:sections",),
    provides={"forecaster": "linewright.demand.forecasting:forecast"},
)
