"""A change of the order that is timed from the changed place on comes out as if everything had been timed."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.order.climb import COOLING, TEMPERATURE, climb
from linewright.plan.search.order.layer import OrderLayer
from linewright.plan.search.order.track import VALUE
from linewright.plan.search.portfolio import Search
from linewright.plan.stop import Rounds
from linewright.shop.compile import compile_shop
from linewright.shop.evaluate import evaluate
from linewright.shop.packing import packed
from linewright.shop.state import Choice
from linewright.shop.timetable import PLACED, timetable
from tests.model.verify.any_shop import START as ANY_START
from tests.model.verify.any_shop import any_shop
from tests.plan.tiny_shops import tiny_shop

MIXES = [
    ("alternatives", "changeovers"), ("calendars", "people", "waits"), ("tools", "places", "transfer"),
    ("oven", "changeovers", "bill"), ("early", "calendars", "release"), ("sites", "energy", "running", "no_pause"),
]  # fmt: skip


class NoClock:
    """A clock that stands still: the tests count rounds."""

    def now(self):
        """No moment."""
        raise NotImplementedError

    def seconds(self):
        """No time passes."""
        return 0.0


def started(shop, objective="cost", seed=1):
    """A layer that has adopted the first plan of dispatch."""
    weights, move_cost = value_weights(Weights(), objective), shop.factory.settings.move_cost
    search = Search(
        shop=shop, weights=weights, move_cost=move_cost, seed=seed, bound=0.0, stop=Rounds(12), clock=NoClock()
    )
    search.run()
    # Checkpoints every few operations, so that a small shop has several.
    layer = OrderLayer(shop, weights, move_cost, seed, stride=4)
    assert layer.adopt(search.best, search.best_value)
    return layer


def one_round(layer, number):
    """Try one change."""
    layer.figures[[TEMPERATURE, COOLING]] = 1.0
    climb(
        layer.arrays, layer._state, layer._track, layer._choice, layer._best, layer.weights, layer.move_cost,
        layer.figures, layer.shares, layer.gains, layer.limited, 1, number,
    )  # fmt: skip


def check(layer):
    """The current plan, timed in full by the timetable pass, is the same to the second and costs the same."""
    full = Choice(*(part.copy() for part in layer.choice))
    assert timetable(layer.arrays, layer._spare, packed(full)) == PLACED
    names = ["setup_start", "start", "end", "mode", "changeover", "cause", "cause_operation", "leader"]
    for name in names:
        np.testing.assert_array_equal(layer.state.work[name][:-1], layer.spare.work[name][:-1], err_msg=name)
    np.testing.assert_array_equal(layer.state.seats.person, layer.spare.seats.person)
    value = (evaluate(layer.arrays, layer._spare, layer.move_cost) * layer.weights).sum()
    assert layer.track.amounts[VALUE] == pytest.approx(value)


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_each_kept_change_is_timed_as_in_full(features):
    """Every feature in turn; the checkpoints stand close, so that most of the plan is taken over."""
    for seed in range(4):
        layer = started(tiny_shop(seed, *features, most=12), "makespan" if seed == 3 else "cost")
        for number in range(120):
            one_round(layer, number)
            check(layer)


@pytest.mark.parametrize("seed", range(25, 31))
def test_any_shop_is_timed_as_in_full(seed):
    """Everything at once; where pins let the pass change the order by itself, the plan handed back is still right."""
    shop = compile_shop(any_shop(seed), ANY_START)
    layer = started(shop)
    pinned = (shop.arrays.operations.pin >= 0).any()
    # Before any change, pinned work stands where the timetable pass has put it.
    np.testing.assert_array_equal(layer.state.work.start[:-1], layer.spare.work.start[:-1])
    for number in range(200):
        one_round(layer, number)
        if not pinned:
            check(layer)
    before = layer.value
    for order, mode, hold in layer.turn(100):
        choice = Choice(order.copy(), mode.copy(), layer.best.load.copy(), hold.copy())
        assert timetable(layer.arrays, layer._spare, packed(choice)) == PLACED
        value = (evaluate(layer.arrays, layer._spare, layer.move_cost) * layer.weights).sum()
        assert value == pytest.approx(layer.value)
        assert value < before


def test_the_same_seed_and_rounds_give_the_same_plan():
    """Twice the same, and another seed goes another way."""
    shop = tiny_shop(1, "alternatives", "changeovers", "calendars", most=12)
    first, again = started(shop), started(shop)
    for layer in (first, again):
        layer.turn(300)
        layer.turn(300)
    np.testing.assert_array_equal(first.choice.order, again.choice.order)
    np.testing.assert_array_equal(first.state.work.start, again.state.work.start)
    assert first.gains.tolist() == again.gains.tolist()
