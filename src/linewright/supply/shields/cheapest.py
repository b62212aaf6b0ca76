"""The cheapest purchases with which every stop is survived until it has recovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from linewright.model.stress_results import SAME_DAYS, SHIELD_COLUMNS, ShieldChoice
from linewright.supply.network.arrays import Network
from linewright.supply.shields.completion import FREE, Completion, Cut
from linewright.supply.shields.master import Master
from linewright.supply.shields.offers import EVENT, Offers
from linewright.supply.shields.options import CAPACITY, RECOVERY, Option
from linewright.supply.stress.events import Event, as_rows, each_node
from linewright.supply.stress.tester import Tester, longest_window

#: Windows are shielded for this much longer than asked, so that rounding does not open them again.
LONGER = 1 + 1e-9
ROUNDS = 200
#: A bound that grows by less than this share has said what it can.
STALLED = 1e-4
#: The part of the gap that the master may leave itself.
MASTER_GAP = 0.3


@dataclass
class Exposed:
    """A stop that is felt: its event, its days, the option that shortens them (-1: none), and its region so far."""

    name: str
    event: EVENT
    days: float
    recovery: int
    region: Any

    def shorter(self, bought: Any) -> int:
        """Whole days by which it recovers sooner."""
        return int(bought[self.recovery]) if self.recovery >= 0 else 0


def choose(
    network: Network, options: Sequence[Option], events: Sequence[Event] | None = None, *,
    gap: float = 0.01, currency: str = "EUR",
) -> ShieldChoice:  # fmt: skip
    """Buy what makes every stop harmless, for the least money.

    Parameters
    ----------
    network
        The supply network.
    options
        What can be bought.
    events
        What may stop; without them, each node by itself. A recovery option counts for events of its node alone.
    gap
        How much dearer than the proven bound the choice may be, as a share.
    currency
        The name of the costs' currency.
    """
    events = each_node(network) if events is None else events
    offers = Offers.of(network, options, longest_window([event.recover_days for event in events], None))
    exposed = [each for each, _ in find_exposed(network, offers, events)]
    search = Search(offers, exposed)
    left_open = search.without_hope()
    units, bound = search.run(gap)
    return told(network, offers, units, bound, currency, tuple(each.name for each in search.exposed), left_open)


def find_exposed(network: Network, offers: Offers, events: Sequence[Event]) -> list[tuple[Exposed, int]]:
    """The events that are felt before they are over, and where they are among all."""
    tester = Tester(network, as_rows(events), offers.base.most_days)
    exposed = []
    shortens = {int(offers.options[option].at): int(option) for option in offers.recoveries}
    for at, event in enumerate(events):
        long = tester.how_long(at)
        if long is not None and long.lower < event.recover_days - SAME_DAYS:
            option = shortens.get(event.nodes[0], -1) if len(event.nodes) == 1 else -1
            region = tester.around[at]
            exposed.append((Exposed(event.name, tester.left.of(at), event.recover_days, option, region), at))
    return exposed


class Search:
    """Benders' loop: the master proposes, every exposed stop answers with a cut or agrees."""

    def __init__(self, offers: Offers, exposed: list[Exposed]) -> None:
        self.offers, self.exposed = offers, exposed
        self.completion = Completion(offers)

    def without_hope(self) -> tuple[str, ...]:
        """Set aside, and name, the stops that nothing closes even when all is bought."""
        hopeless = [each for each in self.exposed if self._missing(each, self.offers.most)[0].lost > FREE]
        self.exposed = [each for each in self.exposed if each not in hopeless]
        return tuple(each.name for each in hopeless)

    def run(self, gap: float) -> tuple[Any, float]:
        """The best purchases found and the proven bound of their cost.

        Switches are shares at first, which is quick; when that says no more, they are whole.
        """
        if not self.exposed:
            return np.zeros(self.offers.count), 0.0
        master = Master(self.offers, gap=gap * MASTER_GAP)
        best, cost, bound, whole = np.zeros(self.offers.count), np.inf, -np.inf, False
        for _ in range(ROUNDS):
            proposed = master.solve(whole)
            gained, bound = proposed.bound - bound, max(bound, proposed.bound)
            cuts = [cut for each in self.exposed if (cut := self._missing(each, proposed.units)[0].cut) is not None]
            for cut in cuts:
                master.add(cut)
            if whole or not cuts:
                repaired = self.repaired(proposed.units)
                if repaired is not None and self.offers.price_of(repaired) < cost:
                    best, cost = repaired, self.offers.price_of(repaired)
            if (whole and not cuts) or (np.isfinite(cost) and cost - bound <= gap * cost):
                break
            whole = whole or not cuts or gained <= STALLED * abs(bound)
        return best, max(bound, 0.0)

    def repaired(self, bought: Any) -> Any | None:
        """Purchases with what each stop lacks bought one after the other, or None where that does not do."""
        units = bought.copy()
        for each in self.exposed:
            missing, _ = self._missing(each, units)
            if missing.cut is None:
                continue
            if missing.lost > FREE:
                return None
            units = np.minimum(units + missing.units, self.offers.most)
        return units

    def _missing(self, each: Exposed, bought: Any) -> tuple[Any, Any]:
        """What a stop lacks, with a cut that knows about its recovery."""
        shorter = each.shorter(bought)
        days = max(1e-6, (each.days - shorter) * LONGER)
        missing, each.region = self.completion.of(each.event, days, bought, each.region)
        if missing.cut is not None:
            cut: Cut = replace(missing.cut, recovery=each.recovery, shorter=shorter)
            missing = replace(missing, cut=cut)
        return missing, each.region


def told(
    network: Network, offers: Offers, units: Any, bound: float, currency: str,
    closed: tuple[str, ...], left_open: tuple[str, ...],
) -> ShieldChoice:  # fmt: skip
    """Purchases as a result."""
    cost = offers.price_of(units)
    return ShieldChoice(
        frame=frame_of(network, offers, units), cost=cost, goal=cost, bound=min(bound, cost), currency=currency,
        closed=closed, left_open=left_open,
    )  # fmt: skip


def frame_of(network: Network, offers: Offers, units: Any) -> pl.DataFrame:
    """One row for each option that is bought."""
    rows = []
    for at in np.flatnonzero(units > 0):
        option = offers.options[at]
        names = {CAPACITY: network.group_names, RECOVERY: network.node_names}.get(option.kind, network.pool_names)
        cost = float(option.cost + option.cost_per_unit * units[at])
        rows.append((option.name, option.kind, names[option.at], float(units[at]), cost))
    return pl.DataFrame(rows, schema=dict(SHIELD_COLUMNS), orient="row")
