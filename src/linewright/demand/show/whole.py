"""The forecast as sections of the page of a whole factory."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from linewright.errors import LinewrightError
from linewright.kit.sheet import Section

if TYPE_CHECKING:
    from linewright.model.factory import Factory


def sections(factory: Factory, start: datetime) -> list[Section]:
    """What is expected to be wanted, with fans of the largest materials; what cannot be forecast says why."""
    from linewright.demand.forecasting import forecast
    from linewright.demand.show.told import forecast_sections

    try:
        return forecast_sections(forecast(factory, now=start))
    except LinewrightError as error:
        return [Section("What will be wanted", (str(error),))]
