import numpy as np
import pytest
from numpy.testing import assert_array_equal

from linewright.plan.search.reinsert.layer import ReinsertLayer, reinsert_layer
from linewright.shop.arrays import Shop
from linewright.shop.state import Choice
from tests.plan.search.reinsert.people_shops import best_of_all_orders, ends_by_timetable, people_shop, random_solution
from tests.plan.tiny_shops import tiny_shop


def layer_of(shop: Shop, seed: int) -> ReinsertLayer:
    """The layer, which the shop must not refuse."""
    layer = reinsert_layer(shop, seed)
    assert layer is not None
    return layer


@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_of_a_tiny_shop_is_found(seed: int):
    """All orders and all modes are tried beside it."""
    shop = people_shop(seed, most=4)
    layer = layer_of(shop, seed)
    layer.turn(300)
    assert layer.span == best_of_all_orders(shop)


@pytest.mark.parametrize("seed", range(4))
def test_what_a_turn_hands_back_is_what_it_says(seed: int):
    """The timetable confirms each makespan, each is better than the one before, and a start by others is used."""
    shop = people_shop(seed, most=30)
    layer, best = layer_of(shop, seed), np.iinfo(np.int64).max
    order, mode = random_solution(shop, seed)
    nothing = np.zeros(shop.size, np.int64)
    layer.adopt(Choice(order, mode, nothing - 1, nothing), 0.0)
    for _ in range(20):
        for found_order, found_mode, hold in layer.turn(50):
            span = ends_by_timetable(shop, found_order, found_mode).max()
            assert span == layer.span < best
            assert not hold.any()
            best = span
    assert best <= ends_by_timetable(shop, order, mode).max()


def test_the_same_seed_and_the_same_rounds_give_the_same_solution():
    """However the rounds are cut into turns."""
    shop = people_shop(9, most=40)
    one, other = layer_of(shop, 4), layer_of(shop, 4)
    one.turn(2000)
    for _ in range(20):
        other.turn(100)
    assert_array_equal(one.board.order, other.board.order)
    assert one.span == other.span


@pytest.mark.parametrize("feature", ["calendars", "changeovers", "oven", "tools", "transfer", "running"])
def test_a_shop_whose_times_it_cannot_foresee_is_refused(feature: str):
    """Some of the random shops show the feature; none that does is accepted."""
    shops = [tiny_shop(seed, feature) for seed in range(3)]
    assert any(reinsert_layer(shop, 1) is None for shop in shops)
