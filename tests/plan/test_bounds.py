"""No plan of any order of work is below a bound, and some bounds are reached."""

from __future__ import annotations

import pytest

from linewright.io.read import read
from linewright.model.results import Weights
from linewright.plan.bounds import limits, lower_bound
from linewright.shop.compile import compile_shop
from tests.plan.tiny_shops import FEATURES, START, best_of_all, feasible_orders, timed, tiny_shop

MIXES = [(), *((feature,) for feature in FEATURES), ("calendars", "people", "changeovers"),
         ("calendars", "no_pause", "waits"), ("alternatives", "changeovers", "tools"), ("bill", "calendars", "sites"),
         ("calendars", "transfer", "waits"), ("oven", "changeovers", "people")]  # fmt: skip


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_no_order_of_work_beats_a_bound(features):
    """Whatever order and machines are chosen, makespan, tardiness and cost are at least their bounds."""
    for seed in range(6):
        shop = tiny_shop(seed, *features, most=4)
        best = best_of_all(shop)
        for objective in ("makespan", "tardiness", "cost"):
            bound = lower_bound(shop, Weights(), objective).value
            assert bound <= getattr(best, objective) * (1 + 1e-12), (seed, objective)


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_no_operation_is_earlier_than_its_limit(features):
    """The pass through the graph never says that work begins later than some plan has it."""
    for seed in range(6):
        shop = tiny_shop(seed, *features, most=4)
        known = limits(shop)
        first = shop.arrays.operations.first_mode[:-1]
        for order in feasible_orders(shop):
            work = timed(shop, order, first)[1][:-1]
            assert (work["start"] >= known.start).all()
            assert (work["end"] >= known.end).all()
            assert work["end"].max() >= (work["end"] + known.tail).max()


@pytest.mark.parametrize(("name", "minutes"), [("ft06.txt", 52), ("la01.txt", 666)])
def test_the_load_bound_is_jacksons_preemptive_one(root, name, minutes):
    """On job shops the load bound equals the published one-machine bounds (52 for FT06, the optimum for LA01)."""
    shop = compile_shop(read(root / "tests" / "data" / "classics" / name), START)
    bound = lower_bound(shop, Weights(), "makespan")
    assert bound.value * 60 == pytest.approx(minutes)
    assert bound.kind == "load"
