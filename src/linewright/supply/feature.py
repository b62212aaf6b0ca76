"""What the doors need to know about materials and their risks."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(
    name="supply",
    title="the supply planner",
    sections=("linewright.supply.show.whole:sections",),
    page=1,
    warm="linewright.supply.warm:warm",
    commands={
        "supply": "linewright.supply.cli.supply:supply",
        "stress": "linewright.supply.cli.stress:stress",
        "shields": "linewright.supply.cli.shields:shields",
        "scenarios": "linewright.supply.cli.scenarios:scenarios",
    },
)
