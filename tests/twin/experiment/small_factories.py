"""Factories of one or two machines, round the clock, whose runs can be worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from linewright.model.factory import Factory

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


def saw_shop(**tables: Any) -> Factory:
    """One saw, five minutes of setup and three for each frame; order A of four frames, then B of ten."""
    rows = {
        "settings": [{"name": "Shop", "timezone": "UTC", "start": MONDAY}],
        "work_centers": [{"work_center": "SAW"}],
        "machines": [{"machine": "S1", "work_center": "SAW"}],
        "materials": [{"material": "FRAME", "kind": "made"}],
        "operations": [
            {"material": "FRAME", "step": 10, "work_center": "SAW", "setup_minutes": 5.0, "run_minutes": 3.0}
        ],
        "orders": [
            {"order": "A", "material": "FRAME", "quantity": 4.0, "due": MONDAY + timedelta(minutes=20)},
            {"order": "B", "material": "FRAME", "quantity": 10.0, "due": MONDAY + timedelta(minutes=40)},
        ],
    }
    return Factory.of(**{**rows, **tables})


def uneven(factory: Factory, variation: float = 0.5) -> Factory:
    """The same factory with run times that vary."""
    from linewright.model.scenario import Edit

    return Edit(table="operations", values={"run_variation": variation}).apply(factory)
