"""What the doors of the supply planner share: reading a factory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from linewright.kit.doors import check_targets
from linewright.kit.inputs import starting_at, warn_of_faults

if TYPE_CHECKING:
    from linewright.model.factory import Factory


def opened(
    paths: tuple[Path, ...], reader: str | None, settings: dict[str, str], now: datetime | None, report: Path | None
) -> Factory:
    """Read the factory, from another moment where one is given; refuse a report that could not be written."""
    from linewright.io.read import read

    check_targets(report)
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    warn_of_faults(factory)
    return factory if now is None else starting_at(factory, now)
