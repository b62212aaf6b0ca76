"""What every way of bettering a plan looks like to the portfolio."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class Finding(NamedTuple):
    """An order of work that a layer holds to be better; the timetable kernel has the last word.

    `order` and `mode` are those of a `Choice`, by position and by operation; `hold` are earliest starts set from
    outside, zeros for none; `load` numbers the loads of ovens, None where the layer leaves them as they are.
    """

    order: Any
    mode: Any
    hold: Any
    load: Any = None


class Layer(Protocol):
    """One way to better plans of one shop; used by one thread at a time.

    The same seed and the same turns give the same findings.
    """

    @property
    def name(self) -> str:
        """What it is called where progress is told."""

    def adopt(self, best: Finding, value: float) -> None:
        """Take the best plan known so far, of which another layer may be the author, into account."""

    def turn(self, rounds: int) -> list[Finding]:
        """Search for so many rounds, each worth about one timetable, and return what is better, best first."""
