"""The stress test: time to survive beside time to recover, and what the difference costs.

The measures are those of Simchi-Levi, Schmidt & Wei, *Harvard Business Review* 92(1-2), 2014, and Simchi-Levi et al.,
*Interfaces* 45(5):375-390, 2015.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from linewright.model.stress_results import ALLOCATION_COLUMNS, SAME_DAYS, STRESS_COLUMNS, UNMET_COLUMNS, StressReport
from linewright.supply.network.arrays import Network
from linewright.supply.stress.engine.base import Base
from linewright.supply.stress.engine.grow import Answer
from linewright.supply.stress.events import Event, as_rows, each_node
from linewright.supply.stress.tester import Tester, longest_window


def stress(
    network: Network, events: Sequence[Event] | None = None, *, most_days: float | None = None, currency: str = "EUR"
) -> StressReport:
    """Stop each node, or each set of nodes, and say how long that is survived and what it costs.

    Parameters
    ----------
    network
        The supply network.
    events
        What stops; without them, each node by itself for its own recovery.
    most_days
        How far to look; without it, twice the longest recovery, and 30 days at least.
    currency
        The name of the margins' currency.
    """
    events = each_node(network) if events is None else events
    recover = np.array([event.recover_days for event in events])
    tester = Tester(network, as_rows(events), longest_window(recover, most_days))
    longs = [tester.how_long(at) for at in range(len(events))]
    survive = np.array([tester.base.most_days if long is None else long.lower for long in longs])
    felt = survive < recover - SAME_DAYS
    costs = [tester.how_much(at, recover[at]) if felt[at] else None for at in range(len(events))]
    loss = np.array([0.0 if cost is None else cost.upper for cost in costs])
    columns = (
        [event.kind for event in events], [event.name for event in events], survive, recover, survive - recover, loss,
        loss / max(1e-300, loss.max(initial=0.0)), [_first_pool(tester.base, long) for long in longs],
        ["idle" if long is None else long.how for long in longs],
    )  # fmt: skip
    frame = pl.DataFrame(dict(zip(STRESS_COLUMNS, columns, strict=True)), schema=dict(STRESS_COLUMNS))
    gap = max(_widest(longs, 1.0), _widest(costs, tester.base.scale * 1e-3))
    return StressReport(
        frame=frame, unmet=_unmet(tester.base), most_days=tester.base.most_days, currency=currency, widest_gap=gap
    )


def time_to_survive(network: Network, nodes: Sequence[int] | None = None, *, most_days: float | None = None) -> Any:
    """Days for which all demand is served although a node has stopped, for each node; `most_days` at most."""
    events = each_node(network, nodes)
    window = longest_window(network.recover_days, most_days)
    tester = Tester(network, as_rows(events), window)
    longs = [tester.how_long(at) for at in range(len(events))]
    return np.array([window if long is None else long.lower for long in longs])


def performance_impact(network: Network, nodes: Sequence[int] | None = None) -> Any:
    """The least loss while each node recovers, in the currency of the margins."""
    events = each_node(network, nodes)
    tester = Tester(network, as_rows(events), longest_window(network.recover_days, None))
    costs = [tester.how_much(at, event.recover_days) for at, event in enumerate(events)]
    return np.array([0.0 if cost is None else cost.upper for cost in costs])


def allocation(network: Network, event: Event) -> pl.DataFrame:
    """What to run while an event lasts so that it costs least: the activities that change (`ALLOCATION_COLUMNS`)."""
    tester = Tester(network, as_rows([event]), longest_window([event.recover_days], None))
    answer = tester.how_much(0, event.recover_days)
    if answer is None:
        return pl.DataFrame(schema=dict(ALLOCATION_COLUMNS))
    balance, at = tester.base.balance, answer.part.activities
    before = tester.base.running[at] * balance.rate[at]
    then = answer.columns[: at.size] * balance.rate[at]
    changed = np.abs(then - before) > 1e-6 * balance.rate[at]
    at, before, then = at[changed], before[changed], then[changed]
    columns = (
        [network.activity_names[activity] for activity in at],
        [network.pool_names[pool] for pool in network.output[at]], before, then, then - before,
    )  # fmt: skip
    return pl.DataFrame(dict(zip(ALLOCATION_COLUMNS, columns, strict=True)), schema=dict(ALLOCATION_COLUMNS))


def _first_pool(base: Base, long: Answer | None) -> str:
    """The demand that ends the window: the one that weighs most in the proof that it cannot be longer."""
    if long is None or long.lower >= base.most_days:
        return ""
    weight = long.prices.price * base.balance.demand[long.prices.rows]
    return base.balance.network.pool_names[long.prices.rows[weight.argmax()]] if weight.size else ""


def _widest(answers: Sequence[Answer | None], least: float) -> float:
    """The greatest gap between two bounds, as a share of the greater of them or of `least`."""
    return max(
        ((each.upper - each.lower) / max(each.upper, least) for each in answers if each is not None), default=0.0
    )


def _unmet(base: Base) -> pl.DataFrame:
    """Demand that cannot be met even without a stop."""
    at = np.flatnonzero(base.unmet)
    names = [base.balance.network.pool_names[pool] for pool in at]
    return pl.DataFrame({"pool": names, "units_per_day": base.unmet[at]}, schema=dict(UNMET_COLUMNS))
