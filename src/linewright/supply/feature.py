"""What the doors need to know about materials and their risks."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(
    name="supply",
    title="the supply planner",
    commands={"stress": "linewright.supply.cli.stress:stress"},
)
