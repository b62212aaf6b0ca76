"""Windows for constraint programming: what they propose is taken only when the timetable says that it is better."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.exact.window import WorkingClock
from linewright.plan.scheduling import value_weights
from linewright.plan.search.portfolio import timed
from linewright.plan.search.slack import latest_ends
from linewright.plan.search.window import WindowLayer, in_order
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from linewright.shop.timetable import PLACED, timetable
from linewright.shop.working_time import NEVER, backward
from tests.plan.tiny_shops import best_of_all, tiny_shop

MIXES = [("calendars", "people"), ("tools", "places", "waits"), ("transfer", "bill", "sites"), ("oven", "release"),
         ("running", "changeovers", "one_calendar")]  # fmt: skip


def first_choice(shop):
    """Operations as they are listed, each on its last machine."""
    last = shop.arrays.operations.first_mode[1:] - 1
    place = np.where(shop.arrays.operations.running[:-1], -1, np.arange(shop.size))
    nothing = np.zeros(shop.size, np.int64)
    batch = shop.arrays.machines.batch[shop.arrays.modes.machine[last]]
    load = np.where(batch, np.cumsum(batch) - 1, -1)
    return Choice(in_order(shop.arrays, place), last.copy(), load, nothing)


def layer_for(shop, objective="cost"):
    """A layer that has adopted the first choice, and its value."""
    layer = WindowLayer(shop, value_weights(Weights(), objective), shop.factory.settings.move_cost, seed=1)
    choice = first_choice(shop)
    _, parts = timed(shop, choice, layer.move_cost)
    value = float((parts * layer.weights).sum())
    assert layer.adopt(choice, value)
    return layer, value


@pytest.mark.parametrize("features", [(), ("changeovers",), ("alternatives",), ("alternatives", "changeovers")])
def test_a_window_over_a_whole_small_shop_finds_the_best_plan(features):
    """Without calendars the model leaves nothing out: it comes to the best of all orders and machines."""
    for seed in range(3):
        shop = tiny_shop(seed, *features, most=4)
        best = best_of_all(shop)
        for objective in ("cost", "makespan", "tardiness"):
            layer, _ = layer_for(shop, objective)
            layer.turn(6)
            assert layer.value == pytest.approx(getattr(best, objective)), (seed, objective)


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_what_is_handed_back_is_better_and_timed_exactly(features):
    """The value that the layer states is that of a full pass over the choice that it returns."""
    for seed in range(3):
        shop = tiny_shop(seed, *features, most=9)
        layer, before = layer_for(shop)
        for order, mode, hold in layer.turn(4):
            _, parts = timed(shop, Choice(order, mode, layer.choice.load, hold), layer.move_cost)
            assert float((parts * layer.weights).sum()) == pytest.approx(layer.value)
            assert layer.value < before


def test_the_same_seed_gives_the_same_windows():
    """Windows are solved for a deterministic time."""
    shop = tiny_shop(2, "changeovers", "alternatives", "calendars", most=10)
    first, again = layer_for(shop)[0], layer_for(shop)[0]
    for layer in (first, again):
        layer.turn(3)
    np.testing.assert_array_equal(first.choice.order, again.choice.order)
    assert first.value == again.value


def test_nothing_becomes_late_by_ending_at_its_latest():
    """A shop without calendars whose dates are far off: an operation held to its latest end delays no demand."""
    shop = tiny_shop(3, most=6)
    shop.arrays.demands.due[:-1] = 50_000
    choice = first_choice(shop)
    arrays, state = packed(shop.arrays), new_state(shop.arrays)
    assert timetable(arrays, packed(state), packed(choice)) == PLACED
    weights = value_weights(Weights(), "cost")
    latest, rate, behind, behind_rate = latest_ends(arrays, packed(state), choice.order, weights)
    plain = latest_ends.py_func(shop.arrays, state, choice.order, weights)
    for compiled, by_hand in zip((latest, rate, behind, behind_rate), plain, strict=True):
        np.testing.assert_array_equal(compiled, by_hand)
    for operation in range(shop.size):
        end = min(latest[operation], behind[operation])
        assert end < NEVER
        held = choice._replace(hold=np.zeros(shop.size, np.int64))
        held.hold[operation] = end - state.work.run[operation]
        assert timed(shop, held, 0.0)[1][0] == 0
        held.hold[operation] += 60
        assert timed(shop, held, 0.0)[1][0] > 0


def test_the_working_clock_counts_what_the_kernel_counts():
    """Working seconds between two moments of a calendar, by the clock and by the kernel."""
    shop = tiny_shop(1, "one_calendar", most=3)
    calendar = int(shop.arrays.machines.calendar[0])
    clock, used = WorkingClock(shop.arrays, calendar), np.array([calendar])
    for moment in range(20_000, 400_000, 31_000):
        worked = int(clock.at(moment) - clock.at(10_000))
        if worked:
            begin = backward(shop.arrays.calendars, used, 1, moment, worked)
            assert clock.at(begin) == clock.at(10_000)
    assert WorkingClock(shop.arrays, 0).at(77) == 77
