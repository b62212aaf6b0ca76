"""What the doors need to know about the twin."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(
    name="twin",
    title="the twin: plans and lines run a thousand times",
    commands={
        "simulate": "linewright.twin.cli.simulate:simulate",
        "experiment": "linewright.twin.cli.experiment:experiment",
    },
    provides={
        "simulator": "linewright.twin.simulating:simulate",
        "odds": "linewright.twin.odds:odds",
    },
    warm="linewright.twin.warm:warm",
)
