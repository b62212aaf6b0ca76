"""Lot rules against brute force and the literature."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.supply.requirements.core.build import build
from linewright.supply.requirements.core.records import DAY, NEVER_DAY, PERIOD, SCRATCH, WAGNER_WHITIN
from linewright.supply.requirements.core.rules import wagner_whitin
from linewright.supply.requirements.core.solution import solve
from tests.supply.requirements.test_solution import lots, one_item


def starts_of(days, wanted, order_cost, holding, longest=NEVER_DAY, run=wagner_whitin):
    """The first need of the lot of each need."""
    scratch = np.zeros(len(days) + 1, SCRATCH).view(np.recarray)
    scratch["day"][:-1], scratch["last_day"][:-1], scratch["wanted"][:-1] = days, days, wanted
    run(scratch if run is not wagner_whitin else np.asarray(scratch), len(days), order_cost, holding, longest)
    return scratch["start"][:-1].tolist()


def cost_of(days, wanted, starts, order_cost, holding):
    """Lots and what waits, in money."""
    held = sum(quantity * (day - days[start]) for day, quantity, start in zip(days, wanted, starts, strict=True))
    return order_cost * len(set(starts)) + holding * held


NEEDS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 50)), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(NEEDS, st.integers(0, 200), st.floats(0.01, 2), st.integers(5, 60))
def test_no_way_of_grouping_costs_less(needs, order_cost, holding, longest):
    """All 2^(n-1) ways of cutting the needs into lots are tried."""
    days = np.cumsum([gap for gap, _ in needs]).tolist()
    wanted = [float(quantity) for _, quantity in needs]
    starts = starts_of(days, wanted, order_cost, holding, longest)
    best = np.inf
    for cuts in product([False, True], repeat=len(days) - 1):
        tried = [0]
        for at, cut in enumerate(cuts, start=1):
            tried.append(at if cut else tried[-1])
        if all(days[at] - days[start] <= longest for at, start in enumerate(tried)):
            best = min(best, cost_of(days, wanted, tried, order_cost, holding))
    assert cost_of(days, wanted, starts, order_cost, holding) == pytest.approx(best)
    assert starts == starts_of(days, wanted, order_cost, holding, longest, wagner_whitin.py_func)


def test_the_textbook_example_costs_what_the_textbook_says():
    """Silver, Pyke & Peterson, Inventory Management and Production Planning (1998), sec. 6.4: 501.20 for a year."""
    wanted = [10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41]
    days = list(range(12))
    starts = starts_of(days, wanted, 54.0, 0.4)
    assert cost_of(days, wanted, starts, 54.0, 0.4) == pytest.approx(501.20)


def test_needs_are_planned_in_the_lots_of_wagner_and_whitin():
    """The same example in weekly buckets of the planner."""
    wanted = [10, 62, 12, 130, 154, 129, 88, 52, 124, 160]
    facts = one_item([(7 * week, float(quantity)) for week, quantity in enumerate(wanted)])
    facts.items["rule"][0], facts.items["order_cost"][0], facts.items["holding"][0] = WAGNER_WHITIN, 54.0, 0.4 / 7
    starts = starts_of([7 * week for week in range(10)], wanted, 54.0, 0.4 / 7)
    planned = [(day, quantity) for day, _, quantity in lots(solve(build(facts)[0]))]
    expected = [(7 * start, float(sum(w for w, s in zip(wanted, starts, strict=True) if s == start)))
                for start in sorted(set(starts))]  # fmt: skip
    assert planned == expected


def test_a_period_lot_covers_its_days_and_no_more():
    """Ten days from the first need on."""
    facts = one_item([(0, 1.0), (9, 2.0), (10, 4.0), (19, 8.0), (33, 16.0)])
    facts.items["rule"][0], facts.items["period_days"][0] = PERIOD, 10
    assert [(day, quantity) for day, _, quantity in lots(solve(build(facts)[0]))] == [(0, 3.0), (10, 12.0), (33, 16.0)]


def test_a_lot_ages_from_the_working_day_on_which_it_comes():
    """Free from day 7 to 9: the lot for day 8 comes on day 6 and keeps five days, so that day 12 gets its own."""
    facts = one_item([(8, 1.0), (11, 1.0), (12, 1.0)])
    facts.items["shelf_days"][0] = 5
    days = np.zeros(20, DAY)
    day = np.arange(20)
    free = (day >= 7) & (day <= 9)
    days["before"], days["after"] = np.where(free, 6, day), np.where(free, 10, day)
    assert lots(solve(build(replace(facts, days=days))[0])) == [(6, 6, 2.0), (12, 12, 1.0)]


def test_a_joined_lot_covers_no_need_after_its_shelf_life():
    """A lot costs far more than waiting; but of the week after, day 20 is nine days after day 11, and it keeps five."""
    facts = one_item([(11, 1.0), (15, 1.0), (20, 1.0)])
    facts.items["rule"][0], facts.items["shelf_days"][0] = WAGNER_WHITIN, 5
    facts.items["order_cost"][0], facts.items["holding"][0] = 1000.0, 0.01
    assert lots(solve(build(facts)[0])) == [(11, 11, 1.0), (15, 15, 2.0)]
