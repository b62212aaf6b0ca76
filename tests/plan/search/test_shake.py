"""The layer that dispatches with shaken priorities."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.dispatch import tails
from linewright.plan.search.shake import ShakeLayer
from linewright.shop.packing import packed
from linewright.shop.precedence import topological
from linewright.shop.state import Choice
from tests.plan.tiny_shops import timed, tiny_shop

RULES = [np.array([urgency, 0.5, 3600.0, 1800.0]) for urgency in (2.0, 0.5)]
MIXES = [("calendars", "people"), ("tools", "places", "waits"), ("oven", "release"), ("running", "changeovers")]


def layer_for(shop, seed: int = 0, objective: str = "cost") -> ShakeLayer:
    """A layer with two rules."""
    tail = tails(packed(shop.arrays), topological(packed(shop.arrays)))
    weights = value_weights(Weights(), objective)
    return ShakeLayer(shop, RULES, tail, weights, shop.factory.settings.move_cost, seed)


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_what_is_handed_back_is_worth_what_it_says(features):
    """The timetable confirms each value, and each is better than the one before."""
    for seed in range(3):
        shop = tiny_shop(seed, *features, most=9)
        layer, last = layer_for(shop, seed), np.inf
        for _ in range(10):
            for order, mode, hold, load in layer.turn(5):
                known = timed(shop, order, mode, hold=hold, load=load)
                assert known is not None
                assert known[0][2] == pytest.approx(layer.value)
                assert layer.value < last
                last = layer.value
        assert last < np.inf


def test_rounds_may_be_cut_into_turns_of_any_length():
    """The same seed goes the same way, another seed another."""
    shop = tiny_shop(4, "changeovers", "calendars", most=14)
    whole, cut, other = (layer_for(shop, seed) for seed in (2, 2, 3))
    whole.turn(40)
    other.turn(40)
    for rounds in (1, 9, 30):
        cut.turn(rounds)
    assert whole.bias.tolist() == cut.bias.tolist() != other.bias.tolist()
    assert whole.value == cut.value


def test_only_what_is_better_than_the_adopted_value_is_told():
    """Priorities cannot be read from a plan, so its value alone counts."""
    shop = tiny_shop(2, "changeovers", most=9)
    known = layer_for(shop)
    assert known.turn(100)
    nothing = Choice(*(np.zeros(shop.size, np.int64) for _ in range(4)))
    layer = layer_for(shop)
    layer.adopt(nothing, known.value)
    layer.adopt(nothing, known.value + 1)
    assert layer.value == known.value
    assert layer.turn(100) == []
