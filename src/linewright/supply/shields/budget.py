"""The least risk for a given amount of money.

The risk is the expected loss of the scenarios, or the mean loss of the worst of them: the conditional value at risk by
the linear program of Rockafellar & Uryasev, *Journal of Risk* 2(3):21-41, 2000, in a Benders decomposition where each
scenario's least loss stands between its prices (below) and its plan (above).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.errors import ModelError
from linewright.model.stress_results import ShieldChoice
from linewright.supply.network.arrays import Network
from linewright.supply.shields.cheapest import MASTER_GAP, ROUNDS, STALLED, Exposed, find_exposed, frame_of
from linewright.supply.shields.completion import Cut
from linewright.supply.shields.master import Master
from linewright.supply.shields.offers import Offers
from linewright.supply.shields.options import Option
from linewright.supply.stress.engine import proof
from linewright.supply.stress.engine.grow import Grower
from linewright.supply.stress.engine.questions import HowMuch
from linewright.supply.stress.events import Event
from linewright.supply.stress.tester import longest_window

EXPECTED, WORST = MEASURES = ("expected loss", "worst loss")


@dataclass(frozen=True)
class Risk:
    """What is made small: the expected loss, or the mean of the worst share `1 - tail` of all cases."""

    measure: str = WORST
    tail: float = 0.95

    def of(self, losses: Any, probabilities: Any) -> float:
        """The risk of scenarios; what is left of the probability is the case that nothing happens."""
        if self.measure == EXPECTED:
            return float(losses @ probabilities)
        order = np.argsort(-losses)
        room = 1 - self.tail
        before = np.cumsum(probabilities[order]) - probabilities[order]
        counted = np.clip(room - before, 0.0, probabilities[order])
        return float(losses[order] @ counted) / room

    def columns(self, probabilities: Any) -> tuple[Any, Any]:
        """Lower bounds and costs of the master's columns: the threshold, and what each scenario loses above it."""
        if self.measure == EXPECTED:
            return np.zeros(probabilities.size), probabilities
        costs = np.concatenate([[1.0], probabilities / (1 - self.tail)])
        return np.zeros(costs.size), costs

    def row(self, scenario: int) -> tuple[Any, Any]:
        """The columns in which a scenario's loss stands."""
        return ([scenario], [1.0]) if self.measure == EXPECTED else ([0, scenario + 1], [1.0, 1.0])


#: The mean of the worst twentieth of all cases.
WORST_CASES = Risk()


def protect(
    network: Network, options: Sequence[Option], events: Sequence[Event], probabilities: Any, budget: float, *,
    risk: Risk = WORST_CASES, gap: float = 0.01, currency: str = "EUR",
) -> ShieldChoice:  # fmt: skip
    """Buy for at most a budget what makes the risk smallest.

    Parameters
    ----------
    network
        The supply network.
    options
        What can be bought.
    events
        What may happen in the time that the probabilities speak of; one of them, or nothing.
    probabilities
        How likely each event is; together 1 at most.
    budget
        The most that all purchases may cost.
    risk
        What is made small.
    gap
        How much greater than the proven bound the risk may be, as a share.
    currency
        The name of the currency.
    """
    plan = Protection(network, options, events, probabilities)
    units, goal, bound = plan.within(budget, risk, gap)
    lost = plan.losses(units)
    safe = tuple(each.name for each, loss in zip(plan.exposed, lost, strict=True) if loss <= plan.nothing)
    return ShieldChoice(
        frame=frame_of(network, plan.offers, units), cost=plan.offers.price_of(units), goal=goal,
        bound=min(bound, goal), measure=risk.measure, closed=safe, currency=currency,
    )  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """The best purchases so far and their risk."""

    units: Any
    value: float


class Protection:
    """Scenarios whose losses fall with what is bought; cuts are kept from budget to budget."""

    def __init__(
        self, network: Network, options: Sequence[Option], events: Sequence[Event], probabilities: Any
    ) -> None:
        chances = np.asarray(probabilities, np.float64)
        if chances.size != len(events) or chances.min(initial=0.0) < 0 or chances.sum() > 1 + 1e-9:
            raise ModelError(
                [f"{chances.size} probabilities of {len(events)} events: give one each, that sum up to 1 at most"]
            )
        self.offers = Offers.of(network, options, longest_window([event.recover_days for event in events], None))
        found = find_exposed(network, self.offers, events)
        self.exposed: list[Exposed] = [each for each, _ in found]
        self.chances = chances[[at for _, at in found]]
        self.cuts: list[tuple[int, Cut]] = []
        self.scale = self.offers.base.scale
        #: A loss of a thousandth of a second's margin of everything is none.
        self.nothing = 1e-8 * self.scale

    def within(self, budget: float, risk: Risk, gap: float) -> tuple[Any, float, float]:
        """The best purchases for a budget, their risk, and its proven bound, in currency."""
        lowers, costs = risk.columns(self.chances)
        master = Master(self.offers, further=(lowers, costs), spend=budget, gap=gap * MASTER_GAP)
        for scenario, cut in self.cuts:
            self._add(master, risk, scenario, cut)
        state = Reached(np.zeros(self.offers.count), np.inf)
        bound, whole = -np.inf, False
        for _ in range(ROUNDS):
            proposed = master.solve(whole)
            gained, bound = proposed.bound * self.scale - bound, max(bound, proposed.bound * self.scale)
            if whole:
                master.hold()
            state = self._learn(master, risk, budget, proposed.units, state)
            if whole:
                state = self._amounts(master, risk, budget, state, gap)
                master.release()
            if np.isfinite(state.value) and state.value - bound <= max(gap * state.value, self.nothing):
                break
            whole = whole or gained <= STALLED * abs(bound) + self.nothing
        return state.units, state.value, max(bound, 0.0)

    def _amounts(self, master: Master, risk: Risk, budget: float, state: Reached, gap: float) -> Reached:
        """With the switches held, find the best amounts: linear programs only, whose cuts serve the next choice."""
        for _ in range(ROUNDS):
            proposed = master.solve(False)
            state = self._learn(master, risk, budget, proposed.units, state)
            if state.value - proposed.value * self.scale <= max(gap / 4 * state.value, self.nothing):
                break
        return state

    def _learn(self, master: Master, risk: Risk, budget: float, units: Any, state: Reached) -> Reached:
        """Ask every scenario about some purchases, give its cuts to the master, and keep the better purchases."""
        lost, cuts = self._asked(units)
        fresh = [(scenario, cut) for scenario, cut in enumerate(cuts) if cut is not None]
        for scenario, cut in fresh:
            self._add(master, risk, scenario, cut)
        self.cuts += fresh
        value = risk.of(lost, self.chances)
        affordable = self.offers.price_of(units) <= budget * (1 + 1e-6)
        return Reached(units, value) if affordable and value < state.value else state

    def losses(self, units: Any) -> Any:
        """The least loss of each exposed scenario with what is bought."""
        return self._asked(units)[0]

    def _add(self, master: Master, risk: Risk, scenario: int, cut: Cut) -> None:
        """A scenario's loss is no less than its cut says; the master counts losses in days of all margin."""
        columns, values = risk.row(scenario)
        master.add(cut, (columns, np.array(values) * self.scale))

    def _asked(self, units: Any) -> tuple[Any, list[Cut | None]]:
        """The loss of each scenario, and the cut that proves it."""
        grower = Grower(self.offers.with_bought(units))
        lost, cuts = np.zeros(len(self.exposed)), []
        for at, each in enumerate(self.exposed):
            lost[at], cut = self._ask(grower, each, units)
            cuts.append(cut if lost[at] > self.nothing else None)
        return lost, cuts

    def _ask(self, grower: Grower, each: Exposed, units: Any) -> tuple[float, Cut | None]:
        """One scenario's loss and cut."""
        shorter = each.shorter(units)
        days = each.days - shorter
        if days <= 0:
            return 0.0, None
        offers, balance = self.offers, self.offers.base.balance
        answer = grower.ask(HowMuch(grower.base, days), offers.event(each.event, units), each.region)
        if answer.how in {"nearby", "grown"}:
            each.region = answer.part.activities
        prices = proof.priced(balance, answer.prices.rows, answer.prices.price)
        idle = offers.event(each.event, np.zeros(offers.count))
        slope, start = proof.line(balance, prices, proof.stopped_gain(balance, prices, idle))
        saved = offers.saved(prices, each.event, days) * days
        return answer.upper, Cut(saved, slope * days + start, each.recovery, shorter)
