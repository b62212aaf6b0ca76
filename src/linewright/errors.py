"""The errors that linewright raises, and who acts on each.

LinewrightError
├─ ModelError    the data is wrong             (the planner fixes rows)
├─ StaleResult   the factory has moved on      (run it again)
├─ NoAnswer      no plan can satisfy the rows  (loosen one of them, or wait)
└─ SourceError   a file or machine did not answer  (look at the file or machine)
"""

from __future__ import annotations

from collections.abc import Sequence


class LinewrightError(Exception):
    """The parent of all errors that linewright raises on purpose."""


class ModelError(LinewrightError):
    """The data is wrong: every problem at once, each with its cure."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class StaleResult(LinewrightError):
    """A result was made from tables that have changed since."""


class NoAnswer(LinewrightError):
    """No plan can satisfy the rows that are named."""

    def __init__(self, reason: str, rows: Sequence[str] = ()) -> None:
        self.rows = tuple(rows)
        super().__init__("\n".join((reason, *(f"  {row}" for row in self.rows))))


class SourceError(LinewrightError):
    """A file, database or machine could not be read."""
