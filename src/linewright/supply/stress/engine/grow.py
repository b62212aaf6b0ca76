"""Answers from a small part of the network, proven for all of it.

All activities outside a region run as in the base plan. So the program of the region gives a plan that can be carried
out: a bound from one side. Its prices, with what all activities of the network would earn at them, give the bound from
the other side. Where the two differ, the activities outside that would earn something at these prices are the only
ones that can help; they join the region, until nobody outside would earn anything (the pricing step of column
generation, Dantzig & Wolfe, *Operations Research* 8(1):101-111, 1960, with all other columns at their base values).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.supply.stress.engine import proof
from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.full import Full
from linewright.supply.stress.engine.programs import Part, part_of
from linewright.supply.stress.engine.questions import Question
from linewright.supply.stress.engine.solver import Program, Solved, Solver

EVENT = tuple[Any, Any, Any, Any]

#: An activity joins when it would earn more than this share of the greatest price among all.
WORTH_JOINING = 1e-9
#: By how much a plan may break a row, in parts of a day's need.
ROUNDING = 1e-7


@dataclass(frozen=True)
class Answer:
    """A value between two bounds, and the part of the network, its plan and its prices that show it.

    `how` says how far the proof had to look: nearby (the first region), grown (a greater one), whole (the network), or
    bounds where the two sides did not meet even there.
    """

    lower: float
    upper: float
    part: Part
    columns: Any
    prices: proof.Prices
    how: str


class Grower:
    """Answers questions about events by growing regions; one HiGHS object serves them all."""

    def __init__(self, base: Base, most_rounds: int = 40) -> None:
        self.base = base
        self.most_rounds = most_rounds
        self._solver = Solver()
        self._full = Full(base)

    def ask(self, question: Question, event: EVENT, region: Any) -> Answer:
        """Answer a question, starting from a region (positions of activities, ascending)."""
        best = (0.0, np.inf)
        for rounds in range(self.most_rounds):
            part = part_of(self.base.balance, self.base.running, self.base.used, region)
            program = question.program(part, *shares_left(part, event))
            solved = question.settle(self._solver, self._solver.solve(program))
            answer = self._bounded(question, event, part, program, solved, best)
            if question.close(answer.lower, answer.upper):
                return replace(answer, how="nearby" if rounds == 0 else "grown")
            best = answer.lower, answer.upper
            outside = joining(self.base, answer.prices, part)
            region = np.union1d(region, outside)
            if not outside.size or 2 * region.size > self.base.balance.activities + 100:
                break
        return self._ask_all(question, event)

    def _ask_all(self, question: Question, event: EVENT) -> Answer:
        """The last resort: the whole network."""
        part = self._full.part
        program = question.program(part, *shares_left(part, event))
        answer = self._bounded(question, event, part, program, self._full.ask(question, event), (0.0, np.inf))
        return answer if question.close(answer.lower, answer.upper) else replace(answer, how="bounds")

    def _bounded(
        self, question: Question, event: EVENT, part: Part, program: Program, solved: Solved, best: tuple[float, float]
    ) -> Answer:
        """What a solved program proves, together with what was known before.

        Raises
        ------
        NoAnswer
            The plan breaks a row by more than rounding.
        """
        over = proof.excess(part, program, solved.columns)
        if over > ROUNDING:
            raise NoAnswer(f"a plan of {part.activities.size} activities breaks a row by {over:.1e} of a day's need")
        prices = proof.priced(self.base.balance, part.rows, solved.prices * question.currency)
        lower, upper = question.bounds(solved, prices, proof.stopped_gain(self.base.balance, prices, event))
        return Answer(max(lower, best[0]), min(upper, best[1]), part, solved.columns, prices, "whole")


def joining(base: Base, prices: proof.Prices, part: Part) -> Any:
    """The activities outside a part that would earn something at these prices by running otherwise."""
    running = base.running[prices.activities]
    earned = np.where(prices.cost > 0, prices.cost * running, -prices.cost * (1 - running))
    inside = np.zeros(base.balance.activities, bool)
    inside[part.activities] = True
    earned[inside[prices.activities]] = 0.0
    return prices.activities[earned > WORTH_JOINING * np.abs(prices.cost).max(initial=0.0)]


def shares_left(part: Part, event: EVENT) -> tuple[Any, Any]:
    """The shares that an event leaves of the activities and rows of a part; what it hits elsewhere is idle anyway."""
    activities, share, rows, room_share = event
    return _placed(part.activities, activities, share), _placed(part.rows, rows, room_share)


def _placed(whole: Any, some: Any, values: Any) -> Any:
    """Ones for the whole (ascending), but the values where some of it stands."""
    placed = np.ones(whole.size)
    if whole.size and some.size:
        at = np.minimum(np.searchsorted(whole, some), whole.size - 1)
        here = whole[at] == some
        placed[at[here]] = values[here]
    return placed
