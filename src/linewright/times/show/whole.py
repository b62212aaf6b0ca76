"""Learned times as sections of the page of a whole factory."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from linewright.errors import LinewrightError
from linewright.kit.sheet import Section

if TYPE_CHECKING:
    from linewright.model.factory import Factory


def sections(factory: Factory, start: datetime) -> list[Section]:
    """What the reports up to a moment say about the file's times; a factory without reports says nothing."""
    from linewright.times.learning import learn_times
    from linewright.times.show.told import times_sections

    if not len(factory.actuals):
        return []
    try:
        return times_sections(learn_times(factory, until=start))
    except LinewrightError as error:
        return [Section("Times that differ from the file", (str(error),))]
