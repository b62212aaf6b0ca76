"""linewright: run a factory from one model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from linewright.errors import LinewrightError, ModelError, NoAnswer, SourceError, StaleResult
    from linewright.io.read import read
    from linewright.model.factory import Factory
    from linewright.model.results import Plan

__all__ = [
    "Factory",
    "LinewrightError",
    "ModelError",
    "NoAnswer",
    "Plan",
    "SourceError",
    "StaleResult",
    "read",
]

__version__ = "0.1.0"

_HOMES = {
    "Factory": "linewright.model.factory",
    "LinewrightError": "linewright.errors",
    "ModelError": "linewright.errors",
    "NoAnswer": "linewright.errors",
    "Plan": "linewright.model.results",
    "SourceError": "linewright.errors",
    "StaleResult": "linewright.errors",
    "read": "linewright.io.read",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that the command line starts at once."""
    if name == "__version__":
        from importlib.metadata import version

        return version("linewright")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
