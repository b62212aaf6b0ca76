"""What every method hands back."""

from __future__ import annotations

from dataclasses import dataclass

from linewright.demand.models.panel import Floats


@dataclass(frozen=True, eq=False)
class Fit:
    """Forecasts (horizon × series), and the errors one step ahead (periods × series, 0 where unknown)."""

    points: Floats
    errors: Floats
