"""True times, learned from what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.times.accepting import as_scenario
    from linewright.times.evaluation import Evaluation, evaluate
    from linewright.times.learning import learn_times
    from linewright.times.money import priced
    from linewright.times.own import own_times

__all__ = ["Evaluation", "as_scenario", "evaluate", "learn_times", "own_times", "priced"]

_HOMES = {
    "Evaluation": "linewright.times.evaluation",
    "as_scenario": "linewright.times.accepting",
    "evaluate": "linewright.times.evaluation",
    "learn_times": "linewright.times.learning",
    "own_times": "linewright.times.own",
    "priced": "linewright.times.money",
}


def __getattr__(name: str) -> Any:
    """Load a verb when it is used: the command line passes through here to find its words, and must start at once."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
