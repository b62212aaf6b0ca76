"""Goods that move along paths: hand cases, and the linear program that no simulation can beat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.supply.hazards import flow
from linewright.supply.hazards.base_plan import walk_of
from linewright.supply.hazards.simulation import walk_paths
from linewright.supply.hazards.stops import Calendar, Downs
from linewright.supply.network.generate import generate
from tests.supply.hazards.networks import down, least_loss, network

WEEKS = Calendar(6, 7.0)


def losses(net, downs, calendar=WEEKS, paths=1):
    """The currency lost in each step of each path."""
    return walk_paths(walk_of(net), downs, paths, calendar)[1]


def test_stock_covers_a_stop_as_long_as_it_lasts():
    """10 days of stock and 14 days without supply lose 4 days of 3 units at 5 each, in the second week."""
    net = network({"part": (30, 3, 5)}, [("supplier", "part", 6, {})])
    lost = losses(net, down(0, [0, 1]))
    assert lost[0].tolist() == pytest.approx([0, 60, 0, 0, 0, 0])


def test_stock_is_filled_again_before_the_next_stop():
    """With 3 units a day to spare 30 units are back after 10 days; a stop after one week finds 21 and not 30."""
    net = network({"part": (30, 3, 5)}, [("supplier", "part", 6, {})])
    lost = losses(net, down(0, [0, 1, 3, 4]))
    # The second stop begins with 21 units for a need of 42.
    assert lost[0].tolist() == pytest.approx([0, 60, 0, 0, 105, 0])


def test_a_second_source_takes_over_up_to_its_rate():
    """Of 10 units a day the second source can make 7, so that 3 are lost each day."""
    net = network({"part": (0, 10, 1)}, [("first", "part", 10, {}), ("second", "part", 7, {})])
    assert losses(net, down(0, [1]))[0].tolist() == pytest.approx([0, 21, 0, 0, 0, 0])


def test_half_a_week_of_stop_takes_half_a_week_of_supply():
    """Down for half of a week, a source without stock loses half of a week."""
    net = network({"part": (0, 2, 1)}, [("supplier", "part", 2, {})])
    assert losses(net, down(0, [2], 0.5))[0].tolist() == pytest.approx([0, 0, 7, 0, 0, 0])


def test_a_missing_part_stops_the_product_and_not_its_other_parts():
    """Without bolts no gearbox is made; the gears that it does not use are not made either."""
    net = network(
        {"gear": (0, 0, 0), "bolt": (14, 0, 0), "box": (0, 1, 100)},
        [("g", "gear", 4, {}), ("b", "bolt", 12, {}), ("assembly", "box", 2, {"gear": 2, "bolt": 6})],
    )
    # 14 bolts make 2 1/3 of the 7 boxes of the first week.
    assert losses(net, down(1, [0]))[0].tolist() == pytest.approx([100 * (7 - 14 / 6), 0, 0, 0, 0, 0])


def test_a_short_part_goes_to_the_dearer_product():
    """With 7 parts for 14 products the dear one is made and the cheap one is not."""
    net = network(
        {"part": (7, 0, 0), "cheap": (0, 1, 5), "dear": (0, 1, 9)},
        [("p", "part", 9, {}), ("c", "cheap", 5, {"part": 1}), ("d", "dear", 5, {"part": 1})],
    )
    assert losses(net, down(0, [0]))[0].tolist() == pytest.approx([35, 0, 0, 0, 0, 0])


def test_a_group_at_half_capacity_makes_half():
    """A node that leaves 60 % of a group takes 40 % of what it makes."""
    net = network(
        {"part": (0, 10, 1)}, [("p", "part", 99, {})], {"oven": (20.0, {"p": 2.0})}, nodes=[("burner", {"oven": 0.6})]
    )
    assert losses(net, down(1, [0]))[0].tolist() == pytest.approx([28, 0, 0, 0, 0, 0])


def test_another_way_spares_the_stock_of_what_is_down():
    """A product can be made of either part. The way of the part that is down is taken last, so that its stock lasts.

    Both together can make 10 a day; the way that lasts makes 6, so 14 units of stock fill its gap of 4 for 3.5 days.
    """
    net = network(
        {"one": (14, 0, 0), "two": (0, 0, 0), "box": (0, 10, 1)},
        [
            ("o", "one", 99, {}),
            ("t", "two", 99, {}),
            ("of one", "box", 10, {"one": 1}),
            ("of two", "box", 6, {"two": 1}),
        ],
    )
    assert losses(net, down(0, [0, 1]))[0].tolist() == pytest.approx([14, 28, 0, 0, 0, 0])


def test_what_customers_buy_and_others_use_is_shared():
    """A spare part that is also built in: the sale at 9 comes before the product at 5."""
    net = network({"part": (7, 1, 9), "box": (0, 1, 5)}, [("p", "part", 9, {}), ("assembly", "box", 5, {"part": 1})])
    assert losses(net, down(0, [0]))[0].tolist() == pytest.approx([35, 0, 0, 0, 0, 0])


@pytest.mark.parametrize("seed", range(3))
def test_no_single_stop_costs_less_than_the_linear_program(seed):
    """The simulation is a feasible plan; over all stops it loses less than twice what the best one does."""
    net, calendar = generate(24, seed), Calendar(4, 7.0)
    walk, total, total_least = walk_of(net), 0.0, 0.0
    for node in range(net.nodes):
        gone = down(node, [0, 1, 2])
        loss = walk_paths(walk, gone, 1, calendar)[1].sum()
        least = least_loss(net, gone, calendar)
        assert loss >= least - 1e-6 * max(1.0, least)
        total, total_least = total + loss, total_least + least
    assert total_least < total < 2 * total_least


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_no_mix_of_stops_costs_less_than_the_linear_program(seed, data):
    """Neither do several partial stops, whatever the network."""
    net, calendar = generate(16, seed), Calendar(4, data.draw(st.sampled_from([1.0, 7.0])))
    stops = data.draw(
        st.dictionaries(st.tuples(st.integers(0, 15), st.integers(0, 3)), st.floats(0.1, 1.0), min_size=1, max_size=10)
    )
    keys = sorted(stops)
    downs = Downs(
        np.zeros(len(keys), int), np.array([node for node, _ in keys]), np.array([step for _, step in keys]),
        np.array([stops[key] for key in keys]),
    )  # fmt: skip
    least = least_loss(net, downs, calendar)
    assert losses(net, downs, calendar).sum() >= least - 1e-6 * max(1.0, least)


def test_paths_side_by_side_are_the_paths_alone():
    """Bit for bit, a path does not know who stands in the lane beside it."""
    net = generate(60, 2)
    random = np.random.default_rng(1)
    count = flow.LANES + 5
    path, step = np.repeat(np.arange(count), 12), random.integers(0, 6, count * 12)
    downs = Downs(path, random.integers(0, 60, path.size), step, random.uniform(0, 1, path.size))
    together = losses(net, downs, paths=count)
    for one in (0, 7, count - 1):
        mine = downs.path == one
        alone = Downs(np.zeros(mine.sum(), int), downs.node[mine], downs.step[mine], downs.share[mine])
        assert np.array_equal(losses(net, alone)[0], together[one])


def test_the_compiled_walk_equals_the_plain_one(monkeypatch):
    """The Python body of each kernel is its oracle."""
    net = network(
        {"part": (7, 0, 0), "cheap": (0, 2, 5), "dear": (2, 2, 9)},
        [("p", "part", 3, {}), ("q", "part", 1, {}), ("c", "cheap", 5, {"part": 1}), ("d", "dear", 5, {"part": 1})],
        {"oven": (4.0, {"c": 1.0, "d": 1.0})},
    )
    downs = Downs(
        np.array([0, 0, 1, 1]), np.array([0, 3, 1, 2]), np.array([0, 1, 0, 0]), np.array([1.0, 0.5, 1.0, 0.3])
    )
    compiled = losses(net, downs, paths=2)
    for name in ("able", "plan", "make", "begin", "ask", "sell", "run"):
        monkeypatch.setattr(flow, name, getattr(flow, name).py_func)
    assert np.array_equal(losses(net, downs, paths=2), compiled)
    assert compiled.any()
