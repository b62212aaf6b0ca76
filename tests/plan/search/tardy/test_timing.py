"""The layer times and values plans exactly as the timetable does."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.tardy.records import new_plan, tardy_shop
from linewright.plan.search.tardy.timing import follow, retime
from tests.plan.search.tardy.examples import OBJECTIVES, fresh_value, hundred, judged, random_order, small_shops


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_any_order_has_the_times_and_the_value_of_the_timetable(objective):
    """Starts, ends and value of random orders and modes equal those of the timetable kernel."""
    weights = value_weights(Weights(), objective)
    for shop in [*small_shops(), hundred()]:
        records = tardy_shop(shop.arrays, weights)
        plan = new_plan(records)
        for seed in range(3):
            order, mode = random_order(shop, seed)
            value, work = judged(shop, order, mode, weights)
            assert follow(records, plan, order, mode) == pytest.approx(value, rel=1e-9, abs=1e-9)
            assert plan.nodes.start[: shop.size].tolist() == work.start.tolist()
            assert plan.nodes.end[: shop.size].tolist() == work.end.tolist()


def test_an_open_way_is_the_one_that_ends_first():
    """Where no way is chosen, the layer takes the one that the timetable takes."""
    weights = value_weights(Weights(), "cost")
    for shop in [*small_shops(), hundred()]:
        records = tardy_shop(shop.arrays, weights)
        plan = new_plan(records)
        order, mode = random_order(shop, 1)
        value, work = judged(shop, order, mode * 0 - 1, weights)
        assert follow(records, plan, order, mode * 0 - 1) == pytest.approx(value, rel=1e-9, abs=1e-9)
        assert plan.nodes.way[: shop.size].tolist() == work.mode.tolist()


def test_sequences_timed_from_nothing_give_the_same_plan_and_an_order_for_it():
    """The order that the full pass writes leads the timetable to the same value."""
    weights = value_weights(Weights(), "cost")
    for shop in [*small_shops(), hundred()]:
        records = tardy_shop(shop.arrays, weights)
        plan = new_plan(records)
        order, mode = random_order(shop, 5)
        value = follow(records, plan, order, mode)
        written = np.zeros(shop.size, np.int64)
        assert retime(records, plan, written) == value
        assert sorted(written.tolist()) == list(range(shop.size))
        assert judged(shop, written, mode, weights)[0] == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_a_circle_has_no_value():
    """A sequence in which a step stands before the one it waits for is worth infinity."""
    shop = hundred()
    records = tardy_shop(shop.arrays, value_weights(Weights(), "cost"))
    plan = new_plan(records)
    order, mode = random_order(shop, 0)
    follow(records, plan, order[::-1].copy(), mode)
    assert fresh_value(records, plan) == np.inf


def test_the_compiled_pass_equals_the_plain_one():
    """Python and machine code agree on a plan of a hundred operations."""
    shop = hundred()
    records = tardy_shop(shop.arrays, value_weights(Weights(), "cost"))
    order, mode = random_order(shop, 2)
    compiled, plain = new_plan(records), new_plan(records)
    assert follow(records, compiled, order, mode) == follow.py_func(records, plain, order, mode)
    assert compiled.nodes.tolist() == plain.nodes.tolist()
