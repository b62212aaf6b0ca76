"""What the doors need to know about learned times."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(
    name="times",
    title="true times, learned from what really happened",
    commands={"times": "linewright.times.cli:times"},
    sections=("linewright.times.show.whole:sections",),
    provides={"learner": "linewright.times.learning:learn_times"},
    page=3,
)
