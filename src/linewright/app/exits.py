"""How commands end, so that scripts can tell what happened."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from linewright.errors import LinewrightError, ModelError, NoAnswer, SourceError, StaleResult

OK = 0
FOUND = 1
USAGE = 2
NO_ANSWER = 3
DATA = 65
SOURCE = 66
BUG = 70
OUTPUT = 74
STALE = 75
INTERRUPTED = 130

#: Every exit code and what it means; the documentation lists it.
MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        OK: "Done.",
        FOUND: "Done, and something was found: `check` found an error in the data.",
        USAGE: "The command line is wrong; the message says how to write it.",
        NO_ANSWER: "No plan can satisfy the rows that are named.",
        DATA: "The data is wrong; every problem is named with its cure.",
        SOURCE: "A file, folder or database could not be read.",
        BUG: "A mistake in linewright; please report the lines that it printed.",
        OUTPUT: "A file could not be written, or the disk is full.",
        STALE: "The factory has changed since the result was made; run the command again.",
        INTERRUPTED: "Interrupted with Ctrl-C; what was finished is kept.",
    }
)

_OF_ERRORS: tuple[tuple[type[LinewrightError], int], ...] = (
    (ModelError, DATA),
    (SourceError, SOURCE),
    (NoAnswer, NO_ANSWER),
    (StaleResult, STALE),
    (LinewrightError, DATA),
)


def exit_code(error: LinewrightError) -> int:
    """The exit code that tells this error to a script."""
    return next(code for kind, code in _OF_ERRORS if isinstance(error, kind))
