"""Detailed scheduling: from a factory to a verified plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.plan.scheduling import schedule

__all__ = ["schedule"]


def __getattr__(name: str) -> Any:
    """Load the verb when it is used: the command line passes through here to find its words, and must start at once."""
    if name != "schedule":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from linewright.plan.feature import draw_plans
    from linewright.plan.scheduling import schedule

    draw_plans()
    return schedule
