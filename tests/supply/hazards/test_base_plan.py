"""The steady plan, and the order in which a simulation walks."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.errors import NoAnswer
from linewright.supply.hazards.base_plan import base_flows, walk_of
from linewright.supply.network.generate import generate
from tests.supply.hazards.networks import network


def test_the_steady_plan_serves_all_that_it_can():
    """Made, less used, covers the demand; no rate and no capacity is exceeded."""
    net = generate(80, 3)
    flows = base_flows(net)
    made = np.bincount(net.output, flows, net.pools)
    used = np.bincount(net.inputs.index, net.inputs.value * flows[net.inputs.owner], net.pools)
    assert made - used == pytest.approx(net.demand, rel=1e-5, abs=1e-2)
    assert (flows <= net.rate * (1 + 1e-6)).all()
    assert (np.bincount(net.usage.index, flows[net.usage.owner], net.groups) <= net.capacity * (1 + 1e-6)).all()


def test_scarce_capacity_goes_to_the_dearer_product():
    """One machine hour a day makes one of either; the product with more margin gets it."""
    net = network(
        {"cheap": (0, 1, 5), "dear": (0, 1, 9)},
        [("c", "cheap", 5, {}), ("d", "dear", 5, {})],
        {"machine": (1.0, {"c": 1.0, "d": 1.0})},
    )
    assert base_flows(net) == pytest.approx([0, 1])


def test_inputs_come_before_what_is_made_of_them():
    """In the walk's order every input stands before the pool that its activity fills."""
    walk = walk_of(generate(200, 5))
    filled = np.searchsorted(walk.first_activity, np.arange(walk.rate.size), side="right") - 1
    assert (walk.inputs.index < filled[walk.inputs.owner]).all()
    assert np.bincount(walk.users.owner, minlength=len(walk.users)).sum() == walk.inputs.index.size


def test_the_dearest_user_of_a_pool_is_served_first():
    """Users are sorted by the margin that a unit makes possible: 9 / 3 is less than 5 / 1."""
    net = network(
        {"part": (0, 0, 0), "cheap": (0, 1, 5), "dear": (0, 1, 9)},
        [("p", "part", 9, {}), ("d", "dear", 5, {"part": 3}), ("c", "cheap", 5, {"part": 1})],
    )
    walk = walk_of(net)
    assert walk.users.value[walk.users.first[0] : walk.users.first[1]].tolist() == [1, 3]


def test_a_circle_is_cut_where_nothing_flows():
    """Of lanes both ways the idle one is left out, and named."""
    net = network(
        {"north": (0, 2, 1), "south": (0, 2, 1)},
        [("plant", "north", 9, {}), ("down", "south", 9, {"north": 1}), ("up", "north", 9, {"south": 1})],
    )
    walk = walk_of(net)
    assert walk.assumptions == ("up: goods would go round in a circle, so the simulation leaves it out",)
    assert walk.rate.size == 4


def test_a_network_without_any_demand_has_an_empty_plan():
    """Nothing is wanted, so nothing flows."""
    net = network({"part": (3, 0, 0)}, [("p", "part", 9, {})])
    assert base_flows(net).tolist() == [0]
    assert walk_of(net).sold.size == 0


def test_a_network_without_a_steady_plan_says_so():
    """A capacity below zero cannot be kept."""
    net = network({"part": (0, 1, 1)}, [("p", "part", 9, {})], {"oven": (-1.0, {"p": 1.0})})
    with pytest.raises(NoAnswer, match="no steady plan"):
        base_flows(net)
