"""The layer as the search uses it."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.tardy.layer import tardy_layer
from linewright.shop.state import Choice
from tests.plan.search.tardy.examples import hundred, judged, random_order, small_shops
from tests.plan.tiny_shops import best_of_all, tiny_shop

COST = value_weights(Weights(), "cost")


@pytest.mark.parametrize("feature", ["calendars", "people", "tools", "oven", "places", "transfer", "sites", "running"])
def test_a_shop_with_other_rules_is_refused(feature):
    """No layer is made where the layer's times would not be those of the timetable."""
    shops = [tiny_shop(seed, feature, "changeovers") for seed in range(6)]
    assert any(tardy_layer(shop, COST, 0) is None for shop in shops)


@pytest.mark.parametrize("objective", ["cost", "makespan", "tardiness"])
def test_small_shops_are_solved(objective):
    """On shops of four operations the layer finds the best of all orders and choices of machines."""
    weights = value_weights(Weights(), objective)
    for shop in small_shops(seeds=2, most=4):
        layer = tardy_layer(shop, weights, 1)
        if layer is None or shop.arrays.demands.early_rate.any():
            continue
        for _ in range(4):
            layer.turn(2)
        assert layer.value == pytest.approx(getattr(best_of_all(shop), objective), rel=1e-9, abs=1e-9)


def test_what_a_turn_hands_back_is_worth_what_it_says():
    """The timetable gives each answer the layer's value, and it is better than what was adopted."""
    shop = hundred()
    layer = tardy_layer(shop, COST, 3)
    order, mode = random_order(shop, 1)
    before = judged(shop, order, mode, COST)[0]
    zeros = np.zeros(shop.size, np.int64)
    layer.adopt(Choice(order, mode, zeros - 1, zeros), before)
    assert layer.value == pytest.approx(before)
    for _ in range(3):
        for found, ways, hold in layer.turn(2):
            assert not hold.any()
            assert judged(shop, found, ways, COST)[0] == pytest.approx(layer.value)
            assert layer.value < before
            before = layer.value


def test_same_seed_same_rounds_same_plan():
    """Two layers of one seed agree; another seed goes another way."""
    plans = []
    for seed in (5, 5, 6):
        layer = tardy_layer(hundred(), COST, seed)
        plans.append([answer[0].tolist() for _ in range(3) for answer in layer.turn(2)])
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]
