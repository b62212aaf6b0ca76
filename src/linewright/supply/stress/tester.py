"""One network, made ready to be asked about many events."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.supply.network.arrays import Network, Rows
from linewright.supply.stress.engine.balance import left_by
from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.grow import Answer, Grower
from linewright.supply.stress.engine.questions import HowLong, HowMuch
from linewright.supply.stress.engine.regions import Regions

#: Windows are looked at for at least so long, and for twice the longest recovery.
LEAST_DAYS, RECOVERIES = 30.0, 2.0


class Tester:
    """Answers for the events of one network (row: event, index: node).

    `around` holds the region of each event that the base plan cannot ignore; it grows with what is learned.
    """

    def __init__(self, network: Network, events: Rows, most_days: float) -> None:
        self.base = Base.of(network, most_days)
        self.left = left_by(network, events)
        self.grower = Grower(self.base)
        needed = [event for event in range(len(events)) if self.base.needs(self.left.of(event))]
        around = Regions(self.base.balance).around(self.left, needed)
        self.around = dict(zip(needed, around, strict=True))

    def how_long(self, event: int) -> Answer | None:
        """How long an event is survived, or None when nothing depends on what it stops."""
        if event not in self.around:
            return None
        answer = self.grower.ask(HowLong(self.base), self.left.of(event), self.around[event])
        if answer.how != "whole":
            self.around[event] = answer.part.activities
        return answer

    def how_much(self, event: int, days: float) -> Answer | None:
        """What an event of so many days costs, or None when nothing depends on what it stops."""
        if event not in self.around or days <= 0:
            return None
        return self.grower.ask(HowMuch(self.base, days), self.left.of(event), self.around[event])


def longest_window(recover_days: Any, most_days: float | None) -> float:
    """How far to look: as asked, but never less than the longest recovery."""
    longest = float(np.max(recover_days, initial=0.0))
    return max(LEAST_DAYS, RECOVERIES * longest) if most_days is None else max(most_days, longest)
