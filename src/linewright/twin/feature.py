"""What the doors need to know about the twin."""

from __future__ import annotations

from linewright.kit.feature import Feature

FEATURE = Feature(name="twin", title="the twin: plans and lines run a thousand times")
