"""What the doors need to know about planning."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(
    name="plan",
    title="the planner",
    commands={"plan": "linewright.plan.cli:plan"},
    warm="linewright.plan.warm:warm",
)
