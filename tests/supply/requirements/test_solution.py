"""The planner's arrays: exact pegging, lot rules, and replanning after a change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import ModelError
from linewright.supply.requirements.core.build import Facts, build, plain_items
from linewright.supply.requirements.core.generate import generate
from linewright.supply.requirements.core.records import DEMAND, LINE, NEVER_DAY, SUPPLY, WAY
from linewright.supply.requirements.core.solution import solve
from tests.supply.requirements.made_up import audit, facts_of, same

SEEDS = st.integers(0, 10**6)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_every_need_is_met_or_short_and_nothing_is_used_twice(seed):
    """Whatever the facts: pegs add up, supplies suffice, lots keep their rules."""
    audit(solve(build(facts_of(seed))[0]))


def test_a_lot_of_a_joined_week_is_not_used_too_old():
    """Found by chance: a lot of day 46 that keeps five days was joined with a week's needs from day 49 to 54."""
    audit(solve(build(facts_of(179158))[0]))


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.integers(0, 8), st.integers(0, 80))
def test_a_change_gives_what_planning_everything_again_gives(seed, item, quantity):
    """One item's demands are replaced; the earlier solution stays as it was."""
    facts = facts_of(seed)
    before, untouched = solve(build(facts)[0]), solve(build(facts)[0])
    mine = facts.demand_item == item
    demands = facts.demands.copy()
    demands["quantity"][mine] += quantity
    changed = before.changed({item: demands[mine]})
    assert same(changed, solve(build(replace(facts, demands=demands))[0]))
    assert same(before, untouched)
    back = changed.changed({item: facts.demands[mine]})
    assert same(back, before)


def test_a_large_bill_audits_and_changes_alike():
    """Six levels, four lines each."""
    facts = generate(400, weeks=20, seed=5)
    solution = solve(build(facts)[0])
    audit(solution)
    demands = facts.demands.copy()
    demands["quantity"][facts.demand_item == 3] = 0.5
    changed = solution.changed({3: demands[facts.demand_item == 3]})
    assert same(changed, solve(build(replace(facts, demands=demands))[0]))


def test_without_pegging_the_lots_are_the_same():
    """Pegs are only written down, they decide nothing."""
    facts = facts_of(11)
    with_pegs, without = solve(build(facts)[0]), solve(build(facts, pegging=False)[0])
    assert (with_pegs.all_lots()[0] == without.all_lots()[0]).all()
    assert without.all_pegs()[0].size == 0


def one_item(demands, *, supplies=(), **way):
    """One item with one way."""
    ways = np.zeros(1, WAY)
    ways["last_day"], ways["capacity"], ways["capacity_row"] = NEVER_DAY, np.inf, -1
    for name, value in way.items():
        ways[name] = value
    return Facts(
        items=plain_items(1), demands=np.array(demands, DEMAND), demand_item=np.zeros(len(demands), np.int64),
        supplies=np.array(list(supplies), SUPPLY), supply_item=np.zeros(len(supplies), np.int64), ways=ways,
        way_item=np.zeros(1, np.int64), horizon_days=70,
    )  # fmt: skip


def lots(solution, item=0):
    """Receipt day, start day and quantity of each lot."""
    return [(int(lot["day"]), int(lot["release"]), float(lot["quantity"])) for lot in solution.lots_of(item)]


def test_needs_of_a_bucket_share_a_lot_and_what_is_over_is_used():
    """Lot for lot in weeks: days 8 and 10 together; the multiple leaves 5 over for day 20."""
    solution = solve(build(one_item([(8, 6.0), (10, 9.0), (20, 12.0)], lead=3.0, multiple=10.0))[0])
    assert lots(solution) == [(8, 5, 20.0), (20, 17, 10.0)]


def test_what_cannot_come_in_time_comes_as_soon_as_it_can():
    """A lead of 9 days for a need on day 4."""
    solution = solve(build(one_item([(4, 6.0)], lead=9.0))[0])
    assert lots(solution) == [(9, 0, 6.0)]


def test_a_need_waits_for_a_supply_that_is_nearly_there():
    """Day 10 is covered by what comes on day 12, but not by what comes on day 40, where a new lot is quicker."""
    near = solve(build(one_item([(10, 6.0)], supplies=[(12, NEVER_DAY, 6.0)], lead=2.0))[0])
    far = solve(build(one_item([(10, 6.0)], supplies=[(40, NEVER_DAY, 6.0)], lead=2.0))[0])
    assert lots(near) == []
    assert lots(far) == [(10, 8, 6.0)]


def test_capacity_fills_its_week_then_earlier_weeks_then_later_ones():
    """Ten a week: 35 on day 15 take weeks 2, 1 and 0, and 5 come late; 100 more than the horizon holds are short."""
    solution = solve(build(one_item([(15, 35.0)], capacity=10.0, capacity_row=0))[0])
    assert lots(solution) == [(15, 15, 10.0), (13, 13, 10.0), (6, 6, 10.0), (21, 21, 5.0)]
    many = solve(build(one_item([(15, 300.0)], capacity=10.0, capacity_row=0))[0])
    assert sum(lot[2] for lot in lots(many)) == 100.0
    short = many.pegs_of(0)[many.pegs_of(0)["supply"] == -1]
    assert short["quantity"].sum() == 200.0


def test_expired_stock_is_not_used():
    """Stock keeps until day 5; the need on day 6 gets a new lot."""
    solution = solve(build(one_item([(5, 1.0), (6, 1.0)], supplies=[(0, 5, 2.0)]))[0])
    assert lots(solution) == [(6, 6, 1.0)]


def test_safety_stock_takes_nothing_from_orders_that_come_before_its_refill():
    """Ten in stock serve the order on day 3; ten of safety stock are refilled when the lead of 20 days allows it."""
    facts = one_item([(3, 10.0)], supplies=[(0, NEVER_DAY, 10.0)], lead=20.0)
    facts.items["safety"][0] = 10.0
    assert lots(solve(build(facts)[0])) == [(20, 0, 10.0)]


def test_a_circle_of_lines_is_refused():
    """The arrays need an order from products to parts."""
    lines = np.zeros(2, LINE)
    lines["parent"] = [0, 1]
    with pytest.raises(ModelError, match="circle"):
        build(Facts(items=plain_items(2), lines=lines, line_item=np.array([1, 0])))
