"""What every way of bettering a plan looks like to the portfolio."""

from __future__ import annotations

from typing import Any, Protocol

from linewright.shop.state import Choice

#: An order of work, its modes, its holds (earliest starts set from outside), and the loads of ovens where they changed.
Found = tuple[Any, ...]


class Layer(Protocol):
    """One way to better plans of one shop, used by one thread at a time.

    What a layer finds is a proposal: the timetable kernel has the last word. The same seed and the same turns give the
    same proposals.
    """

    def adopt(self, choice: Choice, value: float) -> object:
        """Go on from a plan that somebody else found, or take it into account."""

    def turn(self, rounds: int) -> list[Found]:
        """Search for so many rounds, each worth about one timetable, and return what is better, best first."""
